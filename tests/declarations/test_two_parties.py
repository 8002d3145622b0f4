"""Papers of two parties: each signs under its own name and post, left and right as the office wants, and it is checked."""

import io
import re

import pikepdf
import pytest

from accounts import audit
from accounts.canonical import unb64u
from declarations import papers, signing
from declarations.strokes import decode, outline
from documents import certificates, pades, pdf, storage, verification
from documents.pdf import outline_operators
from documents.sealing import facts_of, snapshot_of
from events.models import PaperSettings
from tests.declarations import day, factories
from tests.declarations.insider import evidence_in, report_of, resealed, sealed
from tests.declarations.seals import two_party
from tests.documents.page_boxes import MM, pages_of

pytestmark = pytest.mark.django_db
SIDES = pytest.mark.parametrize("side", ["right", "left"])


def agreement(**settings):
    """A sealed Nota Kesepahaman that both parties signed, of an office with these settings."""
    event = day.running_event()
    PaperSettings.objects.create(office=event.office, **settings)
    paper = two_party(event, factories.mou(event, subject="Netralitas Aparatur Sipil Negara"))
    paper = signing.open_signing(declaration=paper, by=audit.SYSTEM)
    day.everybody_signs(paper)
    return sealed(signing.close_signing(declaration=paper, by=audit.SYSTEM))


def ink_of(person: dict) -> bytes:
    return outline_operators(outline(decode(unb64u(person["record"]["strokes"])).strokes))


def start_of_ink(page, person: dict) -> float:
    """Where on the page the first point of a drawing stands, in millimetres from the left."""
    x, y = (float(number) for number in ink_of(person).split(b" ", 2)[:2])
    matrix, kept = pikepdf.Matrix(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            kept.append(matrix)
        elif name == "Q":
            matrix = kept.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*(float(number) for number in operands)) @ matrix
        elif name == "m" and [float(number) for number in operands] == [x, y]:
            return matrix.transform((x, y))[0] / MM
    raise AssertionError("no such drawing")


@SIDES
def test_each_party_signs_in_the_column_of_its_name(side):
    document = agreement(first_party=side)
    data = storage.read(document.file)
    first, second = evidence_in(document)["signatories"]
    page = pages_of(data)[-1]
    with pikepdf.open(io.BytesIO(data)) as opened:
        inks = [start_of_ink(opened.pages[-1], person) for person in (first, second)]

    middle = page.width / 2 + 2.5  # the margin at the left is wider by 5 mm
    on_the_left = [ink < middle for ink in inks]
    assert on_the_left == ([True, False] if side == "left" else [False, True])
    for person, is_left in zip((first, second), on_the_left, strict=True):
        surname = re.split(r"[ ,]", person["name"])[-1] or person["name"]
        *_, name = [word for word in page.words if word.text.startswith(surname)]
        assert (name.right < middle) == is_left
    roles = [word for word in page.words if word.text in ("KESATU", "KEDUA")][-2:]
    assert sorted((word.left, word.text) for word in roles)[0][1] == ("KESATU" if side == "left" else "KEDUA")


@SIDES
def test_paper_of_two_parties_is_checked_whole(side):
    document = agreement(first_party=side)
    report = report_of(document)

    assert report.valid, report.as_json()
    assert report.checks["evidence"].message == "Bukti 2 penanda tangan cocok dengan halaman."
    assert evidence_in(document).get("layout", {}) == ({"first_party": "left"} if side == "left" else {})


@SIDES
def test_drawings_exchanged_between_the_parties_are_named(side):
    document = agreement(first_party=side)
    composed = papers.compose(snapshot_of(document), document=facts_of(document))
    html = composed.html.replace("ink:1", "ink:x").replace("ink:2", "ink:1").replace("ink:x", "ink:2")
    assert html != composed.html
    made = pdf.render(html, inks=dict(composed.inks), attachment=composed.attachment, meta=composed.meta)
    report = verification.verify_file(pades.seal(made.pdf, signer=certificates.signer_for(document.office)))

    assert report.checks["evidence"].status == "failed"
    assert "gambar tanda tangan nomor" in report.checks["evidence"].message


@pytest.mark.parametrize("layout", [{"first_party": "left"}, [], "left", {"first_party": []}])
def test_sides_that_are_not_those_of_the_page_are_named(layout):
    report = resealed(agreement(), lambda evidence: evidence.update(layout=layout))

    assert report.valid == (layout == {"first_party": []})  # which says nothing
    if not report.valid:
        assert report.checks["evidence"].status == "failed"


def test_box_for_the_stamp_duty_stands_in_the_cell_of_the_first_party_only():
    document = agreement(stamp_duty=True)
    data = storage.read(document.file)

    [box] = [word for word in pages_of(data)[-1].words if word.text == "Meterai"]
    assert box.left > 105  # PIHAK KESATU signs at the right
    assert pdf.validate(data) == []
    assert report_of(document).valid


def test_other_settings_later_do_not_touch_what_is_sealed():
    document = agreement()
    before = papers.compose(snapshot_of(document), document=facts_of(document)).html
    PaperSettings.objects.update(first_party="left", stamp_duty=True)

    assert papers.compose(snapshot_of(document), document=facts_of(document)).html == before
