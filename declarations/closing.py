"""DEED: one click from the last signature to the sealed paper."""

from accounts.refusals import Refusal

from .locking import at_hand
from .models import Declaration
from .sealing import seal_declaration
from .signing import close_signing
from .tablet_board import board_of
from .tablet_readiness import unsent

DONE = (Declaration.State.SEALING, Declaration.State.SEALED)


def close_and_seal(*, declaration: Declaration, by) -> list[str]:
    """End signing and order the sealed paper at once; returns what stands against the seal, in words.

    Effects in order: signing is closed, for good whatever follows; without open issues the paper is frozen and its seal
    ordered, in a transaction of its own. A tablet that may still hold signatures is an issue: sealing then waits for a
    click of its own, and what comes later becomes an addendum. A second click finds it done and changes nothing.
    """
    if at_hand(declaration).state in DONE:
        return []
    declaration = close_signing(declaration=declaration, by=by)
    issues = [text for tablet in board_of(declaration.event).tablets if (text := unsent(tablet))]
    if issues:
        return issues
    try:
        seal_declaration(declaration=declaration, by=by)
    except Refusal as refusal:
        return refusal.issues or [refusal.message]
    return []
