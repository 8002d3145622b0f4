"""DEED: give a signer the kutipan: a sealed page that proves the own entry of a sealed paper (PDF.md §5.4)."""

from accounts.refusals import Refusal
from accounts.writing import writing
from documents.models import Document, HashRegister
from documents.sealing import hold_office, issue_document, snapshot_of

from .excerpt_paper import KIND, excerpt_snapshot
from .locking import locked
from .models import Signatory
from .paper_family import family
from .snapshot_people import belongs_to_absent

NOT_SIGNED = "Kutipan hanya dibuat untuk orang yang menandatangani."
BY_PEN = (
    "Orang ini menandatangani lembar kertas, jadi tidak ada catatan elektronik untuk dikutip. "
    "Pakai pindaian lembarnya."
)
NOT_SEALED = "Kutipan dapat dibuat setelah naskah disegel."


def issue_excerpt(*, signatory: Signatory, by, own: bool = False) -> Document:
    """Order the kutipan of one person from the sealed paper on which the signature stands.

    ``own``: the copy handed to the signer by the personal link; only its evidence holds the number and its opening.
    Effects: a snapshot made from that of the sealed paper is handed to ``issue_document``; audit entry. Asking again
    gives the same document. Refused for who did not sign, and before the seal.
    """
    with writing():
        declaration = locked(signatory.declaration)
        hold_office(declaration.event.office)
        if signatory.outcome != Signatory.Outcome.SIGNED:
            raise Refusal(NOT_SIGNED)
        if not signatory.signatures.valid().exists():
            raise Refusal(BY_PEN)
        main, order = _shown_on(signatory)
        if main is None:
            raise Refusal(NOT_SEALED)
        source = source_of(main, signatory, own)
        made = Document.objects.filter(kind=KIND, source=source).living().first()
        if made:
            return made
        title = f"Kutipan {main.title} – {signatory.name}"[:300]
        snapshot = excerpt_snapshot(
            snapshot_of(main), order=order, of=_of(main), title=title, own=_own(signatory) if own else None
        )
        return issue_document(
            kind=KIND,
            title=title,
            office=declaration.event.office,
            source=source,
            event_code=declaration.event.code,
            number=main.number,
            classification=main.classification,
            snapshot=snapshot,
            by=by,
        )


def excerpt_for(signatory: Signatory, *, own: bool = False) -> Document | None:
    """The kutipan of the person from the paper in force, on its way or sealed."""
    main, _ = _shown_on(signatory)
    source = main and source_of(main, signatory, own)
    return source and Document.objects.filter(kind=KIND, source=source).living().first()


def can_have_excerpt(signatory: Signatory) -> bool:
    return signatory.outcome == Signatory.Outcome.SIGNED and _shown_on(signatory)[0] is not None


def source_of(main: Document, signatory: Signatory, own: bool) -> str:
    """Document.source; a revision of the paper gets kutipan of its own."""
    return f"excerpt:{main.pk}:{signatory.pk}" + (":own" if own else "")


def _shown_on(signatory: Signatory) -> tuple[Document | None, int]:
    """The sealed paper in force that shows the person's signature, and the number of the row."""
    record = signatory.signatures.valid().values_list("record_sha256", flat=True).first()
    for document in family(signatory.declaration).sealed().order_by("created_at"):
        for person in snapshot_of(document)["signatories"]:
            if record and person.get("record_sha256") == record and person["outcome"] == "signed":
                return document, person["order"]
    return None, 0


def _of(main: Document) -> dict:
    """The paper by the hash under which it was first sealed: a later timestamp changes the file, not what it proves."""
    first = main.hashes.filter(reason=HashRegister.Reason.SEALED).order_by("issued_at").first()
    entry = {
        "document": str(main.pk),
        "title": main.title,
        "number": main.number,
        "sha256": first.sha256 if first else main.sha256,
        "verify_url": main.verify_url,
    }
    return {name: value for name, value in entry.items() if value}


def _own(signatory: Signatory) -> dict | None:
    person = signatory.attendee
    if not (person.identity_number and person.identity_opening) or belongs_to_absent(signatory):
        return None
    return {"number": person.identity_number, "opening": person.identity_opening}
