"""PURE: does a page say what was signed? The words of evidence looked for in the text of a PDF (PDF.md §5.5, check 6)."""

import re
import unicodedata
from collections.abc import Iterator

from documents.letterhead import feet_ever, printable

# Blanks differ with every line break, and a soft hyphen is seen only at the end of a line.
_UNSEEN = re.compile(r"[\s\u00ad\u200b]+")
_PAGE_NUMBER = re.compile(r"Halaman\d+dari\d+")
# What begins a line of a list: pages draw it as a mark of their own, which may stand elsewhere in their text.
_MARK = re.compile(r"^(?:\d{1,2}[.)]|[a-z][.)])\s+")


def stand_in_order(evidence: dict, pages: Iterator[str]) -> bool:
    """Title and every line of every point, in this order. Pages are read only as far as the last of them."""
    feet = _feet(evidence)
    text, at = "", 0
    for piece in _pieces(evidence["text"]):
        while (found := text.find(piece, at)) < 0:
            page = next(pages, None)
            if page is None:
                return False
            text += _without_feet(squeezed(page), feet)
        at = found + len(piece)
    return True


def squeezed(text: str) -> str:
    """Without what a reader does not see."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def _pieces(text: dict) -> Iterator[str]:
    yield squeezed(printable(text["title"]))
    for point in text.get("points", []):
        for line in point.splitlines():
            if piece := squeezed(printable(_MARK.sub("", line.strip()))):
                yield piece


def _feet(evidence: dict) -> list[str]:
    """What stands at the foot of each page, between the lines of a point that goes on overleaf."""
    document, root = evidence["document"], evidence["merkle"]["root"]
    titles = feet_ever(document["title"], document.get("number", "").partition("; ")[0])
    return [*map(squeezed, titles), squeezed(f"Naskah {evidence['text_sha256'][:8]} · Bukti {root[:8]}")]


def _without_feet(page: str, feet: list[str]) -> str:
    for words in feet:
        before, found, after = page.rpartition(words)
        page = before + after if found else page
    return _PAGE_NUMBER.sub("", page)
