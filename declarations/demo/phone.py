"""Somebody's own phone without a screen: opens the link, names the room code, hands in – as the page of a link does."""

from collections.abc import Callable, Sequence

from events.links import make_links, open_link
from events.models import Event, PersonalLink, SigningDesk
from events.rooms import admit, asks_room_code

from ..intake import Result, take_in
from ..models import Declaration, Signatory, Signature


def sign_by_links(
    declaration: Declaration, rows: Sequence[Signatory], record_of: Callable[[Signatory], bytes], *, by
) -> list[Result]:
    """Each of these people signs by the own link; ``by`` is who makes the links that are missing.

    ``record_of`` gives the canonical record of a person. One result per row, in their order.
    """
    links = links_of(declaration.event, rows, by=by)
    return [sign_by_link(declaration, links[row.attendee_id], record_of(row)) for row in rows]


def sign_by_link(declaration: Declaration, link: PersonalLink, record: bytes) -> Result:
    open_link(link=link)
    if link.admitted_at is None and asks_room_code(declaration.event):
        admit(link=link, code=SigningDesk.objects.get(event=declaration.event).room_code)
    [result] = take_in([record], declaration=declaration, via=Signature.Channel.LINK, by=link)
    return result


def links_of(event: Event, rows: Sequence[Signatory], *, by) -> dict:
    """Attendee → usable link, made where there is none."""
    people = [row.attendee for row in rows]
    make_links(event=event, attendees=people, by=by)
    found = PersonalLink.objects.usable().filter(attendee__in=people).select_related("attendee__event")
    return {link.attendee_id: link for link in found}
