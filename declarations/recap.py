"""Coverage by region: events by state, papers, signatures, villages that signed of those expected (DOMAIN §8, Rekap).

Reads with a fixed number of queries, however many regions, events or villages there are.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.functions import Substr

from accounts.roles import Permission
from events.models import Category, Event
from regions.codes import LENGTHS, LEVELS
from regions.models import Region

from .models import Declaration, Signatory

# Who signs for a village: its head, or the lurah, who is a PNS and has a village.
HEADS = (Category.VILLAGE_HEAD, Category.PNS, Category.PPPK, Category.ASN)
# How far a region is: nothing planned, planned, held, held and every village signed.
STANDINGS = {
    "none": "Belum ada kegiatan",
    "planned": "Terjadwal",
    "held": "Sudah dilaksanakan",
    "done": "Lengkap",
}
COUNTED_STATES = ("draft", "scheduled", "running", "closed", "archived")


@dataclass
class Line:
    """One region of the table. ``is_own`` marks what was held at the level of the region the page is about."""

    region: Region | None  # None in the line of totals
    is_own: bool = False
    states: dict[str, int] = field(default_factory=dict)
    sealed: int = 0
    signatures: int = 0
    villages_signed: int = 0
    villages: int = 0

    @property
    def planned(self) -> int:
        return sum(self.states.get(state, 0) for state in ("draft", "scheduled"))

    @property
    def running(self) -> int:
        return self.states.get("running", 0)

    @property
    def finished(self) -> int:
        return sum(self.states.get(state, 0) for state in ("closed", "archived"))

    @property
    def events(self) -> int:
        return sum(self.states.values())

    @property
    def label(self) -> str:
        """How the line is called: an event of the level itself is not one of the regions below."""
        return f"Tingkat {self.region.titled}" if self.is_own else self.region.titled

    @property
    def share(self) -> float:
        """Villages that signed of those there are, 0 to 1; 0 where none lies below."""
        return self.villages_signed / self.villages if self.villages else 0.0

    @property
    def standing(self) -> str:
        """A key of STANDINGS."""
        if self.villages and self.villages_signed >= self.villages:
            return "done"
        if self.running or self.finished:
            return "held"
        return "planned" if self.planned else "none"

    @property
    def standing_label(self) -> str:
        return STANDINGS[self.standing]

    @property
    def coverage(self) -> str:
        """ "23 dari 25", or a dash where no village lies below."""
        return f"{self.villages_signed} dari {self.villages}" if self.villages else "–"


@dataclass
class Recap:
    region: Region | None
    lines: list[Line]
    total: Line
    villages: list[tuple[Region, bool]] = field(default_factory=list)

    @property
    def missing(self) -> list[Region]:
        """Villages of the kecamatan that have not signed, by name."""
        return [village for village, signed in self.villages if not signed]


def recap_of(user, region: Region | None) -> Recap:
    """The regions right below ``region`` (None: the provinces), counting only events the user's recap reaches.

    For a kecamatan the one line is the kecamatan itself and ``villages`` lists each village with signed or not.
    """
    level = _level_below(region)
    events = _events(user, region)
    lines = _lines(region, level)
    _count(lines, region, events, LENGTHS[level])
    is_district = region is not None and region.level == "district"
    villages = _villages(region, events) if is_district else []
    return Recap(
        region, [line for line in lines.values() if not line.is_own or line.events], _total(lines), villages
    )


def villages_of(user, region: Region | None) -> list[tuple[Region, bool]]:
    """Every village below the region with signed or not; the whole country when ``region`` is None. Two queries."""
    return _villages(region, _events(user, region))


def _events(user, region: Region | None):
    """What is counted: events the user's recap reaches, in the region."""
    events = Event.objects.visible_to(user, Permission.RECAP_VIEW).plans().filter(state__in=COUNTED_STATES)
    return events if region is None else events.filter(region__code__within=region.code)


def _level_below(region: Region | None) -> str:
    """The level whose regions are the lines; a kecamatan (or village) is its own line."""
    if region is None:
        return "province"
    return LEVELS[min(LEVELS.index(region.level) + 1, LEVELS.index("district"))]


def _lines(region: Region | None, level: str) -> dict[str, Line]:
    """Empty lines by code: the region's own first, then those below it."""
    if region is not None and region.level == level:
        return {region.code: Line(region)}
    below = Region.objects.filter(level=level, is_current=True)
    below = below if region is None else below.filter(code__within=region.code)
    own = {region.code: Line(region, is_own=True)} if region is not None else {}
    return own | {found.code: Line(found) for found in below.order_by("code")}


def _count(lines: dict[str, Line], region: Region | None, events, length: int) -> None:
    for code, state, number in _grouped(events, "region_id", length, "state"):
        if code in lines:
            lines[code].states[state] = number
    papers = Declaration.objects.filter(event__in=events, state=Declaration.State.SEALED)
    for code, number in _grouped(papers, "event__region_id", length):
        if code in lines:
            lines[code].sealed = number
    signed = Signatory.objects.current().signed().filter(declaration__event__in=events)
    for code, number in _grouped(signed, "declaration__event__region_id", length):
        if code in lines:
            lines[code].signatures = number
    for code, number in _grouped(_of_villages(signed), "attendee__village_id", length, distinct=True):
        if code in lines:
            lines[code].villages_signed = number
    expected = Region.objects.filter(level="village", is_current=True)
    expected = expected if region is None else expected.filter(code__within=region.code)
    for code, number in _grouped(expected, "code", length):
        if code in lines:
            lines[code].villages = number


def _grouped(rows, path: str, length: int, *more: str, distinct: bool = False):
    """(beginning of the code, …, count) per group; a code shorter than ``length`` stands for itself."""
    counted = Count(path, distinct=True) if distinct else Count("pk")
    return (
        rows.order_by()
        .annotate(begins=Substr(path, 1, length))
        .values_list("begins", *more)
        .annotate(rows=counted)
        .values_list("begins", *more, "rows")
    )


def _of_villages(signed):
    return signed.filter(Q(category__in=HEADS) & Q(attendee__village__isnull=False))


def _villages(region: Region | None, events) -> list[tuple[Region, bool]]:
    signed = Signatory.objects.current().signed().filter(declaration__event__in=events)
    codes = set(_of_villages(signed).values_list("attendee__village_id", flat=True))
    villages = (
        Region.objects.filter(level="village", is_current=True).select_related("parent").order_by("code")
    )
    if region is not None:
        villages = villages.filter(code__within=region.code)
    return [(village, village.code in codes) for village in villages]


def _total(lines: dict[str, Line]) -> Line:
    states: dict[str, int] = defaultdict(int)
    for line in lines.values():
        for state, number in line.states.items():
            states[state] += number
    rows = lines.values()
    return Line(
        region=None,
        states=dict(states),
        **{
            name: sum(getattr(row, name) for row in rows)
            for name in ("sealed", "signatures", "villages_signed", "villages")
        },
    )
