"""Notula: how the meeting went, in the words of who took notes (DOMAIN §8)."""

from documents.letterhead import tidy
from documents.text_blocks import blocks
from regions.wording import clock_with_zone

from . import paper_kinds
from .letter_parts import hours_of, missing_occasion, signed_at
from .models import Event, EventPerson
from .paper_kinds import Detail
from .paper_snapshot import PrintSettings
from .people_rows import newest, totals
from .report_parts import chapter, in_charge, person_in_role, typed

KIND = "notula"
CLASSIFICATION = "KA.02"
Role = EventPerson.Role
NOT_BEGUN = "Kegiatan belum dimulai. Notula diterbitkan setelah kegiatan berlangsung."
NO_LEADER = "Pimpinan belum diisi. Tulis pada isian notula, atau isi nama ketua pada data kantor."
NO_WRITER = "Notulis belum diisi. Tulis pada isian notula, atau tambahkan petugas dengan peran Notulis."
# What an officer types, in the order of the paper.
CHAPTERS = (
    ("discussion", "Pembahasan"),
    ("questions", "Tanya jawab"),
    ("conclusion", "Kesimpulan"),
    ("follow_up", "Tindak lanjut"),
)
DETAILS = (
    Detail(
        "hours",
        "Waktu",
        max_length=60,
        help_text="Kosong: menurut jadwal kegiatan. Contoh: 09.10 s.d. 11.45 WIB.",
    ),
    Detail(
        "leader",
        "Pimpinan",
        max_length=120,
        help_text="Kosong: ketua pengawas pada daftar petugas, lalu ketua kantor.",
    ),
    Detail("leader_post", "Jabatan pimpinan", max_length=150),
    Detail("writer", "Notulis", max_length=120, help_text="Kosong: petugas dengan peran Notulis."),
    Detail("writer_post", "Jabatan notulis", max_length=150),
    chapter("discussion", "Pembahasan", "Pokok sambutan, materi, dan jalannya kegiatan.", required=True),
    chapter("questions", "Tanya jawab", "Penanya, pertanyaan, dan jawaban. Boleh kosong."),
    chapter("conclusion", "Kesimpulan", required=True),
    chapter("follow_up", "Tindak lanjut", "Tulis “Tidak ada” bila memang tidak ada.", required=True),
)


def leader_of(event: Event, details: dict) -> dict:
    if details.get("leader"):
        return {"name": details["leader"], "post": details.get("leader_post", "")}
    return person_in_role(event, Role.SUPERVISOR_CHAIR) or in_charge(event)


def writer_of(event: Event, details: dict) -> dict:
    if details.get("writer"):
        return {"name": details["writer"], "post": details.get("writer_post", "")}
    return person_in_role(event, Role.MINUTES)


def needs(event: Event) -> list[str]:
    details = typed(event, KIND)
    issues = missing_occasion(event)
    if event.state in (Event.State.DRAFT, Event.State.SCHEDULED):
        issues.append(NOT_BEGUN)
    issues += [] if leader_of(event, details).get("name") else [NO_LEADER]
    return issues + ([] if writer_of(event, details).get("name") else [NO_WRITER])


def freeze(event: Event, settings: PrintSettings) -> dict:
    details = settings.details
    leader, writer = leader_of(event, details), writer_of(event, details)
    present = totals(event)
    return {
        "title": f"Notula {event.title}",
        "classification": CLASSIFICATION,
        "hours": details.get("hours", "") or hours_of(event),
        "leader": leader,
        "writer": writer,
        "present": present["present"],
        "groups": [
            {"label": row["label"], "count": row["present"]} for row in present["rows"] if row["present"]
        ],
        "agenda": agenda_of(event),
        "chapters": [
            {"heading": heading, "text": details.get(name, "")}
            for name, heading in CHAPTERS
            if details.get(name, "").strip()
        ],
        "signers": [_signer("Pimpinan", leader), _signer("Notulis", writer)],
        "signed_at": signed_at(event),
        "as_of": newest(list(event.attendees.expected())),
    }


def agenda_of(event: Event) -> list[dict]:
    """[{title, person?, began?}]: ``began`` is the hour at which it really began, where somebody tapped it."""
    items = event.agenda.select_related("person").order_by("order", "pk")
    return [
        tidy(
            {
                "title": item.title,
                "person": item.person.printed_name if item.person else "",
                "began": clock_with_zone(item.started_at, event.time_zone) if item.started_at else "",
            }
        )
        for item in items
    ]


def context(content: dict) -> dict:
    return {
        "chapters": [
            {"heading": part["heading"], "blocks": blocks(part["text"])}
            for part in content.get("chapters", [])
        ]
    }


def _signer(role: str, person: dict) -> dict:
    return {"post": role, "name": person.get("name", ""), "detail": person.get("post", "")}


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind=KIND,
        label="Notula",
        template="minutes",
        about="Jalannya kegiatan: pembahasan, tanya jawab, kesimpulan, dan tindak lanjut.",
        needs=needs,
        freeze=freeze,
        context=context,
        classification=CLASSIFICATION,
        details=DETAILS,
        order=65,
    )
)
