"""What a file turned out to hold, before anybody asks what it means. Pure: no database, no request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000  # of data; titles and header come on top
MOST_COLUMNS = 60
HEADER_ROWS = 15  # the header stands in one of these
UNREADABLE = "Berkas tidak dapat dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi."
TOO_LARGE = "Berkas terlalu besar: maksimal 5 MB, 5.000 baris, dan 60 kolom."
LOCKED = "Berkas dilindungi kata sandi. Hapus kata sandinya, lalu unggah lagi."
EMPTY = "Berkas tidak berisi data. Periksa lembar yang disimpan, lalu unggah lagi."

Cell = Any  # str, int, float, bool, date, datetime, time, timedelta; "" for an empty one
Rows = Sequence[Sequence[Cell]]


class Unusable(ValueError):
    """The file cannot be imported; the message is an Indonesian sentence that says what to do."""


@dataclass(frozen=True)
class Sheet:
    """One table as it stands: ``rows[0]`` is the row that Excel numbers 1."""

    name: str
    rows: Rows
    is_hidden: bool = False


@dataclass(frozen=True)
class Book:
    """All tables of a file, hidden ones last. ``kind`` xlsx | xls | ods | text; ``encoding`` as shown, text only."""

    kind: str
    sheets: list[Sheet] = field(default_factory=list)
    encoding: str = ""

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name, else the first one."""
        return next((sheet for sheet in self.sheets if sheet.name == name), self.sheets[0])


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without ".0", numbers that Excel cut in its own spelling ``1.97E+17``."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, date | datetime | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""


def _number(value: int | float) -> str:
    if abs(value) >= 10**15:
        return repr(float(value)).upper() if "e" in repr(float(value)) else f"{float(value):.14E}"
    return str(int(value)) if value == int(value) else repr(value)


def is_blank(row: Sequence[Cell]) -> bool:
    return not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row)


def letter(column: int) -> str:
    """Column 0 is A, 26 is AA."""
    name, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def refuse_large(rows: Rows) -> None:
    """Unusable above the limits; empty rows and columns at the end do not count."""
    if len(rows) <= MOST_ROWS and (not rows or max(map(len, rows)) <= MOST_COLUMNS):
        return
    if sum(1 for row in rows if not is_blank(row)) > MOST_ROWS + HEADER_ROWS:
        raise Unusable(TOO_LARGE)
    if any(cell != "" for row in rows for cell in row[MOST_COLUMNS:]):
        raise Unusable(TOO_LARGE)
