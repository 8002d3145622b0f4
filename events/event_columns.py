"""The columns of the lists of events, of invited people and of reports that came in, as files. Pure: rows in, cells out (EVENTS §7)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.spreadsheets import Column

from .people import hidden_phone


def _local(moment: datetime | None, zone: str) -> datetime | None:
    """The hour on the clock of the place."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0) if moment else None


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
