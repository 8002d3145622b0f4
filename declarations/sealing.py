"""DEED: freeze a paper and hand it to the room that prints and seals (PDF.md §1 steps 1 and 2)."""

from django.db.models import Q

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from documents import numbering, papers, pdf
from documents.models import Document, LetterNumber
from documents.models.jobs import Job, RenderJob, SealJob
from documents.sealing import hold_office, issue_document, void_document, withdraw_document
from events.locking import NOT_EDITABLE

from . import excerpt_paper
from .locking import at_hand, locked
from .models import Declaration, Signatory
from .models.declarations import SigningMode
from .models.texts import Kind
from .openings import lacks_openings, make_openings
from .paper_family import ADDENDUM, Paper, Plan, addenda, declaration_of, family, is_complete, plan
from .papers import compose, compose_draft, printed_texts
from .review import open_questions
from .snapshot import freeze, numbers_of
from .snapshot_people import posts_of

State = Declaration.State

NOT_SEALABLE = {
    State.DRAFT: "Naskah masih draf. Buka lalu tutup penandatanganan sebelum menyegel.",
    State.OPEN: "Penandatanganan masih dibuka. Tutup penandatanganan sebelum menyegel.",
    State.VOID: "Naskah ini sudah dicabut dan tidak dapat disegel.",
}
UNCHANGED = "Tidak ada yang berubah sejak dokumen ini disegel. Revisi baru tidak diperlukan."
REVISION_NEEDS_REASON = (
    "Dokumen ini sudah disegel. Tuliskan alasan revisi; alasan itu tercetak pada dokumen baru."
)
NOT_SEALING = "Naskah ini tidak sedang disegel. Muat ulang halaman untuk melihat keadaannya."
SEALED_MEANWHILE = "Dokumen sudah disegel dan tidak dapat ditarik lagi. Muat ulang halaman; perbaikan dimungkinkan sebagai revisi."


def seal_declaration(*, declaration: Declaration, by, reason: str = "") -> Document:
    """Freeze the paper as it stands and order its PDF and seal; the (first) document is returned.

    Effects in order: snapshot; reserved letter number used; one document (one per signer of a pakta integritas) with
    its render job; state sealing with the document; audit entry. ``on_sealed`` makes it sealed when the seal is there.
    Asking again while it is being sealed gives the same document. Signatures that came to count after the seal become
    an addendum, and what is sealed stays in force. After a correction the document on which it stands gets a new
    revision, which needs a reason; late signatures then wait for the next time. Refused while signing is open, with open
    questions and no reason, without what the paper must say (numbers, parties, reading, place, date, a signature), for
    characters that cannot be printed, and for a number of the office's book that is void or another paper's. Of an
    archived event only an addendum can still be sealed.
    """
    reason = " ".join(reason.split())
    with writing():
        declaration = locked(declaration)
        hold_office(declaration.event.office)
        questions = _check_state(declaration, reason)
        _refuse(_missing(declaration))
        make_openings(declaration=declaration)
        wanted = plan(declaration, reason if questions else "")
        _check_plan(declaration, wanted, reason)
        _refuse(_unprintable(wanted.changed))
        _use_number(declaration, by)
        under_way = set(family(declaration).unsealed().values_list("pk", flat=True))
        documents = [_issue(declaration, paper, reason, by) for paper in wanted.changed]
        for document in wanted.emptied:
            void_document(document=document, reason=reason or "Tanda tangan dibatalkan.", by=by)
        if not documents:  # only papers were taken back; nothing waits for a seal
            return _rest(declaration, by)
        if {document.pk for document in documents} - under_way:
            _begin(declaration, documents, reason if questions else "", by)
    return documents[0]


