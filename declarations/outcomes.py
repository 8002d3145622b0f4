"""DEED: after signing has ended, note in one step that everybody still *belum* was not there (EVENTS §2)."""

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .locking import locked
from .models import Declaration, Signatory


def mark_pending_absent(*, declaration: Declaration, by) -> int:
    """How many were marked. Effects: outcome of every pending row, one audit entry. Only while signing is closed."""
    with writing():
        declaration = locked(declaration)
        if declaration.state != Declaration.State.CLOSED:
            raise Refusal("Tutup penandatanganan lebih dahulu, lalu tandai yang tidak hadir.")
        pending = declaration.signatories.current().pending()
        count = pending.update(outcome=Signatory.Outcome.ABSENT, outcome_at=timezone.now())
        if count:
            audit.record(by, "declaration.absences_marked", declaration, count=count)
    return count
