"""One way in for everything that can be imported: files by their content, never by their name, and pasted text. Pure."""

from .spreadsheets import OLE, ZIP, book_of
from .tables import EMPTY, MOST_BYTES, TOO_LARGE, Book, Sheet, Unusable, is_blank
from .text_files import decoded, rows_of


def read(data: bytes) -> Book:
    """The tables of a file. Unusable with a sentence for what cannot be read, is locked, too large or empty."""
    if len(data) > MOST_BYTES:
        raise Unusable(TOO_LARGE)
    book = book_of(data) if data.startswith((ZIP, OLE)) else _text(data)
    filled = [sheet for sheet in book.sheets if not all(map(is_blank, sheet.rows))]
    if not filled:
        raise Unusable(EMPTY)
    return Book(book.kind, filled, book.encoding)


def _text(data: bytes) -> Book:
    text, encoding = decoded(data)
    return Book("text", [Sheet("", rows_of(text))], encoding)
