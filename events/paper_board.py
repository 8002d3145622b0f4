"""What "Berkas kegiatan" shows: every kind of paper with its state, what is missing, and its sealed files."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from documents.models import Document

from . import paper_kinds
from .issuing import open_issues
from .models import Event, PaperDraft


@dataclass(frozen=True)
class Line:
    """A person and that person's own paper, as a list shows, sorts and hands it out."""

    key: str
    label: str
    document: Document | None

    @property
    def state(self) -> str:
        return self.document.get_state_display() if self.document else "Belum dibuat"

    @property
    def tone(self) -> str:
        return self.document.state_tone if self.document else "muted"

    @property
    def number(self) -> str:
        return self.document.number if self.document else ""

    @property
    def revision(self) -> int:
        return self.document.revision if self.document else 0

    @property
    def sealed_at(self) -> datetime | None:
        return self.document.sealed_at if self.document else None

    @property
    def sha256(self) -> str:
        return self.document.sha256 if self.document else ""

    @property
    def group(self) -> str:
        """A key of ``GROUPS``."""
        if self.document is None:
            return "belum"
        return "tersegel" if self.document.was_sealed else "proses"


GROUPS = {"belum": "Belum dibuat", "proses": "Sedang dibuat", "tersegel": "Tersegel"}


@dataclass
class Entry:
    """One kind on the page; ``documents`` are its papers by part, the newest that is not withdrawn."""

    paper: paper_kinds.EventPaper
    issues: list[str]
    documents: dict[str, Document]
    draft: PaperDraft | None
    parts: list[paper_kinds.Part]
    is_frozen: bool = False  # the event is archived, and this kind is not made after that

    @property
    def document(self) -> Document | None:
        return None if self.paper.parts else self.documents.get("")

    @cached_property
    def counts(self) -> dict[str, int]:
        """{"sealed": 12, "waiting": 3, "left": 8} of a kind with one paper per person."""
        found = [self.documents.get(part.key) for part in self.parts]
        sealed = sum(1 for document in found if document and document.was_sealed)
        waiting = sum(1 for document in found if document and not document.was_sealed)
        return {"sealed": sealed, "waiting": waiting, "left": len(found) - sealed - waiting}

    @property
    def lines(self) -> list[Line]:
        return [Line(part.key, part.label, self.documents.get(part.key)) for part in self.parts]

    @property
    def tone(self) -> str:
        if self.paper.parts:
            return self._tone_of_parts()
        if self.document:
            return self.document.state_tone
        return "muted"

    @property
    def label(self) -> str:
        if self.paper.parts:
            return (
                f"{self.counts['sealed']} dari {len(self.parts)} tersegel" if self.parts else "Belum dibuat"
            )
        if self.document is None:
            return "Belum dibuat"
        if self.document.state in Document.UNSEALED_STATES:
            return "Sedang disegel"
        revision = f", revisi {self.document.revision}" if self.document.revision > 1 else ""
        return f"{self.document.get_state_display()}{revision}"

    @property
    def is_sealed(self) -> bool:
        return bool(self.document and self.document.is_sealed)

    @property
    def takes_details(self) -> bool:
        return bool(self.paper.details or self.paper.numbered)

    def _tone_of_parts(self) -> str:
        if self.parts and self.counts["sealed"] == len(self.parts):
            return "done"
        return "waiting" if self.counts["waiting"] else "muted"


def entries(event: Event) -> list[Entry]:
    """All kinds in the order of the day; papers and drafts in one query each."""
    documents = newest_papers(event)
    drafts = {draft.kind: draft for draft in event.paper_drafts.select_related("number")}
    return [
        _entry(event, paper, documents.get(paper.kind, {}), drafts.get(paper.kind))
        for paper in paper_kinds.in_order()
    ]


def entry_of(event: Event, paper: paper_kinds.EventPaper) -> Entry:
    """One kind alone, for its own page."""
    draft = event.paper_drafts.filter(kind=paper.kind).select_related("number").first()
    return _entry(event, paper, newest_papers(event).get(paper.kind, {}), draft)


def _entry(event: Event, paper: paper_kinds.EventPaper, documents: dict, draft: PaperDraft | None) -> Entry:
    return Entry(
        paper=paper,
        issues=open_issues(event, paper, draft),
        documents=documents,
        draft=draft,
        parts=paper.parts(event) if paper.parts else [],
        is_frozen=event.is_archived and not paper.after_archive,
    )


def newest_papers(event: Event) -> dict[str, dict[str, Document]]:
    """kind → part → the paper that counts: on its way, else in force."""
    found: dict[str, dict[str, Document]] = {}
    prefix = f"event:{event.pk}:"
    living = Document.objects.living().filter(source__startswith=prefix).order_by("revision", "created_at")
    for document in living:
        kind, _, part = document.source.removeprefix(prefix).partition(":")
        found.setdefault(kind, {})[part] = document
    return found
