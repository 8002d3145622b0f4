"""The dry run: all rows of a table checked and compared with the list; nothing is written.

A constant number of queries for a file of any length; nothing is encrypted, numbers are compared by their blind index.
"""

import gc
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F, Q
from django.utils import timezone

from accounts.encryption import blind_index
from regions.models import Region
from regions.names import fold

from .attendees import IDENTITY_CONTEXT
from .imports.headers import headers_of, label
from .imports.matching import CHANGED, FAULTY, NEW, STATUSES, Known, Matcher
from .imports.rows import Checker, Row, Surroundings, Village, village_words
from .imports.tables import Rows, letter, refuse_large
from .imports.values import category_book
from .models import Category, Event, Representation
from .people import printed_name

CHUNK = 500
COMPARED = (
    "title_prefix",
    "full_name",
    "title_suffix",
    "category",
    "rank",
    "position",
    "agency",
    "village_id",
    "site_id",
    "email",
    "phone",
    "on_behalf_of_name",
    "on_behalf_of_position",
)


@dataclass(frozen=True)
class Plan:
    """What importing would do. ``first`` is the number of the first row below the header; ``rows`` with a person."""

    rows: list[Row]
    headers: list[str]
    mapping: Mapping[int, str]
    table: Rows = field(repr=False)
    header: int = 0

    @cached_property
    def counts(self) -> dict[str, int]:
        """{"baru": 25, "diperbarui": 0, "sama": 0, "duplikat": 0, "galat": 2}"""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in STATUSES}

    @property
    def writable(self) -> int:
        """How many rows importing would write."""
        return self.counts[NEW] + self.counts[CHANGED]

    @property
    def summary(self) -> str:
        counts = self.counts
        return (
            f"{counts['baru']} baru, {counts['diperbarui']} diperbarui, {counts['sama']} sama, "
            f"{counts['duplikat']} duplikat, {counts['galat']} galat."
        )

    @property
    def faulty(self) -> list[Row]:
        return [row for row in self.rows if row.status == FAULTY]

    def label(self, column: int) -> str:
        """What a column is called: its header, else its letter."""
        return label(self.headers, column) if column < len(self.headers) else letter(column)

    def place(self, column: int) -> str:
        """Letter and header, as people find it: "C (NIP)"."""
        name = self.headers[column] if column < len(self.headers) else ""
        return f"{letter(column)} ({name})" if name else letter(column)


def dry_run(*, event: Event, rows: Rows, header: int, mapping: Mapping[int, str]) -> Plan:
    """Check every row below the header and find who is on the list already. Unusable above the limits."""
    refuse_large(rows)
    headers = headers_of(rows, header)
    checker = Checker(headers, mapping, surroundings(event, rows, mapping))
    with nothing_collected():
        found = checker.rows(rows, header + 1)
        matcher = Matcher(people_of(event), index_number)
        for row in found:
            matcher.judge(row)
    return Plan(found, headers, mapping, rows, header)


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Thousands of new rows make Python look for garbage again and again, a third of the time; there are no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def index_number(number: str) -> str:
    return blind_index(number, IDENTITY_CONTEXT)


def surroundings(event: Event, rows: Rows, mapping: Mapping[int, str]) -> Surroundings:
    """Words of unsur and of the villages that the file names, below the region of the event."""
    columns = [column for column, name in mapping.items() if name in ("village", "position")]
    local = {event.region.local_name("kepala_desa"): Category.VILLAGE_HEAD.value}
    return Surroundings(
        today=timezone.localdate(),
        region=event.region_id,
        region_name=event.region.titled,
        categories=category_book(dict(Category.choices), local),
        villages=_villages(event, village_words(rows, columns)),
        sites=_sites(event) if "site" in mapping.values() else {},
    )


def people_of(event: Event) -> Iterator[Known]:
    """Everybody on the list, withdrawn ones too; the number itself is not opened."""
    columns = ("pk", "identity_index", "identity_kind", "post_key", "withdrawn_at", *COMPARED)
    invited = {
        row.attendee_id: json.loads(row.original) for row in Representation.objects.filter(event=event)
    }
    # Who left the list stands behind who is on it: one person may have both rows.
    rows = event.attendees.order_by(F("withdrawn_at").asc(nulls_first=True), "precedence", "pk")
    for pk, index, kind, post_key, withdrawn_at, *values in rows.values_list(*columns):
        known = dict(zip(COMPARED, values, strict=True))
        if was := invited.get(pk):  # the file speaks of who was invited, not of who comes instead
            known |= {name: was[name] for name in COMPARED if name in was}
            index, kind = was["identity_index"], was["identity_kind"]
        name = printed_name(known["title_prefix"], known["full_name"], known["title_suffix"])
        label = name or known["position"]
        yield Known(pk, known, index, kind, post_key, withdrawn_at is not None, label, pk in invited)


def _sites(event: Event) -> dict[str, int]:
    return {fold(name): key for key, name in event.sites.order_by("-order", "-pk").values_list("pk", "name")}


def _villages(event: Event, words: set[str]) -> dict[str, list[Village]]:
    found: dict[str, list[Village]] = {}
    below = Region.objects.current().villages().under(event.region)
    names = sorted(words)
    for start in range(0, len(names), CHUNK):
        part = names[start : start + CHUNK]
        rows = below.filter(Q(folded__in=part) | Q(code__in=part))
        for code, folded, kind, district in rows.values_list("code", "folded", "kind", "parent__folded"):
            for key in {folded, code} & words:
                found.setdefault(key, []).append(Village(code, kind, district))
    return found