def take_back_sealing(*, declaration: Declaration, by, reason: str) -> Declaration:
    """Call off a seal that does not come, so that what stops it can be put right.

    Effects in order: papers not sealed yet are withdrawn, their files removed after commit; state closed – or sealed,
    when a revision was called off and all that was signed stands on papers in force; audit entry with the reason.
    Sheets of a pakta integritas that are sealed already stay in force. Refused without a reason, when nothing is being
    sealed, and when the seal of everything has arrived meanwhile.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refusal("Tuliskan alasan menarik naskah dari penyegelan.")
    with writing():
        declaration = locked(declaration)
        hold_office(declaration.event.office)
        if declaration.state != State.SEALING:
            raise Refusal(NOT_SEALING)
        waiting = list(family(declaration).unsealed().select_related("office"))
        if not waiting and is_complete(declaration) and declaration.document.is_sealed:
            raise Refusal(SEALED_MEANWHILE)
        for document in waiting:
            withdraw_document(document=document, reason=reason, by=by)
        _settle(declaration, _state_without_seal(declaration))
        audit.record(
            by,
            "declaration.sealing_taken_back",
            declaration,
            documents=[str(document.pk) for document in waiting],
            reason=reason,
        )
    return declaration


def failed_jobs(declaration: Declaration) -> list[Job]:
    """Why the seal does not come: given-up jobs of its papers that were not withdrawn, oldest first."""
    wanted = family(declaration).living()
    found = [
        job
        for model in (RenderJob, SealJob)
        for job in model.objects.failed().filter(document__in=wanted.values("pk")).select_related("document")
    ]
    return sorted(found, key=lambda job: job.created_at)


def arguments_without_issues(declaration: Declaration) -> dict | None:
    """What sealing would issue if everybody else were absent now, for ``documents.ahead``; writes nothing.

    None when it would not be one first paper, or cannot be ordered without a decision or a reason; Refusal likewise.
    """
    if open_questions(declaration) or _missing(declaration) or lacks_openings(declaration):
        return None
    wanted = plan(declaration)
    if len(wanted.changed) != 1 or wanted.changed[0].replaces or _unprintable(wanted.changed):
        return None
    return _arguments(declaration, wanted.changed[0])


def draft_pdf(declaration: Declaration) -> bytes:
    """The paper as it would look now, with "DRAF" behind it; nothing is stored. Refusal when it cannot be printed."""
    declaration = at_hand(declaration)
    only = _one_person(declaration)
    composed = compose_draft(freeze(declaration, only=only))
    try:
        rendered = pdf.render(composed.html, inks=dict(composed.inks), attachment=None, meta=composed.meta)
    except pdf.RenderFailed as problem:
        raise Refusal(problem.message) from problem
    return rendered.pdf


def on_sealed(document: Document) -> None:
    """A seal has arrived: the paper is sealed once nothing of it waits any more. A second call changes nothing."""
    found = declaration_of(document)
    if found is None:
        return
    with writing():
        declaration = locked(found)
        if declaration.state != State.SEALING or family(declaration).unsealed().exists():
            return
        declaration.state = State.SEALED
        declaration.save(update_fields=["state"])
        audit.record(audit.SYSTEM, "declaration.sealed", declaration, document=str(declaration.document_id))


def hold(document: Document) -> None:
    """Lock what ``on_voided`` will change, before the room below locks its own (order: ``hold_office``)."""
    found = declaration_of(document)
    if found is not None:
        locked(found)


def on_voided(document: Document, *, by) -> None:
    """A paper was revoked in the archive: the declaration must not go on saying that it is sealed, or being sealed.

    While other papers of it are on their way nothing ends. The last one in force revoked: void, and its addenda with it.
    The last one on its way revoked: as if the sealing had been taken back. Effects: state, document, audit entry when the
    state is another.
    """
    found = declaration_of(document)
    if found is None:
        return
    with writing():
        declaration = locked(found)
        before = declaration.state
        if before not in (State.SEALING, State.SEALED):
            return
        _settle(declaration, _state_after_void(declaration, document))
        if declaration.state == before:
            return
        verb = "voided" if declaration.state == State.VOID else "sealing_taken_back"
        audit.record(
            by, f"declaration.{verb}", declaration, documents=[str(document.pk)], reason=document.void_reason
        )
        if declaration.state == State.VOID:
            for addendum in addenda(declaration).living():
                void_document(
                    document=addendum, reason=f"Dokumen utamanya dicabut: {document.void_reason}", by=by
                )


def register_papers() -> None:
    """Called once by AppConfig.ready()."""
    for kind, label in Kind.choices:
        papers.register(kind, label, compose, on_sealed, on_voided, hold)
    papers.register(excerpt_paper.KIND, excerpt_paper.LABEL, excerpt_paper.compose_excerpt)
    papers.register(ADDENDUM, "Addendum (tanda tangan susulan)", compose, on_sealed, on_voided, hold)


# -- what must be there ------------------------------------------------------------------------------------------


def _check_state(declaration: Declaration, reason: str) -> int:
    """Refuse what is not closed; returns the number of open questions, which then have a reason."""
    if declaration.state in NOT_SEALABLE:
        raise Refusal(NOT_SEALABLE[declaration.state])
    questions = open_questions(declaration)
    if questions and not reason:
        raise Refusal(
            f"{questions} data perlu ditinjau. Selesaikan di halaman Perlu ditinjau, atau tuliskan alasan untuk"
            " menyegel tanpa menunggunya."
        )
    return questions


def _check_plan(declaration: Declaration, wanted: Plan, reason: str) -> None:
    """Refuse a revision without a reason, a seal that would change nothing, and a change of an archived event."""
    if declaration.event.is_archived and not wanted.is_late_only:
        raise Refusal(NOT_EDITABLE[declaration.event.state])
    if declaration.state == State.SEALED and not reason and not wanted.is_late_only:
        raise Refusal(REVISION_NEEDS_REASON)
    if wanted.is_empty and declaration.state != State.CLOSED:
        raise Refusal(UNCHANGED)


def _missing(declaration: Declaration) -> list[str]:
    """What the paper must say and does not know yet."""
    missing = []
    if not (declaration.date or declaration.event.date):
        missing.append("Tanggal naskah belum diisi.")
    if not declaration.place:
        missing.append("Tempat naskah belum diisi.")
    if declaration.signing_mode == SigningMode.READ_ALOUD and not declaration.read_at:
        missing.append("Pembacaan ikrar belum dicatat: siapa yang memandu dan pukul berapa.")
    if declaration.is_two_party:
        missing += _missing_of_parties(declaration)
    elif declaration.signing_mode != SigningMode.READ_ALOUD and not declaration.signatories.signed().exists():
        missing.append("Belum ada yang menandatangani naskah ini.")
    return missing


def _missing_of_parties(declaration: Declaration) -> list[str]:
    parties = {party.order: party for party in declaration.parties.all()}
    if set(parties) != {1, 2}:
        return ["Pihak Kesatu dan Pihak Kedua belum lengkap."]
    if declaration.kind != Kind.MOU:
        return []
    return [
        f"Nomor naskah {parties[order].label} belum diisi." for order in (1, 2) if not parties[order].number
    ]


def _unprintable(wanted: list[Paper]) -> list[str]:
    """One sentence per character that no font of ours has, naming where it stands."""
    found = {}
    for paper in wanted:
        for label, text in printed_texts(paper.snapshot):
            for character in sorted(pdf.missing_characters(text)):
                found[character, label] = (
                    f"Karakter ‘{character}’ pada {label} tidak dapat dicetak. Perbaiki ejaannya."
                )
    return list(found.values())


def _refuse(problems: list[str]) -> None:
    if len(problems) == 1:
        raise Refusal(problems[0])
    if problems:
        raise Refusal("Dokumen belum dapat disegel.", issues=problems)


# -- issuing ----------------------------------------------------------------------------------------------------


def _issue(declaration: Declaration, paper: Paper, reason: str, by) -> Document:
    return issue_document(
        **_arguments(declaration, paper), by=by, supersedes=paper.replaces, amends=paper.amends, reason=reason
    )


def _arguments(declaration: Declaration, paper: Paper) -> dict:
    return {
        "kind": paper.kind,
        "title": paper.title,
        "office": declaration.event.office,
        "source": paper.source,
        "event_code": declaration.event.code,
        "number": "; ".join(numbers_of(declaration))[:200],
        "classification": declaration.classification,
        "snapshot": paper.snapshot,
        "posts": posts_of(paper.snapshot["signatories"]),
    }


def _begin(declaration: Declaration, documents: list[Document], open_reason: str, by) -> None:
    """State sealing; an addendum leaves the main document where it is."""
    first = next((document for document in documents if document.kind != ADDENDUM), declaration.document)
    declaration.state, declaration.document = State.SEALING, first
    declaration.review_reason = open_reason[:300]
    declaration.save(update_fields=["state", "document", "review_reason"])
    audit.record(
        by,
        "declaration.sealing",
        declaration,
        documents=[str(document.pk) for document in documents],
        reason=open_reason or None,
    )


def _rest(declaration: Declaration, by) -> Document:
    """Everything that was signed stands on papers in force already: sealed, without a new one."""
    before = declaration.state
    _settle(declaration, State.SEALED)
    if before != State.SEALED:
        audit.record(by, "declaration.sealed", declaration, document=str(declaration.document_id))
    return declaration.document


def _use_number(declaration: Declaration, by) -> None:
    """Its line of the book; Refusal when that number is void or stands on another paper already."""
    day = declaration.date or declaration.event.date
    book = LetterNumber.objects.filter(office=declaration.event.office, text=declaration.number)
    lines = book.filter(Q(state=LetterNumber.State.RESERVED) | Q(year=day.year))
    for number in lines if declaration.number else ():
        numbering.assign_number(
            number=number, by=by, source=declaration.source, subject=declaration.title[:300]
        )


# -- when a paper goes -------------------------------------------------------------------------------------------


def _state_without_seal(declaration: Declaration) -> str:
    return State.SEALED if is_complete(declaration) else State.CLOSED


def _state_after_void(declaration: Declaration, document: Document) -> str:
    if family(declaration).unsealed().exists():
        return declaration.state
    if not document.was_sealed:
        return _state_without_seal(declaration)
    in_force = family(declaration).exclude(kind=ADDENDUM).sealed()
    return declaration.state if in_force.exists() else State.VOID


def _settle(declaration: Declaration, state: str) -> None:
    """Note the state, and a document that fits: never a withdrawn one while another is in force or on its way."""
    declaration.state = state
    if state == State.CLOSED:
        declaration.review_reason = ""
    current = declaration.document and Document.objects.get(pk=declaration.document_id)
    if current is None or current.state not in Document.LIVING_STATES:
        living = family(declaration).exclude(kind=ADDENDUM).living()
        newest = living.order_by("-revision", "-created_at").first()
        declaration.document = newest or (current if state == State.VOID else None)
    declaration.save(update_fields=["state", "document", "review_reason"])


def _one_person(declaration: Declaration) -> Signatory | None:
    """Whose sheet a preview shows."""
    if declaration.signing_mode != SigningMode.INDIVIDUAL:
        return None
    row = declaration.signatories.current().in_order().first()
    if row is None:
        raise Refusal("Belum ada penanda tangan. Susun daftar penanda tangan untuk melihat pratinjau.")
    return row
