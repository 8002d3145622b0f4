"""The seal: made on the prepared field, read back by poppler and qpdf, taken apart bit by bit."""

import io
import random
import subprocess
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from documents import certificates, increments, pades, pdf, sealer
from documents.pades import Integrity, Trust

from . import sample


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return sample.rendered("memorandum").pdf


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return sample.sealed()


@pytest.fixture(scope="module")
def roots():
    return [sample.seal_key().chain[-1]]


@pytest.fixture(scope="module")
def blank(roots) -> bytes:
    """A sealed blank page: small, for the many flips."""
    return pades.seal(sealer.blank_paper(), signer=sample.seal_key())


# --- making -----------------------------------------------------------------------------------------------------


def test_a_sealed_paper_begins_with_the_unsigned_bytes(unsigned, sealed):
    assert sealed.startswith(unsigned)
    assert len(sealed) - len(unsigned) < 12_000


def test_a_sealed_paper_is_still_clean_for_both_validators(sealed):
    assert pdf.validate(sealed) == []


def test_poppler_and_qpdf_accept_the_seal(sealed, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=True).stdout
    assert "Signature Field Name: Segel" in said
    assert f"Signer Certificate Common Name: {sample.OFFICE} (segel lokal)" in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signing Hash Algorithm: SHA-256" in said
    assert "Total document signed" in said
    assert "Signature Validation: Signature is Valid." in said
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def test_the_seal_certifies_that_nothing_may_change(sealed):
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        signature = opened.Root.Perms.DocMDP
        (reference,) = signature.Reference
        assert (reference.TransformMethod, int(reference.TransformParams.P)) == (pikepdf.Name.DocMDP, 1)
        assert str(signature.Name) == sample.OFFICE
        assert str(signature.Reason) == "Segel elektronik untuk keutuhan dokumen"
        assert "/Location" not in signature
        assert int(opened.Root.AcroForm.SigFlags) == 3


def test_reason_place_and_name_can_be_given(unsigned):
    data = pades.seal(unsigned, signer=sample.seal_key(), reason="Uji", location="Cerme", name="Kantor")
    with pikepdf.open(io.BytesIO(data)) as opened:
        signature = opened.Root.Perms.DocMDP
        assert [str(signature[key]) for key in ("/Reason", "/Location", "/Name")] == [
            "Uji",
            "Cerme",
            "Kantor",
        ]


def test_sealing_changes_neither_the_page_nor_the_xmp(unsigned, sealed, tmp_path):
    pictures = []
    for name, data in (("before", unsigned), ("after", sealed)):
        (tmp_path / f"{name}.pdf").write_bytes(data)
        command = ["pdftoppm", "-r", "40", "-gray", tmp_path / f"{name}.pdf", tmp_path / name]
        subprocess.run(command, check=True)
        pictures.append([path.read_bytes() for path in sorted(tmp_path.glob(f"{name}*.pgm"))])
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 2
    assert b"<?xpacket" not in sealed[len(unsigned) :]


def test_a_paper_is_sealed_once(sealed):
    with pytest.raises(ValueError, match="no empty seal field"):
        pades.seal(sealed, signer=sample.seal_key())


