"""Who was told, who answered, who does not know the newest change. Reads only; knows no address."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from . import calendar_entry
from .answers import UNANSWERED, Invitation
from .models import Attendee, Event, PersonalLink

STATES = {
    "belum": Invitation.NONE,
    "terkirim": Invitation.SENT,
    "dibuka": Invitation.OPENED,
    "hadir": Invitation.COMING,
    "diwakili": Invitation.REPRESENTED,
    "berhalangan": Invitation.EXCUSED,
}
NO_ANSWER, STALE = "belum-menjawab", "perlu-kabar"
FILTERS = {
    "": "Semua peserta",
    NO_ANSWER: "Belum menjawab",
    **{key: state.label if key != "belum" else "Belum dikirim" for key, state in STATES.items()},
    STALE: "Belum menerima perubahan",
}
# Key in the address → (words, fields).
ORDERS: dict[str, tuple[str, tuple]] = {
    "": ("Urutan daftar", ()),
    "nama": ("Nama", (Lower("full_name"), "position")),
    "desa": ("Desa/kelurahan", (F("village").asc(nulls_last=True), Lower("full_name"))),
    "jawaban": ("Jawaban", ("invitation", Lower("full_name"))),
}
TONES = {
    Invitation.NONE: "muted",
    Invitation.SENT: "waiting",
    Invitation.OPENED: "waiting",
    Invitation.COMING: "done",
    Invitation.REPRESENTED: "done",
    Invitation.EXCUSED: "danger",
}


def invited(event: Event, chosen: str = "", order: str = "") -> QuerySet[Attendee]:
    """Expected people with ``has_link``, those of one key of FILTERS in one order of ORDERS.

    An unknown key chooses everybody, an unknown order is that of the list.
    """
    usable = PersonalLink.objects.usable().filter(attendee=OuterRef("pk"))
    people = event.attendees.expected().select_related("site").annotate(has_link=Exists(usable)).in_order()
    if order in ORDERS and order:
        people = people.order_by(*ORDERS[order][1], "pk")
    if chosen == NO_ANSWER:
        return people.filter(invitation__in=UNANSWERED)
    if chosen == STALE:
        return people.filter(stale(event))
    return people.filter(invitation=STATES[chosen]) if chosen in STATES else people


def stale(event: Event) -> Q:
    """Told once, but not what the calendar entry says now; in a cancelled event who was never told needs no word."""
    now = calendar_entry.sequence_of(event)
    old = Q(told_sequence__lt=now) | Q(told_sequence=None)
    return old & ~Q(invitation=Invitation.NONE) if now else Q(pk__in=[])


def is_stale(event: Event, person: Attendee) -> bool:
    now = calendar_entry.sequence_of(event)
    told = -1 if person.told_sequence is None else person.told_sequence
    return told < now and person.invitation != Invitation.NONE


def counts(event: Event) -> dict[str, int]:
    """How many each key of FILTERS chooses, "" for all, and ``mails``: with an address. One query."""
    by_state = {key: Count("pk", filter=Q(invitation=state)) for key, state in STATES.items()}
    found = (
        event.attendees.expected()
        .order_by()
        .aggregate(
            all=Count("pk"),
            stale=Count("pk", filter=stale(event)),
            mails=Count("pk", filter=~Q(email="")),
            **by_state,
        )
    )
    return {
        **{key: found[key] for key in STATES},
        "": found["all"],
        STALE: found["stale"],
        NO_ANSWER: sum(found[key] for key in ("belum", "terkirim", "dibuka")),
        "mails": found["mails"],
    }
