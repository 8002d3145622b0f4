"""Which documents a paper consists of: the main one and its addenda, or a sheet for each who signed one by one.

Reading only. Late signatures – accepted once the main document is in force – never change it: they stand on an addendum
of their own (DESIGN §3). Anything else that changes is a revision of the document on which it stands.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from accounts.canonical import canonical_bytes, sha256_hex
from documents.models import Document
from documents.sealing import snapshot_of

from .evidence import text_sha256
from .evidence_file import person_entry, root_of
from .models import Declaration, SheetSignature, Signatory
from .models.declarations import SigningMode
from .snapshot import addendum_name, freeze, freeze_addendum

ADDENDUM = "addendum"  # kind of document, and first word of its source
# What the paper says and who stands on it. Everything else is its frame: letterhead, names of groups and places.
SAID = ("declaration", "text", "text_sha256", "parties", "witnesses", "signatories", "reading")
# What says how the paper came about, not what it says.
VOLATILE = ("as_of", "review", "devices", "addenda", "audit")
# Of a person only for evidence: papers from before these fields are not other papers for it.
FOR_EVIDENCE = ("salt", "commitment", "clock")


class Paper(NamedTuple):
    """One document to be: its kind, source and title, what is frozen, the sealed document it takes the place of, and
    the one it adds to."""

    kind: str
    source: str
    title: str
    snapshot: dict
    replaces: Document | None
    amends: Document | None = None

    @property
    def is_unchanged(self) -> bool:
        return self.replaces is not None and not (
            differs(self.replaces, self.snapshot, *SAID) or self._has_new_frame
        )

    @property
    def says_the_same(self) -> bool:
        """Nothing a reader of the sealed document was told has changed."""
        return self.replaces is not None and not differs(self.replaces, self.snapshot, *SAID)

    @property
    def _has_new_frame(self) -> bool:
        frame = {*self.snapshot, *snapshot_of(self.replaces)} - {*SAID, *VOLATILE}
        return differs(self.replaces, self.snapshot, *frame)


class Plan(NamedTuple):
    """What sealing would do now: documents that are new or changed, and sealed ones of which nothing is left."""

    changed: list[Paper]
    emptied: list[Document]

    @property
    def is_late_only(self) -> bool:
        """Only signatures that came after the seal: a new addendum, and everything sealed stays as it is."""
        return bool(self.changed) and not self.emptied and all(_is_new_addendum(p) for p in self.changed)

    @property
    def is_empty(self) -> bool:
        return not self.changed and not self.emptied


def plan(declaration: Declaration, open_reason: str = "") -> Plan:
    """Everything the paper should consist of, compared with what is sealed."""
    if text_sha256(declaration.text_version.content) != declaration.text_version.sha256:
        raise ValueError("the text of the version is not the one that was published")
    if declaration.signing_mode == SigningMode.INDIVIDUAL:
        sheets = [paper for paper in _sheets(declaration, open_reason) if not paper.is_unchanged]
        return Plan(sheets, _sheets_without_signature(declaration))
    main = sealed_main(declaration)
    if main is None:
        return Plan([_main(declaration, None, None, [], open_reason)], [])
    added = list(sealed_addenda(declaration))
    late = late_rows(declaration, main, added)
    main_paper = _main(declaration, main, rows_of_main(declaration, main), added, open_reason)
    kept, emptied = _again(declaration, added, open_reason)
    changed = [paper for paper in (main_paper, *kept) if not paper.says_the_same]
    if changed or emptied:
        return Plan(changed, emptied)  # late ones wait until what is sealed is right
    if late:
        return Plan([_new_addendum(declaration, main, late, open_reason)], [])
    return Plan([paper for paper in (main_paper, *kept) if not paper.is_unchanged], [])


def waiting_late(declaration: Declaration) -> int:
    """How many late signatures stand on no document yet."""
    if declaration.signing_mode == SigningMode.INDIVIDUAL or not declaration.is_sealed:
        return 0
    main = sealed_main(declaration)
    decided = declaration.signatures.valid().filter(outcome="signed", decided_at__isnull=False)
    if main is None or not decided.filter(decided_at__gte=_first_sealed(main).created_at).exists():
        return 0  # asked at every look at the page: nothing is opened unless it may matter
    return len(late_rows(declaration, main, list(sealed_addenda(declaration))))


# -- which documents there are -----------------------------------------------------------------------------------


def source_of(row: Signatory) -> str:
    """Document.source of the sheet of one person."""
    return f"signatory:{row.pk}"


def addendum_source(declaration: Declaration, number: int | str = "") -> str:
    """Document.source of an addendum; without a number the beginning of all of them."""
    return f"{ADDENDUM}:{declaration.pk}:{number}"


def family(declaration: Declaration):
    """All documents of the paper."""
    if declaration.signing_mode == SigningMode.INDIVIDUAL:
        sources = [source_of(row) for row in declaration.signatories.only("pk")]
        return Document.objects.filter(source__in=sources)
    addenda = Q(source__startswith=addendum_source(declaration))
    return Document.objects.filter(Q(source=declaration.source) | addenda)


def addenda(declaration: Declaration):
    return Document.objects.filter(kind=ADDENDUM, source__startswith=addendum_source(declaration))


def sealed_main(declaration: Declaration) -> Document | None:
    return _sealed(declaration, declaration.kind, declaration.source)


def sealed_addenda(declaration: Declaration):
    """In force, in their order."""
    return addenda(declaration).sealed().select_related("office").order_by("created_at")


def is_complete(declaration: Declaration) -> bool:
    """Does all that was signed before the seal stand on papers in force?"""
    in_force = family(declaration).sealed()
    if declaration.signing_mode != SigningMode.INDIVIDUAL:
        return in_force.exclude(kind=ADDENDUM).exists()
    signed = {source_of(row) for row in declaration.signatories.current().signed().only("pk")}
    return bool(signed) and signed <= set(in_force.values_list("source", flat=True))


def declaration_of(document: Document) -> Declaration | None:
    kind, _, rest = document.source.partition(":")
    if kind == "declaration":
        return Declaration.objects.filter(pk=rest).first()
    if kind == ADDENDUM:
        return Declaration.objects.filter(pk=rest.partition(":")[0]).first()
    if kind == "signatory":
        return Declaration.objects.filter(signatories=rest).first()
    return None


def _sealed(declaration: Declaration, kind: str, source: str) -> Document | None:
    known = Document.objects.filter(office=declaration.event.office, kind=kind, source=source)
    return known.sealed().order_by("-revision").first()


# -- who stands where --------------------------------------------------------------------------------------------


def late_rows(declaration: Declaration, main: Document, added: Iterable[Document]) -> list[Signatory]:
    """People whose signature counts and of whom no document in force shows one."""
    return _unprinted(declaration, [main, *added])


def rows_of_main(declaration: Declaration, main: Document) -> list[Signatory]:
    """The list of the main document: whoever signed late stands there as before; not at all who came to the list late."""
    late = {row.pk for row in _unprinted(declaration, [main])}
    first_seal = _first_sealed(main).created_at
    stays = [
        row.pk
        for row in declaration.signatories.current()
        if row.pk not in late and not _is_newcomer(row, first_seal)
    ]
    rows = declaration.signatories.filter(Q(pk__in=stays) | Q(replaced_by__in=late))
    return list(rows.select_related("attendee").in_order())


def _is_newcomer(row: Signatory, first_seal: datetime) -> bool:
    """Put on the list by a decision after the seal that was taken back since."""
    return row.revision == 1 and row.created_at > first_seal and row.outcome == Signatory.Outcome.PENDING


def _first_sealed(main: Document) -> Document:
    known = Document.objects.published().filter(kind=main.kind, source=main.source, office=main.office_id)
    return known.order_by("revision").first()


def printed_marks(document: Document) -> set[str]:
    """What the document shows of everybody who signed: the SHA-256 of the record, or the row of a sheet."""
    people = snapshot_of(document)["signatories"]
    return {_mark_of(person) for person in people if person["outcome"] == "signed"}


def _mark_of(person: dict) -> str:
    if "sheet" in person:
        return _mark_of_sheet(person["sheet"]["ref"], person["sheet"]["row"])
    return person["record_sha256"]


def _mark_of_sheet(code: str, row: int) -> str:
    return f"{code} {row}"


def _unprinted(declaration: Declaration, documents: Iterable[Document]) -> list[Signatory]:
    printed = {mark for document in documents for mark in printed_marks(document)}
    marks = _marks_by_person(declaration)
    rows = declaration.signatories.current().signed().select_related("attendee").in_order()
    return [row for row in rows if not marks.get(row.attendee_id, set()) & printed]


def _marks_by_person(declaration: Declaration) -> dict:
    """Attendee → all records of the person on this paper and rows of sheets, whatever became of them."""
    found: dict = {}
    known = declaration.signatures.exclude(signatory=None)
    for attendee, sha256 in known.values_list("signatory__attendee_id", "record_sha256"):
        found.setdefault(attendee, set()).add(sha256)
    notes = SheetSignature.objects.filter(signatory__declaration=declaration)
    for note in notes.select_related("signatory", "scan__sheet__event"):
        mark = _mark_of_sheet(note.scan.sheet.code, note.row)
        found.setdefault(note.signatory.attendee_id, set()).add(mark)
    return found


# -- what each document would say now ----------------------------------------------------------------------------


def differs(document: Document, snapshot: dict, *names: str) -> bool:
    """Is one of these parts of the frozen snapshot another one now?"""
    if document.input_sha256 == sha256_hex(canonical_bytes(snapshot)):
        return False
    stored = snapshot_of(document)
    return any(_said(stored.get(name)) != _said(snapshot.get(name)) for name in names)


def _said(part):
    """A part without what only evidence needs of the people in it."""
    if not (isinstance(part, list) and part and isinstance(part[0], dict) and "outcome" in part[0]):
        return part
    return [{name: each[name] for name in each if name not in FOR_EVIDENCE} for each in part]


def _main(
    declaration: Declaration, replaces: Document | None, people, added: list[Document], open_reason: str
) -> Paper:
    """The list says who was there; where those stand who signed late is a sentence of its own."""
    snapshot = freeze(declaration, people=people, open_reason=open_reason)
    if added:
        snapshot["addenda"] = [snapshot_of(document)["addendum"]["name"] for document in added]
    return Paper(declaration.kind, declaration.source, _title(declaration)[:300], snapshot, replaces)


def _sheets(declaration: Declaration, open_reason: str) -> list[Paper]:
    return [
        Paper(
            declaration.kind,
            source_of(row),
            f"{_title(declaration)} – {row.name}"[:300],
            freeze(declaration, only=row, open_reason=open_reason),
            _sealed(declaration, declaration.kind, source_of(row)),
        )
        for row in declaration.signatories.current().signed().in_order()
    ]


def _sheets_without_signature(declaration: Declaration) -> list[Document]:
    """Sheets of a pakta integritas whose signature was taken back after they had been sealed."""
    gone = declaration.signatories.exclude(outcome=Signatory.Outcome.SIGNED)
    return list(Document.objects.filter(source__in=[source_of(row) for row in gone]).sealed())


def _again(
    declaration: Declaration, added: Iterable[Document], open_reason: str
) -> tuple[list[Paper], list[Document]]:
    """(each sealed addendum as it would be now, those on which nobody is left)"""
    kept, emptied = [], []
    for document in added:
        stored, rows = snapshot_of(document), _rows_of_addendum(declaration, document)
        if not rows:
            emptied.append(document)
            continue
        facts = {"number": stored["addendum"]["number"], "to": stored["addendum"]["to"]}
        snapshot = freeze_addendum(declaration, people=rows, open_reason=open_reason, **facts)
        kept.append(
            Paper(ADDENDUM, document.source, document.title, snapshot, document, amends=document.amends)
        )
    return kept, emptied


def _rows_of_addendum(declaration: Declaration, document: Document) -> list[Signatory]:
    """Its people as they stand now; who no longer signed is gone."""
    printed, marks = printed_marks(document), _marks_by_person(declaration)
    rows = declaration.signatories.current().signed().select_related("attendee").in_order()
    return [row for row in rows if marks.get(row.attendee_id, set()) & printed]


def _new_addendum(declaration: Declaration, main: Document, late: list[Signatory], open_reason: str) -> Paper:
    number, day = _next_number(declaration), declaration.date or declaration.event.date
    to = {
        "document": str(main.pk),
        "title": main.title,
        "number": main.number,
        "date": day.isoformat() if day else "",
        "revision": main.revision,
        "sha256": main.sha256,
        "merkle_root": root_of([person_entry(each) for each in snapshot_of(main)["signatories"]]),
    }
    snapshot = freeze_addendum(declaration, people=late, number=number, to=to, open_reason=open_reason)
    title = f"{addendum_name(number)} – Tanda Tangan Susulan {_title(declaration)}"
    return Paper(ADDENDUM, addendum_source(declaration, number), title[:300], snapshot, None, amends=main)


def _next_number(declaration: Declaration) -> int:
    """One more than the last that was ever sealed; one that was withdrawn before its seal never counted."""
    published = addenda(declaration).published().values_list("source", flat=True)
    return 1 + max((int(source.rpartition(":")[2]) for source in published), default=0)


def _is_new_addendum(paper: Paper) -> bool:
    return paper.kind == ADDENDUM and paper.replaces is None


def _title(declaration: Declaration) -> str:
    return " ".join(declaration.title.split())
