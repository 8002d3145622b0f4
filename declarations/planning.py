"""DEEDS: which papers an event has, how each is signed, its parties and witnesses, its number (DESIGN §3, DOMAIN §3.2)."""

from datetime import date as Date
from typing import Any

from django.db.models import Max

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from documents import numbering
from documents.models import LetterNumber
from events.locking import TEMPLATE, lock_for_edit
from events.models import Event
from events.models.attendees import CATEGORY_GROUPS, Category

from . import texts
from .locking import locked
from .models import Declaration, Party, TextVersion, Witness
from .models.declarations import SigningMode
from .models.texts import Kind
from .placeholders import label_of

# Defaults of DOMAIN §6, changed per paper.
CLASSIFICATIONS = {
    Kind.PLEDGE: "PM.05",
    Kind.DECLARATION: "PM.05",
    Kind.JOINT_COMMITMENT: "PM.05",
    Kind.INTEGRITY_PACT: "PM.05",
    Kind.MOU: "PM.04",
}
# A Nota Kesepahaman has two sides and a Pakta Integritas one sheet per person, whatever else is chosen.
FIXED_MODES = {Kind.MOU: SigningMode.TWO_PARTY, Kind.INTEGRITY_PACT: SigningMode.INDIVIDUAL}
WITNESS_FIELDS = ("pk", "role", "order", "name", "position", "agency")
CHANGEABLE = (
    "text_version",
    "kind",
    "signing_mode",
    "order",
    "number",
    "classification",
    "place",
    "date",
    "categories",
    "blocs",
    "identity_print",
    "subject",
    "requires_reading",
)
# May still be put right while people sign; everything else is settled when signing opens.
CHANGEABLE_LATER = ("number", "classification")
NUMBER_CHANGED = "Nomor naskah diganti"
LONGEST_NUMBER = 80  # characters, as Declaration.number holds them
UNSEALED = (Declaration.State.DRAFT, Declaration.State.OPEN, Declaration.State.CLOSED)


def default_mode(kind: str) -> str:
    return FIXED_MODES.get(kind, SigningMode.COLLECTIVE)


def add_declaration(
    *,
    event: Event,
    text_version: TextVersion,
    signing_mode: str = "",
    by,
    kind: str = "",
    classification: str | None = None,
    place: str | None = None,
    date: Date | None = None,
    order: int | None = None,
    **fields,
) -> Declaration:
    """One more paper of the event.

    Left out: kind of the text, the mode that belongs to the kind, classification by kind, place of the event's region,
    date of the event, the next order. Effects in order: declaration (draft), for a two-party paper Pihak Kesatu with
    the office and its chair, audit entry. Refused: text not usable by the office, placeholders still open, event over.
    """
    kind = kind or text_version.kind
    fields |= {"kind": kind, "signing_mode": signing_mode or default_mode(kind), "text_version": text_version}
    fields["classification"] = CLASSIFICATIONS.get(kind, "") if classification is None else classification
    fields["place"] = default_place(event) if place is None else place
    fields["date"] = date or event.date
    with writing():
        lock_for_edit(event)
        last = event.declarations.aggregate(last=Max("order"))["last"] or 0
        declaration = Declaration(event=event, order=order or last + 1, **_checked(fields, event))
        declaration.save(force_insert=True)
        if declaration.is_two_party:
            _first_party(declaration)
        facts = {
            "text": text_version.sha256,
            "signing_mode": declaration.signing_mode,
            "order": declaration.order,
        }
        audit.record(by, "declaration.added", declaration, **facts)
    return declaration


def change_declaration(*, declaration: Declaration, by, **fields) -> Declaration:
    """Change a paper. Effects in order: the given fields, a reserved number that no longer stands on a paper becomes
    void in the office's book, audit entry with before and after.

    While people sign only number and classification may change; a sealed paper changes by a new revision only.
    """
    if unknown := set(fields) - set(CHANGEABLE):
        raise ValueError(f"not a field of a declaration: {sorted(unknown)}")
    with writing():
        declaration = locked(declaration)
        if not set(fields) <= set(CHANGEABLE_LATER):
            lock_for_edit(declaration.event)
        _check_changeable(declaration, fields)
        before = {name: _fact(getattr(declaration, name)) for name in fields}
        former = _numbers_of(declaration)
        for name, value in _checked(fields, declaration.event, declaration).items():
            setattr(declaration, name, value)
        declaration.save(update_fields=list(fields))
        if declaration.is_two_party and not declaration.parties.exists():
            _first_party(declaration)
        _release_unused(declaration, former, NUMBER_CHANGED, by)
        after = {name: _fact(getattr(declaration, name)) for name in fields}
        audit.record(by, "declaration.changed", declaration, **audit.diff(before, after))
    return declaration


