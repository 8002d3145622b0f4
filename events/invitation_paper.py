"""Undangan with its list of recipients, and the committee's list with answers (DOMAIN §8)."""

from regions.wording import in_words
from regions.wording import number as grouped

from . import paper_kinds
from .letter_parts import (
    hours_of,
    missing_occasion,
    missing_signers,
    office_signers,
    signed_at,
    town_of,
    wording,
)
from .models import Event
from .paper_kinds import Block, Detail
from .paper_snapshot import PrintSettings
from .people import hidden_phone
from .people_rows import PREVIEW_ROWS, expected, newest, row_of

DETAILS = (
    Detail("nature", "Sifat", initial="Biasa", max_length=40),
    Detail(
        "basis",
        "Dasar",
        rows=3,
        max_length=1000,
        help_text="Boleh kosong. Contoh: Pasal 105 Undang-Undang Nomor 7 Tahun 2017 tentang Pemilihan Umum.",
    ),
    Detail("agenda", "Acara", rows=2, max_length=300, help_text="Kosongkan untuk memakai nama kegiatan."),
    Detail("dress", "Pakaian", max_length=120, help_text="Contoh: batik lengan panjang."),
    Detail(
        "contact",
        "Narahubung",
        max_length=160,
        help_text="Nama dan nomor yang boleh diketahui semua penerima surat.",
    ),
    Detail("notes", "Catatan", rows=2, max_length=400),
    Detail("copies", "Tembusan", rows=4, max_length=1000, help_text="Satu penerima per baris."),
)
BLOCKS = (
    Block("greeting", "Salam pembuka", "Dengan hormat,"),
    Block(
        "opening",
        "Kalimat pembuka",
        "Dalam rangka {judul_kegiatan}, kami mengundang Bapak/Ibu untuk hadir pada:",
    ),
    Block(
        "closing",
        "Kalimat penutup",
        "Mengingat pentingnya kegiatan tersebut, kami mohon Bapak/Ibu hadir tepat waktu.\n\n"
        "Demikian undangan ini kami sampaikan. Atas perhatian dan kehadiran Bapak/Ibu, kami ucapkan terima kasih.",
    ),
)


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event)
    if not event.open_invitation and not event.attendees.expected().exists():
        issues.append("Belum ada peserta yang diundang.")
    return issues


def freeze(event: Event, settings: PrintSettings) -> dict:
    people = list(expected(event, settings))
    details = settings.details
    return {
        "title": f"Undangan {event.title}",
        "subject": "Undangan",
        "nature": details.get("nature", ""),
        "enclosures": "1 (satu) berkas" if people else "–",
        "written_at": town_of(event),
        "recipients": "Bapak/Ibu (daftar terlampir)" if people else "Bapak/Ibu undangan",
        "basis": details.get("basis", ""),
        "hours": hours_of(event),
        "agenda": details.get("agenda", "") or event.title,
        "dress": details.get("dress", ""),
        "contact": details.get("contact", ""),
        "notes": details.get("notes", ""),
        "wording": wording(event, settings, BLOCKS),
        "signers": office_signers(event, settings),
        "copies": [line.strip() for line in details.get("copies", "").splitlines() if line.strip()],
        "people": [row_of(person, PrintSettings()) for person in people],
        "cut": PREVIEW_ROWS if settings.draft and len(people) == PREVIEW_ROWS else None,
        "as_of": newest(people),
    }


def list_needs(event: Event) -> list[str]:
    return missing_occasion(event) + (
        [] if event.attendees.expected().exists() else ["Belum ada peserta yang diundang."]
    )


def freeze_list(event: Event, settings: PrintSettings) -> dict:
    people = list(expected(event, settings))
    count = len(people)
    return {
        "title": f"Daftar Undangan {event.title}",
        "hours": hours_of(event),
        "people": [
            row_of(person, PrintSettings())
            | {"contact": hidden_phone(person.shown_phone), "answer": person.get_invitation_display()}
            for person in people
        ],
        "total": f"{grouped(count)} ({in_words(count)}) orang",
        "signers": office_signers(event, settings),
        "signed_at": signed_at(event),
        "as_of": newest(people),
    }


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind="undangan",
        label="Undangan",
        template="invitation",
        about="Surat undangan bernomor, dengan daftar undangan sebagai lampiran.",
        needs=needs,
        freeze=freeze,
        numbered=True,
        classification="PM.03.02",
        details=DETAILS,
        blocks=BLOCKS,
        order=10,
    )
)
LIST = paper_kinds.register(
    paper_kinds.EventPaper(
        kind="daftar_undangan",
        label="Daftar undangan dan konfirmasi",
        template="invitation_list",
        about="Daftar untuk panitia: siapa diundang dan jawabannya. Nomor HP disamarkan.",
        needs=list_needs,
        freeze=freeze_list,
        classification="PM.03.02",
        layout="table",
        order=15,
    )
)
