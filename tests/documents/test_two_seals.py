"""A paper with room for the seal of a second party (PDF.md §4.2, §7.3): sound alone, and open to nothing else."""

import io

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


def test_a_second_seal_is_not_accepted_yet(both):
    """The analysis of changes takes the tagged field for a changed page; docs/known-limits.md says so."""
    report = verify_file(both)
    assert report.failed == ["file_integrity"]
    assert report.checks["file_integrity"].message == UPDATED


def test_the_room_of_the_second_allows_no_other_change(first):
    writer = IncrementalPdfFileWriter(io.BytesIO(first))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Rotate")] = generic.NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    report = verify_file(out.getvalue())
    assert report.checks["file_integrity"].message == UPDATED
