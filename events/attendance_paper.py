"""Daftar hadir: who was expected, who came and when; totals invited and present per unsur (DOMAIN §8)."""

from regions.zones import zone_label

from . import paper_kinds
from .letter_parts import committee_chair, hours_of, missing_occasion, missing_signers, signed_at
from .models import Attendee, Event
from .paper_snapshot import PrintSettings
from .people_rows import PREVIEW_ROWS, arrival, expected, newest, row_of, totals


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event)
    if not event.attendees.expected().exclude(first_seen_at=None).exists():
        issues.append("Belum ada kehadiran yang tercatat.")
    if event.state in Event.OPEN_STATES:
        issues.append("Kegiatan belum selesai. Tutup kegiatan sebelum menerbitkan daftar hadir.")
    return issues


def freeze(event: Event, settings: PrintSettings) -> dict:
    people = list(expected(event, settings))
    return {
        "title": f"Daftar Hadir {event.title}",
        "hours": hours_of(event),
        "zone": zone_label(event.time_zone),
        "people": [
            row_of(person, settings)
            | {
                "arrival": arrival(person, event),
                "walk_in": True if person.source == Attendee.Source.WALK_IN else None,
            }
            for person in people
        ],
        "totals": totals(event),
        "signers": committee_chair(event, settings),
        "signed_at": signed_at(event),
        "cut": PREVIEW_ROWS if settings.draft and len(people) == PREVIEW_ROWS else None,
        "as_of": newest(people),
    }


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind="daftar_hadir",
        label="Daftar hadir",
        template="attendance",
        about="Nama, jabatan, dan jam hadir setiap peserta, dengan jumlah diundang dan hadir per unsur.",
        needs=needs,
        freeze=freeze,
        classification="PM.03.02",
        layout="table",
        order=30,
        links=(("Lembar kosong dan pindaian", "events:sheets"),),
    )
)
