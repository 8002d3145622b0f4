"""DEEDS: settle what a paper of an event needs, freeze it and hand it to the room that prints and seals."""

from datetime import date as Date

from accounts import audit
from accounts.canonical import canonical_bytes, sha256_hex
from accounts.refusals import Refusal
from accounts.writing import writing
from documents import jobs, numbering, papers, pdf, pictures
from documents.models import Document, LetterNumber
from documents.sealing import hold_office, issue_document

from . import note_rows, paper_kinds
from .event_papers import compose, compose_draft, printed_texts
from .locking import NOT_EDITABLE, lock
from .models import Event, PaperDraft
from .paper_snapshot import freeze_paper

PARTS_AT_ONCE = 200
UNKNOWN = "Jenis berkas ini tidak dikenal."
UNCHANGED = "Tidak ada yang berubah sejak berkas ini disegel. Revisi baru tidak diperlukan."
NEEDS_REASON = "Berkas ini sudah disegel. Tuliskan alasan revisi; alasan itu tercetak pada berkas baru."
NUMBER_STAYS = "Nomor surat sudah dipesan. Tanggal dan klasifikasi tidak dapat diubah lagi."
TEMPLATE = "Templat tidak memiliki berkas. Buat kegiatan dari templat ini lebih dahulu."


def issue_event_paper(
    *, event: Event, kind: str, by, reason: str = "", part: str = "", sources=()
) -> Document:
    """Freeze a paper of an event as it stands and order its PDF and seal.

    Effects in order: event and office are held; a numbered kind takes the next number of the book for its date, once,
    and uses it; the snapshot is frozen (whole identity numbers on it are told to the log) and handed to ``issue_document`` under ``event:<id>:<kind>[:<part>]``; audit
    entry. Asking again without a change gives the same paper; one that is not sealed yet is withdrawn for the newer
    one; a sealed one gets a revision, which needs a reason. ``part`` chooses the person of a kind that has one paper
    each. ``sources`` are documents that this one rests on; their hashes go into the snapshot.

    Refused with what is missing in words, for an event that is archived, cancelled or a template, for characters no
    font of ours has, and when nothing changed since the seal.
    """
    paper = wanted(kind)
    reason = " ".join(reason.split())[:500]
    with writing():
        refuse_unless_issuable(lock(event), paper)
        hold_office(event.office)
        _refuse(open_issues(event, paper))
        draft = _use_number(event, paper, by) if paper.numbered else None
        snapshot = freeze_paper(event, paper, part)
        if sources:
            snapshot["sources"] = [{"title": each.title, "sha256": each.sha256} for each in sources]
        _refuse(unprintable(snapshot))
        if _prints_numbers(snapshot):
            audit.record(by, "number.printed", event, kind=paper.kind)
        sealed = paper_family(event, paper, part).sealed().first()
        _check_revision(sealed, snapshot, reason)
        return issue_document(
            kind=paper.kind,
            title=snapshot["content"]["title"][:500],
            office=event.office,
            source=paper_kinds.source_of(event.pk, paper.kind, part),
            event_code=event.code,
            number=snapshot["number"],
            classification=draft.classification if draft else paper.classification,
            snapshot=snapshot,
            by=by,
            supersedes=sealed,
            reason=reason,
            posts=[signer.get("post", "") for signer in snapshot["content"].get("signers", [])],
        )


def issue_parts(*, event: Event, kind: str, by) -> tuple[int, int]:
    """Issue the papers of a kind that has one per person, for everybody who has none yet; at most PARTS_AT_ONCE.

    Effects: ``issue_event_paper`` for each, on its own: one that is refused never stops the rest. Returns (how many were
    ordered, how many are left). Refused when nobody is left, or with the first reason when not one could be ordered.
    """
    paper = wanted(kind)
    prefix = paper_kinds.source_of(event.pk, paper.kind, "")
    held = Document.objects.living().filter(kind=paper.kind, source__startswith=prefix)
    have = set(held.values_list("source", flat=True))
    left = [
        part
        for part in paper.parts(event)
        if paper_kinds.source_of(event.pk, paper.kind, part.key) not in have
    ]
    if not left:
        _refuse(open_issues(event, paper))
        raise Refusal("Setiap orang sudah memiliki berkas ini.")
    problems = []
    for part in left[:PARTS_AT_ONCE]:
        try:
            issue_event_paper(event=event, kind=kind, by=by, part=part.key)
        except Refusal as refusal:
            problems.append(refusal)
    made = len(left[:PARTS_AT_ONCE]) - len(problems)
    if not made:
        raise problems[0]
    return made, len(left) - made


def save_details(
    *,
    event: Event,
    kind: str,
    by,
    date: Date | None,
    classification: str,
    details: dict,
    bases: dict[str, int] | None = None,
) -> PaperDraft:
    """Keep what was typed for a paper.

    Effects: the pad of a field that has one gets the same text (``bases``: the number of its text that was seen when
    typing, else NoteConflict); the draft is written, audit entry with the names of the fields that changed. Refused
    when date or classification of a reserved number would change, and for an event that is archived or cancelled.
    """
    paper = wanted(kind)
    with writing():
        refuse_unless_issuable(lock(event), paper)
        draft, _ = PaperDraft.objects.select_related("number").get_or_create(event=event, kind=paper.kind)
        if draft.number and (draft.date, draft.classification) != (date, classification):
            raise Refusal(NUMBER_STAYS)
        changed = [name for name in details if details[name] != draft.details.get(name, "")]
        changed += ["date"] if draft.date != date else []
        changed += ["classification"] if draft.classification != classification else []
        _tell_pads(event, kind, {name: details[name] for name in changed if name in details}, bases or {}, by)
        if changed:
            draft.date, draft.classification, draft.details = date, classification, details
            draft.save()
            audit.record(by, "paper.details_changed", draft, kind=paper.kind, fields=changed)
    return draft


