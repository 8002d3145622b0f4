"""One way in for everything that can be imported: files by their content, never by their name, and pasted text. Pure."""

from dataclasses import replace

from ..people import tidy
from .spreadsheets import OLE, ZIP, book_of
from .tables import EMPTY, MOST_BYTES, TOO_LARGE, Book, Sheet, Unusable, is_blank
from .text_files import decoded, rows_of

LONGEST_NAME = 120  # of a sheet


def read(data: bytes) -> Book:
    """The tables of a file. Unusable with a sentence for what cannot be read, is locked, too large or empty."""
    if len(data) > MOST_BYTES:
        raise Unusable(TOO_LARGE)
    book = book_of(data) if data.startswith((ZIP, OLE)) else _text(data)
    filled = [sheet for sheet in book.sheets if not all(map(is_blank, sheet.rows))]
    if not filled:
        raise Unusable(EMPTY)
    return Book(book.kind, _named(filled), book.encoding)


def _named(sheets: list[Sheet]) -> list[Sheet]:
    """Names that fit their column and stay apart; Excel allows 31 characters, other programs any number."""
    taken: set[str] = set()
    named = []
    for sheet in sheets:
        name = tidy(sheet.name)[:LONGEST_NAME]
        if name in taken:
            name = f"{name[: LONGEST_NAME - 10]} ({len(taken) + 1})"
        taken.add(name)
        named.append(sheet if name == sheet.name else replace(sheet, name=name))
    return named


def _text(data: bytes) -> Book:
    text, encoding = decoded(data)
    return Book("text", [Sheet("", rows_of(text))], encoding)
