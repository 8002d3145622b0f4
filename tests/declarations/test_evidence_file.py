"""Evidence inside a sealed paper: whole, checked offline, and saying what was not in order (PDF.md §5)."""

import json
import subprocess
import sys
from functools import partial

import pytest
from django.db import connection

from accounts import audit
from accounts.canonical import b64u, canonical_bytes, parse_canonical, sha256_hex, unb64u
from declarations import papers, review, review_items, sealing, signing
from declarations.device_chains import segments_of
from declarations.evidence import next_link
from declarations.kiosk_chain import Link
from declarations.kiosk_intake import take_in_items
from declarations.models import KioskItem, Signature
from declarations.sample_strokes import sample_signature
from documents import jobs, pdf, storage
from events.keys import event_key
from tests.declarations import day
from tests.declarations.insider import (
    evidence_in,
    report_of,
    resealed,
    sealed,
    sign_on_tablet,
    signed_on_a_tablet,
    statuses,
)
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return signed_on_a_tablet()


def test_paper_of_a_tablet_day_verifies_whole(document):
    report = report_of(document)
    assert report.valid
    assert set(statuses(report).values()) == {"ok"}
    assert report.checks["device_signatures"].message == "3 tanda tangan tablet sah."
    assert report.checks["chain"].message == "Rantai 1 tablet utuh."
    assert report.document["signatures"] == 3


def test_evidence_holds_no_identity_number_and_no_phone(document):
    text = json.dumps(evidence_in(document))
    assert [word for word in ("identity", "phone", "nip", "venue_address") if f'"{word}' in text] == []


def test_root_stands_in_the_xmp_and_on_the_page(document):
    root = evidence_in(document)["merkle"]["root"]
    words = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=storage.read(document.file), capture_output=True, check=True
    ).stdout.decode()
    assert f"Bukti {root[:8]}" in words
    attached = subprocess.run(
        ["pdfdetach", "-list", "-"], input=storage.read(document.file), capture_output=True, check=False
    ).stdout.decode()
    assert attached == "" or "evidence.json" in attached


def test_verify_document_names_the_checks(document, tmp_path, settings):
    file = tmp_path / "naskah.pdf"
    file.write_bytes(storage.read(document.file))
    command = [sys.executable, "manage.py", "verify_document", str(file), "--json"]
    command += ["--trust", str(next((settings.DATA_DIR / "pki" / "roots").glob("*.pem")))]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=settings.BASE_DIR)
    found = json.loads(result.stdout)
    assert (result.returncode, found["valid"]) == (0, True)
    assert found["checks"]["evidence"]["status"] == found["checks"]["chain"]["status"] == "ok"


@pytest.mark.parametrize(
    "character", ["\u200b", "\u00ad", "\u202e"], ids=["zero width", "soft hyphen", "bidi"]
)
def test_name_with_a_character_that_no_paper_shows_is_sealed(character):
    """It arrives where people name themselves: a stand-in, somebody expected by post, a guest."""
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    name = f"Bu{character}di (contoh)"
    stand_in = day.record(
        first,
        capacity="on_behalf_of",
        on_behalf_of={"name": f"Ca{character}mat Lama", "position": f"Camat{character} Cerme"},
        signatory={"name": name, "category": "pns"},
    )
    day.hand_in(paper, stand_in, day.record(second, 2))
    signing.close_signing(declaration=paper, by=audit.SYSTEM)

    document = sealed(paper)

    assert report_of(document).valid
    [printed] = [p for p in evidence_in(document)["signatories"] if p["capacity"] == "on_behalf_of"]
    assert (printed["name"], printed["record"]["signatory"]["name"]) == ("Budi (contoh)", name)


def test_record_altered_in_the_database_never_gets_a_seal(monkeypatch):
    """Past triggers and all: the tablet's signature no longer fits, the self-check stops the paper, and says whose."""
    paper = day.open_paper(3)
    sign_on_tablet(paper)
    altered = Signature.objects.order_by("device_seq")[1]
    data = parse_canonical(bytes(altered.record))
    data["strokes"] = b64u(sample_signature(77))
    raw = canonical_bytes(data)
    with connection.cursor() as cursor:
        drop = (
            "DROP TRIGGER signature_no_update"
            if connection.vendor == "sqlite"
            else ("DROP TRIGGER signature_frozen ON declarations_signature")
        )
        cursor.execute(drop)
    Signature.objects.filter(pk=altered.pk).update(
        record=raw, record_sha256=sha256_hex(raw), strokes=unb64u(data["strokes"])
    )
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    document = sealing.seal_declaration(declaration=paper, by=audit.SYSTEM)
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealing"
    [job] = document.sealjobs.all()
    assert "perangkat nomor 2 tidak sah" in job.last_error
    # Sealed all the same, by somebody who left out the check: verify_document names the record.
    report = resealed(document, lambda evidence: None)
    assert not report.valid
    assert report.checks["device_signatures"].message == "Tanda tangan perangkat nomor 2 tidak sah."


