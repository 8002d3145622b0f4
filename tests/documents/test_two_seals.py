"""A paper with room for the seal of a second party (PDF.md §4.2, §7.3): sound alone and with it, open to nothing else."""

import io
import subprocess

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import NoOpStampStyle

from documents import certificates, pdf, sealer
from documents.pdf import render
from documents.verification import verify_file

from . import sample

UPDATED = "Ada perubahan setelah segel yang tidak diizinkan."


def signed(data: bytes, field: str, key, **options) -> bytes:
    metadata = PdfSignatureMetadata(field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **options)
    signer = PdfSigner(metadata, signer=sealer._LoadedSigner(key), stamp_style=NoOpStampStyle())
    out = io.BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), existing_fields_only=True, output=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    html, inks = sample.memorandum()
    room = '<div class="seal-box" id="segel-kedua"><p>SEGEL PIHAK KEDUA</p></div></section>'
    before, end = html.rsplit("</section>", 1)
    return render(before + room + end, inks=inks, attachment=None, meta=sample.meta(merkle_root="")).pdf


@pytest.fixture(scope="module")
def first(unsigned) -> bytes:
    return signed(unsigned, "Segel", sample.seal_key(), certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)


@pytest.fixture(scope="module")
def both(first) -> bytes:
    other = certificates.ensure_office_seal("pihak-kedua", "Pemerintah Kecamatan Purwodadi")
    return signed(first, "PihakKedua", other)


def test_a_paper_with_room_for_a_second_seal_is_clean_and_valid(unsigned, first):
    assert first.startswith(unsigned)
    assert pdf.validate(first) == []
    report = verify_file(first)
    assert report.valid, report.as_json()
    assert report.checks["seal"].facts["fields"] == ["Segel"]


def test_the_second_seal_leaves_the_first_whole_and_both_are_found(both, first, tmp_path):
    assert both.startswith(first)
    assert pdf.validate(both) == []
    report = verify_file(both)
    assert report.valid, report.as_json()
    assert report.checks["seal"].facts["fields"] == ["Segel", "PihakKedua"]
    file = tmp_path / "kedua.pdf"
    file.write_bytes(both)
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True).stdout
    assert told.count("Signature is Valid.") == 2
    assert "Total document signed" in told


def test_a_broken_second_seal_is_named(both, first):
    """One bit of its signature; the bytes that it covers are as they were."""
    hole = both.index(b"/Contents <", len(first)) + len(b"/Contents <")
    end = both.index(b">", hole)
    at = hole + len(both[hole:end].rstrip(b"0")) - 20  # the signature value stands last
    digit = b"0" if both[at : at + 1] != b"0" else b"1"
    report = verify_file(both[:at] + digit + both[at + 1 :])
    assert not report.valid
    assert "seal" in report.failed


def test_what_follows_the_second_seal_is_named(both):
    assert verify_file(both + b"% tambahan\n").checks["file_integrity"].message.startswith("Ada 11 bita")


def test_the_room_of_the_second_allows_no_other_change(first):
    writer = IncrementalPdfFileWriter(io.BytesIO(first))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Rotate")] = generic.NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    report = verify_file(out.getvalue())
    assert report.checks["file_integrity"].message == UPDATED
