"""DEEDS: who arrived. Append-only, keyed by the client's UUID, so that a record sent twice counts once (EVENTS §5)."""

import uuid
from datetime import datetime

from django.db.models import Q

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .locking import lock
from .models import AttendanceRecord, Attendee, Event, EventSite
from .scheduling import start_event

NOT_YET = "Kehadiran baru dapat dicatat setelah kegiatan dijadwalkan."
SAME_UUID = "Kode catatan ini sudah dipakai oleh catatan lain. Perlu ditinjau."


def check_in(
    *,
    event: Event,
    attendee: Attendee,
    method: str,
    by,
    occurred_at: datetime,
    client_uuid: uuid.UUID | None = None,
    site: EventSite | None = None,
    offline: bool = False,
) -> AttendanceRecord:
    """Store that the person arrived.

    1. The first attendance starts a scheduled event. 2. Insert; the same UUID with the same content gives the first
    record again, with other content it is kept for review, not counted. 3. ``first_seen_at`` of the attendee keeps
    the earliest arrival. 4. Audit ``attendee.checked_in``. A later arrival is stored, never refused.
    """
    if attendee.event_id != event.pk:
        raise ValueError("attendee of another event")
    record = AttendanceRecord(
        client_uuid=client_uuid or uuid.uuid4(),
        event=event,
        attendee=attendee,
        site=site or attendee.site,
        method=method,
        occurred_at=occurred_at,
        operator=audit.user_or_none(by),
        offline=offline,
    )
    with writing():
        lock(event)
        if event.state in (Event.State.DRAFT, Event.State.CANCELLED):
            raise Refusal(NOT_YET)
        if event.state == Event.State.SCHEDULED:
            start_event(event=event, by=by, accept_warnings=True)
        earlier = AttendanceRecord.objects.filter(pk=record.pk).first()
        if earlier is not None and _says_the_same(earlier, record):
            return earlier
        if earlier is not None:
            record.client_uuid, record.successful, record.reason = uuid.uuid4(), False, SAME_UUID
        record.save(force_insert=True)
        if record.successful:
            _remember_first_arrival(attendee, occurred_at, event)
        audit.record(by, "attendee.checked_in", attendee, method=method, counted=record.successful)
    return record


def _says_the_same(one: AttendanceRecord, other: AttendanceRecord) -> bool:
    names = ("event_id", "attendee_id", "kind", "method", "occurred_at")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _remember_first_arrival(attendee: Attendee, occurred_at: datetime, event: Event) -> None:
    """The one writer of the cache; a record that arrives after archiving stays a record only."""
    if event.is_archived:
        return
    later = Q(first_seen_at=None) | Q(first_seen_at__gt=occurred_at)
    if Attendee.objects.filter(later, pk=attendee.pk).update(first_seen_at=occurred_at):
        attendee.first_seen_at = occurred_at
