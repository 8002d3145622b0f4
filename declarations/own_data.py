"""What is stored about one person, in plain words for that person ("Data saya", UU 27/2022 Ps. 5–7). Reads only."""

from events.models import AttendanceRecord, PersonalLink
from events.people import mask, masked_email, shown_phone

from .remote import moment, own_records, receipt_of


def facts_about(link: PersonalLink) -> list[tuple[str, str]]:
    """(label, value) of the list of attendees; numbers are masked because a link may fall into other hands."""
    person, event = link.attendee, link.attendee.event
    number = (
        f"{person.get_identity_kind_display()} {person.identity_masked}" if person.identity_number else ""
    )
    behalf = ", ".join(part for part in (person.on_behalf_of_name, person.on_behalf_of_position) if part)
    rows = [
        ("Nama", person.printed_name or "belum tercatat"),
        ("Pangkat/golongan", person.rank),
        ("Jabatan", person.position),
        ("Instansi/unit kerja", person.agency),
        ("Desa/kelurahan", person.village.titled if person.village else ""),
        ("Unsur", person.get_category_display() if person.category else ""),
        ("Mewakili", behalf),
        ("Nomor surat tugas", person.letter_no),
        ("Nomor identitas", number or "tidak disimpan"),
        ("Nomor HP", masked_phone(person.phone) or "tidak disimpan"),
        ("Surel", masked_email(person.email) or "tidak disimpan"),
        ("Cara hadir", person.get_presence_display()),
        ("Dicatat dalam daftar", moment(person.created_at, event)),
    ]
    return [(label, value) for label, value in rows if value]


def times_about(link: PersonalLink) -> list[tuple[str, str]]:
    """(what happened, when), oldest first: link, attendance, signatures."""
    event = link.attendee.event
    found = [
        (link.created_at, "Tautan pribadi ini dibuat"),
        (link.opened_at, "Tautan dibuka"),
        (link.admitted_at, "Kode ruang diterima"),
    ]
    arrivals = AttendanceRecord.objects.filter(attendee=link.attendee_id, successful=True)
    found += [
        (record.occurred_at, f"{record.get_kind_display()}: {record.get_method_display()}")
        for record in arrivals
    ]
    found += [
        (record.signed_at, f"{record.get_outcome_display()}: {record.declaration.title}")
        for record in own_records(link).select_related("declaration__text_version")
    ]
    return [(what, moment(at, event)) for at, what in sorted(row for row in found if row[0])]


def receipts_of(link: PersonalLink) -> list[dict]:
    records = own_records(link).select_related("declaration__text_version", "declaration__event")
    return [{**receipt_of(record), "pk": record.pk} for record in records]


def masked_phone(number: str) -> str:
    """``0812****7890``: the operator and the end, so that the owner knows which one it is."""
    shown = shown_phone(number)
    return shown[:4] + "*" * (len(shown) - 7) + shown[-3:] if len(shown) > 8 else mask(shown)
