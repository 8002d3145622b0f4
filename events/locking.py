"""The one place where a deed takes hold of an event: fresh row, locked, and refused when it may not change."""

from uuid import UUID

from django.db import connection
from django.db.models import Model

from accounts.refusals import Refusal

from .models import Event

NOT_EDITABLE = {
    Event.State.CLOSED: "Kegiatan ini sudah selesai. Buka kembali kegiatan untuk mengubahnya.",
    Event.State.ARCHIVED: "Kegiatan ini sudah diarsipkan dan tidak dapat diubah.",
    Event.State.CANCELLED: "Kegiatan ini sudah dibatalkan dan tidak dapat diubah.",
}

TEMPLATE = "Ini templat kegiatan. Buat kegiatan baru dari templat ini."


def lock(event: Event) -> Event:
    """Refresh the given object from its row and hold the row till the end of the transaction."""
    queue_for(event.pk)
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())
    return event


def queue_for(event: UUID) -> None:
    """Wait for the event in the order of arrival, before its row is locked; till the end of the transaction.

    The row alone knows no queue: PostgreSQL lets who shares it pass those who want it for themselves, so a deed would
    wait until no tablet is storing. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_queue_of(event)])


def share(event: UUID) -> None:
    """Keep the event, its papers and its list as they are, together with others who share it; PostgreSQL only.

    Deeds lock their event first, so this stops them. The ORM knows no FOR SHARE; one statement queues and locks.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM events_event WHERE id = %s AND pg_advisory_xact_lock_shared(%s) IS NOT NULL FOR SHARE",
            [event, _queue_of(event)],
        )


def _queue_of(event: UUID) -> int:
    """The number of its queue: two events with one number would only wait for each other."""
    return int.from_bytes(event.bytes[:8], signed=True)


def lock_for_edit(event: Event) -> Event:
    """As ``lock``, and raise Refusal when the event is over."""
    lock(event)
    refuse_unless_editable(event)
    return event


def refuse_unless_editable(event: Event) -> None:
    if not event.is_editable:
        raise Refusal(NOT_EDITABLE[event.state])


def fresh(row: Model) -> Model:
    """The row as it is now, asked after the event is locked; Refusal when somebody else has just removed it."""
    try:
        row.refresh_from_db()
    except type(row).DoesNotExist:
        raise Refusal("Data ini baru saja dihapus oleh orang lain.") from None
    return row
