"""CSV, TSV and what was pasted from a spreadsheet: which encoding, which delimiter, which rows. Pure.

No guessing by statistics: a byte order mark, else strict UTF-8, else Windows-1252, and the page says which it was.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from .headers import is_header
from .tables import HEADER_ROWS, UNREADABLE, Rows, Unusable

CP1252 = "Windows-1252"
MARKS = (  # UTF-32 LE begins like UTF-16 LE; nobody's spreadsheet writes it
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
DELIMITERS = ";\t,|"
LOOKED_AT = 20  # rows that are not empty
SEPARATOR_LINE = re.compile(r"sep=(.)(?:\r\n|\r|\n|$)", re.IGNORECASE)
LONGEST_CELL = 32_767  # as in Excel
SWALLOWED = (
    'Tanda petik (") pada baris {} tidak jelas penutupnya: satu sel memuat beberapa baris daftar. '
    "Hapus tanda petik itu, atau simpan sebagai .xlsx, lalu unggah lagi."
)
LINE_END = re.compile(r"\r\n|\r|\n")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
UNDEFINED = dict.fromkeys((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def decoded(data: bytes) -> tuple[str, str]:
    """(text, name of the encoding). Unusable for bytes that are no text."""
    for mark, encoding, name in MARKS:
        if data.startswith(mark):
            try:
                return _plain(data[len(mark) :].decode(encoding)), name
            except UnicodeDecodeError:
                raise Unusable(UNREADABLE) from None
    try:
        return _plain(data.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError:
        return _plain(data.decode("latin-1") if set(data) & set(UNDEFINED) else data.decode("cp1252")), CP1252


def rows_of(text: str) -> Rows:
    """All rows; row numbers are those that Excel shows: a ``sep=`` line is none, a quoted line break begins none."""
    text = text.removeprefix("\ufeff")
    named = SEPARATOR_LINE.match(text)
    delimiter = named[1] if named else delimiter_of(text)
    records = list(_records(text[named.end() :] if named else text, delimiter))
    _refuse_swallowed(records, delimiter)
    return [row for row, _ in records]


def delimiter_of(text: str) -> str:
    """``;`` TAB ``,`` ``|`` or "" for one column: the one that gives the most even number of columns.

    A delimiter that no header speaks for must split every row alike: "Budi, S.H." below "Nama" is one column.
    """
    best, found = (False, 0.0, 0), ""
    for delimiter in DELIMITERS:
        rows = list(islice((row for row in _parsed(text, delimiter) if any(row)), LOOKED_AT))
        score = _evenness(rows)
        if score > best:
            best, found = score, delimiter
    return found


def _evenness(rows: list[list[str]]) -> tuple[bool, float, int]:
    counts = Counter(len(row) for row in rows)
    several = {columns: rows_ for columns, rows_ in counts.items() if columns > 1}
    if not several:
        return (False, 0.0, 0)
    columns = max(several, key=lambda number: (several[number], number))
    share = several[columns] / len(rows)
    headed = any(is_header(row, several=True) for row in rows[:HEADER_ROWS])
    return (headed, share, columns) if headed or share == 1 else (False, 0.0, 0)


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    for row, _ in _records(text, delimiter):
        yield row


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """(cells, the record as it stands). A quotation mark that nothing closes is a sign like any other.

    Of a list pasted from a spreadsheet a cell holds a tab or a line break, never both: nobody can type a tab there.
    """
    cell, row, start = _cell_pattern(delimiter), [], 0
    for found in cell.finditer(text):
        quoted, plain, end = found.groups()
        row.append((plain if quoted is None else quoted.replace('""', '"'))[:LONGEST_CELL])
        if end and end not in "\r\n":
            continue
        if end or row != [""]:
            yield [] if row == [""] else row, text[start : found.start(3)]
        if not end:
            return
        row, start = [], found.end()


def _cell_pattern(delimiter: str) -> re.Pattern:
    # A delimiter that cannot occur keeps the whole line together; quotes still hold it.
    sign = re.escape(delimiter or "\x1f")
    inside = '(?:[^"]|"")*+' if delimiter != "\t" else '(?:(?:[^"\\t]|"")*+(?=")|(?:[^"\r\n]|"")*+)'
    return re.compile(rf'(?:"({inside})" *(?=[{sign}\r\n]|\Z)|([^{sign}\r\n]*+))({sign}|\r\n|\r|\n|\Z)')


def _refuse_swallowed(records: list[tuple[list[str], str]], delimiter: str) -> None:
    """A cell of several lines of which each has all columns of the list is no cell: Unusable with its row."""
    widths = {len(row) for row, record in records if "\n" not in record and "\r" not in record} - {0, 1}
    for number, (_, record) in enumerate(records, 1):
        lines = LINE_END.split(record)
        counts = {line.count(delimiter) + 1 for line in lines} if len(lines) > 1 and delimiter else set()
        if len(counts) == 1 and counts <= widths:
            raise Unusable(SWALLOWED.format(number))


def _plain(text: str) -> str:
    if CONTROL.search(text):
        raise Unusable(UNREADABLE)
    return text
