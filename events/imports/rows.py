"""Every row of a table checked: what it says of a person, and what is wrong, by column. Pure: no database."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from regions.codes import code_in
from regions.names import fold
from regions.words import KINDS

from ..people import name_problem
from .headers import IN_BRACKETS, key_of, second_row
from .tables import MOST_ROWS, TOO_LARGE, Cell, Rows, Unusable, text_of
from .values import (
    EMAIL,
    EXAMPLE,
    LENGTHS,
    NO_NAME,
    SEVERAL_LINES,
    TITLES_TOO_LONG,
    category_by_number,
    line,
    name_parts,
    number_of,
    phone_of,
    too_long,
)

LINES = (
    "title_prefix",
    "title_suffix",
    "rank",
    "position",
    "agency",
    "on_behalf_of_name",
    "on_behalf_of_position",
)
CHECKED_AS_TYPED = frozenset(("identity_number", "phone", "email"))
PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z .'’-]*")
# What Django's validator accepts as well, at a fraction of its time; it decides about all others.
PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
HEADS = {"kepala desa": "kepala_desa", "kades": "kepala_desa", "lurah": ""}  # post → unsur it proves


class Issue(NamedTuple):
    """What is wrong with one cell; ``column`` counts from 0, ``value`` is the cell as it stands."""

    column: int
    value: str
    message: str


@dataclass(slots=True)
class Row:
    """One row with a person; ``number`` is the one Excel shows. ``values`` holds only what the file says."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    status: str = ""
    match: Any = None  # who it is on the list already
    changes: dict[str, Any] = field(default_factory=dict)


class Village(NamedTuple):
    code: str
    kind: str
    district: str  # folded name


@dataclass(frozen=True)
class Surroundings:
    """What the words of a file are compared with: unsur by their words, villages by their folded names."""

    today: date
    region: str  # code of the event's region
    region_name: str
    categories: Mapping[str, str]
    villages: Mapping[str, Sequence[Village]]
    sites: Mapping[str, int] = field(default_factory=dict)  # folded name → key


class Once(dict):
    """What was found for a word is found once: lists repeat their agencies, posts and villages."""

    def __init__(self, find: Callable[[Any], Any]):
        super().__init__()
        self.find = find

    def __missing__(self, key):
        self[key] = found = self.find(key)
        return found


