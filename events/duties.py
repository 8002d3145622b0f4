"""What events ask of their organizer now: to go on with a draft, to schedule, to start, to close, to archive."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from accounts.duties import Duty, holds
from accounts.roles import Permission
from regions.wording import long_date

from .invitation_list import NO_ANSWER
from .models import Attendee, Election, Event, EventSubmission

SOON = timedelta(days=7)
LEFT_OPEN = timedelta(days=7)  # a closed event is archived after a week at the latest
ASK_AGAIN = timedelta(days=3)
UNANSWERED = Q(
    attendees__withdrawn_at=None,
    attendees__invitation__in=[Attendee.Invitation.SENT, Attendee.Invitation.OPENED],
)
# What goes on and what is to come stands before old drafts when there is more than anybody can work through.
RANK = Case(
    When(state__in=[Event.State.RUNNING, Event.State.SCHEDULED], then=Value(0)),
    When(state=Event.State.DRAFT, then=Value(1)),
    default=Value(2),
)
MOST = 100  # lines; nobody works through more at once

State = Event.State


def events_ask(user) -> Iterator[Duty]:
    """One query over the events that are not over yet, or closed a week ago."""
    if not holds(user, Permission.EVENT_PLAN):
        return
    long_closed = Q(state=State.CLOSED, closed_at__lte=timezone.now() - LEFT_OPEN)
    events = (
        Event.objects.visible_to(user, Permission.EVENT_PLAN)
        .plans()
        .filter(Q(state__in=Event.OPEN_STATES) | long_closed | Q(Exists(_returned())))
        .annotate(
            has_attendees=Exists(Attendee.objects.filter(event=OuterRef("pk"), withdrawn_at=None)),
            has_election=Exists(Election.objects.filter(events=OuterRef("pk"))),
            unanswered=Count("attendees", filter=UNANSWERED),
            is_submitted=Exists(EventSubmission.objects.filter(event=OuterRef("pk"))),
            is_returned=Exists(_returned()),
            office_above=F("office__parent"),
        )
        .annotate(rank=RANK)
        .order_by("rank", F("starts_at").desc(nulls_last=True), "created_at")[:MOST]
    )
    for event in events:
        today = timezone.localdate()
        yield from (duty for duty in (duty_of(event, today), unanswered(event, today)) if duty)


def reports_ask(user) -> Iterator[Duty]:
    """What offices below have sent and nobody has answered; one query, none for who does not receive reports."""
    if not holds(user, Permission.REPORT_RECEIVE):
        return
    waiting = EventSubmission.objects.visible_to(user, Permission.REPORT_RECEIVE).awaiting()
    for row in waiting.select_related("event__office").order_by("at")[:MOST]:
        about = f"{row.event.title}, {row.event.office.name}"
        yield Duty("Jawab laporan yang masuk", row.get_absolute_url(), "waiting", row.at, about)


def duty_of(event: Event, today: date) -> Duty | None:
    """The one thing an event asks for today, or None. Needs ``has_attendees`` and ``has_election`` on the event."""
    match event.state:
        case State.DRAFT:
            return _draft(event, today)
        case State.SCHEDULED:
            return _scheduled(event, today)
        case State.RUNNING if _is_over(event, today):
            return _duty(event, "Tutup kegiatan yang sudah selesai", "danger", "events:close")
        case State.CLOSED | State.ARCHIVED if event.is_returned:
            return _duty(event, "Laporan dikembalikan: perbaiki, lalu kirim lagi", "danger", "events:submit")
        case State.CLOSED if event.office_above and not event.is_submitted:
            return _duty(event, "Kirim laporan kegiatan ke kantor pengawas", "waiting", "events:submit")
        case State.CLOSED:
            return _duty(event, "Arsipkan kegiatan setelah semua berkas disegel", "muted", "events:archive")
    return None


def unanswered(event: Event, today: date) -> Duty | None:
    """Three days before: people were told and have not answered. Needs ``unanswered`` on the event."""
    near = event.date is not None and timedelta() <= event.date - today <= ASK_AGAIN
    if event.state != State.SCHEDULED or not near or not event.unanswered:
        return None
    text = f"{event.unanswered} undangan belum dijawab; kegiatan {in_days(event.date, today)}"
    return _duty(event, text, "waiting", "events:invitations", f"?keadaan={NO_ANSWER}")


def _draft(event: Event, today: date) -> Duty:
    day = event.date
    if day is None or day - today > SOON:
        url = reverse("events:resume", args=[event.code])
        return Duty("Lanjutkan rencana kegiatan", url, "muted", event.created_at, event.title)
    if day < today:
        text = "Rencana ini sudah lewat tanggalnya: ubah waktunya atau batalkan"
        return _duty(event, text, "waiting", "events:event")
    lacking = lacks(event)
    text = f"Jadwalkan kegiatan {in_days(day, today)}"
    if lacking:
        text += f"; belum ada {' dan '.join(lacking)}"
    return _duty(event, text, "danger", "events:event")


def _scheduled(event: Event, today: date) -> Duty | None:
    day = event.date
    if day < today:
        return _duty(event, "Kegiatan sudah lewat dan belum dimulai", "danger", "events:event")
    if day == today:
        return _duty(event, "Mulai kegiatan hari ini", "danger", "events:start")
    if day - today <= SOON and (lacking := lacks(event)):
        text = f"Kegiatan {in_days(day, today)}; belum ada {' dan '.join(lacking)}"
        return _duty(event, text, "danger", "events:event")
    return None


def lacks(event: Event) -> list[str]:
    """What blocks the event and can be told without asking for each event; its page lists everything."""
    found = {
        "tempat atau tautan pertemuan": event.venue or event.meeting_link,
        "Pemilu atau Pemilihan": event.has_election,
        "peserta": event.has_attendees or event.open_invitation,
    }
    return [words for words, there in found.items() if not there]


def in_days(day: date, today: date) -> str:
    """ "hari ini", "besok", "3 hari lagi" """
    left = (day - today).days
    return {0: "hari ini", 1: "besok"}.get(left, f"{left} hari lagi")


def _is_over(event: Event, today: date) -> bool:
    if event.ends_at is not None:
        return event.ends_at <= timezone.now()
    return event.date is not None and event.date < today


def _duty(event: Event, text: str, tone: str, name: str, query: str = "") -> Duty:
    about = f"{event.title}, {long_date(event.date)}" if event.date else event.title
    return Duty(
        text, reverse(name, args=[event.code]) + query, tone, event.starts_at or event.created_at, about
    )


def _returned():
    """The newest sending of an event came back, and nothing was sent since."""
    of_event = EventSubmission.objects.filter(event=OuterRef("pk"))
    later = EventSubmission.objects.filter(event=OuterRef("event"), at__gt=OuterRef("at"))
    return of_event.filter(state=EventSubmission.State.RETURNED).exclude(Exists(later))
