"""Susunan acara: hours, what, who (DOMAIN §8)."""

from regions.wording import clock
from regions.zones import zone_label

from . import paper_kinds
from .letter_parts import hours_of, missing_occasion, missing_signers, office_signers, signed_at
from .models import Event
from .paper_snapshot import PrintSettings
from .timetable import slots


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event)
    return issues + ([] if event.agenda.exists() else ["Susunan acara belum diisi."])


def freeze(event: Event, settings: PrintSettings) -> dict:
    return {
        "title": f"Susunan Acara {event.title}",
        "zone": zone_label(event.time_zone),
        "hours": hours_of(event),
        "items": items_of(event),
        "signers": office_signers(event, settings),
        "signed_at": signed_at(event),
    }


def items_of(event: Event) -> list[dict]:
    found = slots(event.starts_at, event.agenda.select_related("person").order_by("order", "pk"))
    return [
        {
            "hours": f"{clock(slot.starts, event.time_zone)}–{clock(slot.ends, event.time_zone)}"
            if slot.starts
            else "",
            "title": slot.item.title,
            "person": slot.item.person.printed_name if slot.item.person else "",
            "position": slot.item.person.position if slot.item.person else "",
            "notes": slot.item.notes,
        }
        for slot in found
    ]


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind="susunan_acara",
        label="Susunan acara",
        template="agenda",
        about="Jam, mata acara, petugas, dan keterangan menurut susunan acara kegiatan.",
        needs=needs,
        freeze=freeze,
        classification="PM.03.02",
        order=20,
    )
)