def _tell_pads(event: Event, kind: str, changed: dict, bases: dict[str, int], by) -> None:
    """Text of a chapter that has a pad of the day: it becomes the text of the pad."""
    for name, text in changed.items():
        if pad := note_rows.kind_of(kind, name):
            latest = note_rows.latest_of(event, pad)
            note_rows.follow(latest, text, base=bases.get(name), by=audit.user_or_none(by))


def wanted(kind: str) -> paper_kinds.EventPaper:
    paper = paper_kinds.get(kind)
    if paper is None:
        raise Refusal(UNKNOWN)
    return paper


def open_issues(event: Event, paper: paper_kinds.EventPaper, draft: PaperDraft | None = None) -> list[str]:
    """What stands against issuing, in words: of every numbered paper, and of this kind. ``draft`` when it is at hand."""
    issues = []
    draft = draft or PaperDraft.objects.filter(event=event, kind=paper.kind).select_related("number").first()
    if paper.numbered and not (draft and draft.date):
        issues.append("Tanggal surat belum diisi.")
    if paper.numbered and not (draft and draft.number) and not event.office.letter_code:
        issues.append("Kode surat kantor belum diisi pada data kantor.")
    details = draft.details if draft else {}
    for item in paper.details:
        if item.required and not (details.get(item.name) or item.initial):
            issues.append(f"{item.label} belum diisi.")
    return issues + paper.needs(event)


def unprintable(snapshot: dict) -> list[str]:
    """One sentence per character that no font of ours has, with the words around it."""
    found = {}
    for text in printed_texts(snapshot):
        for character in sorted(pdf.missing_characters(text)):
            place = text if len(text) <= 60 else text[:59] + "…"
            found.setdefault(
                character, f"Karakter ‘{character}’ pada “{place}” tidak dapat dicetak. Perbaiki ejaannya."
            )
    return list(found.values())


def preview_pdf(event: Event, kind: str, part: str = "") -> bytes:
    """The paper as it would look now, with "DRAF" behind it; nothing is stored. Refusal when it cannot be printed."""
    paper = wanted(kind)
    composed = compose_draft(freeze_paper(event, paper, part, draft=True), paper.kind)
    try:
        photos = pictures.read(composed.pictures)
        return pdf.render(composed.html, inks={}, attachment=None, meta=composed.meta, pictures=photos).pdf
    except (pdf.RenderFailed, jobs.StepFailed) as problem:
        raise Refusal(problem.message) from problem


def paper_family(event: Event, paper: paper_kinds.EventPaper, part: str = ""):
    """Every revision of this paper."""
    source = paper_kinds.source_of(event.pk, paper.kind, part)
    return Document.objects.filter(kind=paper.kind, source=source)


def refuse_unless_issuable(event: Event, paper: paper_kinds.EventPaper | None = None) -> None:
    """Papers are made till the event is archived, also after it is closed, and one that hands over its archive even
    later; never of a template."""
    if event.is_template:
        raise Refusal(TEMPLATE)
    if event.is_archived and paper and paper.after_archive:
        return
    if event.state in (Event.State.ARCHIVED, Event.State.CANCELLED):
        raise Refusal(NOT_EDITABLE[event.state])


def register_papers() -> None:
    """Called once by AppConfig.ready(), after the modules of the kinds were imported."""
    for paper in paper_kinds.in_order():
        papers.register(paper.kind, paper.label, compose)


def _check_revision(sealed: Document | None, snapshot: dict, reason: str) -> None:
    if sealed is None:
        return
    if sha256_hex(canonical_bytes(snapshot)) == sealed.input_sha256:
        raise Refusal(UNCHANGED)
    if not reason:
        raise Refusal(NEEDS_REASON)


def _prints_numbers(snapshot: dict) -> bool:
    """Whether whole identity numbers of people stand on this paper."""
    content = snapshot["content"]
    people = [*content.get("people", []), content.get("person", {})]
    return snapshot["settings"].get("identity") == "full" and any("number" in person for person in people)


def _use_number(event: Event, paper: paper_kinds.EventPaper, by) -> PaperDraft:
    """The draft with its line of the book: taken once, kept for every revision."""
    draft = PaperDraft.objects.select_related("number").get(event=event, kind=paper.kind)
    source = paper_kinds.source_of(event.pk, paper.kind)
    if draft.number and draft.number.state == LetterNumber.State.VOID:
        draft.number = None  # given up in the book: the next one
    if draft.number is None:
        draft.number = numbering.reserve_number(
            office=event.office,
            date=draft.date,
            classification=draft.classification or paper.classification,
            by=by,
            subject=f"{paper.label}: {event.title}"[:300],
            signed_by_chair=paper.signed_by_chair,
        )
        draft.classification = draft.number.classification
        PaperDraft.objects.filter(pk=draft.pk).update(
            number=draft.number, classification=draft.classification
        )
    numbering.assign_number(number=draft.number, by=by, source=source)
    return draft


def _refuse(problems: list[str]) -> None:
    if len(problems) == 1:
        raise Refusal(problems[0])
    if problems:
        raise Refusal("Berkas belum dapat diterbitkan.", issues=problems)
