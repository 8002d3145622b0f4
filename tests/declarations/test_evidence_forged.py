"""Evidence that an insider with our own key changed and sealed again: named, whatever it is (PDF.md §7.1)."""

import copy
import re
from dataclasses import replace

import pytest

from accounts.canonical import b64u, canonical_bytes
from declarations import papers
from declarations.demo.tablet import Tablet
from declarations.evidence import next_link
from declarations.sample_strokes import sample_signature
from documents import certificates, pades, pdf, verification
from documents.sealing import facts_of, snapshot_of
from tests.declarations.insider import recount, reprinted, resealed, signed_on_a_tablet

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return signed_on_a_tablet()


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


def added(evidence):
    """Somebody who was never there, with the strokes of another."""
    third = evidence["signatories"][2]
    record = {
        **third["record"],
        "id": third["record"]["id"][:-4] + "0000",
        "attendee": evidence["event"]["id"],
    }
    evidence["signatories"].append({**third, "order": 4, "record": record})


def strokes_exchanged(evidence):
    """Each of two people is given the drawing of the other, and every hash is made right again."""
    from declarations.evidence import record_sha256

    first, second = evidence["signatories"][:2]
    mine, yours = first["record"]["strokes"], second["record"]["strokes"]
    first["record"]["strokes"], second["record"]["strokes"] = yours, mine
    for person in (first, second):
        person["record_sha256"] = record_sha256(canonical_bytes(person["record"]))


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
    (added, "evidence", "Bukti tidak cocok"),
    (strokes_exchanged, "device_signatures", "Tanda tangan perangkat nomor 1 tidak sah."),
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


def test_ink_of_two_rows_exchanged_on_the_page_is_named(document):
    """The evidence is the true one; only what is seen was changed before our own seal."""
    composed = papers.compose(snapshot_of(document), document=facts_of(document))
    inks = dict(composed.inks)
    first, second = list(inks)[:2]
    inks[first], inks[second] = (
        replace(inks[second], alt=inks[first].alt),
        replace(inks[first], alt=inks[second].alt),
    )
    rendered = pdf.render(composed.html, inks=inks, attachment=composed.attachment, meta=composed.meta)
    report = verification.verify_file(
        pades.seal(rendered.pdf, signer=certificates.signer_for(document.office))
    )
    assert report.failed == ["evidence"]
    assert re.fullmatch(
        "Bukti tidak cocok: gambar tanda tangan nomor [12] pada halaman berbeda dari yang dibuat di tablet.",
        report.checks["evidence"].message,
    )


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
        (strokes_exchanged, "gambar tanda tangan nomor 2 pada halaman berbeda dari yang dibuat di tablet"),
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
