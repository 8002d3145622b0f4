"""DEED: two rows of the list are one person; one row stays, the other is withdrawn and kept (EVENTS §6)."""

import json
import uuid
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.many_rows import insert_rows
from accounts.refusals import Refusal
from accounts.writing import writing

from . import attendees
from .answers import ANSWERS, PERSONAL, Invitation
from .attendance import correction_of
from .attendees import without_number_traces
from .locking import fresh, lock_for_edit
from .models import AttendanceRecord, Attendee, PersonalLink, Representation
from .rows import check, save_changes, state_of

# What goes over to the row that stays; a number always with its kind, its index, its mask and its opening.
NUMBER = ("identity_number", "identity_kind", "identity_index", "identity_masked", "identity_opening")
MERGED = (
    *("title_prefix", "full_name", "title_suffix", "category", "rank", "position", "agency", "village"),
    *("identity_number", "phone", "email", "on_behalf_of_name", "on_behalf_of_position", "letter_no", "site"),
    "invitation",
)
OF_THE_SEAT = ("category", "agency", "village", "phone", "email", "site")
TOLD = ("invitation", "told_sequence", "told_before")
RANKS = {Invitation.NONE: 0, Invitation.SENT: 1, Invitation.OPENED: 2, **dict.fromkeys(ANSWERS, 3)}
NOT_TWO = "Pilih dua baris berbeda dari daftar peserta kegiatan yang sama."
GONE = "Salah satu baris sudah dikeluarkan dari daftar. Muat ulang halaman ini."
COPIED = "Disalin dari baris yang digabungkan."


def merge_attendees(*, keep: Attendee, drop: Attendee, by, taken: Collection[str] = ()) -> Attendee:
    """One person of two rows.

    Effects in order: rooms above may refuse (``before_withdraw``: who signed stays), fields of ``keep`` that are empty
    or named in ``taken`` get the value of ``drop``, the further answer counts together with its representative, the
    earlier arrival counts and its records are written for ``keep`` as well, the personal link that was opened stays
    usable, ``drop`` is withdrawn, audit ``attendee.merged`` naming it. What ``drop`` holds of its own stays with it.
    Refusal for rows of two events, one row twice, or a row that is withdrawn.
    """
    with writing():
        lock_for_edit(keep.event)
        fresh(keep)
        fresh(drop)
        _refuse(keep, drop)
        attendees.before_withdraw.call(attendee=drop, by=by)
        facts = _take_over(keep, drop, taken)
        _copy_arrivals(keep, drop)
        moved = _move_link(keep, drop)
        drop.withdrawn_at, drop.merged_into = timezone.now(), keep
        drop.save(update_fields=["withdrawn_at", "merged_into"])
        dropped = {"dropped": str(drop.pk), "link_moved": moved or None}
        audit.record(by, "attendee.merged", keep, **dropped, **without_number_traces(facts))
    return keep


def answer_is_taken(keep: Attendee, drop: Attendee, taken: Collection[str] = ()) -> bool:
    """Does the answer of the row that goes count: the further one does, of two answers the one that was chosen."""
    ours, theirs = RANKS[Invitation(keep.invitation)], RANKS[Invitation(drop.invitation)]
    return theirs > ours or (theirs == ours and "invitation" in taken)


def link_that_stays(keep: PersonalLink | None, drop: PersonalLink | None) -> PersonalLink | None:
    """Of two usable links the one that was opened, for somebody holds it; else that of the row that stays."""
    if keep is None or drop is None:
        return keep or drop
    return drop if drop.opened_at and not keep.opened_at else keep


def _refuse(keep: Attendee, drop: Attendee) -> None:
    if keep.pk == drop.pk or keep.event_id != drop.event_id:
        raise Refusal(NOT_TWO)
    if keep.is_withdrawn or drop.is_withdrawn:
        raise Refusal(GONE)


def _take_over(keep: Attendee, drop: Attendee, taken: Collection[str]) -> dict:
    """Set and save what changes; the facts for the log."""
    logged = [*MERGED, *NUMBER[1:4]]
    before = state_of(keep, logged)
    for name in OF_THE_SEAT:
        if getattr(drop, name) and (name in taken or not getattr(keep, name)):
            setattr(keep, name, getattr(drop, name))
    _seat(keep, drop, taken)
    keep.first_seen_at = min(filter(None, (keep.first_seen_at, drop.first_seen_at)), default=None)
    check(keep)
    facts = save_changes(keep, before)
    keep.save(update_fields=["first_seen_at", "identity_opening", *TOLD[1:]])  # no history of the row itself
    return facts


def _seat(keep: Attendee, drop: Attendee, taken: Collection[str]) -> None:
    """Who was invited is put together from both rows; who represents them comes with the answer that counts."""
    ours, theirs = _invited(keep), _invited(drop)
    person = _completed(ours, theirs, taken)
    from_drop = answer_is_taken(keep, drop, taken)
    stand_in = {name: getattr(drop if from_drop else keep, name) for name in PERSONAL}
    if from_drop:
        for name in TOLD:
            setattr(keep, name, getattr(drop, name))
    is_represented = Representation.objects.filter(attendee=drop if from_drop else keep).exists()
    Representation.objects.filter(attendee=keep).delete()
    if is_represented:
        Representation.objects.create(
            attendee=keep, event=keep.event, original=json.dumps(person), named_at=timezone.now()
        )
    for name, value in (stand_in if is_represented else person).items():
        setattr(keep, name, value)


def _invited(row: Attendee) -> dict[str, Any]:
    """The person of a row: who was invited, also while somebody else stands there for them."""
    kept = Representation.objects.filter(attendee=row).first()
    return json.loads(kept.original) if kept else {name: getattr(row, name) for name in PERSONAL}


def _completed(ours: dict[str, Any], theirs: dict[str, Any], taken: Collection[str]) -> dict[str, Any]:
    chosen = [
        name for name in PERSONAL if name in MERGED and theirs[name] and (name in taken or not ours[name])
    ]
    names = {*chosen, *(NUMBER if "identity_number" in chosen else ())}
    return {name: theirs[name] if name in names else ours[name] for name in PERSONAL}


def _copy_arrivals(keep: Attendee, drop: Attendee) -> None:
    """Records are never changed: those of the row that goes stay, and stand beside the row that stays once more."""
    rows = list(drop.attendance_records.filter(successful=True))
    corrected = {row.pk for row in rows}
    copies = [
        AttendanceRecord(
            client_uuid=uuid.uuid5(keep.pk, str(row.pk)),
            event=keep.event,
            attendee=keep,
            reason=COPIED,
            **{
                name: getattr(row, name)
                for name in ("kind", "method", "occurred_at", "site_id", "operator_id", "offline")
            },
        )
        for row in rows
        if row.kind != AttendanceRecord.Kind.CORRECTION and correction_of(row.pk) not in corrected
    ]
    insert_rows(copies, ignore_conflicts=True)


def _move_link(keep: Attendee, drop: Attendee) -> bool:
    """The address in somebody's hand goes on to work: it belongs to the row that stays from now on."""
    ours, theirs = (PersonalLink.objects.usable().filter(attendee=row).first() for row in (keep, drop))
    if theirs is None or link_that_stays(ours, theirs) is not theirs:
        return False
    if ours is not None:
        PersonalLink.objects.filter(pk=ours.pk).update(revoked_at=timezone.now())
    PersonalLink.objects.filter(pk=theirs.pk).update(attendee=keep)
    return True
