"""DEED: a tablet opened signing by PIN, without network, before anybody opened it here. Its records come afterwards."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.refusals import Refusal
from events.attendance import start_quietly
from events.models import Event

from .classification import GRACE
from .models import Declaration
from .signing import complete_parties, enroll_signatories

State = Declaration.State


def open_by_tablet(*, declaration: Declaration, earliest: datetime, now: datetime, by) -> bool:
    """Let the records of a tablet count on a paper that is still a draft; False when that is impossible.

    Effects in order: a scheduled event starts; everybody expected is put on the list; the paper is open, or closed
    with its event when the event ended less than 15 minutes before ``earliest``; audit entries. The text must be
    approved and both parties known; whether it was read aloud is not asked: the people stood there and signed.
    The caller holds event and paper, ``declaration.event`` is the event it holds.
    """
    event = declaration.event
    if not _may_open(declaration, earliest):
        return False
    if event.state == Event.State.SCHEDULED and not start_quietly(event, by):
        return False
    try:
        with transaction.atomic():
            enroll_signatories(declaration=declaration, by=by)
    except Refusal:
        return False
    _open(declaration, now, by)
    return True


def _may_open(declaration: Declaration, earliest: datetime) -> bool:
    event = declaration.event
    if not declaration.text_version.is_approved:
        return False
    if declaration.is_two_party and complete_parties(declaration) != {1, 2}:
        return False
    if event.state == Event.State.CLOSED:
        return earliest <= event.closed_at + GRACE
    return event.state in (Event.State.SCHEDULED, Event.State.RUNNING)


def _open(declaration: Declaration, now: datetime, by) -> None:
    closed_at = declaration.event.closed_at if declaration.event.state == Event.State.CLOSED else None
    declaration.state = State.CLOSED if closed_at else State.OPEN
    declaration.opened_at, declaration.closed_at = declaration.opened_at or now, closed_at
    declaration.save(update_fields=["state", "opened_at", "closed_at"])
    audit.record(
        by, "declaration.opened", declaration, changes={"state": [State.DRAFT.value, declaration.state.value]}
    )
