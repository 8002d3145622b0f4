"""Rows of a list that may be one person twice. Pure: rows in, pairs out; a person decides (EVENTS §6)."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

SAME_NUMBER = "Nomor identitas sama"
SAME_POST = "Jabatan dan desa sama"
SAME_NAME = "Nama dan instansi sama"


class Pair(NamedTuple):
    """Two rows, the earlier in the list first, and why they look alike."""

    first: Any
    second: Any
    reasons: tuple[str, ...]


def pairs_of(rows: Iterable[Any]) -> list[Pair]:
    """Every pair that shares a number, a post or a name, in the order of the list; of three alike two pairs."""
    rows = list(rows)
    place = {row.pk: number for number, row in enumerate(rows)}
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        for key in _keys(row):
            groups[key].append(row)
    reasons: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for (reason, *_), alike in groups.items():
        for first, second in pairwise(alike):
            reasons[(first.pk, second.pk)].append(reason)
    by_pk = {row.pk: row for row in rows}
    found = [Pair(by_pk[one], by_pk[two], tuple(why)) for (one, two), why in reasons.items()]
    return sorted(found, key=lambda pair: (place[pair.first.pk], place[pair.second.pk]))


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
