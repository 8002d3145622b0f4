"""Berkas lengkap: the cover that lists every sealed paper of an event with its hash and carries all of them inside.

Sealed papers are never merged, that would break their seals: each is embedded whole (PDF.md §8.3).
"""

from collections.abc import Callable

from documents import papers
from documents.archive import name_in_bundle
from documents.letterhead import in_eights
from documents.models import Document
from regions.wording import long_date_no_day

from . import paper_kinds
from .letter_parts import missing_occasion
from .models import Event
from .paper_snapshot import PrintSettings

KIND = "dossier"
NAMED = 8  # papers that are named one by one before "dan n lainnya"
MAX_SIZE = 60 * 1024 * 1024  # of everything inside: the file must stay below what checkers read
OPEN = "Kegiatan belum ditutup. Tutup kegiatan sebelum menyusun berkas lengkap."
EMPTY = "Belum ada berkas kegiatan yang tersegel."
TOO_LARGE = "Semua berkas bersama lebih besar dari 60 MB. Unduh berkas lengkap sebagai ZIP."

# What the rooms above still have to seal: ``f(event) -> list[str]``, filled by AppConfig.ready().
UNFINISHED: list[Callable[[Event], list[str]]] = []


def papers_of(event: Event):
    """Every paper of the event but the cover itself, in the order of their seals."""
    found = Document.objects.filter(office=event.office, event_code=event.code).exclude(kind=KIND)
    return found.order_by("sealed_at", "pk")


def sealed_of(event: Event):
    """What is handed out: every paper in force, with the cover."""
    return Document.objects.sealed().filter(office=event.office, event_code=event.code)


def needs(event: Event) -> list[str]:
    """What stands against the cover, in words."""
    issues = missing_occasion(event)
    if event.state in Event.OPEN_STATES:
        issues.append(OPEN)
    for unfinished in UNFINISHED:
        issues += unfinished(event)
    waiting = [
        document.title for document in papers_of(event).unsealed().order_by("created_at").defer("snapshot")
    ]
    issues += [f"{title} masih dibuat dan disegel." for title in waiting[:NAMED]]
    if len(waiting) > NAMED:
        issues.append(f"{len(waiting) - NAMED} berkas lain masih dibuat dan disegel.")
    sizes = papers_of(event).sealed().values_list("size", flat=True)
    if not sizes:
        issues.append(EMPTY)
    if sum(sizes) > MAX_SIZE:
        issues.append(TOO_LARGE)
    return issues


def not_issued(event: Event) -> list[str]:
    """Labels of kinds of which the event has no sealed paper; none of them must be there."""
    have = set(papers_of(event).sealed().values_list("kind", flat=True))
    return [paper.label for paper in paper_kinds.in_order() if paper.kind not in have and paper.kind != KIND]


def freeze(event: Event, settings: PrintSettings) -> dict:
    found = list(papers_of(event).sealed().defer("snapshot"))
    rows = [_row(document, event) for document in found]
    return {
        "title": f"Berkas Lengkap {event.title}",
        "papers": rows,
        "pages": sum(document.pages for document in found),
        "missing": not_issued(event),
        "as_of": found[-1].sealed_at.isoformat() if found else None,
    }


def sources(content: dict) -> list[dict]:
    """What the evidence says of each paper inside: by name and hash the file can be found and compared."""
    return [
        {"kind": row["kind_key"], "title": row["title"], "name": row["name"], "sha256": row["sha256"]}
        for row in content["papers"]
    ]


def enclosures(content: dict) -> tuple[papers.Enclosure, ...]:
    return tuple(
        papers.Enclosure(row["document"], row["name"], row["sha256"], row["size"], row["title"])
        for row in content["papers"]
    )


def context(content: dict) -> dict:
    """The digest in groups, so that it can be compared by eye and breaks at blanks."""
    return {"rows": [row | {"digest": in_eights(row["sha256"])} for row in content["papers"]]}


def _row(document: Document, event: Event) -> dict:
    row = {
        "document": str(document.pk),
        "name": name_in_bundle(document),
        "kind_key": document.kind,
        "kind": papers.label(document.kind),
        "title": document.title,
        "number": document.number,
        "sealed": long_date_no_day(document.sealed_at, event.time_zone),
        "pages": document.pages,
        "size": document.size,
        "sha256": document.sha256,
    }
    return row | ({"revision": document.revision} if document.revision > 1 else {})


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind=KIND,
        label="Berkas lengkap (sampul)",
        template="dossier",
        about="Daftar semua berkas tersegel kegiatan ini dengan sidik digitalnya; setiap berkas terlampir utuh di dalamnya.",
        needs=needs,
        freeze=freeze,
        context=context,
        sources=sources,
        enclosures=enclosures,
        layout="table",
        order=900,
    )
)
