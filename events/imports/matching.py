"""Who of a file is on the list already: by number, by village and post, by name and agency (EVENTS §6.7). Pure.

Found people are shown and updated, never doubled; two rows of the file that mean one person are shown as such.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from regions.names import fold

from .rows import Row

NEW, CHANGED, SAME, DOUBLE, FAULTY = "baru", "diperbarui", "sama", "duplikat", "galat"
STATUSES = (NEW, CHANGED, SAME, DOUBLE, FAULTY)
MOST_COMPARED = 20
REPRESENTED = "Sedang diwakili orang lain; tidak diubah. Ubah jawabannya dulu bila diperlukan."
WITHDRAWN = "Sudah dikeluarkan dari daftar; tidak diubah. Pulihkan dulu bila diperlukan."


@dataclass(slots=True)
class Known:
    """A row of the list: ``values`` as a file would say them, ``index`` the blind index of its number.

    While a representative has the place (``is_represented``), both are those of who was invited.
    """

    pk: UUID
    values: dict[str, Any]
    index: str
    kind: str
    post_key: str
    is_withdrawn: bool
    label: str
    is_represented: bool = False


class Matcher:
    """Finds rows of a file among the people of the list and among each other."""

    def __init__(self, known: Iterable[Known], index_of: Callable[[str], str]):
        self.index_of = index_of
        self._folded: dict[str, str] = {}
        self.by_number: dict[str, Known] = {}
        self.by_key: dict[tuple, list[Known]] = {}
        for person in known:
            if person.index:
                self.by_number.setdefault(person.index, person)
            for key in self._keys(person.values, person.post_key):
                _add(self.by_key, key, person)
        self.seen_number: dict[str, int] = {}
        self.seen_key: dict[tuple, list[Row]] = {}
        self.taken: dict[UUID, int] = {}

    def judge(self, row: Row) -> None:
        """Set status, match, changes and notes of a checked row."""
        if row.issues:
            row.status = FAULTY
            return
        keys = self._keys(row.values)
        twin = self._twin(row, keys)
        row.match = None if twin or not self.by_key else self._found(row, [*keys, *_nameless(keys)])
        if row.match is not None and row.match.pk in self.taken:
            twin = self.taken[row.match.pk]
        if twin:
            row.status, row.match = DOUBLE, None
            row.notes.append(f"Sama dengan baris {twin}.")
            return
        self._remember(row, keys)
        self._compare(row)

    def _compare(self, row: Row) -> None:
        if row.match is None:
            row.status = NEW
            return
        if row.match.is_withdrawn:
            row.status = SAME
            row.notes.append(WITHDRAWN)
            return
        if row.match.is_represented:
            row.status = SAME
            row.notes.append(REPRESENTED)
            return
        row.changes = self._changes(row)
        row.status = CHANGED if row.changes else SAME
        about = ", ".join(filter(None, (row.match.label, row.match.values.get("position"))))
        row.notes.append(f"Sudah terdaftar: {about}.")

    def _changes(self, row: Row) -> dict[str, Any]:
        now, changes = row.match.values, {}
        for name, value in row.values.items():
            if name == "number":
                if self.index_of(value.number) != row.match.index:
                    changes[name] = value
            elif value != now.get(name, "") and not self._says_less(name, value, now.get(name, "")):
                changes[name] = value
        return changes

    def _says_less(self, name: str, value: str, now: str) -> bool:
        """ "ASN" beside PNS, "Kepala Desa" beside "Kepala Desa Dampaan": what is known stays."""
        if name == "category":
            return value == "asn" and now in ("pns", "pppk")
        return name == "position" and self._fold(now).startswith(f"{self._fold(value)} ")

    def _twin(self, row: Row, keys: list[tuple]) -> int:
        number = row.values.get("number")
        if number is not None and number.number in self.seen_number:
            return self.seen_number[number.number]
        for key in keys:
            for other in self.seen_key.get(key, ()):
                differ = number is not None and "number" in other.values  # equal ones were found before
                if self._may_be_one(key, row.values, other.values, differ):
                    return other.number
        return 0

    def _found(self, row: Row, keys: list[tuple]) -> Known | None:
        number = row.values.get("number")
        index = self.index_of(number.number) if number is not None else ""
        if index in self.by_number:
            return self.by_number[index]
        for key in keys:
            for person in self.by_key.get(key, ()):
                if self._may_be_one(key, row.values, person.values, bool(index and person.index)):
                    return person
        return None

    def _may_be_one(self, key: tuple, one: dict, other: dict, numbers_differ: bool) -> bool:
        """Numbers of both that differ are two people, unless a village has one such post only."""
        if key[0] == "head":
            return True
        if numbers_differ:
            return False
        if key[0] == "post":
            return True
        told_apart = ["village_id"] if key[2] else ["village_id", "position"]
        return all(
            not one.get(name) or not other.get(name) or self._fold(one[name]) == self._fold(other[name])
            for name in told_apart
        )

    def _remember(self, row: Row, keys: list[tuple]) -> None:
        if number := row.values.get("number"):
            self.seen_number.setdefault(number.number, row.number)
        for key in keys:
            _add(self.seen_key, key, row)
        if row.match is not None:
            self.taken[row.match.pk] = row.number

    def _keys(self, values: dict[str, Any], post_key: str = "") -> list[tuple]:
        """Best first: the one head of a village, the post, name and agency. A post without a name waits for one."""
        village, position = values.get("village_id") or "", self._fold(values.get("position", ""))
        name = self._fold(values.get("full_name", ""))
        keys: list[tuple] = []
        if head := _head(values.get("category", ""), village, position, post_key):
            keys.append(("head", head))
        elif position:
            keys.append(("post", village, position, name))
        if name:
            keys.append(("name", name, self._fold(values.get("agency", ""))))
        return keys

    def _fold(self, text: str) -> str:
        if not text:
            return ""
        if text not in self._folded:
            self._folded[text] = fold(text)
        return self._folded[text]


def _nameless(keys: list[tuple]) -> list[tuple]:
    """The same posts as they stand on the list before anybody is known."""
    return [("post", key[1], key[2], "") for key in keys if key[0] == "post"]


def _add(book: dict[tuple, list], key: tuple, item: Any) -> None:
    """A few of one kind are enough to compare with; thousands would compare everybody with everybody."""
    items = book.setdefault(key, [])
    if len(items) < MOST_COMPARED:
        items.append(item)


def _head(category: str, village: str, position: str, post_key: str) -> str:
    """ "kades:35.25.11.2003" for a post that a village has once, "" for every other."""
    if post_key.partition(":")[0] in ("kades", "lurah", "pkd"):
        return post_key
    if not village:
        return ""
    if category == "kepala_desa":
        return f"kades:{village}"
    if position == "lurah" or position.startswith("lurah "):
        return f"lurah:{village}"
    is_pkd = position.startswith(("pkd", "panwaslu kelurahan", "panwaslu desa"))
    return f"pkd:{village}" if category == "pengawas_pemilu" and is_pkd else ""
