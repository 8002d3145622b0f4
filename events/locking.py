"""The one place where a deed takes hold of an event: fresh row, locked, and refused when it may not change."""

from django.db.models import Model

from accounts.refusals import Refusal

from .models import Event

NOT_EDITABLE = {
    Event.State.CLOSED: "Kegiatan ini sudah selesai. Buka kembali kegiatan untuk mengubahnya.",
    Event.State.ARCHIVED: "Kegiatan ini sudah diarsipkan dan tidak dapat diubah.",
    Event.State.CANCELLED: "Kegiatan ini sudah dibatalkan dan tidak dapat diubah.",
}


def lock(event: Event) -> Event:
    """Refresh the given object from its row and hold the row till the end of the transaction."""
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())
    return event


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
