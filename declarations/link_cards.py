"""What staff hand out: per person the address, its QR, a text for WhatsApp. Made from the fresh token and kept nowhere."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe

from documents.pdf import qr_svg
from events.links import NewLink
from events.models import Attendee, Event
from regions.wording import clock_with_zone, long_date


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


def address_of(token: str) -> str:
    return settings.PUBLIC_URL + reverse("tautan:home", args=[token])


def _card(attendee: Attendee, token: str, event: Event) -> Card:
    url = address_of(token)
    message = _message(attendee, event, url)
    phone = attendee.phone.removeprefix("+")
    return Card(
        attendee=attendee,
        url=url,
        qr=mark_safe(qr_svg(url, f"Kode QR tautan {attendee.label}")),  # noqa: S308 - segno escapes the title
        message=message,
        whatsapp=f"https://wa.me/{phone}?text={quote(message)}",
    )


def _message(attendee: Attendee, event: Event, url: str) -> str:
    when = (
        f"{long_date(event.date)}, pukul {clock_with_zone(event.starts_at, event.time_zone)}"
        if event.starts_at
        else ""
    )
    lines = [
        f"Yth. Bapak/Ibu {attendee.printed_name or attendee.position}",
        "",
        f"{event.office.name} mengundang Anda pada {event.title}.",
        f"Waktu: {when}" if when else "",
        f"Pertemuan daring: {event.meeting_link}" if event.meeting_link and attendee.is_remote else "",
        "",
        "Naskah dibaca dan ditandatangani melalui tautan pribadi berikut:",
        url,
        "",
        "Tautan ini hanya untuk Anda. Mohon tidak diteruskan kepada orang lain.",
    ]
    kept = [line for index, line in enumerate(lines) if line or index in (1, 5, 8)]
    return "\n".join(kept)