class Checker:
    """Checks rows of one table; what stands in many rows is looked at once."""

    def __init__(self, headers: Sequence[str], mapping: Mapping[int, str], around: Surroundings):
        self.headers, self.around = headers, around
        self.column = {name: column for column, name in mapping.items()}
        self.columns = list(self.column.items())
        self.name_at = self.column.get("full_name", -1)
        self.lines = [name for name in LINES if name in self.column]
        self.width = max(mapping, default=-1) + 1
        self.has_titles = bool({"title_prefix", "title_suffix"} & set(self.column))
        number = self.column.get("identity_number")
        self.number_header = "" if number is None else IN_BRACKETS.sub("", key_of(headers[number]))
        self.line = Once(line)
        self.category = Once(lambda text: around.categories.get(fold(text)))
        self.village = Once(self._find_village)
        self.post = Once(_head_and_village)

    def rows(self, rows: Rows, first: int) -> list[Row]:
        """All rows with a person, from row ``first`` (as Excel counts) on. Unusable above the limit."""
        found = []
        if finished := second_row(rows, first - 1):
            first = finished + 1
        for number, cells in enumerate(rows[first - 1 :], first):
            if number == first and (_is_numbering(cells) or self._is_header(cells)):
                continue
            row = self.row(number, cells)
            if row is not None:
                found.append(row)
        if len(found) > MOST_ROWS:
            raise Unusable(TOO_LARGE)
        return found

    def _is_header(self, cells: Sequence[Cell]) -> bool:
        """The second of two rows over which the titles of columns are merged."""
        said = [
            (text_of(cells[column]), self.headers[column])
            for _, column in self.columns
            if column < len(cells)
        ]
        return bool(said) and all(
            key_of(text) in (key_of(header), key_of(IN_BRACKETS.sub("", header))) for text, header in said
        )

    def row(self, number: int, cells: Sequence[Cell]) -> Row | None:
        """None for a row that says nothing, for the numbering below a header, and for the example of the template."""
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        texts = self._texts(cells)
        if not texts or texts.get("full_name", "").casefold().startswith(EXAMPLE):
            return None
        row = Row(number)
        self._lines(row, texts)
        self._name(row, texts.get("full_name", ""))
        self._category(row, texts.get("category", ""))
        self._village(row, texts)
        if "identity_number" in texts:
            self._number(row, cells[self.column["identity_number"]])
        if "phone" in texts:
            self._phone(row, cells[self.column["phone"]])
        self._email(row, texts.get("email", ""))
        if "site" in texts:
            self._site(row, texts["site"])
        if self.name_at >= 0 and _holds_lines(cells[self.name_at]):
            row.notes.append(SEVERAL_LINES)
        return row

    def _texts(self, cells: Sequence[Cell]) -> dict[str, str]:
        """Field → text of the cells that say something: tidy, but for those with a check of their own."""
        texts = {}
        for name, column in self.columns:
            cell = cells[column]
            if cell == "":
                continue
            if type(cell) is not str:
                cell = text_of(cell)
            if text := cell.strip() if name in CHECKED_AS_TYPED else self.line[cell]:
                texts[name] = text
        if "full_name" not in texts and not any(map(line, texts.values())):
            return {}
        return texts

    def _lines(self, row: Row, texts: Mapping[str, str]) -> None:
        for name in self.lines:
            if text := texts.get(name):
                row.values[name] = text
                if len(text) > LENGTHS[name]:
                    self._wrong(row, name, text, too_long(name))

    def _name(self, row: Row, text: str) -> None:
        if not text:
            self._wrong(row, "full_name", "", NO_NAME)
            return
        if not self.has_titles and ("." in text or "," in text):
            prefix, text, suffix = name_parts(text)
            titles = {k: v for k, v in (("title_prefix", prefix), ("title_suffix", suffix)) if v}
            for name in (name for name, title in titles.items() if len(title) > LENGTHS[name]):
                self._wrong(row, "full_name", titles[name], TITLES_TOO_LONG)
            row.values |= titles
        row.values["full_name"] = text
        if len(text) > LENGTHS["full_name"]:
            self._wrong(row, "full_name", text, too_long("full_name"))
        elif not PLAIN_NAME.fullmatch(text) and (problem := name_problem(text)):
            self._wrong(row, "full_name", text, problem)

    def _category(self, row: Row, text: str) -> None:
        if not text:
            return
        if found := self.category[text]:
            row.values["category"] = found
        else:
            self._wrong(row, "category", text, f'Unsur "{text}" tidak dikenal. Pilih salah satu dari daftar.')

    def _village(self, row: Row, texts: Mapping[str, str]) -> None:
        if text := texts.get("village"):
            found = self.village[text, texts.get("district", "")]
            if isinstance(found, Village):
                row.values["village_id"] = found.code
            else:
                self._wrong(row, "village", text, found)
        if position := texts.get("position"):
            self._head_of_village(row, position)

    def _head_of_village(self, row: Row, position: str) -> None:
        """ "Kepala Desa Dampaan" names the village and the unsur; nothing is wrong when it does not."""
        post, name = self.post[position]
        if not post:
            return
        if "village_id" not in row.values and name and "village" not in self.column:
            found = self.village[name, ""]
            if isinstance(found, Village):
                row.values["village_id"] = found.code
        if HEADS[post] and "category" not in row.values and "category" not in self.column:
            row.values["category"] = HEADS[post]

    def _find_village(self, named: tuple[str, str]) -> Village | str:
        text, district = named
        names, kinds = village_names(text)
        found = next((list(named) for name in names if (named := self.around.villages.get(name))), [])
        if district:
            near = village_names(district)[0]
            found = [village for village in found if village.district in near]
        if len(found) > 1:
            found = [village for village in found if village.kind in kinds] or found
        if not found:
            return f'Desa/kelurahan "{text}" tidak ditemukan di {self.around.region_name}.'
        if len(found) > 1:
            return f'Ada {len(found)} desa bernama "{text}". Pilih kecamatannya.'
        return found[0]

    def _number(self, row: Row, cell: Cell) -> None:
        category = row.values.get("category", "")
        result = number_of(cell, self.number_header, category, self.around.today)
        row.notes += result.warnings
        for message in result.errors:
            self._wrong(row, "identity_number", text_of(cell), message)
        if result.number and not result.errors:
            row.values["number"] = result
            if better := category_by_number(category, result):
                row.values["category"] = better

    def _phone(self, row: Row, cell: Cell) -> None:
        try:
            if phone := phone_of(cell):
                row.values["phone"] = phone
        except ValueError as problem:
            self._wrong(row, "phone", text_of(cell), str(problem))

    def _email(self, row: Row, text: str) -> None:
        is_plain = text and PLAIN_EMAIL.fullmatch(text)
        text = text if is_plain else line(text)
        if not text:
            return
        if len(text) > LENGTHS["email"]:
            self._wrong(row, "email", text, too_long("email"))
        elif is_plain or _is_email(text):
            row.values["email"] = text
        else:
            self._wrong(row, "email", text, EMAIL)

    def _site(self, row: Row, text: str) -> None:
        """The place of an event of several; a name nobody knows leaves the place as it is."""
        if found := self.around.sites.get(fold(text)):
            row.values["site_id"] = found
        else:
            row.notes.append(
                f'Kegiatan ini tidak memiliki lokasi bernama "{text[:160]}"; lokasi tidak diisi.'
            )

    def _wrong(self, row: Row, name: str, value: str, message: str) -> None:
        row.issues.append(Issue(self.column.get(name, 0), value, message))


def village_names(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Folded names that may be meant, and the kinds its first word allows; "Kampung Baru" may be the whole name."""
    if code := code_in(text):
        return (code,), ()
    words = fold(text).split()
    kinds = KINDS.get(words[0], ()) if len(words) > 1 else ()
    whole = " ".join(words)
    return ((whole, " ".join(words[1:])) if kinds else (whole,)), kinds


def village_words(rows: Rows, columns: Sequence[int]) -> set[str]:
    """Folded names and codes that may be those of villages, from the columns of villages and of posts."""
    cells = {
        text_of(row[column]) for row in rows for column in columns if column < len(row) and row[column] != ""
    }
    words = set()
    for cell in cells:
        words |= {*village_names(cell)[0], *village_names(_head_and_village(cell)[1])[0]}
    return words - {""}


def _head_and_village(position: str) -> tuple[str, str]:
    words = fold(position)
    for lead in ("pj ", "plt ", "plh ", "penjabat "):
        words = words.removeprefix(lead)
    for post in HEADS:
        if words == post or words.startswith(f"{post} "):
            return post, words.removeprefix(post).strip()
    return "", ""


def _is_numbering(cells: Sequence[Cell]) -> bool:
    """The row "1 2 3 4" that many lists have below their header."""
    texts = [text_of(cell).strip(" ()") for cell in cells if cell != ""]
    return len(texts) > 2 and texts[:1] == ["1"] and texts == [str(n) for n in range(1, len(texts) + 1)]


def _holds_lines(cell: Cell) -> bool:
    return type(cell) is str and ("\n" in cell or "\r" in cell) and len(cell.strip().splitlines()) > 1


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
