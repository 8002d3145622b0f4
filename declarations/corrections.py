"""DEED: put right a misspelt name after its bearer has signed or refused (DOMAIN §13.6). The record stays as it was."""

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from events.attendees import correct_attendee_name
from events.people import name_problem, printed_name, tidy

from .locking import locked
from .models import Declaration, NameCorrection, Signatory
from .paper_family import family
from .review import reason_of

State, Outcome = Declaration.State, Signatory.Outcome
NOT_YET = (
    "Orang ini belum menandatangani. Perbaiki namanya di daftar peserta; daftar penanda tangan mengikuti."
)
NOT_NOW = "Naskah sedang disegel atau sudah dicabut. Nama tidak dapat diperbaiki sekarang."


def correct_name(
    *, signatory: Signatory, full_name: str, reason: str, by, title_prefix: str = "", title_suffix: str = ""
) -> NameCorrection:
    """Print another name from now on, with a note of what it was and why.

    Effects in order: the name on the row; what it was, with the reason; the name of the attendee and of the party when
    they are the same person; audit entry with before and after. A document that is sealed already changes with its next
    revision. Refused without a reason, for a name that is no name or the same, before the person has signed or refused,
    and while sealing.
    """
    parts = tidy(title_prefix), tidy(full_name), tidy(title_suffix)
    reason, name = reason_of(reason), _checked(*parts)
    with writing():
        declaration = locked(signatory.declaration)
        if declaration.state in (State.SEALING, State.VOID):
            raise Refusal(NOT_NOW)
        row = Signatory.objects.select_related("attendee", "party", "declaration").get(pk=signatory.pk)
        if row.outcome not in (Outcome.SIGNED, Outcome.REFUSED):
            raise Refusal(NOT_YET)
        if name == row.name:
            raise Refusal("Nama ini sama dengan yang tercatat. Tidak ada yang diperbaiki.")
        correction = _write(row, name, reason, by)
        if row.attendee.printed_name == correction.before:
            row.attendee.event = declaration.event
            correct_attendee_name(attendee=row.attendee, parts=parts, reason=reason, by=by)
        audit.record(
            by, "signatory.name_corrected", row, reason=reason, changes={"name": [correction.before, name]}
        )
    return correction


def is_unprinted(declaration: Declaration) -> bool:
    """Was a name put right since the newest document was made?"""
    newest = family(declaration).living().order_by("-created_at").values_list("created_at", flat=True).first()
    if newest is None:
        return False
    return NameCorrection.objects.filter(signatory__declaration=declaration, at__gt=newest).exists()


def _checked(prefix: str, name: str, suffix: str) -> str:
    if not name:
        raise Refusal("Isi nama yang benar.")
    if problem := name_problem(name):
        raise Refusal(problem)
    return printed_name(prefix, name, suffix)


def _write(row: Signatory, name: str, reason: str, by) -> NameCorrection:
    before, row.name = row.name, name
    row.save(update_fields=["name"])
    if row.party and row.party.representative_name == before:
        row.party.representative_name = name
        row.party.save(update_fields=["representative_name"])
    return NameCorrection.objects.create(
        signatory=row,
        before=before,
        after=name,
        reason=reason,
        at=timezone.now(),
        by=audit.user_or_none(by),
    )
