"""Spreadsheets read by python-calamine: cached values only, no formula, link, macro or picture is evaluated. Pure.

Before the reader sees a file its unpacked size is counted, and cells far outside the limits are looked for: the reader
makes room for everything between the first cell and the last.
"""

import re
import zipfile
import zlib
from io import BytesIO

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .tables import LOCKED, MOST_COLUMNS, MOST_ROWS, TOO_LARGE, UNREADABLE, Book, Rows, Sheet, Unusable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED, MOST_PARTS = 80 * 1024 * 1024, 2_000
PLAIN_SIZE, MOST_RATIO = 4 * 1024 * 1024, 200  # parts up to the size may shrink as they like
PIECE = 256 * 1024
# Columns from CA on and rows from 10,000 on; the second spelling is nobody's but an attacker's, and takes longer.
FAR_CELL = re.compile(rb""" r=["'](?:[A-Z]{3}|[C-Z][A-Z]|[A-Z]+[0-9]{5})""")
FAR_CELL_SPACED = re.compile(rb"""\sr\s*=\s*["'](?:[A-Z]{3}|[C-Z][A-Z]|[A-Z]+[0-9]{5})""")
BLANKS = (b" ", b"\t", b"\n", b"\r")
SPACED = (
    *(blank + b"r=" for blank in BLANKS[1:]),
    *(b"r" + blank + b"=" for blank in BLANKS),
    *(b"r=" + blank for blank in BLANKS),
)
REPEATED_ROW = re.compile(
    rb"""number-rows-repeated\s*=\s*["']([0-9]{4,})["'][^>]*>(.*?)</table:table-row>""", re.DOTALL
)
CELL_OF_ODS = re.compile(rb"<table:table-cell\s[^>]*>")
REPEATED_CELL = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]{3,})["']""")
ENCRYPTED_PARTS = (b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00",)


def book_of(data: bytes) -> Book:
    """The sheets of an .xlsx, .xls or .ods, recognised by content. Unusable when it is locked, too large or broken."""
    kind = _guarded_zip(data) if data.startswith(ZIP) else _ole(data)
    try:
        return Book(kind, _sheets(data))
    except python_calamine.PasswordError:
        raise Unusable(LOCKED) from None
    except Unusable:
        raise
    except Exception:  # the reader has errors of its own for every format
        raise Unusable(UNREADABLE) from None


def _sheets(data: bytes) -> list[Sheet]:
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        about = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        about.sort(key=lambda meta: meta.visible != SheetVisibleEnum.Visible)
        return [
            Sheet(
                meta.name,
                _rows(book.get_sheet_by_name(meta.name)),
                meta.visible != SheetVisibleEnum.Visible,
            )
            for meta in about
        ]


def _rows(sheet: CalamineSheet) -> Rows:
    if sheet.end is None:
        return []
    if sheet.end[0] >= 2 * MOST_ROWS or sheet.end[1] >= 2 * MOST_COLUMNS:
        raise Unusable(TOO_LARGE)
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        _fill_down(rows, top, left, bottom)
    return rows


def _fill_down(rows: list[list], top: int, left: int, bottom: int) -> None:
    """An agency merged over its people belongs to each of them; titles merged sideways stay one cell."""
    if bottom > top and top < len(rows) and left < len(rows[top]):
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]


def _ole(data: bytes) -> str:
    if any(name in data for name in ENCRYPTED_PARTS):
        raise Unusable(LOCKED)
    return "xls"


def _guarded_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Unusable(TOO_LARGE)
            if any(part.flag_bits & 1 for part in parts):
                raise Unusable(LOCKED)
            _guard_parts(archive, parts)
            return "ods" if any(part.filename == "content.xml" for part in parts) else "xlsx"
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as problem:
        if isinstance(problem, Unusable):
            raise
        raise Unusable(UNREADABLE) from None


def _guard_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack to count, not to keep: what a part says about its own size proves nothing."""
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable(TOO_LARGE)
    for part in parts:
        if not part.filename.endswith((".xml", ".rels", ".bin")):
            continue
        most = max(PLAIN_SIZE, min(MOST_UNPACKED, part.compress_size * MOST_RATIO))
        with archive.open(part) as opened:
            content = opened.read(most + 1)
        if len(content) > most:
            raise Unusable(TOO_LARGE)
        _guard_cells(part.filename, content)


def _guard_cells(name: str, content: bytes) -> None:
    if name.startswith("xl/worksheets/"):
        spaced = any(spelling in content for spelling in SPACED)
        if (FAR_CELL_SPACED if spaced else FAR_CELL).search(content):
            raise Unusable(TOO_LARGE)
    if name == "META-INF/manifest.xml" and b"encryption-data" in content:
        raise Unusable(LOCKED)
    if name == "content.xml" and _repeats_too_much(content):
        raise Unusable(TOO_LARGE)


def _repeats_too_much(content: bytes) -> bool:
    """A filled row or cell that says it stands there thousands of times; empty ones at the end are usual."""
    if any(b"value-type" in inside for _, inside in REPEATED_ROW.findall(content)):
        return True
    filled = (cell for cell in CELL_OF_ODS.findall(content) if b"value-type" in cell)
    return any(REPEATED_CELL.search(cell) for cell in filled)
