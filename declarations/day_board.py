"""What the page *Hari-H* shows: the state of the day in a fixed number of queries (EVENTS.md §10)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q

from events.models import Attendee, Event
from events.timetable import slots

from .kiosk import version
from .models import Signatory
from .roster import Hits, matching
from .tablet_board import board_of
from .tablet_totals import totals_of


class Found(NamedTuple):
    """One person on the list under the names by which ``roster.matching`` looks."""

    name: str
    position: str
    agency: str
    village: str
    attendee: Attendee


class SiteLine(NamedTuple):
    name: str
    expected: int
    present: int
    signed: int


def day_of(event: Event) -> dict:
    return {
        "board": board_of(event, app=version()),
        "totals": totals_of(event),
        "slots": slots(event.starts_at, event.agenda.select_related("person")),
        "site_lines": lines_per_site(event),
        "walk_ins": event.attendees.expected().filter(source=Attendee.Source.WALK_IN).count(),
    }


def lines_per_site(event: Event) -> list[SiteLine]:
    """One line per place, in two queries; none for an event with one place."""
    here = Q(attendees__withdrawn_at=None)
    sites = event.sites.annotate(
        expected=Count("attendees", filter=here),
        present=Count("attendees", filter=here & Q(attendees__first_seen_at__isnull=False)),
    )
    signed = _signed_per_site(event)
    return [SiteLine(site.name, site.expected, site.present, signed.get(site.pk, 0)) for site in sites]


def _signed_per_site(event: Event) -> dict:
    rows = Signatory.objects.current().filter(declaration__event=event, outcome=Signatory.Outcome.SIGNED)
    counted = rows.order_by().values("attendee__site").annotate(people=Count("attendee", distinct=True))
    return {row["attendee__site"]: row["people"] for row in counted}


def search(event: Event, query: str) -> Hits:
    """At most eight people; with more than that only how many there are (EVENTS.md §5)."""
    return matching(_everybody(event), query)


def _everybody(event: Event) -> Iterable[Found]:
    people = event.attendees.expected().select_related("village").in_order()
    for person in people.only(
        "title_prefix",
        "full_name",
        "title_suffix",
        "position",
        "agency",
        "village__name",
        "first_seen_at",
        "event",
    ):
        village = person.village.name if person.village else ""
        yield Found(person.full_name, person.position, person.agency, village, person)
