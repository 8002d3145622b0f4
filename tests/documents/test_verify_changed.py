"""A sealed file that was changed, cut or sealed by another: caught and named, no exception whatever the bytes."""

import io
import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from documents import certificates, pades, sealer
from documents.verification import Unreadable, verify_file

from . import sample
from .verified import flipped, statuses


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return sample.sealed()


@pytest.fixture(scope="module")
def roots():
    return [sample.seal_key().chain[-1]]


REGIONS = {
    "page content": lambda data: data.index(b"stream\n", 20_000) + 60,
    "head": lambda data: 5,
    "object stream": lambda data: data.index(b"/ObjStm") + 200,
    "xmp": lambda data: data.index(b"textSha256>") + 20,
    "trailer": lambda data: data.index(b"startxref") + 12,
    "byte range": lambda data: data.index(b"/ByteRange") + 14,
    "name of the seal": lambda data: data.rindex(b"/Name") + 9,
    "end": lambda data: len(data) - 3,
}


@pytest.mark.parametrize("region", REGIONS)
def test_one_changed_byte_is_caught_and_named(sealed, roots, region):
    report = verify_file(flipped(sealed, REGIONS[region](sealed)), roots=roots)
    assert not report.valid
    assert "file_integrity" in report.failed
    assert report.checks["file_integrity"].message == "Isi berkas berubah setelah disegel."


@pytest.mark.parametrize("offset", [20, 400, 1200, 2000, 4000])
def test_one_changed_digit_of_the_signature_breaks_the_seal(sealed, roots, offset):
    position = sealed.rindex(b"/Contents <") + len(b"/Contents <") + offset
    digit = b"A" if sealed[position : position + 1] != b"A" else b"B"
    report = verify_file(sealed[:position] + digit + sealed[position + 1 :], roots=roots)
    assert not report.valid
    assert {"seal", "file_integrity"} & set(report.failed)
    assert "Segel tidak sah." in {check.message for check in report.checks.values()}


@pytest.mark.parametrize("tail", [b"% catatan\n", b"x"])
def test_appended_bytes_are_counted(sealed, roots, tail):
    report = verify_file(sealed + tail, roots=roots)
    assert report.failed == ["file_integrity"]
    assert report.checks["file_integrity"].message == f"Ada {len(tail)} bita tambahan di belakang segel."


def test_a_later_revision_is_named(sealed, roots):
    out = io.BytesIO(sealed)
    writer = IncrementalPdfFileWriter(out)
    fields.append_signature_field(writer, fields.SigFieldSpec("Lain", box=(10, 10, 50, 50)))
    changed = io.BytesIO()
    writer.write(changed)
    report = verify_file(changed.getvalue(), roots=roots)
    assert report.failed == ["file_integrity"]
    assert report.checks["file_integrity"].message == "Ada perubahan setelah segel yang tidak diizinkan."


def test_the_last_revision_cut_off_leaves_an_unsealed_paper(sealed, roots):
    report = verify_file(sample.rendered("memorandum").pdf, roots=roots)
    assert sealed.startswith(sample.rendered("memorandum").pdf)
    assert not report.valid
    assert set(statuses(report).values()) == {"absent"}
    assert report.checks["seal"].message == "Berkas ini tidak bersegel."
    assert report.document["signatures"] == 2


@pytest.mark.parametrize("kept", [0.2, 0.8])
def test_a_file_cut_off_inside_the_paper_is_no_whole_pdf(sealed, roots, kept):
    with pytest.raises(Unreadable, match="Berkas bukan PDF yang utuh"):
        verify_file(sealed[: int(len(sealed) * kept)], roots=roots)


@pytest.mark.parametrize("kept", [0.992, 0.999])
def test_a_file_cut_off_inside_the_seal_is_changed(sealed, roots, kept):
    report = verify_file(sealed[: int(len(sealed) * kept)], roots=roots)
    assert "file_integrity" in report.failed


def test_a_seal_of_another_authority_names_its_fingerprint(roots, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    forger = certificates.ensure_office_seal(1, sample.OFFICE)
    forged = pades.seal(sample.rendered("memorandum").pdf, signer=forger)
    report = verify_file(forged, roots=roots)
    assert report.failed == ["certificate"]
    start = certificates.fingerprint(forger.chain[-1])[:4]
    assert report.checks["certificate"].message.startswith(
        f"Akar sertifikat tidak dikenal di komputer ini (sidik {start} "
    )
    assert report.checks["certificate"].message.endswith("Cocokkan dengan pengumuman kantor.")


def test_a_certificate_that_had_ended_when_sealing(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    old = certificates.ensure_office_seal(1, sample.OFFICE, now=datetime(2020, 1, 1, tzinfo=UTC))
    data = sealer.sign(sample.rendered("memorandum").pdf, old, reason="x", location="", name="x")
    report = verify_file(data)
    assert report.failed == ["certificate"]
    assert report.checks["certificate"].message == "Sertifikat kedaluwarsa atau belum berlaku saat disegel."


def mutation(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    place, other = dice.randrange(len(data)), dice.randrange(len(data))
    match dice.randrange(6):
        case 0:
            changed[place] ^= 1 << dice.randrange(8)
        case 1:
            del changed[place:]
        case 2:
            changed[place:place] = dice.randbytes(dice.randrange(1, 40))
        case 3:
            del changed[place : place + dice.randrange(1, 300)]
        case 4:
            changed[place : place + 40] = changed[other : other + 40]
        case 5:
            changed += changed[place:]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(4))
def test_mutations_are_never_valid_and_never_crash(seed, roots):
    original = pades.seal(sealer.blank_paper(), signer=sample.seal_key())
    dice = random.Random(seed)
    for _ in range(60):
        changed = mutation(original, dice)
        if changed == original:
            continue
        with suppress(Unreadable):
            assert not verify_file(changed, roots=roots).valid
