"""What papers that tell of an event afterwards have alike: typed chapters, who is named, the sealed papers (DOMAIN §8).

Reads rows only; freezing twice without a change gives the same.
"""

from datetime import datetime

from documents import papers
from documents.archive import name_in_bundle
from documents.letterhead import in_eights, tidy
from documents.models import LetterNumber
from regions.wording import long_date_no_day

from . import dossier_paper
from .letter_parts import town_of
from .models import Event, EventPerson, PaperDraft
from .paper_kinds import Detail
from .paper_snapshot import PrintSettings

LONG = 20_000  # characters of a chapter
CHAPTER_ROWS = 8
NOT_OVER = "Kegiatan belum selesai. Tutup kegiatan sebelum menerbitkan berkas ini."


def chapter(name: str, label: str, help_text: str = "", *, required: bool = False) -> Detail:
    """A longer text; each line becomes a paragraph."""
    help_text = f"{help_text} Setiap baris menjadi satu alinea; baris yang diawali 1., 2., … menjadi daftar."
    return Detail(
        name, label, required=required, rows=CHAPTER_ROWS, max_length=LONG, help_text=help_text.strip()
    )


def typed(event: Event, kind: str) -> dict:
    """What was typed for this paper: field → text."""
    found = PaperDraft.objects.filter(event=event, kind=kind).values_list("details", flat=True)
    return found.first() or {}


def missing_end(event: Event) -> list[str]:
    """A report is written when the event is over."""
    return [NOT_OVER] if event.state in Event.OPEN_STATES else []


def unfinished(event: Event) -> list[str]:
    """What the rooms above still have to seal, in words."""
    return [sentence for ask in dossier_paper.UNFINISHED for sentence in ask(event)]


def dated_at(event: Event, settings: PrintSettings) -> str:
    """ "Cerme, 3 Oktober 2024": the date of the letter, else that of the event."""
    if settings.date:
        return f"{town_of(event)}, {long_date_no_day(settings.date)}"
    return f"{town_of(event)}, {long_date_no_day(event.date)}" if event.date else ""


# -- people --------------------------------------------------------------------------------------------------------


def person_in_role(event: Event, *roles: str) -> dict:
    """{name, post?} of the first who has one of these roles at the event; {} when nobody has."""
    found = event.people.filter(role__in=roles).order_by("order", "pk").first()
    return tidy({"name": found.printed_name, "post": found.position}) if found else {}


def people_in_role(event: Event, role: str) -> list[str]:
    return [_line(person) for person in event.people.filter(role=role).order_by("order", "pk")]


def in_charge(event: Event) -> dict:
    """{name?, post} of the office's chair."""
    office = event.office
    return {"name": office.chair_name, "post": office.chair_position or "Ketua"}


def _line(person: EventPerson) -> str:
    """ "Dr. Nama, Jabatan, Instansi"; an agency that the post names already is not said twice."""
    agency = person.agency if person.agency not in person.position else ""
    return ", ".join(part for part in (person.printed_name, person.position, agency) if part)


# -- sealed papers -------------------------------------------------------------------------------------------------


def held_papers(event: Event, *without: str):
    """Every paper of the event with a sealed file, oldest first, without the cover and these kinds."""
    return dossier_paper.papers_of(event).with_file().exclude(kind__in=without).defer("snapshot")


def still_sealing(event: Event, *without: str) -> list[str]:
    """One sentence per paper that is on its way; a list made now would lack it."""
    waiting = dossier_paper.papers_of(event).unsealed().exclude(kind__in=without)
    titles = list(waiting.order_by("created_at").values_list("title", flat=True)[: dossier_paper.NAMED + 1])
    if len(titles) > dossier_paper.NAMED:
        return [f"{waiting.count()} berkas masih dibuat dan disegel."]
    return [f"{title} masih dibuat dan disegel." for title in titles]


def paper_rows(event: Event, documents) -> list[dict]:
    """The papers as a list prints them: title, kind, number, classification, day, pages, seal, hash of the file."""
    documents = list(documents)
    numbers = {document.number for document in documents if document.number}
    book = LetterNumber.objects.filter(office=event.office, text__in=numbers).values_list("text", "date")
    days = dict(book)
    return [
        tidy(
            {
                "document": str(document.pk),
                "name": name_in_bundle(document),
                "kind_key": document.kind,
                "kind": papers.label(document.kind),
                "title": document.title,
                "number": document.number,
                "classification": document.classification,
                "day": _day(days.get(document.number) or event.date),
                "sealed": long_date_no_day(document.sealed_at, event.time_zone),
                "pages": document.pages,
                "size": document.size,
                "sha256": document.sha256,
                "revision": document.revision if document.revision > 1 else None,
                "standing": "" if document.is_sealed else document.get_state_display().lower(),
            }
        )
        for document in documents
    ]


def latest(*moments: str) -> str:
    """The newest of some moments in ISO form; "" stands for none."""
    return max(filter(None, moments), key=datetime.fromisoformat, default="")


def newest_seal(documents) -> str:
    """For ``as_of``."""
    moments = documents.order_by("-sealed_at").values_list("sealed_at", flat=True)
    return moments[0].isoformat() if moments else ""


def with_digests(rows: list[dict]) -> list[dict]:
    return [row | {"digest": in_eights(row["sha256"])} if "sha256" in row else row for row in rows]


def _day(day) -> str:
    return long_date_no_day(day) if day else ""
