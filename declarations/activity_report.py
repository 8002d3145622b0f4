"""Laporan kegiatan: four chapters, closing, photos, and the sealed papers of the event inside (DOMAIN §8, §13 story 7)."""

from collections import Counter

from documents import papers
from documents.text_blocks import blocks
from events import paper_kinds, photo_paper
from events.letter_parts import hours_of, missing_occasion, missing_signers, office_signers, wording
from events.models import Event, EventPerson
from events.paper_kinds import Block, Detail
from events.paper_snapshot import PrintSettings
from events.people_rows import totals
from events.report_parts import (
    chapter,
    dated_at,
    held_papers,
    latest,
    missing_end,
    newest_seal,
    paper_rows,
    people_in_role,
    still_sealing,
    typed,
    unfinished,
    with_digests,
)

from . import report_drafts, report_facts
from .record_paper import with_files

KIND = "laporan_kegiatan"
# Papers that are made from the report or beside it; the photos it prints itself.
NOT_ENCLOSED = (KIND, "rekap", "ba_serah_terima_arsip", photo_paper.KIND)
SEVERAL = 12  # papers of one kind that are listed one by one; of more only their number is told
LARGEST_INSIDE = 20 * 1024 * 1024  # bytes of all enclosures; of more the list names each file by its hash
FIRST_NAMED = 50  # where a naskah stands among the kinds of this room's papers, by ``order``
NO_BASIS = "Dasar belum diisi."
NOTHING = "Tulis “Tidak ada” bila memang tidak ada."
BLOCKS = (
    Block(
        "closing",
        "Penutup",
        "Demikian laporan kegiatan {judul_kegiatan} ini disusun sebagai pertanggungjawaban pelaksanaan kegiatan dan untuk"
        " dipergunakan sebagaimana mestinya.",
    ),
)
DETAILS = (
    chapter("basis", "Dasar", "Kosong: dasar hukum naskah yang ditandatangani."),
    chapter("purpose", "Maksud dan tujuan", required=True),
    Detail(
        "hours",
        "Waktu",
        max_length=60,
        help_text="Kosong: menurut jadwal kegiatan. Contoh: 09.10 s.d. 11.45 WIB.",
    ),
    chapter("material", "Materi", "Judul atau pokok materi. " + NOTHING, required=True),
    chapter("results", "Hasil lain yang dicapai", "Hasil penandatanganan tercetak dengan sendirinya."),
    chapter("problems", "Kendala", NOTHING, required=True),
    chapter("advice", "Rekomendasi", NOTHING, required=True),
    Detail(
        "attachments",
        "Lampiran lain",
        rows=4,
        max_length=1000,
        help_text="Satu lampiran tiap baris, yang disampaikan tersendiri. Contoh: Surat Tugas Nomor …, materi narasumber.",
    ),
)
CHAPTERS = ("basis", "purpose", "material", "results", "problems", "advice")


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event) + missing_end(event)
    if not typed(event, KIND).get("basis") and not report_facts.legal_bases_of(event):
        issues.append(NO_BASIS)
    return (
        issues + photo_paper.missing_captions(event) + unfinished(event) + still_sealing(event, *NOT_ENCLOSED)
    )


def freeze(event: Event, settings: PrintSettings) -> dict:
    details = settings.details
    held = held_papers(event, *NOT_ENCLOSED).sealed()
    enclosed, counted = enclosed_papers(event, held)
    return {
        "title": f"Laporan Kegiatan {event.title}",
        "hours": details.get("hours", "") or hours_of(event),
        "chapters": {name: details.get(name, "") for name in CHAPTERS},
        "legal_bases": report_facts.legal_bases_of(event),
        "organizer": event.office.name,
        "speakers": people_in_role(event, EventPerson.Role.SPEAKER),
        "totals": totals(event),
        "papers": [report_facts.paper_facts(paper) for paper in report_facts.papers_of(event)],
        "photos": photo_paper.photo_rows(event),
        "enclosed": enclosed,
        "inside": sum(row["size"] for row in enclosed) <= LARGEST_INSIDE,
        "counted": counted,
        "attachments": [line.strip() for line in details.get("attachments", "").splitlines() if line.strip()],
        "wording": wording(event, settings, BLOCKS),
        "signers": office_signers(event, settings),
        "signed_at": dated_at(event, settings),
        "as_of": latest(report_facts.newest_of(event), newest_seal(held), photo_paper.newest_photo(event)),
    }


