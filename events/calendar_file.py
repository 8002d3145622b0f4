"""PURE: an event as an iCalendar file (RFC 5545, 5546): one VEVENT, hours in UTC, no personal link (EVENTS.md §4).

Indonesia has no summer time, so UTC with ``Z`` needs no VTIMEZONE; the printed hour with its zone stands in words too.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from icalendar import Alarm, Calendar, vCalAddress, vText
from icalendar import Event as Entry

from regions.wording import clock_with_zone, long_date

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
PRODUCT = "-//Netralitas//Kegiatan//ID"
REMINDED_BEFORE = timedelta(days=1)
CONTENT_TYPE = "text/calendar"


class Occasion(NamedTuple):
    """What a calendar may know of an event. ``starts_at`` and ``ends_at`` are aware; ``zone`` is Asia/…"""

    id: UUID
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    zone: str
    place: str
    host: str
    host_email: str
    cancelled: bool = False
    reason: str = ""


def calendar_file(occasion: Occasion, *, method: str, at: datetime, invited: str = "") -> bytes:
    """The file with CRLF and lines of at most 75 octets. ``method`` PUBLISH for a download, REQUEST or CANCEL by mail.

    ``at`` is when the file was made; ``invited`` the address of the one invited, which REQUEST and CANCEL need.
    ValueError for a cancellation of what stands, an invitation to what was cancelled, or either without an address.
    """
    if method != PUBLISH and not invited:
        raise ValueError(f"{method} needs the address of the invited person")
    if method != PUBLISH and (method == CANCEL) != occasion.cancelled:
        raise ValueError(
            f"{method} does not fit an event that is {'' if occasion.cancelled else 'not '}cancelled"
        )
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_entry(occasion, at, invited))
    return calendar.to_ical()


def uid_of(event_id: UUID) -> str:
    """The same for ever: of the event itself, never of a host, a title or an hour."""
    return f"{event_id}@netralitas"


def hours_in_words(occasion: Occasion) -> str:
    """ "Rabu, 2 Oktober 2024, pukul 09.00 WIB s.d. 12.00 WIB" in the event's own zone."""
    start, end, zone = occasion.starts_at, occasion.ends_at, occasion.zone
    words = f"{long_date(start, zone)}, pukul {clock_with_zone(start, zone)}"
    if end is None:
        return f"{words} s.d. selesai"
    another_day = "" if long_date(end, zone) == long_date(start, zone) else f"{long_date(end, zone)}, pukul "
    return f"{words} s.d. {another_day}{clock_with_zone(end, zone)}"


def _entry(occasion: Occasion, at: datetime, invited: str) -> Entry:
    entry = Entry()
    entry.add("uid", uid_of(occasion.id))
    entry.add("sequence", occasion.sequence)
    entry.add("dtstamp", _utc(at))
    entry.add("dtstart", _utc(occasion.starts_at))
    if occasion.ends_at:
        entry.add("dtend", _utc(occasion.ends_at))
    entry.add("summary", f"DIBATALKAN: {occasion.title}" if occasion.cancelled else occasion.title)
    entry.add("description", _description(occasion))
    if occasion.place:
        entry.add("location", occasion.place)
    entry.add("status", "CANCELLED" if occasion.cancelled else "CONFIRMED")
    entry.add("class", "PUBLIC")
    if occasion.host_email:
        entry.add("organizer", _address(occasion.host_email, occasion.host))
    if invited:
        entry.add("attendee", _invited(invited))
    if not occasion.cancelled:
        entry.add_component(_alarm(occasion))
    return entry


def _description(occasion: Occasion) -> str:
    lines = [
        "Kegiatan ini dibatalkan." if occasion.cancelled else "",
        occasion.reason if occasion.cancelled else "",
        f"Waktu: {hours_in_words(occasion)}",
        f"Tempat: {occasion.place}" if occasion.place else "",
        f"Penyelenggara: {occasion.host}",
    ]
    return "\n".join(line for line in lines if line)


def _alarm(occasion: Occasion) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Besok: {occasion.title}")
    alarm.add("trigger", -REMINDED_BEFORE)
    return alarm


def _address(email: str, name: str = "") -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = vText(name)
    return address


def _invited(email: str) -> vCalAddress:
    """Answers come by the personal page, not by the calendar: no RSVP is asked."""
    address = _address(email)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("FALSE")
    return address


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
