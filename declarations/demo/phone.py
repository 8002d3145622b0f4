"""Somebody's own phone without a screen: opens the link, names the room code, hands in – as the page of a link does."""

from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric import ec

from accounts.canonical import b64u, canonical_bytes, parse_canonical
from events.links import make_links, open_link
from events.models import Event, PersonalLink, SigningDesk
from events.rooms import admit, asks_room_code

from ..envelope import CURVE, point_of, sign
from ..evidence import first_link
from ..intake import Result, take_in
from ..link_keys import OneTimeKey, device_of
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
    body, key = signed_once(record, link)
    [result] = take_in([body], declaration=declaration, via=Signature.Channel.LINK, by=link, key=key)
    return result


def signed_once(record: bytes, link: PersonalLink, **changes) -> tuple[bytes, OneTimeKey]:
    """The record as a browser with WebCrypto hands it in: with the fields of a device, signed by a key made for it."""
    private = ec.generate_private_key(CURVE)
    public = point_of(private)
    fields = parse_canonical(record)
    device = device_of(link.attendee.event_id, link.pk)
    fields |= {
        "device": str(device),
        "device_seq": 0,
        "prev_hash": first_link(fields["event"], str(device), b64u(public)).hex(),
        "clock_offset_ms": 0,
        "clock_age_s": 0,
    }
    body = canonical_bytes(fields | changes)
    return body, OneTimeKey(public, sign(body, private))


def links_of(event: Event, rows: Sequence[Signatory], *, by) -> dict:
    """Attendee → usable link, made where there is none."""
    people = [row.attendee for row in rows]
    make_links(event=event, attendees=people, by=by)
    found = PersonalLink.objects.usable().filter(attendee__in=people).select_related("attendee__event")
    return {link.attendee_id: link for link in found}