def first_words(event: Event) -> dict[str, str]:
    """The chapters as the data tells them now, for the officer to edit."""
    counts = totals(event)
    items = event.agenda.filter(person__role=EventPerson.Role.SPEAKER).select_related("person")
    papers_now = [report_facts.paper_facts(paper) for paper in report_facts.papers_of(event)]
    return report_drafts.drafts(
        report_drafts.ReportFacts(
            elections=tuple(str(election) for election in event.elections.all()),
            groups=tuple(row["label"] for row in counts["rows"]),
            invited=counts["invited"],
            present=counts["present"],
            talks=tuple((item.title, item.person.printed_name) for item in items),
            naskah=tuple(_naskah(row) for row in papers_now),
        )
    )


def _naskah(row: dict) -> report_drafts.NaskahFacts:
    names = ("title", "listed", "signed", "refused", "absent", "read")
    return report_drafts.NaskahFacts(**{name: row[name] for name in names if name in row})


def enclosed_papers(event: Event, held) -> tuple[list[dict], list[dict]]:
    """The papers in force in the order of the day, and the number of those of which there are too many to list."""
    documents = list(held)
    many = {kind for kind, count in Counter(each.kind for each in documents).items() if count > SEVERAL}
    listed = sorted((each for each in documents if each.kind not in many), key=_place)
    counted = Counter(papers.label(each.kind) for each in documents if each.kind in many)
    return paper_rows(event, listed), [
        {"kind": kind, "count": count} for kind, count in sorted(counted.items())
    ]


def _place(document) -> tuple:
    known = paper_kinds.get(document.kind)
    return (known.order if known else FIRST_NAMED, document.sealed_at, str(document.pk))


def context(content: dict) -> dict:
    chapters = {name: blocks(text) for name, text in content.get("chapters", {}).items()}
    return {
        "chapters": chapters,
        "naskah": with_files(content),
        "enclosed": with_digests(content.get("enclosed", [])),
        **photo_paper.context(content),
    }


def sources(content: dict) -> list[dict]:
    """What the evidence says of each paper inside, by the name under which it is found, and of each photo."""
    inside = {"name"} if content.get("inside") else set()
    fields = {"kind_key": "kind", "title": "title", "sha256": "sha256"} | {name: name for name in inside}
    rows = [{new: row[old] for old, new in fields.items()} for row in content.get("enclosed", [])]
    return rows + photo_paper.sources(content)


def enclosures(content: dict) -> tuple[papers.Enclosure, ...]:
    if not content.get("inside"):
        return ()
    return tuple(
        papers.Enclosure(row["document"], row["name"], row["sha256"], row["size"], row["title"])
        for row in content.get("enclosed", [])
    )


PAPER = paper_kinds.EventPaper(
    kind=KIND,
    label="Laporan kegiatan",
    template="report",
    about="Dasar, pelaksanaan, hasil, kendala, dan rekomendasi, dengan foto; berkas tersegel kegiatan terlampir di dalamnya.",
    needs=needs,
    freeze=freeze,
    context=context,
    sources=sources,
    enclosures=enclosures,
    pictures=photo_paper.pictures,
    drafts=first_words,
    numbered=True,
    classification="PM.01.02",
    details=DETAILS,
    blocks=BLOCKS,
    order=70,
    links=(("Foto kegiatan", "events:photos"), ("Laporan singkat", "declarations:short_report")),
)
