"""PURE: may a legal basis be printed on the day of the event? (DOMAIN §2.4)

Nothing here blocks: a concern stands beside the paper, and a paper that was signed keeps its citation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from regions.wording import long_date_no_day

from .coverage import is_covered

ELECTION_LABELS = {"pemilu": "Pemilu", "pemilihan": "Pemilihan"}


class Basis(Protocol):
    """What the checks read of a legal basis; ``LegalBasis`` has it."""

    key: str
    short: str
    applies_to: list
    election_kinds: list
    valid_from: date
    valid_to: date | None
    superseded_by_id: str | None
    confirmed: bool


@dataclass(frozen=True)
class Concern:
    """One warning. ``code`` is ended, not_yet, election or unconfirmed; ``replacement`` can take its place."""

    code: str
    basis: Basis
    text: str
    replacement: Basis | None = None


def is_in_force(basis: Basis, day: date) -> bool:
    """Half-open: ``valid_from <= day < valid_to``; the last is the first day of the successor."""
    return basis.valid_from <= day and (basis.valid_to is None or day < basis.valid_to)


def concerns(
    cited: Iterable[Basis],
    *,
    day: date | None,
    election_kinds: Iterable[str],
    register: Mapping[str, Basis],
) -> list[Concern]:
    """What an officer should know about the cited bases. ``day`` is the day of the event, never today.

    ``register`` holds all known bases by key: replacements are looked up there. Without a day, or without elections,
    the question that needs it is not asked.
    """
    kinds = set(election_kinds)
    found = []
    for basis in cited:
        found += [*_validity(basis, day, register), *_election(basis, kinds), *_confirmation(basis)]
    return found


def replacement_for(basis: Basis, day: date, register: Mapping[str, Basis]) -> Basis | None:
    """The row of the same law that is in force on the day: along the successors, or back along the predecessors."""
    step = _successor if basis.valid_from <= day else _predecessor
    seen, other = {basis.key}, step(basis, register)
    while other is not None and other.key not in seen:
        if is_in_force(other, day):
            return other
        seen.add(other.key)
        other = step(other, register)
    return None


def suggested(
    register: Mapping[str, Basis],
    *,
    day: date | None,
    election_kinds: Iterable[str],
    categories: Iterable[str],
) -> list[Basis]:
    """Bases that address these categories, for these elections, in force on the day."""
    kinds, categories = set(election_kinds), list(categories)
    return [
        basis
        for basis in register.values()
        if (day is None or is_in_force(basis, day))
        and (not kinds or kinds & set(basis.election_kinds))
        and any(is_covered(basis.applies_to, category) for category in categories)
    ]


def _successor(basis: Basis, register: Mapping[str, Basis]) -> Basis | None:
    return register.get(basis.superseded_by_id or "")


def _predecessor(basis: Basis, register: Mapping[str, Basis]) -> Basis | None:
    return next((other for other in register.values() if other.superseded_by_id == basis.key), None)


def _validity(basis: Basis, day: date | None, register: Mapping[str, Basis]) -> list[Concern]:
    if day is None or is_in_force(basis, day):
        return []
    early = day < basis.valid_from
    other = replacement_for(basis, day, register)
    verdict = "belum berlaku" if early else "tidak berlaku lagi"
    text = f"Dasar hukum {basis.short} {verdict} pada tanggal kegiatan ({long_date_no_day(day)})."
    if other:
        text += f" Gunakan {other.short}."
    return [Concern("not_yet" if early else "ended", basis, text, other)]


def _election(basis: Basis, kinds: set[str]) -> list[Concern]:
    if not kinds or kinds & set(basis.election_kinds):
        return []
    meant = " dan ".join(ELECTION_LABELS[kind] for kind in sorted(basis.election_kinds))
    held = " dan ".join(ELECTION_LABELS[kind] for kind in sorted(kinds))
    text = f"Dasar hukum {basis.short} berlaku untuk {meant}, sedangkan kegiatan ini untuk {held}."
    return [Concern("election", basis, text)]


def _confirmation(basis: Basis) -> list[Concern]:
    if basis.confirmed:
        return []
    text = f"Dasar hukum {basis.short} belum dikonfirmasi. Mintalah persetujuan pengawas sebelum dicetak."
    return [Concern("unconfirmed", basis, text)]
