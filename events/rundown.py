"""DEEDS of the MC: agenda items begin and end by taps that may arrive late, twice and out of order."""

from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from regions.wording import clock_with_zone

from .locking import lock
from .models import AgendaItem, Event, RundownTap
from .scheduling import start_event
from .timetable import real_times

Kind = RundownTap.Kind

VERBS = {
    Kind.START: "agenda.started",
    Kind.FINISH: "agenda.ended",
    Kind.UNSTART: "agenda.start_undone",
    Kind.UNFINISH: "agenda.end_undone",
}
# An event that is over still takes what was tapped while the MC had no network.
NOT_NOW = {
    Event.State.DRAFT: "Kegiatan masih draf. Jadwalkan kegiatan, lalu ketuk sekali lagi.",
    Event.State.ARCHIVED: "Kegiatan sudah diarsipkan. Jam mata acara tidak dapat dicatat lagi.",
    Event.State.CANCELLED: "Kegiatan sudah dibatalkan. Jam mata acara tidak dapat dicatat.",
}
ITEM_GONE = "Mata acara ini sudah dihapus dari susunan acara."


def remember_tap(
    *,
    event: Event,
    id: UUID,
    kind: str,
    at: datetime,
    by,
    item: AgendaItem | None = None,
    subject: UUID | None = None,
) -> bool:
    """Keep the tap; False when it was kept before, so that the caller does nothing a second time.

    Locks the event: two senders of the same tap wait for each other. Refused for an event that cannot take it.
    """
    with writing():
        lock(event)
        if event.state in NOT_NOW:
            raise Refusal(NOT_NOW[event.state])
        if RundownTap.objects.filter(pk=id).exists():
            return False
        RundownTap.objects.create(
            pk=id,
            event=event,
            kind=kind,
            at=at,
            item=item,
            subject=subject,
            operator=audit.user_or_none(by),
        )
    return True


def tap_item(*, event: Event, item_id: int, id: UUID, kind: str, at: datetime, by) -> bool:
    """An agenda item begins, ends, or one of both is taken back. False when the tap was known.

    Effects in order: the first beginning starts a scheduled event; the tap is kept; ``started_at`` and ``ended_at``
    of the item follow from all its taps; audit entry with the moment.
    """
    verb = VERBS[kind]
    with writing():
        lock(event)
        item = AgendaItem.objects.filter(event=event, pk=item_id).first()
        if item is None:
            raise Refusal(ITEM_GONE)
        if not remember_tap(event=event, id=id, kind=kind, at=at, by=by, item=item):
            return False
        if kind == Kind.START and event.state == Event.State.SCHEDULED:
            start_event(event=event, by=by, accept_warnings=True)
        item.started_at, item.ended_at = real_times(
            item.taps.order_by("at", "received_at").values_list("at", "kind")
        )
        item.save(update_fields=["started_at", "ended_at"])
        audit.record(by, verb, item, tapped_at=at, clock=clock_with_zone(at, event.time_zone))
    return True
