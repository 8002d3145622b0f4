"""Evidence inside a sealed paper: checked offline, and whatever an insider changed is named (PDF.md §5, §7.1)."""

import copy
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from django.db import connection

from accounts import audit
from accounts.canonical import b64u, canonical_bytes, parse_canonical, unb64u
from declarations import evidence_file, papers, review, review_items, sealing, signing
from declarations.demo.tablet import Tablet
from declarations.device_chains import segments_of
from declarations.evidence import next_link
from declarations.kiosk_chain import Link
from declarations.kiosk_intake import take_in_items
from declarations.models import KioskItem, Signature
from declarations.sample_strokes import sample_signature
from documents import certificates, jobs, pades, pdf, storage, verification
from documents.models import Document
from documents.sealing import facts_of, snapshot_of
from events.keys import event_key
from tests.declarations import day
from tests.declarations.kiosk import Kiosk
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db


def sign_on_tablet(paper, *, rows=None):
    """Probe and one drawn signature each, handed in like a tablet does."""
    kiosk = Kiosk(paper.event)
    kiosk.pair()
    own = ("v", "id", "salt", "event", "signed_at_device", "app")
    records = [kiosk.tablet.probe()]
    for seed, row in enumerate(rows or day.rows(paper), 1):
        fields = day.record(row, seed).data
        records.append(kiosk.tablet.record({k: v for k, v in fields.items() if k not in own}))
    device = paper.event.devices.get(pk=kiosk.tablet.device)
    key = event_key(event=paper.event, by=audit.SYSTEM)
    results = take_in_items(
        kiosk.tablet.items(records, key), device=device, via="sync", by=device, sent_at_device=None
    )
    assert {result.status for result in results} == {"stored"}
    return kiosk.tablet


@pytest.fixture
def document():
    """Three people signed on one tablet; sealed."""
    paper = day.open_paper(3)
    sign_on_tablet(paper)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    return sealed(paper)


def sealed(paper) -> Document:
    found = sealing.seal_declaration(declaration=paper, by=audit.SYSTEM)
    jobs.run_pending()
    found.refresh_from_db()
    assert found.state == "sealed", found.state
    return found


def report_of(document):
    return verification.verify_file(storage.read(document.file))


def statuses(report):
    return {name: str(check.status) for name, check in report.checks.items() if name != "timestamp"}


def evidence_in(document) -> dict:
    snapshot = snapshot_of(document)
    return evidence_file.evidence_of(snapshot, facts_of(document))


def resealed(document, change):
    """The same paper sealed by an insider with changed evidence: our own key, the page as it was."""
    snapshot, facts = snapshot_of(document), facts_of(document)
    composed = papers.compose(snapshot, document=facts)
    evidence = copy.deepcopy(parse_canonical(composed.attachment))
    change(evidence)
    rendered = pdf.render(
        composed.html,
        inks=dict(composed.inks),
        attachment=canonical_bytes(evidence),
        meta=replace(composed.meta, merkle_root=evidence["merkle"]["root"]),
    )
    data = pades.seal(rendered.pdf, signer=certificates.signer_for(document.office))
    return verification.verify_file(data)


def reprinted(document, old: str, new: str):
    """The same evidence with other words on the page, sealed by an insider."""
    composed = papers.compose(snapshot_of(document), document=facts_of(document))
    assert composed.html.count(old) == 1, composed.html.count(old)
    html = composed.html.replace(old, new)
    rendered = pdf.render(html, inks=dict(composed.inks), attachment=composed.attachment, meta=composed.meta)
    return verification.verify_file(pades.seal(rendered.pdf, signer=certificates.signer_for(document.office)))


def recount(evidence):
    """What a careful forger makes right again: totals and Merkle root."""
    evidence["totals"] = evidence_file.totals_of(evidence["signatories"])
    evidence["merkle"] = {
        "size": len(evidence["signatories"]),
        "root": evidence_file.root_of(evidence["signatories"]),
    }


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


# (what an insider changes, the check that names it, how its message begins)
def rename(evidence):
    evidence["signatories"][1]["name"] = "Orang Lain (contoh)"


def other_strokes(evidence):
    evidence["signatories"][1]["record"]["strokes"] = b64u(sample_signature(77))


def other_strokes_hashed(evidence):
    from declarations.evidence import record_sha256

    person = evidence["signatories"][1]
    person["record"]["strokes"] = b64u(sample_signature(77))
    person["record_sha256"] = record_sha256(canonical_bytes(person["record"]))


def swapped(evidence):
    first, second = evidence["signatories"][:2]
    evidence["signatories"][:2] = [second | {"order": 1}, first | {"order": 2}]


def other_outcome(evidence):
    evidence["signatories"][0]["outcome"] = "refused"


def dropped(evidence):
    del evidence["signatories"][2]


