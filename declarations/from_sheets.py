"""DEEDS: note signatures made with pen on a numbered sheet when no tablet could be used, and take such a note back."""

from collections.abc import Collection

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .locking import locked
from .models import Declaration, SheetSignature, Signatory
from .models.declarations import TOGETHER
from .review import reason_of
from .sheet_rows import hour_of, rows_of_scans

State, Outcome = Declaration.State, Signatory.Outcome
NOT_NOW = {
    State.DRAFT: "Penandatanganan naskah ini belum dibuka. Buka dahulu, lalu catat tanda tangan di lembar.",
    State.SEALING: "Naskah sedang disegel. Muat ulang halaman sesaat lagi.",
    State.SEALED: "Naskah sudah disegel. Tanda tangan di lembar tidak dapat ditambahkan lagi.",
    State.VOID: "Naskah sudah dicabut.",
}
NO_SHEETS = "Tanda tangan di lembar hanya untuk naskah yang ditandatangani bersama."
CHOOSE = "Centang sedikitnya satu baris yang ditandatangani."
CHANGED = "Keadaan beberapa baris sudah berubah. Periksa lagi daftar di bawah."


def sign_from_sheets(*, declaration: Declaration, keys: Collection[str], reason: str, by) -> int:
    """Let signed rows of scanned sheets count for this paper; how many.

    ``keys`` are those of ``sheet_rows.SheetRow``. Effects in order: one note per row with scan, row, hour and reason; the
    outcome of the signatories; one audit entry. Refused without a reason or a row, for rows that no scan shows or whose
    person has chosen already, and unless signing is open or just closed. A record of a tablet that arrives later counts
    instead of the note.
    """
    reason = reason_of(reason)
    if not keys:
        raise Refusal(CHOOSE)
    with writing():
        declaration = _open(declaration)
        wanted = {row.key: row for row in rows_of_scans(declaration) if row.may_be_noted}
        if set(keys) - set(wanted):
            raise Refusal(CHANGED)
        chosen = [wanted[key] for key in keys]
        if len({row.signatory.pk for row in chosen}) < len(chosen):
            raise Refusal("Satu orang dicentang dua kali. Pilih satu barisnya saja.")
        notes = [
            SheetSignature(
                signatory=row.signatory,
                scan=row.scan,
                row=row.number,
                signed_at=hour_of(row.scan, row.number),
                reason=reason,
                by=audit.user_or_none(by),
            )
            for row in chosen
        ]
        SheetSignature.objects.bulk_create(notes)
        for note in notes:
            _set(note.signatory, Outcome.SIGNED, note.signed_at)
        items = [
            {"id": str(note.signatory_id), "sheet": note.scan.sheet.code, "row": note.row} for note in notes
        ]
        audit.record(by, "signature.noted_from_sheet", declaration, reason=reason, items=items)
    return len(notes)


def withdraw_note(*, note: SheetSignature, reason: str, by) -> SheetSignature:
    """Take a note back that was made in error.

    Effects: the note says when and why; the signatory is *belum* again unless a record counts by now; audit entry.
    Refused without a reason, for a note that is taken back already, and unless signing is open or just closed.
    """
    reason = reason_of(reason)
    with writing():
        _open(note.signatory.declaration)
        note = SheetSignature.objects.select_related("signatory", "scan__sheet").get(pk=note.pk)
        if note.withdrawn_at:
            raise Refusal("Catatan ini sudah ditarik.")
        note.withdrawn_at, note.withdrawn_reason = timezone.now(), reason
        note.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        if not note.signatory.signatures.valid().exists():
            _set(note.signatory, Outcome.PENDING, None)
        items = [{"id": str(note.signatory_id), "sheet": note.scan.sheet.code, "row": note.row}]
        audit.record(by, "signature.sheet_note_withdrawn", note.signatory, reason=reason, items=items)
    return note


def _open(declaration: Declaration) -> Declaration:
    declaration = locked(declaration)
    if declaration.state in NOT_NOW:
        raise Refusal(NOT_NOW[declaration.state])
    if declaration.signing_mode not in TOGETHER:
        raise Refusal(NO_SHEETS)
    return declaration


def _set(signatory: Signatory, outcome: str, at) -> None:
    signatory.outcome, signatory.outcome_at = outcome, at
    signatory.save(update_fields=["outcome", "outcome_at"])
