"""DEED: two rows of the list are one person; one row stays, the other is withdrawn and kept (EVENTS §6)."""

from collections.abc import Collection

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from . import attendees
from .attendees import without_number_traces
from .locking import fresh, lock_for_edit
from .models import Attendee
from .rows import check, save_changes, state_of

# What goes over to the row that stays; a number always with its kind, its index, its mask and its opening.
NUMBER = ("identity_number", "identity_kind", "identity_index", "identity_masked", "identity_opening")
MERGED = (
    *("title_prefix", "full_name", "title_suffix", "category", "rank", "position", "agency", "village"),
    *("identity_number", "phone", "email", "on_behalf_of_name", "on_behalf_of_position", "letter_no", "site"),
)
NOT_TWO = "Pilih dua baris berbeda dari daftar peserta kegiatan yang sama."
GONE = "Salah satu baris sudah dikeluarkan dari daftar. Muat ulang halaman ini."


def merge_attendees(*, keep: Attendee, drop: Attendee, by, taken: Collection[str] = ()) -> Attendee:
    """One person of two rows.

    Effects in order: rooms above may refuse (``before_withdraw``: who signed stays), fields of ``keep`` that are empty
    or named in ``taken`` get the value of ``drop``, the earlier arrival counts, ``drop`` is withdrawn, audit
    ``attendee.merged`` naming it. Refusal for rows of two events, one row twice, or a row that is withdrawn.
    """
    with writing():
        lock_for_edit(keep.event)
        fresh(keep)
        fresh(drop)
        _refuse(keep, drop)
        attendees.before_withdraw.call(attendee=drop, by=by)
        facts = _take_over(keep, drop, taken)
        drop.withdrawn_at = timezone.now()
        drop.save(update_fields=["withdrawn_at"])
        audit.record(by, "attendee.merged", keep, dropped=str(drop.pk), **without_number_traces(facts))
    return keep


def _refuse(keep: Attendee, drop: Attendee) -> None:
    if keep.pk == drop.pk or keep.event_id != drop.event_id:
        raise Refusal(NOT_TWO)
    if keep.is_withdrawn or drop.is_withdrawn:
        raise Refusal(GONE)


def _take_over(keep: Attendee, drop: Attendee, taken: Collection[str]) -> dict:
    names = [name for name in MERGED if getattr(drop, name) and (name in taken or not getattr(keep, name))]
    logged = [*names, *(NUMBER[1:4] if "identity_number" in names else ())]
    before = state_of(keep, logged)
    for name in logged:
        setattr(keep, name, getattr(drop, name))
    check(keep)
    facts = save_changes(keep, before)
    apart = ["first_seen_at"]  # no history of the row itself: when somebody came, and a secret
    keep.first_seen_at = min(filter(None, (keep.first_seen_at, drop.first_seen_at)), default=None)
    if "identity_number" in names:
        keep.identity_opening = drop.identity_opening
        apart.append("identity_opening")
    keep.save(update_fields=apart)
    return facts