def hidden_break(evidence):
    device = evidence["devices"][0]
    [whole] = device["segments"]
    behind = {"from": 2, "link": "0" * 64, "hashes": whole["hashes"][2:]}
    device["segments"] = [{"from": 0, "hashes": whole["hashes"][:2]}, behind]


def made_up_branch(evidence):
    digest = evidence["signatories"][0]["record_sha256"]
    evidence["devices"][0]["branches"] = [{"seq": 1, "link": "0" * 64, "hash": digest}]


def other_point(evidence):
    evidence["text"]["points"][0] += " Kecuali keluarga."


def other_key(evidence):
    evidence["devices"][0]["public_key"] = b64u(b"\x04" + b"\x01" * 64)


def dropped_from_chain(evidence):
    del evidence["devices"][0]["segments"][0]["hashes"][1]


def other_head(evidence):
    evidence["devices"][0]["head"] = "0" * 64


def chain_beside_the_numbers(evidence):
    """A record whose link fits nowhere is listed at a number at which no record of the paper is looked for."""
    device, person = evidence["devices"][0], evidence["signatories"][2]
    own, link = device["segments"][0]["hashes"][:3], device["segments"][0]
    own.append("0" * 64)  # somebody whom nobody should know of stood at number 3
    digest = person["record_sha256"]
    device["segments"] = [link | {"hashes": own}, {"from": 5, "link": "1" * 64, "hashes": [digest]}]
    device["next_seq"], device["head"] = 6, next_link(bytes.fromhex("1" * 64), digest).hex()


def tablet_twice(evidence):
    device = evidence["devices"][0]
    evidence["devices"].append({**device, "public_key": b64u(Tablet(evidence["event"]["id"]).public)})


def key_of_two_tablets(evidence):
    device = evidence["devices"][0]
    evidence["devices"].append({**device, "device": evidence["event"]["id"]})


def other_origin(evidence):
    evidence["signatories"][0]["channel"] = "link"


def key_taken_off(evidence):
    """A forged record has no tablet behind it, but still pretends to come from one."""
    from declarations.evidence import record_sha256

    person = evidence["signatories"][0]
    for name in ("device", "device_seq", "prev_hash", "clock_offset_ms", "clock_age_s"):
        del person["record"][name]
    del person["device_signature"]
    person["record_sha256"] = record_sha256(canonical_bytes(person["record"]))


def invented_correction(evidence):
    person = evidence["signatories"][0]
    person["name"] = "Orang Lain (contoh)"
    person["correction"] = {"fields": ["name"], "before": "Orang Lain", "reason": "Salah ketik"}


def other_kind(evidence):
    evidence["document"]["kind"] = "mou"


def other_kind_of_text(evidence):
    evidence["document"]["kind"] = evidence["declaration"]["kind"] = "mou"


CHANGES = [
    (chain_beside_the_numbers, "chain", "Rantai tablet Meja 1 putus pada nomor 3."),
    (tablet_twice, "device_signatures", "Tanda tangan perangkat tidak cocok: satu tablet tercatat dua kali."),
    (
        key_of_two_tablets,
        "device_signatures",
        "Tanda tangan perangkat tidak cocok: satu kunci tercatat dua kali.",
    ),
    (other_origin, "evidence", "Bukti tidak cocok"),
    (key_taken_off, "evidence", "Bukti tidak cocok"),
    (invented_correction, "evidence", "Bukti tidak cocok"),
    (other_kind, "evidence", "Bukti tidak cocok: jenis dokumen berbeda."),
    (other_kind_of_text, "evidence", "Bukti tidak cocok: jenis naskah berbeda."),
    (rename, "evidence", "Bukti tidak cocok"),
    (other_strokes, "evidence", "Bukti tidak cocok"),
    (other_strokes_hashed, "device_signatures", "Tanda tangan perangkat nomor 2 tidak sah."),
    (swapped, "evidence", "Bukti tidak cocok"),
    (other_outcome, "evidence", "Bukti tidak cocok"),
    (dropped, "evidence", "Bukti tidak cocok"),
    (hidden_break, "chain", "Rantai tablet Meja 1 putus pada nomor 2."),
    (made_up_branch, "chain", "Rantai tablet Meja 1 putus pada nomor 1."),
    (other_point, "text", "Naskah dalam bukti tidak cocok"),
    (other_key, "device_signatures", "Tanda tangan perangkat nomor 1 tidak sah."),
    (dropped_from_chain, "chain", "Rantai tablet Meja 1 putus pada nomor 1."),
    (other_head, "chain", "Rantai tablet Meja 1 putus pada nomor 4."),
]


