"""What several papers of an event say alike: hours, place and date of signing, who signs."""

from regions.wording import (
    clock,
    clock_with_zone,
    date_in_figures,
    date_in_words,
    long_date,
    long_date_no_day,
)

from .models import Event, EventPerson
from .paper_kinds import Block
from .paper_snapshot import PrintSettings, venue_of
from .wording_tokens import fill


def hours_of(event: Event) -> str:
    """ "09.00 WIB s.d. selesai" or "09.00 s.d. 12.00 WIB" on one day."""
    if not event.starts_at:
        return ""
    if event.ends_at and event.last_date == event.date:
        return f"{clock(event.starts_at, event.time_zone)} s.d. {clock_with_zone(event.ends_at, event.time_zone)}"
    return f"{clock_with_zone(event.starts_at, event.time_zone)} s.d. selesai"


def town_of(event: Event) -> str:
    """The place before a date: the office's own region without its kind ("Cerme", "Gresik")."""
    region = event.office.region or event.region
    return region.name.removeprefix("Kabupaten ").removeprefix("Kota ")


def signed_at(event: Event) -> str:
    """ "Cerme, 2 Oktober 2024" """
    return (
        f"{town_of(event)}, {long_date_no_day(event.starts_at, event.time_zone)}" if event.starts_at else ""
    )


def office_signers(event: Event, settings: PrintSettings) -> list[dict]:
    """Who signs for the office, from left to right, as its settings say."""
    office = event.office
    chair = {"post": office.chair_position or "Ketua", "name": office.chair_name}
    secretariat = {
        "post": office.secretariat_head_position or "Kepala Sekretariat",
        "name": office.secretariat_head_name,
    }
    return {
        "chair": [chair],
        "secretariat": [secretariat],
        "chair_left": [chair, secretariat],
        "chair_right": [secretariat, chair],
    }[settings.signers]


def committee_chair(event: Event, settings: PrintSettings) -> list[dict]:
    """The committee's chair where one is named, else who signs for the office."""
    person = event.people.filter(role=EventPerson.Role.COMMITTEE_CHAIR).first()
    if person is None:
        return office_signers(event, settings)
    return [{"post": "Ketua Panitia", "name": person.printed_name}]


def missing_signers(event: Event) -> list[str]:
    return [] if event.office.chair_name else ["Nama ketua belum diisi pada data kantor."]


def missing_occasion(event: Event) -> list[str]:
    """Day and place, without which no paper of the event can be read."""
    issues = [] if event.starts_at else ["Tanggal dan jam kegiatan belum diisi."]
    return issues + ([] if event.venue else ["Tempat kegiatan belum diisi."])


def token_values(event: Event, settings: PrintSettings) -> dict[str, str]:
    """What each token of the office's wording stands for in this event; what is not known yet is a row of dots."""
    start, dots = event.starts_at, "…………"
    elections = event.elections.order_by("voting_date", "name").values_list("name", flat=True)
    values = {
        "nama_kantor": event.office.name,
        "judul_kegiatan": event.title,
        "tanggal_panjang": long_date(start, event.time_zone) if start else "",
        "terbilang_tanggal": date_in_words(start, event.time_zone) if start else "",
        "tanggal_angka": date_in_figures(event.date) if start else "",
        "pukul": hours_of(event),
        "tempat": venue_of(event),
        "alamat_tempat": event.venue_address,
        "wilayah": event.region.full_name,
        "nama_pemilihan": " dan ".join(elections),
        "nomor": settings.number,
        "tanggal_surat": long_date_no_day(settings.date) if settings.date else "",
        "terbilang_surat": date_in_words(settings.date) if settings.date else "",
        "angka_surat": date_in_figures(settings.date) if settings.date else "",
    }
    return {name: value or dots for name, value in values.items()}


def wording(event: Event, settings: PrintSettings, blocks: tuple[Block, ...]) -> dict[str, list]:
    """Block → paragraphs of runs: the office's words where it has own ones, else ours."""
    values = token_values(event, settings)
    return {block.name: fill(settings.wording.get(block.name, block.default), values) for block in blocks}
