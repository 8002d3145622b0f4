"""The validator behind ``pdf.validate`` can fail, and its one false alarm is told from a real failure (PDF.md §3.5)."""

import io
import re

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import TextStampStyle

from documents import pdf, sealer

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


def _show_a_picture_in_cmyk(opened) -> None:
    picture = pikepdf.Stream(
        opened,
        b"\0\0\0\0",
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=1,
        Height=1,
        ColorSpace=pikepdf.Name.DeviceCMYK,
        BitsPerComponent=8,
    )
    name = opened.pages[0].add_resource(picture, pikepdf.Name.XObject)
    opened.pages[0].contents_add(f"q 10 0 0 10 0 0 cm {name} Do Q".encode())


def _write_a_letter_the_font_has_not(opened) -> None:
    """The first glyph of a text becomes ".notdef"."""
    instructions = pikepdf.parse_content_stream(opened.pages[0])
    shown = next(i for i in instructions if str(i.operator) in ("Tj", "TJ"))
    at = instructions.index(shown)
    instructions[at] = pikepdf.ContentStreamInstruction(
        [pikepdf.String(b"\0\0".decode("latin-1"))], pikepdf.Operator("Tj")
    )
    opened.pages[0].obj.Contents = opened.make_stream(pikepdf.unparse_content_stream(instructions))


def _exchange_two_fonts(opened) -> None:
    """What comes of two font files under one family name: letters of the one with the widths of the other."""
    holders = [
        (item, key)
        for item in opened.objects
        if isinstance(item, pikepdf.Dictionary)
        for key in ("/FontFile2", "/FontFile3")
        if key in item
    ]
    (one, key), (other, same) = holders[:2]
    assert key == same
    one[key], other[key] = other[key], one[key]


@pytest.mark.parametrize(
    ("change", "profile"),
    [
        (_show_a_picture_in_cmyk, "PDF/A-3a"),
        (_write_a_letter_the_font_has_not, "PDF/A-3a"),
        (_exchange_two_fonts, "PDF/A-3a"),
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


def test_validator_finds_the_visible_stamp_of_the_library():
    """Its letters are not embedded; our seal therefore lies invisibly on the box that was printed."""
    signer = PdfSigner(
        PdfSignatureMetadata("Segel"),
        signer=sealer._LoadedSigner(sample.seal_key()),
        stamp_style=TextStampStyle(),
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(sample.rendered("memorandum").pdf))
    signer.sign_pdf(writer, existing_fields_only=True, output=out)
    found = {failure.profile for failure in pdf.validate(out.getvalue())}
    assert "PDF/A-3a" in found


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
