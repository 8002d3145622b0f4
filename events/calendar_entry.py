"""The calendar entry of an event: what it says now, and its number that grows with time, place and state (EVENTS.md §4)."""

from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import slugify

from . import calendar_file
from .calendar_file import PUBLISH, Occasion
from .models import Attendee, Event
from .models.events import Mode

FIELDS = (
    "title",
    "starts_at",
    "ends_at",
    "time_zone",
    "venue",
    "venue_address",
    "venue_room",
    "mode",
    "meeting_link",  # not in the file, which is shared, but in letters: who was told the old one must hear of it
)
# In these states people may have the entry in their calendars.
PUBLIC_STATES = (
    Event.State.SCHEDULED,
    Event.State.RUNNING,
    Event.State.CLOSED,
    Event.State.ARCHIVED,
    Event.State.CANCELLED,
)


def has_entry(event: Event) -> bool:
    """A draft is in nobody's calendar, nor is one that was cancelled before it had an hour."""
    return event.state in PUBLIC_STATES and event.starts_at is not None


def sequence_of(event: Event) -> int:
    return event.calendar_sequence or 0


def advance(event: Event) -> None:
    """The next number; inside the transaction of the deed that changed the entry and holds the event."""
    Event.objects.filter(pk=event.pk).update(calendar_sequence=Coalesce(F("calendar_sequence"), 0) + 1)
    event.refresh_from_db(fields=["calendar_sequence"])


def is_touched(changed: Iterable[str]) -> bool:
    """Does a change of these fields show in calendars?"""
    return not set(FIELDS).isdisjoint(changed)


def place_of(event: Event, person: Attendee | None = None) -> str:
    """Where this person is expected. Never the address of the online meeting: calendars are shared and synced."""
    if event.mode == Mode.REMOTE or (person and person.is_remote):
        return "Daring"
    if person and person.site:
        return ", ".join(part for part in (person.site.name, person.site.venue) if part)
    parts = (event.venue, event.venue_room, event.venue_address)
    place = ", ".join(part for part in parts if part)
    return f"{place} dan daring" if place and event.mode == Mode.HYBRID else place


def occasion_of(event: Event, person: Attendee | None = None) -> Occasion:
    """What the calendar of this person, or of anybody, may know; ValueError while the event has no hour."""
    if event.starts_at is None:
        raise ValueError("an event without an hour has no calendar entry")
    return Occasion(
        id=event.pk,
        sequence=sequence_of(event),
        title=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.time_zone,
        place=place_of(event, person),
        host=event.office.name,
        host_email=event.office.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        cancelled=event.state == Event.State.CANCELLED,
        reason=event.state_reason,
    )


def file_to_download(event: Event, person: Attendee | None = None) -> bytes:
    return calendar_file.calendar_file(occasion_of(event, person), method=PUBLISH, at=timezone.now())


def file_name(event: Event) -> str:
    return f"{slugify(event.title)[:60].strip('-') or 'kegiatan'}.ics"
