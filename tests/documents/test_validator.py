"""The validator behind ``pdf.validate`` can fail, and its one false alarm is told from a real failure (PDF.md §3.5)."""

import io
import re

import pikepdf
import pytest

from documents import pdf

from . import sample


def changed(data: bytes, change) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as opened:
        change(opened)
        opened.save(out, fix_metadata_version=False)
    return out.getvalue()


def _drop_descriptions(opened) -> None:
    for item in opened.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Figure:
            del item.Alt


def _forget_extension_schema(opened) -> None:
    packet = opened.Root.Metadata.read_bytes()
    start = packet.rindex(b"<rdf:Description", 0, packet.index(b"<pdfaExtension:schemas>"))
    end = packet.index(b"</pdfaExtension:schemas>") + len(b"</pdfaExtension:schemas>\n</rdf:Description>")
    opened.Root.Metadata.write(packet[:start] + packet[end:])


def _paint_in_cmyk(opened) -> None:
    opened.pages[0].contents_add(b"0 1 1 0 k 0 0 10 10 re f")


def _forget_output_intent(opened) -> None:
    del opened.Root.OutputIntents


@pytest.mark.parametrize(
    ("change", "profile"),
    [
        (_drop_descriptions, "PDF/UA-1"),
        (_forget_extension_schema, "PDF/A-3a"),
        (_paint_in_cmyk, "PDF/A-3a"),
        (_forget_output_intent, "PDF/A-3a"),
    ],
)
def test_validator_finds(change, profile):
    assert profile in {
        failure.profile for failure in pdf.validate(changed(sample.rendered("memorandum").pdf, change))
    }


def test_validator_names_what_is_no_pdf():
    assert [failure.rule for failure in pdf.validate(b"bukan PDF")] == ["UNREADABLE", "UNREADABLE"]


def _with_stream(content: bytes) -> bytes:
    """A page content that ends in the given bytes, uncompressed, as a compressed one may by chance."""

    def replace(opened):
        page_object = opened.pages[0].obj
        page_object.Contents = pikepdf.Stream(opened, page_object.Contents.read_bytes() + content)

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample.rendered("integrity_pact").pdf)) as opened:
        replace(opened)
        opened.save(out, compress_streams=False, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.parametrize("ending", [b" ", b"\r", b"\n"])
def test_a_stream_that_ends_like_a_line_is_no_failure(ending):
    assert pdf.validate(_with_stream(ending)) == []


def test_a_stream_of_wrong_length_is_a_failure():
    data = _with_stream(b"\r")
    length = max(re.findall(rb"/Length (\d{4,})", data), key=int)
    wrong = data.replace(b"/Length " + length, b"/Length " + str(int(length) - 3).encode(), 1)
    assert wrong != data
    assert pdf.validate(wrong) != []
