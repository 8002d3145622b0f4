"""The list of an event's people with the state of their links, for staff. Reads only; knows no address."""

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from events.models import Attendee, Event, PersonalLink

from .models import Signatory

LINK_STATES = {"belum": "Belum dibuat", "dibuat": "Dibuat", "dibuka": "Dibuka", "dicabut": "Dicabut"}
TONES = {"belum": "muted", "dibuat": "waiting", "dibuka": "done", "dicabut": "danger"}
OF_STATE = {
    "belum": Q(link_pk=None, had_link=False),
    "dibuat": Q(link_pk__isnull=False, link_opened_at=None),
    "dibuka": Q(link_opened_at__isnull=False),
    "dicabut": Q(link_pk=None, had_link=True),
}


def people_with_links(event: Event) -> QuerySet[Attendee]:
    """Expected people with ``link_pk``, ``link_opened_at``, ``link_admitted_at``, ``had_link``, ``signed``, ``refused``."""
    own = PersonalLink.objects.filter(attendee=OuterRef("pk"))
    rows = Signatory.objects.current().filter(attendee=OuterRef("pk"))
    usable = FilteredRelation("links", condition=Q(links__revoked_at=None))
    return (
        event.attendees.expected()
        .alias(usable=usable)
        .annotate(
            link_pk=F("usable__pk"),
            link_opened_at=F("usable__opened_at"),
            link_admitted_at=F("usable__admitted_at"),
            had_link=Exists(own),
            signed=Exists(rows.filter(outcome=Signatory.Outcome.SIGNED)),
            refused=Exists(rows.filter(outcome=Signatory.Outcome.REFUSED)),
        )
        .in_order()
    )


def link_state(person: Attendee) -> str:
    """Key of LINK_STATES for a row of ``people_with_links``."""
    if person.link_pk is None:
        return "dicabut" if person.had_link else "belum"
    return "dibuka" if person.link_opened_at else "dibuat"


def totals(event: Event) -> dict[str, int]:
    """remote people · those of them without a link · usable links · opened · admitted, in one query."""
    remote = Q(presence=Attendee.Presence.REMOTE)
    people = event.attendees.expected().alias(
        usable=FilteredRelation("links", condition=Q(links__revoked_at=None))
    )
    return people.order_by().aggregate(
        remote=Count("pk", filter=remote),
        unlinked=Count("pk", filter=remote & Q(usable__pk=None)),
        links=Count("usable__pk"),
        opened=Count("usable__opened_at"),
        admitted=Count("usable__admitted_at"),
    )
