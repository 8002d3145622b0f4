"""Where the words of a PDF stand, as poppler sees them: for tests of what runs out of its page, column or box."""

import io
import re
import subprocess
from html import unescape
from typing import NamedTuple

import pikepdf

MM = 72 / 25.4  # points
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.S)


class Word(NamedTuple):
    """One word; millimetres from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class Page(NamedTuple):
    width: float
    height: float
    words: list[Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def pages_of(made: bytes) -> list[Page]:
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=made, capture_output=True, check=True)
    return [
        Page(
            float(width) / MM,
            float(height) / MM,
            [
                Word(*(float(number) / MM for number in found[:4]), unescape(found[4]))
                for found in WORD.findall(body)
            ],
        )
        for width, height, body in PAGE.findall(done.stdout.decode())
    ]


def outside(pages: list[Page], left: float, right: float) -> list[str]:
    """Words that stand in the margins at the side, or run out of the page; ``left`` and ``right`` in millimetres."""
    return [
        word.text
        for page in pages
        for word in page.words
        if word.left < left - 0.5
        or word.right > page.width - right + 0.5
        or word.top < 0
        or word.bottom > page.height
    ]


def seal_box(made: bytes) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the seal field on the last page, in millimetres."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        page = pdf.pages[-1]
        (rect,) = [
            [float(number) for number in note.Rect]
            for note in page.obj.Annots
            if note.get("/FT") == pikepdf.Name.Sig
        ]
        height = float(page.mediabox[3])
    return rect[0] / MM, (height - rect[3]) / MM, rect[2] / MM, (height - rect[1]) / MM