def cite_instead(*, declaration: Declaration, old, new, by) -> Declaration:
    """Let the paper's text cite ``new`` instead of ``old``.

    Effects: a version of the text with the same words (``texts.replace_basis``), the paper takes it, audit entries.
    Refused once signing is open: a paper that was signed keeps its citation.
    """
    with writing():
        declaration = locked(declaration)
        office = declaration.event.office
        version = texts.replace_basis(
            version=declaration.text_version, old=old, new=new, office=office, by=by
        )
        return change_declaration(declaration=declaration, text_version=version, by=by)


def remove_declaration(*, declaration: Declaration, by) -> None:
    """Take back a paper nobody signed. Effects: its list of signatories, parties, witnesses and the draft itself are
    deleted, a reserved number becomes void, audit entry."""
    with writing():
        declaration = locked(declaration)
        if declaration.state != Declaration.State.DRAFT or declaration.signatures.exists():
            raise Refusal("Naskah yang sudah dibuka untuk ditandatangani tidak dapat dihapus.")
        _release_numbers(
            declaration, _numbers_of(declaration), "Naskah kegiatan dihapus sebelum ditandatangani", by
        )
        audit.record(by, "declaration.removed", declaration)
        declaration.signatories.all().delete()
        declaration.delete()


def reserve_paper_number(*, declaration: Declaration, by) -> Declaration:
    """Take the next number of the office's book for this paper.

    Effects in order: number reserved for the date of the paper, written into the declaration and, where it has none
    yet, to Pihak Kesatu; audit entries. Refused when the paper has a number, is sealed, or has no date or
    classification.
    """
    with writing():
        declaration = locked(declaration)
        if declaration.event.is_template:
            raise Refusal(TEMPLATE)
        if declaration.number or declaration.state not in UNSEALED:
            raise Refusal("Naskah ini sudah bernomor atau sudah disegel.")
        if not declaration.date or not declaration.classification:
            raise Refusal("Isi tanggal naskah dan kode klasifikasi sebelum mengambil nomor.")
        number = numbering.reserve_number(
            office=declaration.event.office,
            date=declaration.date,
            classification=declaration.classification,
            subject=declaration.title[:300],
            by=by,
        )
        if len(number.text) > LONGEST_NUMBER:
            raise Refusal(
                f"Pola nomor kantor menghasilkan lebih dari {LONGEST_NUMBER} huruf. Perbaiki polanya."
            )
        declaration.number = number.text
        declaration.save(update_fields=["number"])
        declaration.parties.filter(order=1, number="").update(number=number.text)
        audit.record(by, "declaration.numbered", declaration, number=number.text)
    return declaration


def void_numbers_of_event(*, event: Event, by) -> None:
    """The event was cancelled: numbers reserved for its papers stay in the book as void (EVENTS §2)."""
    for declaration in event.declarations.select_related("event__office"):
        _release_numbers(declaration, _numbers_of(declaration), "Kegiatan dibatalkan", by)


def set_parties(*, declaration: Declaration, parties: list[dict], by) -> list[Party]:
    """The two sides of a two-party paper, first and second, as dicts of Party fields.

    Effects in order: both rows made or changed in place, a number of the office's book that no longer stands on a paper
    becomes void, audit entry. Once signing is open only the numbers are taken over; on a draft of which a signature
    has arrived already, other changes of a side are refused.
    """
    if len(parties) != 2:
        raise Refusal("Naskah dua pihak memerlukan tepat dua pihak.")
    with writing():
        declaration = locked(declaration)
        _check_parties(declaration, parties)
        former, rows = _numbers_of(declaration), []
        for order, fields in enumerate(parties, 1):
            if not declaration.is_editable:
                fields = {name: value for name, value in fields.items() if name == "number"}
            row, _ = Party.objects.update_or_create(declaration=declaration, order=order, defaults=fields)
            rows.append(row)
        _release_unused(declaration, former, NUMBER_CHANGED, by)
        audit.record(by, "declaration.parties_set", declaration, parties=[_party_facts(row) for row in rows])
    return rows