@pytest.mark.parametrize("data", [b"", b"bukan PDF", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_paper_is_a_programmers_mistake(data):
    with pytest.raises(ValueError, match="no empty seal field"):
        pades.seal(data, signer=sample.seal_key())


def test_a_draft_without_field_cannot_be_sealed():
    with pytest.raises(ValueError, match="no empty seal field"):
        pades.seal(sample.rendered("letter").pdf, signer=sample.seal_key())


# --- taking apart -----------------------------------------------------------------------------------------------


def test_report_of_a_whole_paper(sealed, roots):
    report = pades.report(sealed, roots)
    assert (report.integrity, report.found, report.genuine) == (Integrity.INTACT, True, True)
    assert (report.trust, report.level, report.stamps) == (Trust.TRUSTED, "B-B", ())
    assert (report.name, report.fields) == (f"{sample.OFFICE} (segel lokal)", ("Segel",))
    assert report.fingerprint == sample.seal_key().fingerprint
    assert report.top_fingerprint == certificates.fingerprint(roots[0])
    assert abs(datetime.now(UTC) - report.claimed_at) < timedelta(minutes=10)


def test_an_unknown_root_leaves_the_seal_genuine(sealed):
    report = pades.report(sealed, [])
    assert (report.integrity, report.genuine, report.trust) == (Integrity.INTACT, True, Trust.UNKNOWN_ROOT)


def test_a_root_of_the_same_name_is_not_the_root(sealed, settings, tmp_path, roots):
    settings.DATA_DIR = tmp_path
    stranger = certificates.ensure_office_seal("contoh", sample.OFFICE).chain[-1]
    assert pades.report(sealed, [stranger]).trust == Trust.UNKNOWN_ROOT


def test_a_seal_made_after_the_end_of_its_certificate(unsigned, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    old = certificates.ensure_office_seal(1, sample.OFFICE, now=datetime(2020, 1, 1, tzinfo=UTC))
    data = sealer.sign(unsigned, old, reason="Uji", location="", name="Uji")
    report = pades.report(data, [old.chain[-1]])
    assert (report.integrity, report.genuine, report.trust) == (Integrity.INTACT, True, Trust.EXPIRED)


def test_an_unsealed_paper(unsigned, roots):
    assert pades.report(unsigned, roots) == pades.SealReport(Integrity.UNSEALED)


@pytest.mark.parametrize("tail", [b"\n", b"% komentar\n", b"\0" * 700])
def test_bytes_behind_the_seal_are_counted(sealed, roots, tail):
    report = pades.report(sealed + tail, roots)
    assert (report.integrity, report.appended, report.genuine) == (Integrity.APPENDED, len(tail), True)


def test_a_copied_trailer_behind_the_seal_is_counted(sealed, roots):
    tail = b"% komentar\n" + sealed[sealed.rindex(b"startxref") :]
    assert pades.report(sealed + tail, roots).appended == len(tail)


def _increment(data: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _other_title(writer) -> None:
    writer.trailer["/Info"]["/Title"] = generic.TextStringObject("Judul lain")
    writer.mark_update(writer.trailer.raw_get("/Info"))


def _xmp(writer) -> generic.StreamObject:
    old = writer.root["/Metadata"]
    return generic.StreamObject({**old}, stream_data=old.data.replace(b"7KQ2-M9XD", b"7KQ2-XXXX"))


def _other_xmp(writer) -> None:
    writer.root["/Metadata"] = writer.add_object(_xmp(writer))
    writer.update_root()


def _xmp_overwritten(writer) -> None:
    writer.objects[(0, writer.root.raw_get("/Metadata").idnum)] = _xmp(writer)


def _another_field(writer) -> None:
    fields.append_signature_field(writer, fields.SigFieldSpec("Lain", box=(10, 10, 50, 50)))


def _rotate_page(writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)


def _annotation(writer) -> None:
    note = {"/Type": "/Annot", "/Subtype": "/Text"}
    named = {generic.NameObject(key): generic.NameObject(value) for key, value in note.items()}
    named[generic.NameObject("/Contents")] = generic.TextStringObject("Tidak sah")
    writer.register_annotation(
        writer.root["/Pages"]["/Kids"].raw_get(0), writer.add_object(generic.DictionaryObject(named))
    )


def _attachment(writer) -> None:
    content = embed.EmbeddedFileObject.from_file_data(writer, data=b"{}", mime_type="application/json")
    embed.embed_file(writer, embed.FileSpec("evidence.json", embedded_data=content))


CHANGES = [_other_title, _other_xmp, _xmp_overwritten, _another_field, _rotate_page, _annotation, _attachment]


@pytest.mark.parametrize("change", CHANGES)
def test_a_later_revision_is_not_allowed(sealed, roots, change):
    changed = _increment(sealed, change)
    assert changed.startswith(sealed)
    assert len(changed) > len(sealed) + 50
    report = pades.report(changed, roots)
    assert report.integrity == Integrity.UPDATED
    assert report.genuine


def test_a_second_ordinary_signature_is_refused_when_made(sealed):
    prepared = _increment(sealed, _another_field)
    signer = PdfSigner(PdfSignatureMetadata("Lain"), signer=sealer._LoadedSigner(sample.seal_key()))
    with pytest.raises(SigningError, match="forbids all changes"):
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(prepared)), existing_fields_only=True)


# --- every bit ----------------------------------------------------------------------------------------------------


def in_order(report: pades.SealReport) -> bool:
    return report.genuine and report.integrity == Integrity.INTACT and report.trust == Trust.TRUSTED


def _hole(data: bytes) -> tuple[int, int]:
    match = increments.BYTE_RANGE.search(data)
    return int(match[1]), int(match[2])


def test_no_bit_of_the_signature_container_is_free(blank, roots):
    """The ByteRange leaves a hole for the signature; nothing in it may differ unnoticed.

    All 17,000 bits were flipped once (none survived); here the parts that no signature covers, and a sample.
    """
    before, after = _hole(blank)
    content = bytes.fromhex(blank[before + 1 : after - 1].decode())
    used = len(cms.ContentInfo.load(content).dump())
    signer = content.index(cms.ContentInfo.load(content)["content"]["signer_infos"].dump())
    chosen = {
        *range(60),
        *range(signer, signer + 30),
        *random.Random(7).sample(range(used), 40),
        used,
        used + 400,
    }
    assert in_order(pades.report(blank, roots))
    for position in sorted(chosen):
        flipped = bytearray(content)
        flipped[position] ^= 1 << position % 8
        data = blank[: before + 1] + bytes(flipped).hex().encode() + blank[after - 1 :]
        assert not in_order(pades.report(data, roots)), position


def test_digits_of_mixed_case_are_no_plain_container(blank, roots):
    before, after = _hole(blank)
    digits = blank[before:after]
    mixed = blank[:before] + digits[:50].lower() + digits[50:] + blank[after:]
    assert mixed != blank
    assert not in_order(pades.report(mixed, roots))


def test_no_bit_outside_the_container_is_free(blank, roots):
    before, after = _hole(blank)
    outside = [*range(before + 1), *range(after - 1, len(blank))]
    for position in random.Random(11).sample(outside, 120):
        data = bytearray(blank)
        data[position] ^= 1 << position % 8
        assert not in_order(pades.report(bytes(data), roots)), position


def test_a_certificate_that_does_not_belong_to_the_chain(blank, roots, unsigned, settings, tmp_path):
    """The set of certificates is not signed: a foreign one in it must not pass."""
    key = sample.seal_key()
    settings.DATA_DIR = tmp_path
    foreign = certificates.ensure_office_seal(1, "Kantor lain").certificate
    data = pades.seal(
        unsigned, signer=certificates.SealKey(key.private_key, key.certificate, (*key.chain, foreign))
    )
    report = pades.report(data, roots)
    assert (report.integrity, report.genuine) == (Integrity.INTACT, False)
