"""Tables as files for a spreadsheet: XLSX and CSV. Pure: no database, no request (EVENTS §7).

Everything but counts and days is text: a spreadsheet turns an 18-digit number into a float and a name that begins with
"=" into a formula.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import xlsxwriter

XLSX, CSV = "xlsx", "csv"
CONTENT_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
BOM = b"\xef\xbb\xbf"
# The last four are the same signs as wide East Asian characters, which some programs read as formulas too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_767  # characters that Excel keeps in a cell
WIDEST, NARROWEST = 60, 8
NOT_IN_NAME = re.compile(r"[\[\]:*?/\\']")
SAFE = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "in_memory": True,
}

TEXT = 0x31  # the built-in format "@"

Cell = str | int | date | datetime | None


class Column(NamedTuple):
    """One column: ``value`` of a row; ``spelled`` is how a CSV writes it where that must differ (long numbers)."""

    key: str
    label: str
    value: Callable[[Any], Cell]
    spelled: Callable[[Any], str] | None = None


class Sheet(NamedTuple):
    """What goes out: ``about`` are the lines of the sheet "Keterangan", (label, text)."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    about: Sequence[tuple[str, str]] = ()


def content(sheet: Sheet, ending: str) -> bytes:
    """The whole file. ValueError for an ending that is neither "xlsx" nor "csv"."""
    if ending not in CONTENT_TYPES:
        raise ValueError(f"unknown ending: {ending}")
    return xlsx(sheet) if ending == XLSX else comma_separated(sheet)


def xlsx(sheet: Sheet) -> bytes:
    """A workbook with the table, its header frozen, and the sheet "Keterangan"."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    book.set_properties({"title": clean(sheet.title)})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": TEXT}
    )
    text = book.add_format({"num_format": TEXT, "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
    moment = book.add_format({"num_format": 'dd/mm/yyyy" "hh.mm', "valign": "top"})
    page = book.add_worksheet(_sheet_name(sheet.title))
    widths = [len(column.label) for column in sheet.columns]
    for at, column in enumerate(sheet.columns):
        page.write_string(0, at, clean(column.label), head)
    for line, row in enumerate(sheet.rows, 1):
        for at, column in enumerate(sheet.columns):
            cell = column.value(row)
            widths[at] = max(widths[at], len(plain(cell)))
            if isinstance(cell, datetime):
                page.write_datetime(line, at, cell.replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                page.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, int):
                page.write_number(line, at, cell)
            else:
                page.write_string(line, at, clean(cell or ""), text)
    for at, width in enumerate(widths):
        page.set_column(at, at, min(max(width + 2, NARROWEST), WIDEST))
    page.freeze_panes(1, 0)
    if sheet.columns:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    _explain(book, sheet, head, text)
    book.close()
    return out.getvalue()


def _explain(book, sheet: Sheet, head, text) -> None:
    page = book.add_worksheet("Keterangan")
    page.set_column(0, 0, 24)
    page.set_column(1, 1, WIDEST)
    for line, (label, said) in enumerate(sheet.about):
        page.write_string(line, 0, clean(label), head)
        page.write_string(line, 1, clean(said), text)


def comma_separated(sheet: Sheet) -> bytes:
    """CSV as an Indonesian spreadsheet opens it: BOM, semicolons, CRLF, and no cell that becomes a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow([harmless(column.label) for column in sheet.columns])
    for row in sheet.rows:
        table.writerow([_in_csv(column, row) for column in sheet.columns])
    return BOM + out.getvalue().encode()


def _in_csv(column: Column, row: Any) -> str:
    if column.spelled is not None:
        return harmless(column.spelled(row))
    cell = column.value(row)
    return str(cell) if isinstance(cell, int) else harmless(plain(cell))


def harmless(text: str) -> str:
    """The text with an apostrophe before a first sign that a spreadsheet takes for a formula."""
    text = clean(text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def with_leading_zero(number: str) -> str:
    """An all-digit number that begins with 0 gets the apostrophe too: a spreadsheet would drop the zero."""
    return f"'{number}" if number.startswith("0") and number.isdecimal() else number


def plain(cell: Cell) -> str:
    """A cell in words: days as 02/10/2024, hours with a dot."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H.%M}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def clean(text: str) -> str:
    """Without control characters, and not longer than a cell."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def _sheet_name(title: str) -> str:
    """At most 31 characters, without the signs Excel forbids in the name of a sheet."""
    name = " ".join(NOT_IN_NAME.sub(" ", clean(title)).split())[:31].strip()
    return name if name and name.casefold() not in ("history", "keterangan") else "Daftar"


def choose(columns: Iterable[Column], keys: Sequence[str]) -> list[Column]:
    """The columns with these keys, in the order of the table."""
    return [column for column in columns if column.key in keys]
