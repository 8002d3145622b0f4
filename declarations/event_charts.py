"""The figures behind the pictures on the page of an event; a fixed number of queries."""

from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from events.models import Event
from events.models.attendees import CATEGORY_GROUPS, GROUP_OF
from regions.models import Region

from . import charts
from .models import Signatory, Signature
from .recap import HEADS

MOST_VILLAGES = 60  # tiles; more are told by number only


def charts_of(event: Event) -> dict | None:
    """What the panel draws: over the day, per unsur, per village; None while nothing is signed."""
    zone = ZoneInfo(event.time_zone)
    valid = Signature.objects.valid().filter(declaration__event=event, outcome="signed")
    moments = [moment.astimezone(zone) for moment in valid.values_list("signed_at", flat=True)]
    if not moments and not _current(event).signed().exists():
        return None
    return {
        "timeline": charts.timeline(moments),
        "groups": charts.shares(_groups(event)),
        "villages": villages_of_event(event),
    }


def _current(event: Event):
    return Signatory.objects.current().filter(declaration__event=event)


def _groups(event: Event) -> list[tuple[str, int, int]]:
    """(unsur, signed, expected) over all papers of the event, in the order of the totals."""
    counted: dict[str, tuple[int, int]] = {}
    rows = _current(event).order_by().values("category")
    for row in rows.annotate(expected=Count("pk"), signed=Count("pk", filter=Q(outcome="signed"))):
        group = GROUP_OF.get(row["category"], "lainnya")
        signed, expected = counted.get(group, (0, 0))
        counted[group] = (signed + row["signed"], expected + row["expected"])
    return [(label, *counted[key]) for key, (label, _) in CATEGORY_GROUPS.items() if key in counted]


def villages_of_event(event: Event) -> dict | None:
    """Villages of a kecamatan with signed or not, those missing by name; None where the event is not of one."""
    if event.region.level != "district":
        return None
    signed = _current(event).signed().filter(category__in=HEADS, attendee__village__isnull=False)
    codes = set(signed.values_list("attendee__village_id", flat=True))
    villages = [
        (village, village.code in codes)
        for village in Region.objects.current().villages().under(event.region).order_by("code")
    ]
    if (
        not villages
        or not _current(event).filter(category__in=HEADS, attendee__village__isnull=False).exists()
    ):
        return None
    return {
        "tiles": villages if len(villages) <= MOST_VILLAGES else [],
        "signed": sum(is_signed for _, is_signed in villages),
        "total": len(villages),
        "missing": [village for village, is_signed in villages if not is_signed],
    }
