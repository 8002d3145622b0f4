"""The rows of people in letters and lists: name, post, agency or village, number as the office prints it."""

from datetime import datetime

from regions.wording import clock

from .models import Attendee, Event
from .models.attendees import CATEGORY_GROUPS
from .paper_snapshot import PrintSettings
from .people import labelled_number

PREVIEW_ROWS = 60  # a preview is made while somebody waits
IDENTITY_LABELS = {"nip": "NIP", "ni_pppk": "NI PPPK", "nrp": "NRP", "local": "Nomor"}


def expected(event: Event, settings: PrintSettings):
    """Everybody on the list in printed order; the first of them in a preview."""
    found = event.attendees.expected().select_related("village").in_order()
    return found[:PREVIEW_ROWS] if settings.draft else found


def row_of(person: Attendee, settings: PrintSettings) -> dict:
    """{name?, post?, agency?, rank?, number?, unsur?, behalf?}: what the lists have of one person."""
    village = person.village.titled if person.village else ""
    return {
        "name": person.printed_name,
        "post": person.position,
        "agency": person.agency or (village if village not in person.position else ""),
        "rank": person.rank,
        "number": number_of(person, settings),
        "unsur": "ASN" if person.category == "asn" else person.get_category_display(),
        "behalf": _behalf(person),
    }


def number_of(person: Attendee, settings: PrintSettings) -> str:
    if settings.identity == "none" or not person.identity_number:
        return ""
    label = IDENTITY_LABELS.get(person.identity_kind, "Nomor")
    if settings.identity == "masked":
        return f"{label} {person.identity_masked}"
    return labelled_number(person.identity_kind, person.identity_number)


def totals(event: Event) -> dict:
    """{"rows": [{label, invited, present}], "invited": n, "present": m}: walk-ins are present, never invited."""
    counts: dict[str, list[int]] = {}
    for person in event.attendees.expected().only("category", "source", "first_seen_at"):
        count = counts.setdefault(person.group, [0, 0])
        count[0] += person.source != Attendee.Source.WALK_IN
        count[1] += person.is_present
    own = {"kepala_desa": event.region.local_name("kepala_desa")}
    rows = [
        {"label": own.get(key, label), "invited": counts[key][0], "present": counts[key][1]}
        for key, (label, _) in CATEGORY_GROUPS.items()
        if key in counts
    ]
    return {
        "rows": rows,
        "invited": sum(row["invited"] for row in rows),
        "present": sum(row["present"] for row in rows),
    }


def arrival(person: Attendee, event: Event) -> str:
    """ "08.12", with "(daring)" for who took part from afar."""
    if person.first_seen_at is None:
        return ""
    hour = clock(person.first_seen_at, event.time_zone)
    return f"{hour} (daring)" if person.is_remote else hour


def newest(people: list[Attendee]) -> str:
    """The newest moment that these rows tell of, for ``as_of``."""
    moments: list[datetime] = [person.created_at for person in people]
    moments += [person.first_seen_at for person in people if person.first_seen_at]
    return max(moments).isoformat() if moments else ""


def _behalf(person: Attendee) -> str:
    if not person.is_representative:
        return ""
    return f"mewakili {person.on_behalf_of_position or person.on_behalf_of_name}"
