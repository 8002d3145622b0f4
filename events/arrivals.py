"""DEEDS of the desk: an officer notes who came, takes a slip back, writes down who came uninvited (EVENTS.md §5)."""

import uuid
from datetime import datetime

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .attendance import check_in, correction_of, take_back_arrivals
from .attendees import add_attendee
from .locking import lock
from .models import AttendanceRecord, Attendee, Event

Method = AttendanceRecord.Method
# What an officer noted by hand; an arrival by signature, tablet or paper is taken back where it came from.
BY_HAND = (Method.SEARCH, Method.WALK_IN)
OVER = {
    Event.State.CLOSED: "Kegiatan sudah ditutup. Kehadiran susulan dicatat lewat lembar daftar hadir.",
    Event.State.ARCHIVED: "Kegiatan sudah diarsipkan. Kehadiran tidak dapat diubah lagi.",
}
WITHDRAWN = "Peserta ini sudah dikeluarkan dari daftar. Pulihkan dahulu di halaman Peserta."
NOTHING_BY_HAND = (
    "Kehadiran ini tidak dicatat dengan tangan, melainkan lewat tanda tangan, tablet, atau lembar. "
    "Batalkan di tempat asalnya."
)
MISTAKEN = "Salah catat di meja registrasi"


def note_arrival(
    *, attendee: Attendee, by, number: uuid.UUID, now: datetime | None = None
) -> AttendanceRecord:
    """Somebody on the list stands at the desk; ``number`` is that of the button, so that a second tap counts once.

    Effects: those of ``check_in``; the first arrival starts a scheduled event. Refused for who was withdrawn, and for
    an event that is not scheduled or running.
    """
    with writing():
        lock(attendee.event)
        _refuse_over(attendee.event)
        if attendee.is_withdrawn:
            raise Refusal(WITHDRAWN)
        if AttendanceRecord.objects.filter(pk=correction_of(number), attendee=attendee).exists():
            number = uuid.uuid4()  # that tap was taken back: a button of an old page counts anew
        earlier = AttendanceRecord.objects.filter(pk=number, attendee=attendee).first()
        return earlier or check_in(
            event=attendee.event,
            attendee=attendee,
            method=Method.SEARCH,
            by=by,
            occurred_at=now or timezone.now(),
            client_uuid=number,
        )


def take_back_arrival(*, attendee: Attendee, by) -> None:
    """The wrong name was tapped: what was noted by hand stands corrected, the records themselves stay.

    Effects: a correction beside each; ``first_seen_at`` falls back to what is left (a signature, for one); audit
    ``attendee.arrival_taken_back``. Refused when nothing was noted by hand.
    """
    with writing():
        lock(attendee.event)
        _refuse_over(attendee.event)
        noted = attendee.attendance_records.filter(method__in=BY_HAND, kind="masuk", successful=True)
        numbers = list(noted.values_list("pk", flat=True))
        corrected = AttendanceRecord.objects.in_bulk([correction_of(pk) for pk in numbers])
        standing = [pk for pk in numbers if correction_of(pk) not in corrected]
        if not standing:
            raise Refusal(NOTHING_BY_HAND)
        take_back_arrivals(event=attendee.event, numbers=standing, reason=MISTAKEN)
        audit.record(by, "attendee.arrival_taken_back", attendee, count=len(standing))
        attendee.refresh_from_db(fields=["first_seen_at"])


def admit_walk_in(*, event: Event, by, number: uuid.UUID, now: datetime | None = None, **fields) -> Attendee:
    """Somebody came without an invitation: on the list, marked *tanpa undangan*, and present.

    Effects in order: those of ``add_attendee``, those of ``check_in``. The same form sent twice adds nobody twice:
    ``number`` is kept with the arrival, whose person is handed back.
    """
    with writing():
        lock(event)
        _refuse_over(event)
        earlier = AttendanceRecord.objects.filter(pk=number, event=event).select_related("attendee").first()
        if earlier is not None and earlier.attendee is not None:
            return earlier.attendee
        attendee = add_attendee(event=event, by=by, source=Attendee.Source.WALK_IN, **fields)
        check_in(
            event=event,
            attendee=attendee,
            method=Method.WALK_IN,
            by=by,
            occurred_at=now or timezone.now(),
            client_uuid=number,
        )
    return attendee


def _refuse_over(event: Event) -> None:
    if event.state in OVER:
        raise Refusal(OVER[event.state])