def add_witness(*, declaration: Declaration, role: str, name: str, by, position="", agency="") -> Witness:
    """*Mengetahui* or *Disaksikan oleh*. Effects: row at the end of the list, audit entry. Not after sealing."""
    with writing():
        declaration = locked(declaration)
        _check_unsealed(declaration)
        if not name.strip():
            raise Refusal("Nama saksi belum diisi.")
        last = declaration.witnesses.aggregate(last=Max("order"))["last"] or 0
        fields = {"role": role, "name": name.strip(), "position": position.strip(), "agency": agency.strip()}
        witness = Witness.objects.create(declaration=declaration, order=last + 1, **fields)
        audit.record(by, "declaration.witness_added", declaration, witness=str(witness))
    return witness


def remove_witness(*, witness: Witness, by) -> dict[str, Any] | None:
    """Effects: row deleted, audit entry. A second click finds it gone and changes nothing. Not after sealing.

    Gives the fields of the row (WITNESS_FIELDS) for ``restore_witness``; None at the second click.
    """
    with writing():
        declaration = locked(witness.declaration)
        witness = declaration.witnesses.filter(pk=witness.pk).first()
        if witness is None:
            return None
        _check_unsealed(declaration)
        audit.record(by, "declaration.witness_removed", declaration, witness=str(witness))
        picture = {name: getattr(witness, name) for name in WITNESS_FIELDS}
        witness.delete()
    return picture


def restore_witness(*, declaration: Declaration, picture: dict[str, Any], by) -> Witness:
    """Put back a witness that was just removed, under its old key and at its old place.

    Effects: row, audit entry. Refused after sealing and when it is back already.
    """
    with writing():
        declaration = locked(declaration)
        _check_unsealed(declaration)
        if Witness.objects.filter(pk=picture["pk"]).exists():
            raise Refusal("Saksi ini sudah kembali ke daftar.")
        witness = Witness.objects.create(declaration=declaration, **picture)
        audit.record(by, "declaration.witness_restored", declaration, witness=str(witness))
    return witness


def default_place(event: Event) -> str:
    """Where the paper is dated: the bare name of the region ("Cerme", "Gresik", "Parepare")."""
    return event.region.name.removeprefix("Kabupaten ").removeprefix("Kota ")


def missing_in_parties(declaration: Declaration) -> bool:
    """Does a two-party paper still lack a side or who speaks for it?"""
    parties = list(declaration.parties.all())
    whole = [p for p in parties if p.institution and p.representative_name and p.position]
    return {p.order for p in whole} != {1, 2}


# -- checks and steps --------------------------------------------------------------------------------------------


def _checked(fields: dict, event: Event, declaration: Declaration | None = None) -> dict:
    """The fields as they may be stored. Refusal (user) for what does not fit together, ValueError for unknown keys."""
    text = fields.get("text_version")
    if text is not None:
        _check_text(text, event)
    kind = fields.get("kind", declaration and declaration.kind)
    mode = fields.get("signing_mode", declaration and declaration.signing_mode)
    if mode not in SigningMode.values or kind not in Kind.values:
        raise ValueError(f"unknown kind or mode: {kind!r}, {mode!r}")
    fixed = FIXED_MODES.get(kind, mode)
    if mode != fixed:
        raise Refusal(f"{Kind(kind).label} selalu ditandatangani dengan cara “{SigningMode(fixed).label}”.")
    if strange := set(fields.get("categories", ())) - set(Category.values):
        raise ValueError(f"not a category: {sorted(strange)}")
    if strange := set(fields.get("blocs", ())) - set(CATEGORY_GROUPS):
        raise ValueError(f"not a bloc: {sorted(strange)}")
    return {name: list(value) if name in ("categories", "blocs") else value for name, value in fields.items()}


