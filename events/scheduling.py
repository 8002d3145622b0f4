"""DEEDS: the life of an event, draft → scheduled → running → closed → archived (EVENTS §2).

Every deed takes hold of the row, asks *Kesiapan kegiatan*, writes state and audit entry in one transaction, and
refuses with the list of issues. The object that was passed in shows the new state afterwards.
"""

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from documents.models import Document

from . import calendar_entry, readiness
from .devices import destroy_unneeded_keys
from .hooks import Hook
from .locking import TEMPLATE, lock
from .models import Event
from .people import tidy

State = Event.State

# Rooms above: fn(event=…, by=…), called inside the transaction after the new state is written.
on_schedule, on_start, on_close, on_reopen, on_archive, on_cancel = (Hook() for _ in range(6))

FROM = {
    State.SCHEDULED: (State.DRAFT,),
    State.RUNNING: (State.SCHEDULED,),
    State.CLOSED: (State.RUNNING,),
    State.ARCHIVED: (State.CLOSED,),
    State.CANCELLED: (State.DRAFT, State.SCHEDULED),
}
WRONG_STATE = {
    State.SCHEDULED: "Hanya kegiatan berstatus Draf yang dapat dijadwalkan.",
    State.RUNNING: "Hanya kegiatan berstatus Terjadwal yang dapat dimulai.",
    State.CLOSED: "Hanya kegiatan berstatus Berlangsung yang dapat ditutup.",
    State.ARCHIVED: "Hanya kegiatan berstatus Selesai yang dapat diarsipkan.",
    State.CANCELLED: "Hanya kegiatan berstatus Draf atau Terjadwal yang dapat dibatalkan.",
}
NOT_READY = {
    State.SCHEDULED: "Kegiatan belum siap dijadwalkan.",
    State.RUNNING: "Kegiatan belum siap dimulai.",
    State.CLOSED: "Kegiatan belum dapat ditutup.",
    State.ARCHIVED: "Kegiatan belum dapat diarsipkan.",
}
TICK_FIRST = "Ada hal yang perlu diperhatikan. Baca, lalu centang pernyataan untuk melanjutkan."
REASON_NEEDED = "Alasan wajib diisi."


def schedule_event(*, event: Event, by, reason: str = "", accept_warnings: bool = False) -> Event:
    """Draft → scheduled: check readiness, write the state, number the calendar entry, tell the rooms above, audit
    ``event.scheduled``.
    """
    with writing():
        if event.is_template:
            raise Refusal(TEMPLATE)
        warnings = _ready(event, State.SCHEDULED, accept_warnings)
        _write(event, State.SCHEDULED, scheduled_at=timezone.now())
        calendar_entry.advance(event)
        on_schedule.call(event=event, by=by)
        audit.record(by, "event.scheduled", event, **_facts(warnings, reason))
    return event


def start_event(*, event: Event, by, reason: str = "", accept_warnings: bool = False) -> Event:
    """Scheduled → running: by hand or by the first attendance; audit ``event.started``."""
    with writing():
        warnings = _ready(event, State.RUNNING, accept_warnings)
        _write(event, State.RUNNING, started_at=timezone.now())
        on_start.call(event=event, by=by)
        audit.record(by, "event.started", event, **_facts(warnings, reason))
    return event


def close_event(*, event: Event, by, reason: str = "", accept_warnings: bool = False) -> Event:
    """Running → closed, by hand only; the rooms above close what is still open; audit ``event.closed``."""
    with writing():
        warnings = _ready(event, State.CLOSED, accept_warnings)
        _write(event, State.CLOSED, closed_at=timezone.now())
        on_close.call(event=event, by=by)
        audit.record(by, "event.closed", event, **_facts(warnings, reason))
    return event


def reopen_event(*, event: Event, by, reason: str, accept_warnings: bool = False) -> Event:
    """Closed → running with a reason, only while no paper of the event is sealed or being sealed; audit."""
    with writing():
        lock(event)
        if event.state != State.CLOSED:
            raise Refusal("Hanya kegiatan berstatus Selesai yang dapat dibuka kembali.")
        reason = _reason(reason)
        if papers_of(event).exists():
            raise Refusal(
                "Kegiatan ini sudah memiliki dokumen tersegel, sehingga tidak dapat dibuka kembali."
            )
        _write(event, State.RUNNING, closed_at=None, state_reason=reason)
        on_reopen.call(event=event, by=by)
        audit.record(by, "event.reopened", event, reason=reason)
    return event


def archive_event(*, event: Event, by, reason: str = "", accept_warnings: bool = False) -> Event:
    """Closed → archived: from now on read-only, also in the database; audit ``event.archived``.

    Keys of tablets that nothing needs any more are destroyed.
    """
    with writing():
        warnings = _ready(event, State.ARCHIVED, accept_warnings)
        on_archive.call(event=event, by=by)
        _write(event, State.ARCHIVED, archived_at=timezone.now())
        audit.record(by, "event.archived", event, **_facts(warnings, reason))
        destroy_unneeded_keys(event=event, by=by)
    return event


def cancel_event(*, event: Event, by, reason: str, accept_warnings: bool = False) -> Event:
    """Draft or scheduled → cancelled with a reason; the row and its numbers stay, the calendar entry gets its next one;
    audit ``event.cancelled``.
    """
    with writing():
        lock(event)
        if event.state not in FROM[State.CANCELLED]:
            raise Refusal(WRONG_STATE[State.CANCELLED])
        reason = _reason(reason)
        _write(event, State.CANCELLED, cancelled_at=timezone.now(), state_reason=reason)
        calendar_entry.advance(event)
        on_cancel.call(event=event, by=by)
        audit.record(by, "event.cancelled", event, reason=reason)
    return event


def papers_of(event: Event):
    """Documents that were sealed for the event or are on the way to it; they forbid reopening."""
    return Document.objects.filter(event_code=event.code).exclude(state=Document.State.VOID)


def _ready(event: Event, state: str, accept_warnings: bool) -> list[readiness.Issue]:
    """Lock, check the order of states, refuse what blocks; return the accepted warnings."""
    lock(event)
    if event.state not in FROM[state]:
        raise Refusal(WRONG_STATE[state])
    found = readiness.issues(event, state)
    blocking = [issue.text for issue in found if issue.blocks]
    if blocking:
        raise Refusal(NOT_READY[state], issues=blocking)
    if found and not accept_warnings:
        raise Refusal(TICK_FIRST, issues=[issue.text for issue in found])
    return found


def _write(event: Event, state: str, **fields) -> None:
    for name, value in {"state": state, **fields}.items():
        setattr(event, name, value)
    event.save(update_fields=["state", *fields])


def _reason(reason: str) -> str:
    reason = tidy(reason)
    if not reason:
        raise Refusal(REASON_NEEDED)
    return reason[:300]


def _facts(warnings: list[readiness.Issue], reason: str) -> dict:
    facts = {"accepted_warnings": [issue.text for issue in warnings]} if warnings else {}
    return facts | ({"reason": tidy(reason)[:300]} if tidy(reason) else {})
