"""Words of evidence looked for in what can be read on pages."""

import pytest

from declarations.page_words import stand_in_order
from documents.letterhead import foot

TITLE = "Deklarasi Netralitas Aparatur"
ROOT, TEXT = "ab" * 32, "cd" * 32


def evidence(*points, title=TITLE):
    return {
        "document": {"title": title, "number": "012/PM.00/2024"},
        "merkle": {"root": ROOT},
        "text_sha256": TEXT,
        "text": {"title": title, "points": list(points)},
    }


def page(number, *lines, total=2):
    return "\n".join(
        [
            *lines,
            foot(TITLE, "012/PM.00/2024"),
            f"Naskah {TEXT[:8]} · Bukti {ROOT[:8]}",
            f"Halaman {number} dari {total}",
        ]
    )


def test_line_breaks_blanks_and_soft_hyphens_do_not_matter():
    text = page(1, "Deklarasi  Netralitas", "Aparatur", "Menjaga netra\u00ad", "litas  setiap", "hari.")
    assert stand_in_order(evidence("Menjaga netralitas setiap hari."), iter([text]))


def test_point_that_goes_on_overleaf_is_found():
    pages = [page(1, TITLE, "Menjaga netralitas"), page(2, "setiap hari.", "Bersikap adil.")]
    assert stand_in_order(evidence("Menjaga netralitas setiap hari.", "Bersikap adil."), iter(pages))


@pytest.mark.parametrize("lines", [["1. Satu kata.", "2. Dua kata."], ["a. Satu kata.", "b) Dua kata."]])
def test_marks_of_inner_lists_are_drawn_by_the_page_itself(lines):
    assert stand_in_order(
        evidence("Meliputi:\n" + "\n".join(lines)),
        iter([page(1, TITLE, "Meliputi:", "Satu kata.", "Dua kata.")]),
    )


@pytest.mark.parametrize(
    "lines",
    [
        [TITLE, "Bersikap adil.", "Menjaga netralitas."],
        [TITLE, "Menjaga netralitas."],
        ["Menjaga netralitas.", "Bersikap adil."],
        [TITLE, "Menjaga  netralitas", "Bersikap adil"],
    ],
    ids=["another order", "a point left out", "no title", "a full stop less"],
)
def test_what_is_missing_or_out_of_order_is_noticed(lines):
    assert not stand_in_order(evidence("Menjaga netralitas.", "Bersikap adil."), iter([page(1, *lines)]))


def test_pages_behind_the_last_point_are_not_read():
    def pages():
        yield page(1, TITLE, "Menjaga netralitas.")
        raise AssertionError("read too far")

    assert stand_in_order(evidence("Menjaga netralitas."), pages())


def test_foot_of_earlier_papers_is_known_too():
    title = "Deklarasi Netralitas ASN, TNI, Polri, Kades/Perangkat Desa"
    for short in ("Deklarasi Netralitas ASN, TNI, Polri, …", "Deklarasi Netralitas ASN, TNI, Polri …"):
        first = "\n".join([title, "Menjaga netralitas", short, "012/PM.00/2024", "Halaman 1 dari 2"])
        assert stand_in_order(
            evidence("Menjaga netralitas setiap hari.", title=title), iter([first, "setiap hari."])
        )