@pytest.mark.parametrize(("change", "check", "begins"), CHANGES, ids=[row[0].__name__ for row in CHANGES])
@pytest.mark.parametrize("careful", [False, True])
def test_evidence_changed_by_an_insider_is_named(document, change, check, begins, careful):
    def spoil(evidence):
        change(evidence)
        if careful:
            recount(evidence)

    report = resealed(document, spoil)
    assert not report.valid
    assert check in report.failed
    assert report.checks[check].message.startswith(begins)


def test_words_on_the_page_that_nobody_signed_are_named(document):
    [point, *_] = snapshot_of(document)["text"]["points"]
    word = max(point.split(), key=len)
    report = reprinted(document, point, point.replace(word, "sebaliknya", 1))
    assert report.checks["text"].status == "failed"
    assert report.checks["text"].message == "Naskah pada halaman berbeda dari yang ditandatangani."
    assert not report.valid


def test_points_printed_in_another_order_are_named(document):
    first, second, *_ = snapshot_of(document)["text"]["points"]
    between = "\u2028"
    composed = papers.compose(snapshot_of(document), document=facts_of(document))
    html = composed.html.replace(first, between).replace(second, first).replace(between, second)
    rendered = pdf.render(html, inks=dict(composed.inks), attachment=composed.attachment, meta=composed.meta)
    report = verification.verify_file(
        pades.seal(rendered.pdf, signer=certificates.signer_for(document.office))
    )
    assert report.checks["text"].message == "Naskah pada halaman berbeda dari yang ditandatangani."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (rename, "nama pada catatan nomor 2 berbeda dari yang tercetak"),
        (other_origin, "asal catatan nomor 1 berbeda dari yang tercatat"),
        (key_taken_off, "asal catatan nomor 1 berbeda dari yang tercatat"),
        (invented_correction, "nama pada catatan nomor 1 berbeda dari yang tercetak"),
        (dropped, "halaman memuat 3 tanda tangan, bukti 2"),
        (swapped, "gambar tanda tangan nomor 2 pada halaman berbeda dari yang dibuat di tablet"),
    ],
)
def test_forger_who_makes_root_and_totals_right_is_named_by_the_record(document, change, words):
    def spoil(evidence):
        change(evidence)
        recount(evidence)

    assert resealed(document, spoil).checks["evidence"].message == f"Bukti tidak cocok: {words}."


def second_of_one_person(evidence):
    """The record that was set aside as a double, printed as if somebody else had signed."""
    from declarations.evidence import record_sha256

    first, second = evidence["signatories"][:2]
    record = {**second["record"], "attendee": first["record"]["attendee"]}
    second |= {
        "record": record,
        "record_sha256": record_sha256(canonical_bytes(record)),
        "flags": ["name_differs"],
    }


def stands_in_for_somebody_else(evidence):
    from declarations.evidence import record_sha256

    person = evidence["signatories"][0]
    record = {
        **person["record"],
        "capacity": "on_behalf_of",
        "on_behalf_of": {"name": "Budi", "position": "Camat"},
    }
    person |= {
        "record": record,
        "record_sha256": record_sha256(canonical_bytes(record)),
        "capacity": "on_behalf_of",
    }
    person["on_behalf_of"] = {"name": "Budi", "position": "Bupati"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (second_of_one_person, "nomor 1 dan nomor 2 adalah catatan dari satu orang"),
        (
            stands_in_for_somebody_else,
            "pejabat yang diwakili pada catatan nomor 1 berbeda dari yang tercetak",
        ),
    ],
)
def test_row_that_says_other_than_its_record_is_named(document, change, words):
    def spoil(evidence):
        change(evidence)
        recount(evidence)

    assert resealed(document, spoil).checks["evidence"].message == f"Bukti tidak cocok: {words}."


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


def test_one_record_printed_for_two_people_is_named(document):
    """Also when the whole paper was made from it, so that page, XMP and Merkle root agree."""
    snapshot = copy.deepcopy(snapshot_of(document))
    first, second = snapshot["signatories"][:2]
    snapshot["signatories"][1] = {**first, "order": 2, "name": second["name"], "flags": ["name_differs"]}

    composed = papers.compose(snapshot, document=facts_of(document))
    rendered = pdf.render(
        composed.html, inks=dict(composed.inks), attachment=composed.attachment, meta=composed.meta
    )
    report = verification.verify_file(
        pades.seal(rendered.pdf, signer=certificates.signer_for(document.office))
    )

    assert report.checks["evidence"].message == (
        "Bukti tidak cocok: nomor 1 dan nomor 2 memakai satu catatan yang sama."
    )


def test_evidence_of_an_unknown_part_is_read_and_the_part_named(document):
    report = resealed(document, lambda evidence: evidence.update(masa_depan=1))
    assert report.valid
    assert "masa_depan" in report.checks["evidence"].message


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
    from accounts.canonical import sha256_hex

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