def _check_text(version: TextVersion, event: Event) -> None:
    if not TextVersion.objects.usable_by(event.office).filter(pk=version.pk).exists():
        raise Refusal("Naskah ini belum disetujui atau bukan milik kantor Anda. Pilih naskah lain.")
    if names := version.open_placeholders:
        labels = ", ".join(label_of(name) for name in names)
        raise Refusal(f"Naskah ini masih memuat isian ({labels}). Lengkapi isiannya lebih dahulu.")


def _check_changeable(declaration: Declaration, fields: dict) -> None:
    _check_unsealed(declaration)
    if not _is_settled(declaration):
        return
    if locked := {
        name for name in set(fields) - set(CHANGEABLE_LATER) if getattr(declaration, name) != fields[name]
    }:
        labels = ", ".join(sorted(str(Declaration._meta.get_field(name).verbose_name) for name in locked))
        raise Refusal(f"Penandatanganan sudah dibuka. Yang tidak dapat diubah lagi: {labels}.")


def _is_settled(declaration: Declaration) -> bool:
    """Somebody may have read it as it is: signing was opened, or a signature arrived even before."""
    return declaration.state != Declaration.State.DRAFT or declaration.signatures.exists()


def _check_unsealed(declaration: Declaration) -> None:
    if declaration.state not in UNSEALED:
        raise Refusal("Naskah ini sudah disegel. Perubahan hanya mungkin sebagai revisi.")


def _check_parties(declaration: Declaration, parties: list[dict]) -> None:
    _check_unsealed(declaration)
    if not declaration.is_two_party:
        raise Refusal("Naskah ini bukan naskah dua pihak.")
    for party in parties:
        attendee = party.get("attendee")
        if attendee is not None and attendee.event_id != declaration.event_id:
            raise ValueError("the attendee belongs to another event")
    if declaration.state == Declaration.State.DRAFT and _is_settled(declaration):
        _check_same_sides(declaration, parties)


def _check_same_sides(declaration: Declaration, parties: list[dict]) -> None:
    """A signature arrived before the opening: what its signer saw of the two sides stays, only numbers may change."""
    present = {party.order: party for party in declaration.parties.all()}
    changed = {
        str(Party._meta.get_field(name).verbose_name)
        for order, fields in enumerate(parties, 1)
        for name, value in fields.items()
        if order in present and name != "number" and getattr(present[order], name) != value
    }
    if changed:
        labels = ", ".join(sorted(changed))
        raise Refusal(f"Sudah ada tanda tangan pada naskah ini. Yang tidak dapat diubah lagi: {labels}.")


def _first_party(declaration: Declaration) -> Party:
    office = declaration.event.office
    return Party.objects.create(
        declaration=declaration,
        order=1,
        institution=office.name,
        representative_name=office.chair_name,
        position=f"{office.chair_position or 'Ketua'} {office.name}"[:200],
        address=office.address.replace("\n", ", ")[:300],
        number=declaration.number,
    )


def _numbers_of(declaration: Declaration) -> set[str]:
    """What may come from our book: the number of the paper and that of Pihak Kesatu."""
    first = declaration.parties.filter(order=1).values_list("number", flat=True)
    return {declaration.number, *first} - {""}


def _release_unused(declaration: Declaration, former: set[str], reason: str, by) -> None:
    """Void those of the former numbers that neither this paper nor another one of the office bears any more."""
    gone = former - _numbers_of(declaration)
    if gone:
        others = Declaration.objects.filter(event__office=declaration.event.office_id, number__in=gone)
        _release_numbers(declaration, gone - set(others.values_list("number", flat=True)), reason, by)


def _release_numbers(declaration: Declaration, texts: set[str], reason: str, by) -> None:
    book = LetterNumber.objects.filter(
        office=declaration.event.office, text__in=texts, state=LetterNumber.State.RESERVED
    )
    for number in book.order_by("pk"):
        numbering.release_number(number=number, reason=reason, by=by)


def _party_facts(party: Party) -> dict:
    return {
        "order": party.order,
        "institution": party.institution,
        "representative": party.representative_name,
        "position": party.position,
        "letter_number": party.number,
    }


def _fact(value):
    return str(value) if isinstance(value, TextVersion) else value
