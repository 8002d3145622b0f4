"""The one place where a deed of the day takes hold of a paper: fresh row, locked till the end of the transaction."""

from events.locking import queue_for
from events.models import Event

from .models import Declaration

RELATED = ("event__office__region", "event__region", "text_version__pledge_text", "document")


def locked(declaration: Declaration) -> Declaration:
    """The paper as it is now, with event, office, regions and text.

    The event is locked first, as every deed of the room below does: who ends the event while somebody signs must wait
    and not deadlock. Locks are statements of their own: PostgreSQL cannot lock the optional rows of a join.
    """
    queue_for(declaration.event_id)
    Event.objects.select_for_update().only("pk").get(pk=declaration.event_id)
    Declaration.objects.select_for_update().get(pk=declaration.pk)
    return at_hand(declaration)


def at_hand(declaration: Declaration) -> Declaration:
    """The same without a lock, for reading."""
    return Declaration.objects.select_related(*RELATED).get(pk=declaration.pk)