def test_what_the_tablet_hands_in_later_changes_no_frozen_paper():
    paper = day.open_paper(3)
    first, *others = day.rows(paper)
    tablet = sign_on_tablet(paper, rows=[first])
    before = sealing.freeze(paper)
    assert before["devices"][0]["next_seq"] == 2
    device = paper.event.devices.get(pk=tablet.device)
    later = tablet.items([tablet.probe()], event_key(event=paper.event, by=audit.SYSTEM))
    take_in_items(later, device=device, via="sync", by=device, sent_at_device=None)
    assert sealing.freeze(paper)["devices"] == before["devices"]
    assert others


def test_paper_with_a_number_used_twice_and_a_broken_chain_gets_its_seal_and_says_so():
    paper = day.open_paper(3)
    tablet = Paired(paper.event)
    first, second, third = day.rows(paper)
    place = tablet.seq, tablet.link
    tablet.hand_in(tablet.signs(first, 1))
    tablet.seq, tablet.link = place  # the tablet was set back to an earlier state
    doubled = tablet.signs(second, 2)
    tablet.hand_in(doubled)
    held = Signature.objects.get(pk=doubled.id)
    review.resolve(signature=held, decision="accept", reason="Hadir", by=audit.SYSTEM)
    tablet.link = b"\x07" * 32
    tablet.hand_in(tablet.signs(third, 3))
    signing.close_signing(declaration=paper, by=audit.SYSTEM)

    document = sealed(paper)

    assert report_of(document).checks["chain"].message == (
        "Rantai 1 tablet cocok dengan catatannya. 1 sambungan terputus di tablet."
        " 1 catatan bernomor ganda, diterima petugas."
    )
    report = resealed(document, lambda evidence: evidence["devices"][0].pop("branches"))
    assert report.checks["chain"].message == "Rantai tablet Meja 1 putus pada nomor 1."


def test_paper_gets_its_seal_when_staff_say_who_a_walk_in_is_and_which_paper_was_meant():
    paper = day.open_paper(3)
    tablet = Paired(paper.event)
    first, second, third = day.rows(paper)
    person = {"name": first.name.upper(), "category": "pns", "agency": first.attendee.agency}
    walk_in = tablet.walk_in(paper, first.name, signatory=person)
    elsewhere = tablet.signs(second, 2, declaration="0196f3a0-0000-7000-8000-000000000001")
    results = tablet.hand_in(walk_in, elsewhere, tablet.signs(third, 3))
    assert [result.status for result in results] == ["held", "held", "stored"]
    decided = {"decision": "accept", "reason": "Diperiksa petugas", "by": audit.SYSTEM}
    review.resolve(signature=Signature.objects.get(pk=walk_in.id), signatory=first, **decided)
    item = KioskItem.objects.get(item_id=elsewhere.id)
    review_items.decide_item(item=item, declaration=paper, **decided)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)

    document = sealed(paper)

    assert report_of(document).checks["evidence"].status == "ok"


def test_missing_number_is_declared_and_starts_a_new_segment():
    start = bytes(32)
    hashes = [f"{n:064x}" for n in range(4)]
    links, link = [], start
    for seq, digest in enumerate(hashes):
        links.append(Link(seq, link.hex(), digest))
        link = next_link(link, digest)
    segments, head = segments_of(start, [link for link in links if link.seq != 1], 3)
    assert [(s["from"], len(s["hashes"]), "link" in s) for s in segments] == [(0, 1, False), (2, 2, True)]
    assert segments[1]["link"] == links[2].prev_hash
    assert head == link
    assert segments_of(start, links, 3) == ([{"from": 0, "hashes": hashes}], link)


def test_paper_from_before_the_coarser_ink_still_verifies(document, monkeypatch):
    """Its evidence names no rule; its ink has every unit of the strokes' grid."""
    fine = partial(pdf.Ink.from_outline, rule="outline/1")
    monkeypatch.setattr(papers.Ink, "from_outline", fine)

    old = resealed(document, lambda evidence: evidence["renderer"].pop("ink"))
    wrong = resealed(document, lambda evidence: None)

    assert old.checks["evidence"].status == "ok", old.checks["evidence"].message
    assert wrong.checks["evidence"].status == "failed"


def test_ink_by_a_rule_of_a_later_version_fails_by_name(document):
    report = resealed(document, lambda evidence: evidence["renderer"].update(ink="outline/9"))

    assert "cara menggambar tanda tangan belum dikenal" in report.checks["evidence"].message
