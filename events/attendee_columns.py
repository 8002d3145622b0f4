"""The columns of the list of attendees as a file, in the words the import knows. Pure: rows in, cells out (EVENTS §7)."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.spreadsheets import Column, with_leading_zero

from .people import hidden_phone, print_number

NUMBER, PHONE = "identity_number", "phone"
SENSITIVE = (NUMBER, PHONE)
USUAL = (
    *("order", "title_prefix", "full_name", "title_suffix", "category", "rank", "position", "agency"),
    *("village", "district", "identity_kind", "identity_number", "presence"),
)


def columns_of(time_zone: str, *, in_full: bool) -> list[Column]:
    """Every column there is; numbers and telephones masked unless ``in_full``."""
    zone = ZoneInfo(time_zone)
    number = _number if in_full else _masked
    return [
        Column("order", "No.", _position()),
        Column("title_prefix", "Gelar depan", lambda row: row.title_prefix),
        Column("full_name", "Nama lengkap", lambda row: row.full_name),
        Column("title_suffix", "Gelar belakang", lambda row: row.title_suffix),
        Column("category", "Unsur", lambda row: row.get_category_display()),
        Column("rank", "Pangkat/golongan", lambda row: row.rank),
        Column("position", "Jabatan", lambda row: row.position),
        Column("agency", "Instansi", lambda row: row.agency),
        Column("village", "Desa/kelurahan", lambda row: row.village.name if row.village else ""),
        # Villages of a kabupaten share names; with this column the import knows which one is meant.
        Column("district", "Kecamatan", lambda row: row.village.parent.name if row.village else ""),
        Column("identity_kind", "Jenis nomor", _kind),
        Column(NUMBER, "NIP/NRP", number, spelled_number if in_full else _masked),
        Column(PHONE, "Nomor HP", _phone(in_full), _spelled_phone if in_full else _phone(False)),
        Column("email", "Surel", lambda row: row.email),
        Column("on_behalf_of_name", "Mewakili (nama)", lambda row: row.on_behalf_of_name),
        Column("on_behalf_of_position", "Mewakili (jabatan)", lambda row: row.on_behalf_of_position),
        Column("letter_no", "Nomor surat tugas", lambda row: row.letter_no),
        Column("site", "Lokasi", lambda row: row.site.name if row.site else ""),
        Column("attends", "Cara hadir", lambda row: row.get_presence_display()),
        Column("invitation", "Undangan", lambda row: row.get_invitation_display()),
        Column("presence", "Kehadiran", lambda row: "Hadir" if row.is_present else "Belum"),
        Column("first_seen_at", "Hadir pukul", lambda row: _local(row.first_seen_at, zone)),
        Column("source", "Asal data", lambda row: row.get_source_display()),
        Column("withdrawn", "Dikeluarkan", lambda row: "Ya" if row.is_withdrawn else ""),
    ]


def labels(keys: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """(key, label) of the columns, for a form to choose from."""
    found = columns_of("Asia/Jakarta", in_full=False)
    return [(column.key, column.label) for column in found if keys is None or column.key in keys]


def spelled_number(row) -> str:
    """For CSV: ``19860926 201505 1 001``, which a spreadsheet leaves as text; a leading zero keeps an apostrophe."""
    return with_leading_zero(print_number(row.identity_number))


def spelled_phone(phone: str) -> str:
    """``0812 3456 7890``: in groups, so that no spreadsheet takes the zero or a plus sign away."""
    if not re.fullmatch(r"0[0-9]{8,}", phone):
        return phone
    return " ".join([phone[:4], *(phone[at : at + 4] for at in range(4, len(phone), 4))])


def _position() -> Callable[[object], int]:
    """1, 2, 3 … in the order of the file; the same row keeps its number."""
    seen: dict = {}
    return lambda row: seen.setdefault(row.pk, len(seen) + 1)


def _kind(row) -> str:
    return row.get_identity_kind_display() if row.identity_kind else ""


def _masked(row) -> str:
    return row.identity_masked


def _number(row) -> str:
    return row.identity_number


def _phone(in_full: bool) -> Callable[..., str]:
    return lambda row: row.shown_phone if in_full else hidden_phone(row.shown_phone)


def _spelled_phone(row) -> str:
    return spelled_phone(row.shown_phone)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0) if moment else None
