"""Find a person among the signatories of a paper without ever listing everybody (KIOSK §4)."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from .models import Declaration, Signatory

LEAST_LETTERS = 3
MOST_HITS = 8
TAIL = 3  # characters of the identity number that tell namesakes apart
FIELDS = ("pk", "name", "position", "agency", "village", "outcome", "outcome_at")


class Hits(NamedTuple):
    """``rows`` is empty when more than MOST_HITS fit: then only the count is shown."""

    count: int
    rows: list[Signatory]


def find(declaration: Declaration, query: str) -> Hits:
    """People whose name fits: each typed word begins a word of the name; else of post, agency or village; else is
    part of the name. Names decide first, so that "cerme" in every post does not hide a Bapak Cerme."""
    return matching(declaration.signatories.current().only(*FIELDS).in_order(), query)


def matching(rows: Iterable[Signatory], query: str) -> Hits:
    """The rule itself; static/js/kiosk/lookup.js is held to it by tests."""
    words = fold(query).split()
    if len("".join(words)) < LEAST_LETTERS:
        return Hits(0, [])
    rows = list(rows)
    for fits in (_name_begins, _anything_begins, _name_holds):
        if found := [row for row in rows if fits(row, words)]:
            return Hits(len(found), found if len(found) <= MOST_HITS else [])
    return Hits(0, [])


def tails(declaration: Declaration, rows: Iterable[Signatory]) -> dict:
    """Signatory → last characters of the identity number, only for those of ``rows`` who have a namesake."""
    names = declaration.signatories.current().values_list("name", flat=True)
    counted = Counter(fold(name) for name in names if name)
    shared = [row.pk for row in rows if row.name and counted[fold(row.name)] > 1]
    people = Signatory.objects.filter(pk__in=shared).select_related("attendee") if shared else ()
    return {row.pk: row.attendee.identity_number[-TAIL:] for row in people if row.attendee.identity_number}


def fold(text: str) -> str:
    """Lower case without accents and apostrophes; everything else that is no letter or digit becomes a blank."""
    plain = unicodedata.normalize("NFD", text.lower())
    kept = (c for c in plain if not unicodedata.combining(c) and c not in "'’‘`ʼ")
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


def _begins(text: str, words: list[str]) -> bool:
    found = fold(text).split()
    return all(any(word.startswith(typed) for word in found) for typed in words)


def _name_begins(row: Signatory, words: list[str]) -> bool:
    return bool(row.name) and _begins(row.name, words)


def _anything_begins(row: Signatory, words: list[str]) -> bool:
    return _begins(f"{row.name} {row.position} {row.agency} {row.village}", words)


def _name_holds(row: Signatory, words: list[str]) -> bool:
    return " ".join(words) in fold(row.name)
