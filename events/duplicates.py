"""Rows of a list that may be one person twice. Pure: rows in, pairs out; a person decides (EVENTS §6)."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

SAME_NUMBER = "Nomor identitas sama"
SAME_POST = "Jabatan dan desa sama"
SAME_NAME = "Nama dan instansi sama"


class Pair(NamedTuple):
    """Two rows, the earlier in the list first, and why they look alike."""

    first: Any
    second: Any
    reasons: tuple[str, ...]


def pairs_of(rows: Iterable[Any], apart: Collection[frozenset] = ()) -> list[Pair]:
    """Every pair that shares a number, a post or a name, in the order of the list; of three alike two pairs.

    ``apart`` holds {pk, pk} of rows that somebody found to be two people: each is compared with another one instead.
    """
    rows = list(rows)
    place = {row.pk: number for number, row in enumerate(rows)}
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        for key in _keys(row):
            groups[key].append(row)
    reasons: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for (reason, *_), alike in groups.items():
        for first, second in _neighbours(alike, apart):
            reasons[(first.pk, second.pk)].append(reason)
    by_pk = {row.pk: row for row in rows}
    found = [Pair(by_pk[one], by_pk[two], tuple(why)) for (one, two), why in reasons.items()]
    return sorted(found, key=lambda pair: (place[pair.first.pk], place[pair.second.pk]))


def fingerprint_of(one: Any, two: Any) -> str:
    """Of names and numbers of two rows, whichever comes first: another one when any of them changes."""
    words = sorted(f"{row.pk}|{plain(row.full_name)}|{row.identity_index}" for row in (one, two))
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _neighbours(alike: list[Any], apart: Collection[frozenset]) -> Iterator[tuple[Any, Any]]:
    """Each row with the nearest one before it that nobody has told apart from it."""
    for place, second in enumerate(alike[1:], 1):
        before = (
            row for row in reversed(alike[:place]) if not apart or frozenset((row.pk, second.pk)) not in apart
        )
        if (first := next(before, None)) is not None:
            yield first, second


def plain(text: str) -> str:
    """``H. Ahmad Fauzi`` and ``h ahmad  FAUZI`` alike: letters and digits only, without marks and case."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def _keys(row: Any) -> Iterator[tuple[str, ...]]:
    if row.identity_index:
        yield SAME_NUMBER, row.identity_index
    if row.village_id and plain(row.position):
        yield SAME_POST, row.village_id, plain(row.position)
    if plain(row.full_name):
        yield SAME_NAME, plain(row.full_name), plain(row.agency)
