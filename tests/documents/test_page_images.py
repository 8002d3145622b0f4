"""The sample papers look as they did when somebody last looked at them (PDF.md §7.3).

Compared field by field with tolerance, so that another version of poppler may smooth letters otherwise, but a line that
moved, a block that went missing or letters of another font are seen.
"""

import json

import pikepdf
import pytest

from documents.pdf import render

from . import page_images, sample

TOLERANCE = 12  # of 255, for one field of the page
KNOWN = {
    kind: [[int(value) for value in page.split()] for page in pages]
    for kind, pages in json.loads(page_images.FILE.read_text()).items()
}


def difference(kind: str, found: list[list[int]]) -> int:
    return max(
        abs(old - new)
        for before, after in zip(KNOWN[kind], found, strict=True)
        for old, new in zip(before, after, strict=True)
    )


@pytest.mark.parametrize("kind", page_images.KINDS)
def test_sample_paper_looks_as_it_did(kind):
    found = page_images.fields_of(sample.rendered(kind).pdf)
    assert len(found) == len(KNOWN[kind])
    assert difference(kind, found) <= TOLERANCE


def test_a_line_that_is_gone_is_seen():
    html, inks = sample.memorandum()
    line = "<p>PARA PIHAK menerangkan bahwa:</p>"
    assert html.count(line) == 1
    made = render(html.replace(line, ""), inks=inks, attachment=None, meta=sample.meta(merkle_root=""))
    assert difference("memorandum", page_images.fields_of(made.pdf)) > TOLERANCE


def test_a_signature_that_is_not_painted_is_seen(tmp_path):
    path = tmp_path / "tanpa.pdf"
    path.write_bytes(sample.rendered("memorandum").pdf)
    with pikepdf.open(path, allow_overwriting_input=True) as opened:
        for page in opened.pages:
            kept = [i for i in pikepdf.parse_content_stream(page) if str(i.operator) != "B"]
            page.obj.Contents = opened.make_stream(pikepdf.unparse_content_stream(kept))
        opened.save(path)
    assert difference("memorandum", page_images.fields_of(path.read_bytes())) > TOLERANCE
