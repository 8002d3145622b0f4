"""What staff hand out: per person the address, its QR, a text for WhatsApp. Made from the fresh token and kept nowhere."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.safestring import mark_safe

from documents.pdf import qr_svg
from events.invitation_words import address_of, invitation_text, whatsapp_url
from events.links import NewLink
from events.models import Attendee, Event


class Card(NamedTuple):
    attendee: Attendee
    url: str
    qr: str  # inline SVG
    message: str
    whatsapp: str


def cards(made: Iterable[NewLink], event: Event) -> list[Card]:
    return [_card(link.attendee, token, event) for link, token in made]


def in_one_text(found: list[Card]) -> str:
    """One line per person, ready to be pasted: name, post, address."""
    lines = [
        "\t".join(part for part in (card.attendee.printed_name, card.attendee.position, card.url) if part)
        for card in found
    ]
    return "\n".join(lines)


def _card(attendee: Attendee, token: str, event: Event) -> Card:
    url = address_of(token)
    message = invitation_text(attendee, event, url)
    return Card(
        attendee=attendee,
        url=url,
        qr=mark_safe(qr_svg(url, f"Kode QR tautan {attendee.label}")),  # noqa: S308 - segno escapes the title
        message=message,
        whatsapp=whatsapp_url(attendee, message),
    )
