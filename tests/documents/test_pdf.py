"""The engine: real PDFs, read back by poppler, qpdf, pikepdf and two validators."""

import io
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from PIL import Image

from documents import fonts, pdf, xmp
from documents.opened import OpenedPaper
from documents.pdf import Ink, RenderFailed

from . import sample

S1_OUTLINE = [
    [(517, 773), (715, 569), (918, 873), (926, 867), (719, 557), (507, 763)],
    [(1031, 717), (1029, 722), (1024, 724), (1019, 722), (1018, 717), (1019, 712), (1024, 711), (1029, 712)],
]
S1_OPERATORS = (
    b"517 773 m 715 569 l 918 873 l 926 867 l 719 557 l 507 763 l h "
    b"1031 717 m 1029 722 l 1024 724 l 1019 722 l 1018 717 l 1019 712 l 1024 711 l 1029 712 l h B"
)


def run(*command: str, data: bytes, tmp_path: Path) -> str:
    """Output of a tool that reads a PDF; ``{}`` in the command is the file."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    done = subprocess.run(
        [part.replace("{}", str(path)) for part in command], capture_output=True, text=True, check=True
    )
    return done.stdout


def page(body: str, classes: str = "a4 letter") -> str:
    return sample.page(f"<h1>Uji</h1>{body}", classes=classes)


def render(body: str, *, inks=None, attachment=None, classes="a4 letter", **changes) -> pdf.Rendered:
    return pdf.render(
        page(body, classes), inks=inks or {}, attachment=attachment, meta=sample.meta(**changes)
    )


# --- the papers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["declaration", "memorandum", "integrity_pact", "letter"])
def test_sample_papers_satisfy_both_validators_and_qpdf(kind, tmp_path):
    paper = sample.rendered(kind)
    assert pdf.validate(paper.pdf) == []
    assert "No syntax or stream encoding errors found" in run(
        "qpdf", "--check", "{}", data=paper.pdf, tmp_path=tmp_path
    )


def test_every_page_says_its_number_the_paper_and_the_digests(tmp_path):
    paper = sample.rendered("declaration")
    pages = run("pdftotext", "-layout", "{}", "-", data=paper.pdf, tmp_path=tmp_path).split("\f")[:-1]
    assert len(pages) == paper.pages == 3
    for number, text in enumerate(pages, start=1):
        assert f"Halaman {number} dari 3" in text
        assert "Naskah 9f2c61d0 · Bukti 55ce9efc" in text
        assert "CONTOH – bukan dokumen resmi" in text
        assert "Tanda tangan" in text or number == 4


def test_every_name_and_point_can_be_read_back(tmp_path):
    text = run("pdftotext", "{}", "-", data=sample.rendered("declaration").pdf, tmp_path=tmp_path)
    flat = re.sub(r"\s+", "", text)
    for words in (
        *sample.POINTS,
        "Şükrü Ĕnok Ħāji 6 (contoh)",
        "Suwarno 29 (contoh)",
        "Bambang Sutejo (contoh)",
    ):
        assert words.replace(" ", "") in flat


def test_only_our_fonts_are_used_and_all_are_embedded(tmp_path):
    rows = run("pdffonts", "{}", data=sample.rendered("declaration").pdf, tmp_path=tmp_path).splitlines()[2:]
    found = {re.split(r"[+ ]", row)[1] for row in rows}
    assert found == {"Naskah", "Naskah-Bold", "Naskah-Italic", "Naskah-Ext", "Surat", "Surat-Bold"}
    assert all(re.search(r"Identity-H\s+yes yes yes", row) for row in rows)


def test_signatures_are_vectors_never_pictures(tmp_path):
    listed = run("pdfimages", "-list", "{}", data=sample.rendered("integrity_pact").pdf, tmp_path=tmp_path)
    assert listed.splitlines()[2:] == []


@pytest.mark.parametrize(
    ("classes", "size"),
    [
        ("a4 letter", "595.276 x 841.89 pts (A4)"),
        ("f4 letter", "609.449 x 935.433 pts"),
        ("f4 table", "609.449 x 935.433 pts"),
        ("a4 landscape", "841.89 x 595.276 pts (A4)"),
    ],
)
def test_paper_size_follows_the_body_class(classes, size, tmp_path):
    info = run("pdfinfo", "{}", data=render("<p>isi</p>", classes=classes).pdf, tmp_path=tmp_path)
    assert re.search(r"Page size: +(.*)", info)[1] == size


def test_draft_mark_lies_behind_the_page_and_is_no_text(tmp_path):
    draft = sample.rendered("letter").pdf
    assert "DRAF" not in run("pdftotext", "{}", "-", data=draft, tmp_path=tmp_path)
    with pikepdf.open(io.BytesIO(draft)) as opened:
        assert any(b".93 .93 .93 rg" in form.read_bytes() for form in opened.objects if _is_form(form))


def _is_form(item) -> bool:
    return isinstance(item, pikepdf.Stream) and item.get("/Subtype") == pikepdf.Name.Form


# --- ink --------------------------------------------------------------------------------------------------------


def test_outline_of_the_known_stroke_gives_the_known_operators():
    assert pdf.outline_operators(S1_OUTLINE, "outline/1") == S1_OPERATORS


def test_coarser_rule_rounds_halves_up_and_leaves_out_points_that_fall_together():
    assert pdf.outline_operators([[(0, 0), (1, 1), (2, 2), (5, 6), (-2, -3)]], "outline/4") == (
        b"0 0 m 1 1 l 1 2 l 0 -1 l h B"
    )
    with pytest.raises(KeyError):
        pdf.outline_operators(S1_OUTLINE, "outline/9")


def test_ink_stands_in_the_page_as_exactly_its_operators_with_its_description():
    ink = Ink.from_outline(S1_OUTLINE, alt="Tanda tangan Umar (contoh)", rule="outline/1")
    paper = render('<p><img class="ink" src="ink:1"></p>', inks={"1": ink})
    with OpenedPaper(paper.pdf) as opened:
        (contents,) = opened.page_contents()
        assert contents.count(S1_OPERATORS) == 1
        assert opened.signature_labels() == ["Tanda tangan Umar (contoh)"]
    assert pdf.validate(paper.pdf) == []


def test_inks_follow_the_order_of_the_rows():
    paper = sample.rendered("declaration")
    _, inks = sample.declaration()
    with OpenedPaper(paper.pdf) as opened:
        contents = b"".join(opened.page_contents())
    assert len(inks) == 25
    distinct = list(dict.fromkeys(ink.operators for ink in inks.values()))
    positions = [contents.index(operators) for operators in distinct]
    assert positions == sorted(positions)


def test_a_dot_is_not_blown_up_to_the_size_of_a_signature():
    dot = Ink.from_outline([S1_OUTLINE[1]], alt="Tanda tangan X", rule="outline/1")
    assert (dot.width, dot.height) == pdf.INK_SMALLEST
    assert (dot.left + dot.width / 2, dot.top + dot.height / 2) == (1024.5, 717.5)


def test_a_drawing_without_points_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="without points"):
        Ink.from_outline([], alt="Tanda tangan X")


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ('<p><img src="ink:1"></p>', []),
        ("<p>kosong</p>", ["1"]),
        ('<p><img src="ink:1"><img src="ink:1"></p>', ["1"]),
        ('<p><img src="ink:2"></p>', ["1"]),
    ],
)
def test_each_ink_must_be_printed_exactly_once(body, keys):
    with pytest.raises(RenderFailed, match="tidak cocok dengan daftar tanda tangan"):
        render(body, inks={key: sample.ink(1, "X") for key in keys})


# --- what WeasyPrint would let pass -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '<p><img src="https://example.com/logo.png" alt="x"></p>',
        '<p><img src="file:///etc/passwd" alt="x"></p>',
        '<p><img src="/etc/passwd" alt="x"></p>',
        '<p><img src="data:image/svg+xml;base64,PHN2Zy8+" alt="x"></p>',
        '<p><img src="data:image/png;base64,AAAA" alt="x"></p>',
        '<p style="colour: red">salah eja</p>',
        '<link rel="stylesheet" href="file:///etc/hosts"><p>isi</p>',
        '<p><a href="#tiada">tautan</a></p>',
    ],
)
def test_what_would_only_be_logged_stops_the_paper(body, capsys):
    with pytest.raises(RenderFailed, match="tidak dapat dicetak") as refused:
        render(body)
    assert refused.value.lines
    assert capsys.readouterr() == ("", "")


def test_a_picture_without_description_stops_the_paper():
    with pytest.raises(RenderFailed) as refused:
        render(f'<p><img src="{sample.logo()}"></p>')
    assert refused.value.lines == ['Image "data:image/png;base64,…" has no required alt description']


def test_after_a_failure_the_next_paper_is_as_before():
    before = render("<p>isi</p>")
    with pytest.raises(RenderFailed):
        render('<p style="colour: red">salah eja</p>')
    assert render("<p>isi</p>").pdf == before.pdf


def test_unprintable_characters_are_named():
    with pytest.raises(RenderFailed) as refused:
        render("<p>Nama ꦲ dan ✓</p>")
    assert refused.value.message == (
        "Karakter ‘✓’ (U+2713), ‘ꦲ’ (U+A9B2) tidak dapat dicetak. Perbaiki ejaannya."
    )


# --- characters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Moh. Syafi'i, S.H., M.Si. – “Ketua” … 1½ × 2", set()),
        ("Şükrü Ħāji Ĕnok Łukasz Čapek Ơn", set()),
        ("e\u0301 n\u0303", set()),  # composed first
        ("a\u00a0b\u200bc\u200dd\ufeff\u0007\tz\n", set()),  # blanks and what has no width
        ("peme\u00adrin\u00adtah", set()),  # soft hyphens stay
        ("☐ setuju → ya", {"☐", "→"}),
        ("😀", {"😀"}),
        ("محمد", {"م", "ح", "د"}),
        ("", set()),
    ],
)
def test_missing_characters(text, missing):
    assert pdf.missing_characters(text) == missing


def test_printable_form_is_plain():
    assert pdf.printable_form("Ita\u00a0R.\u200b e\u0301\tx\u0000") == "Ita R. é x"


def test_each_font_file_has_a_family_name_of_its_own_and_is_installed():
    faces = list(fonts.font_files())
    assert len({path for *_, path in faces}) == len(
        {(family, weight, style) for family, weight, style, _ in faces}
    )
    assert len(faces) == 16
    assert fonts.missing_files() == []


def test_letters_of_both_files_of_a_family_are_printed_from_their_own_file(tmp_path):
    """One family name for both files prints other letters than the text says (PDF.md §0, fact 2)."""
    data = render("<p>Şükrü Ħāji Ĕnok</p>").pdf
    with pikepdf.open(io.BytesIO(data)) as opened:
        bases = {str(item.BaseFont).split("+")[1] for item in opened.objects if _is_composite_font(item)}
    assert bases == {"Naskah", "Naskah-Ext", "Naskah-Bold", "Surat"}


def _is_composite_font(item) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == pikepdf.Name.Type0


def test_a_browser_started_later_keeps_its_own_fonts():
    assert "FONTCONFIG_FILE" not in os.environ


# --- what the file says about itself ----------------------------------------------------------------------------


def test_metadata_comes_from_the_paper_and_not_from_the_clock(tmp_path):
    wib = timezone(timedelta(hours=7))
    data = render(
        "<p>isi</p>", as_of=datetime(2024, 10, 2, 11, 12, 9, 5, tzinfo=wib), title="Judul & <b>"
    ).pdf
    info = run("pdfinfo", "-isodates", "{}", data=data, tmp_path=tmp_path)
    assert re.search(r"Title: +(.*)", info)[1] == "Judul & <b>"
    assert re.search(r"Author: +(.*)", info)[1] == sample.OFFICE
    assert re.search(r"CreationDate: +(.*)", info)[1] == "2024-10-02T04:12:09Z"
    assert re.search(r"ModDate: +(.*)", info)[1] == "2024-10-02T04:12:09Z"
    assert re.search(r"Tagged: +(.*)", info)[1] == "yes"


def test_xmp_is_plain_bytes_with_our_properties_and_both_profiles():
    data = sample.rendered("memorandum", b"{}").pdf
    packet = data[data.index(b"<?xpacket begin") : data.index(b"<?xpacket end")]
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in packet
    assert b"<pdfuaid:part>1</pdfuaid:part>" in packet
    with OpenedPaper(data) as opened:
        assert opened.xmp() == {
            "documentNumber": sample.NUMBER,
            "documentKind": "declaration",
            "eventCode": "7KQ2-M9XD",
            "textSha256": sample.TEXT_SHA,
            "merkleRoot": sample.ROOT_SHA,
            "revision": "1",
            "title": sample.TITLE,
        }


def test_xmp_values_are_escaped_and_empty_ones_left_out():
    data = render("<p>isi</p>", document_number="1 < 2 & 3", merkle_root="").pdf
    with OpenedPaper(data) as opened:
        found = opened.xmp()
    assert found["documentNumber"] == "1 < 2 & 3"
    assert "merkleRoot" not in found
    assert pdf.validate(data) == []


@pytest.mark.parametrize(
    "packet", [b"", b"<a>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", b"x" * 2_000_000]
)
def test_xmp_that_is_no_plain_xml_is_refused(packet):
    with pytest.raises(ValueError, match="XMP"):
        xmp.read(packet)


@pytest.mark.parametrize("changes", [{"as_of": datetime(2024, 10, 2)}, {"identifier": "ABC"}])
def test_meta_refuses_a_naive_time_and_a_bad_identifier(changes):
    with pytest.raises(ValueError, match="must"):
        sample.meta(**changes)


def test_evidence_is_attached_once_as_data_and_byte_for_byte(tmp_path):
    evidence = b'{"schema":"netralitas-evidence/1","x":"\xc3\xa9"}'
    data = render("<p>isi</p>", attachment=evidence).pdf
    assert pdf.validate(data) == []
    assert run("pdfdetach", "-list", "{}", data=data, tmp_path=tmp_path).split() == [
        *["1", "embedded", "files", "1:", "evidence.json"]
    ]
    with pikepdf.open(io.BytesIO(data)) as opened:
        (spec,) = opened.Root.AF
        assert spec.AFRelationship == pikepdf.Name.Data
        assert spec.EF.F.read_bytes() == evidence
        assert str(spec.EF.F.Params.ModDate) == "D:20241002041209Z"
        assert spec.EF.F.Subtype == pikepdf.Name("/application/json")


# --- seal field -------------------------------------------------------------------------------------------------


def test_seal_field_lies_on_its_box_and_is_tagged():
    with pikepdf.open(io.BytesIO(sample.rendered("memorandum").pdf)) as opened:
        (field,) = opened.Root.AcroForm.Fields
        assert (str(field.T), str(field.TU), int(field.F)) == ("Segel", "Segel elektronik", 132)
        assert field.P.objgen == opened.pages[-1].objgen
        left, bottom, right, top = (float(value) for value in field.Rect)
        assert (round(right - left), round(top - bottom)) == (119, 68)  # 42 × 24 mm
        numbers = opened.Root.StructTreeRoot.ParentTree.Nums
        form = numbers[-1]
        assert int(field.StructParent) == int(numbers[-2])
        assert (form.S, form.K.Obj.objgen) == (pikepdf.Name.Form, field.objgen)


def test_a_second_party_gets_a_field_of_its_own_and_a_draft_none():
    both = render('<div id="segel">SEGEL</div><div id="segel-kedua">SEGEL</div>').pdf
    with pikepdf.open(io.BytesIO(both)) as opened:
        assert [str(field.T) for field in opened.Root.AcroForm.Fields] == ["Segel", "PihakKedua"]
    assert pdf.validate(both) == []
    with pikepdf.open(io.BytesIO(sample.rendered("letter").pdf)) as opened:
        assert "/AcroForm" not in opened.Root


# --- determinism ------------------------------------------------------------------------------------------------

CHILD = """
import django; django.setup()
from documents import pdf
from tests.documents import sample
html, inks = sample.memorandum()
print(pdf.render(html, inks=inks, attachment=b'{}', meta=sample.meta()).sha256)
"""


def test_other_process_other_hash_seed_other_time_zone_same_bytes(tmp_path):
    here = sample.rendered("memorandum", b"{}").sha256
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "4242",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "TEST_DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == here


def test_papers_rendered_before_leave_no_trace():
    html, inks = sample.memorandum()
    again = pdf.render(html, inks=inks, attachment=None, meta=sample.meta(merkle_root=""))
    assert again.sha256 == sample.rendered("memorandum").sha256


def test_versions_name_everything_that_shapes_the_bytes():
    versions = pdf.versions()
    assert versions.keys() == {"weasyprint", "pydyf", "pikepdf", "qpdf", "pango", "harfbuzz", "fonts"}
    assert len(versions["fonts"]) == 16
    assert sample.rendered("memorandum").versions == versions


# --- pictures and codes -----------------------------------------------------------------------------------------


def picture(mode: str, kind: str, **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (1600, 800)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        picture("CMYK", "JPEG"),
        picture("RGBA", "PNG"),
        picture("P", "PNG"),
        picture("L", "PNG"),
        picture("I;16", "PNG"),
        picture("RGB", "JPEG", comment=b"rahasia"),
    ],
)
def test_any_picture_becomes_one_that_pdf_a_accepts(content):
    uri = pdf.image_uri(content)
    paper = render(f'<p><img src="{uri}" alt="Lambang kantor"></p>')
    assert pdf.validate(paper.pdf) == []
    assert b"rahasia" not in paper.pdf


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a", picture("RGB", "GIF")])
def test_other_files_are_no_pictures(content):
    with pytest.raises(ValueError, match="not a PNG or JPEG"):
        pdf.image_uri(content)


def test_qr_code_has_a_description_and_a_quiet_zone():
    svg = pdf.qr_svg("https://netralitas.example/verifikasi/abc/")
    assert "<title>Kode QR ke halaman verifikasi</title>" in svg
    assert re.search(r'viewBox="0 0 (\d+) \1"', svg)


def test_only_the_rules_for_notes_are_left_out_of_the_default_style_sheet():
    """A contract with the pinned WeasyPrint: five rules that match every element, and one made narrower."""
    from importlib.resources import files

    from documents import typesetter

    rules = (files("weasyprint.css") / "html5_ua.css").read_text(encoding="utf-8")
    assert len(typesetter._NOTES.findall(rules)) == 5
    assert rules.count("\n::marker {") == 1
    bullets = render("<ol><li>Satu</li><li>Dua</li></ol>")
    with OpenedPaper(bullets.pdf) as opened:
        assert "1." in " ".join(opened.page_texts())
