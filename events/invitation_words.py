"""What invited people read: by WhatsApp and by mail. Made at the moment of sending and kept nowhere."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from . import calendar_entry, calendar_file
from .models import Attendee, Event, OutgoingMail
from .models.events import Mode

Kind = OutgoingMail.Kind
OWN_LINK = "Bapak/Ibu dapat menjawab atau mengubah jawaban melalui tautan pribadi yang sudah diterima."
NOT_FORWARDED = "Tautan ini hanya untuk Anda. Mohon tidak diteruskan kepada orang lain."


def address_of(token: str) -> str:
    """The whole address of a personal link."""
    return settings.PUBLIC_URL + reverse("tautan:home", args=[token])


def whatsapp_url(person: Attendee, text: str) -> str:
    """Opens WhatsApp with the text ready; without a number the officer chooses the contact there."""
    return f"https://wa.me/{person.phone.removeprefix('+')}?text={quote(text)}"


def invitation_text(person: Attendee, event: Event, url: str) -> str:
    asks = "Mohon konfirmasi kehadiran" if event.state == Event.State.SCHEDULED else ""
    read = "Naskah dibaca dan ditandatangani melalui tautan pribadi berikut:"
    return _paragraphs(
        _greeting(person),
        [
            f"{event.office.name} mengundang Anda pada {event.title}.",
            *_facts(person, event),
            _meeting(person, event),
        ],
        [
            f"{asks} melalui tautan pribadi berikut. Naskah juga dibaca dan ditandatangani di sana:"
            if asks
            else read,
            url,
        ],
        [NOT_FORWARDED],
    )


def change_text(person: Attendee, event: Event) -> str:
    return _paragraphs(
        _greeting(person),
        [
            f"Ada perubahan pada {event.title} yang diselenggarakan {event.office.name}. Jadwal yang berlaku sekarang:"
        ],
        [*_facts(person, event), _meeting(person, event)],
        [OWN_LINK],
    )


def cancellation_text(person: Attendee, event: Event) -> str:
    return _paragraphs(
        _greeting(person),
        [f"{event.title} yang diselenggarakan {event.office.name} dibatalkan.", *_facts(person, event)],
        [f"Alasan: {event.state_reason}" if event.state_reason else ""],
        ["Kami mohon maaf atas pembatalan ini."],
    )


def reminder_text(person: Attendee, event: Event, url: str = "") -> str:
    link = [f"Jawab melalui tautan pribadi berikut: {url}", NOT_FORWARDED] if url else [OWN_LINK]
    return _paragraphs(
        _greeting(person),
        [f"Kami menantikan konfirmasi kehadiran Anda pada {event.title}.", *_facts(person, event)],
        link,
    )


def text_of(kind: str, person: Attendee, event: Event, url: str = "") -> str:
    """The text of a mail of this kind; ``url`` for those that carry the personal link."""
    match kind:
        case Kind.INVITATION:
            return invitation_text(person, event, url)
        case Kind.CHANGE:
            return change_text(person, event)
        case Kind.CANCELLATION:
            return cancellation_text(person, event)
    return reminder_text(person, event, url)


def subject_of(kind: str, event: Event) -> str:
    start = {
        Kind.INVITATION: "Undangan",
        Kind.CHANGE: "Perubahan jadwal",
        Kind.CANCELLATION: "Pembatalan",
        Kind.REMINDER: "Mohon konfirmasi kehadiran",
    }[Kind(kind)]
    return f"{start}: {event.title}"[:200]


def _greeting(person: Attendee) -> list[str]:
    return [f"Yth. Bapak/Ibu {person.printed_name or person.position}"]


def _facts(person: Attendee, event: Event) -> list[str]:
    when = calendar_file.hours_in_words(calendar_entry.occasion_of(event)) if event.starts_at else ""
    place = calendar_entry.place_of(event, person)
    return [f"Waktu: {when}" if when else "", f"Tempat: {place}" if place else ""]


def _meeting(person: Attendee, event: Event) -> str:
    return (
        f"Pertemuan daring: {event.meeting_link}"
        if event.meeting_link and (person.is_remote or event.mode == Mode.REMOTE)
        else ""
    )


def _paragraphs(*paragraphs: list[str]) -> str:
    kept = ["\n".join(line for line in lines if line) for lines in paragraphs]
    return "\n\n".join(text for text in kept if text)
