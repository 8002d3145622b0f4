"""The ruled lines of tables, joined: fewer operators, the same page."""

import re
import subprocess

from PIL import Image, ImageChops

from documents import typesetter
from documents.rules import join_rules

from . import sample

GREY = "/A1.0 gs\n0.333333 0.333333 0.333333 RG\n0.666667 w\n"
BLACK = "/A1.0 gs\n0 0 0 RG\n0.666667 w\n"


def line(x1, y1, x2, y2, style=GREY):
    return f"/Artifact\nBMC\nq\nq\n{style}{x1} {y1} m\n{x2} {y2} l\nS\nQ\nQ\nEMC\n".encode()


def path_of(operators: bytes) -> list[tuple[float, ...]]:
    found = re.findall(rb"([\d.-]+) ([\d.-]+) m\n([\d.-]+) ([\d.-]+) l", operators)
    return [tuple(map(float, numbers)) for numbers in found]


def test_lines_that_continue_each_other_become_one():
    joined = join_rules(line(10, 5, 10, 20) + line(10, 19.5, 10, 40) + line(10, 40, 10, 55))
    assert path_of(joined) == [(10, 5, 10, 55)]
    assert joined.count(b"BMC") == joined.count(b"EMC") == 1


def test_numbers_are_compared_as_numbers_not_as_text():
    assert path_of(join_rules(line(1, 9, 1, 10) + line(1, 10, 1, 100.5))) == [(1, 9, 1, 100.5)]


def test_gap_stays_a_gap():
    joined = join_rules(line(10, 5, 10, 20) + line(10, 21, 10, 40))
    assert path_of(joined) == [(10, 5, 10, 20), (10, 21, 10, 40)]


def test_line_inside_another_adds_nothing():
    assert path_of(join_rules(line(0, 7, 90, 7) + line(20, 7, 30, 7))) == [(0, 7, 90, 7)]


def test_line_drawn_backwards_is_the_same_line():
    assert path_of(join_rules(line(0, 7, 30, 7) + line(60, 7, 30, 7))) == [(0, 7, 60, 7)]


def test_slanted_lines_are_kept_as_they_are():
    joined = join_rules(line(0, 0, 5, 9) + line(5, 9, 10, 18))
    assert path_of(joined) == [(0, 0, 5, 9), (5, 9, 10, 18)]


def test_lines_of_two_colours_are_not_joined():
    operators = line(10, 5, 10, 20) + line(10, 20, 10, 40, BLACK)
    assert join_rules(operators) == operators


def test_what_stands_between_keeps_its_place():
    operators = line(10, 5, 10, 20) + b"/P <</MCID 0>> BDC\nEMC\n" + line(10, 20, 10, 40)
    assert join_rules(operators) == operators


def test_single_line_and_page_without_lines_stay_to_the_byte():
    for operators in (b"", line(1, 2, 1, 9), b"BT\n/F 12 Tf\nET"):
        assert join_rules(operators) == operators


def test_run_at_the_very_end_of_the_page_is_joined():
    operators = (line(10, 5, 10, 20) + line(10, 20, 10, 40)).rstrip(b"\n")
    assert join_rules(operators).endswith(b"EMC")
    assert path_of(join_rules(operators)) == [(10, 5, 10, 40)]


# --- on paper ---------------------------------------------------------------------------------------------------


def picture(pdf: bytes, folder, name: str) -> Image.Image:
    (folder / f"{name}.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "150", "-f", "2", "-l", "2", "-singlefile", "-png", f"{name}.pdf", name],
        cwd=folder,
        check=True,
    )
    return Image.open(folder / f"{name}.png").convert("L")


def test_page_looks_the_same_to_the_pixel_with_fewer_operators(monkeypatch, tmp_path):
    joined = sample.rendered("declaration").pdf
    monkeypatch.setattr(typesetter, "join_rules", lambda operators: operators)
    apart = sample.rendered.__wrapped__("declaration").pdf  # past the cache
    assert len(joined) < len(apart)
    difference = ImageChops.difference(picture(joined, tmp_path, "joined"), picture(apart, tmp_path, "apart"))
    assert difference.getbbox() is None
