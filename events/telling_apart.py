"""DEEDS: two rows that look alike are two people; remembered until a name or number changes (EVENTS §6)."""

from collections.abc import Iterable

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .duplicates import fingerprint_of
from .locking import fresh, lock_for_edit
from .merging import GONE, NOT_TWO
from .models import ApartPair, Attendee, Event


def tell_apart(*, first: Attendee, second: Attendee, by) -> ApartPair:
    """They are two people and not offered again; a second time changes nothing.

    Effects: one row, audit ``attendee.told_apart`` naming the other. Refusal for rows of two events, one row twice, or
    a row that is withdrawn.
    """
    with writing():
        lock_for_edit(first.event)
        fresh(first)
        fresh(second)
        if first.pk == second.pk or first.event_id != second.event_id:
            raise Refusal(NOT_TWO)
        if first.is_withdrawn or second.is_withdrawn:
            raise Refusal(GONE)
        one, two = sorted((first, second), key=lambda row: row.pk)
        judged = ApartPair.objects.filter(first=one, second=two).first() or ApartPair(first=one, second=two)
        if judged.fingerprint != fingerprint_of(one, two):
            judged.event, judged.fingerprint = first.event, fingerprint_of(one, two)
            judged.judged_at, judged.judged_by = timezone.now(), audit.user_or_none(by)
            judged.save()
            audit.record(by, "attendee.told_apart", first, other=str(second.pk))
    return judged


def ask_again(*, pair: ApartPair, by) -> None:
    """Take the judgement back: the pair is offered again. Audit ``attendee.asked_again``; a second time does nothing."""
    with writing():
        lock_for_edit(pair.event)
        if ApartPair.objects.filter(pk=pair.pk).delete()[0]:
            audit.record(by, "attendee.asked_again", pair.first, other=str(pair.second_id))


def standing_pairs(event: Event, rows: Iterable[Attendee]) -> list[ApartPair]:
    """Judgements that still count: both rows are among ``rows`` and kept the names and numbers they had. One query."""
    by_pk = {row.pk: row for row in rows}
    found = []
    for pair in event.apart_pairs.all():
        one, two = by_pk.get(pair.first_id), by_pk.get(pair.second_id)
        if one is not None and two is not None and pair.fingerprint == fingerprint_of(one, two):
            pair.first, pair.second = one, two
            found.append(pair)
    return found
