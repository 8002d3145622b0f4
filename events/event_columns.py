"""The columns of the lists of events and of what belongs to one, as files. Pure: rows in, cells out (EVENTS §7)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.spreadsheets import Column
from regions.wording import clock_with_zone

from .people import hidden_phone


def _local(moment: datetime | None, zone: str) -> datetime | None:
    """The hour on the clock of the place."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0) if moment else None


def _clock(moment: datetime | None, zone: str) -> str:
    return clock_with_zone(moment, zone) if moment else ""


EVENTS = [
    Column("code", "Kode", lambda row: row.code),
    Column("title", "Kegiatan", lambda row: row.title),
    Column("starts_at", "Mulai", lambda row: _local(row.starts_at, row.time_zone)),
    Column("ends_at", "Selesai", lambda row: _local(row.ends_at, row.time_zone)),
    Column("venue", "Tempat", lambda row: row.venue),
    Column("region", "Wilayah", lambda row: row.region.titled),
    Column("office", "Penyelenggara", lambda row: row.office.name),
    Column("attendees", "Peserta", lambda row: row.attendee_count),
    Column("state", "Status", lambda row: row.get_state_display()),
]
INVITED = [
    Column("name", "Nama", lambda row: row.printed_name),
    Column("category", "Unsur", lambda row: row.get_category_display()),
    Column("position", "Jabatan", lambda row: row.position),
    Column("agency", "Instansi", lambda row: row.agency),
    Column("village", "Desa/kelurahan", lambda row: row.village.name if row.village else ""),
    Column("district", "Kecamatan", lambda row: row.village.parent.name if row.village else ""),
    Column("phone", "Nomor HP", lambda row: hidden_phone(row.shown_phone)),
    Column("answer", "Undangan", lambda row: row.get_invitation_display()),
    Column("represented", "Mewakili", lambda row: row.on_behalf_of_position or row.on_behalf_of_name),
]
# Rows are ``timetable.Slot``; the hours are those of the clock of the place.
AGENDA = [
    Column("starts", "Mulai", lambda slot: _clock(slot.starts, slot.item.event.time_zone)),
    Column("ends", "Selesai", lambda slot: _clock(slot.ends, slot.item.event.time_zone)),
    Column("duration", "Menit", lambda slot: slot.item.duration),
    Column("title", "Mata acara", lambda slot: slot.item.title),
    Column("person", "Petugas", lambda slot: slot.item.person.printed_name if slot.item.person else ""),
    Column("notes", "Catatan", lambda slot: slot.item.notes),
]
CREW = [
    Column("role", "Peran", lambda row: row.get_role_display()),
    Column("name", "Nama", lambda row: row.printed_name),
    Column("position", "Jabatan", lambda row: row.position),
    Column("agency", "Instansi", lambda row: row.agency),
]
# Without the link of the meeting: whoever has it can come in.
SITES = [
    Column("name", "Lokasi", lambda row: row.name),
    Column("region", "Wilayah", lambda row: row.region.titled if row.region else ""),
    Column("venue", "Tempat", lambda row: row.venue),
    Column("mode", "Bentuk", lambda row: row.get_mode_display()),
    Column("officer", "Petugas", lambda row: row.officer_name),
]
MAILS = [
    Column("attendee", "Penerima", lambda row: row.attendee.label),
    Column("kind", "Jenis", lambda row: row.get_kind_display()),
    Column("state", "Keadaan", lambda row: row.get_state_display()),
    Column("sent_at", "Terkirim", lambda row: _local(row.sent_at, row.event.time_zone)),
    Column("error", "Kendala terakhir", lambda row: row.last_error),
]


def parts_of(zone: str) -> list[Column]:
    """The columns of ``paper_board.Line``; hours in ``zone``."""
    return [
        Column("label", "Nama", lambda line: line.label),
        Column("number", "Nomor", lambda line: line.number),
        Column("state", "Keadaan", lambda line: line.state),
        Column("revision", "Revisi", lambda line: line.revision or None),
        Column("sealed_at", "Disegel", lambda line: _local(line.sealed_at, zone)),
        Column("sha256", "Sidik digital (SHA-256)", lambda line: line.sha256),
    ]


SUBMISSIONS = [
    Column("code", "Kode kegiatan", lambda row: row.event.code),
    Column("title", "Kegiatan", lambda row: row.event.title),
    Column("day", "Tanggal kegiatan", lambda row: row.event.date),
    Column("office", "Pengirim", lambda row: row.event.office.name),
    Column("to_office", "Kepada", lambda row: row.to_office.name),
    Column("at", "Dikirim", lambda row: _local(row.at, row.event.time_zone)),
    Column("papers", "Berkas", lambda row: len(row.papers)),
    Column("note", "Catatan", lambda row: row.note),
    Column("state", "Status", lambda row: row.get_state_display()),
    Column("answered_at", "Dijawab", lambda row: _local(row.answered_at, row.event.time_zone)),
    Column("reason", "Alasan dikembalikan", lambda row: row.reason),
]
