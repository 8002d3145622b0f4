"""Two outcomes of one person on a paper, and the decision about one of them."""

from accounts import audit
from declarations import review
from declarations.models import Signature
from tests.declarations import day

BY = audit.SYSTEM


def resolve(signature, decision, reason="Diperiksa dengan orangnya", **extra):
    return review.resolve(signature=signature, decision=decision, reason=reason, by=BY, **extra)


def conflict(paper, first=day.record, second=day.refusal):
    """(row, signature that counts, the one that waits)"""
    row = day.rows(paper)[0]
    results = day.hand_in(paper, first(row), second(row))
    row.refresh_from_db()
    return row, results[0].signature, results[1].signature


def resolve_state(signature) -> str:
    return Signature.objects.get(pk=signature.pk).status
