"""*Salah orang*: a tablet takes back one of its own records, before or after that record has arrived (KIOSK.md §8.2).

Part of the deed of intake: the caller holds event, tablet and papers and writes the log of the batch. A void counts
until signing is closed, by its own time and with the same 15 minutes as signatures; later ones are held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from events.attendance import Arrival, take_back_arrivals
from events.models import Device

from .classification import MESSAGES, Entry, Moment, why_untimely
from .evidence import Record, read_stored
from .models import Declaration, Signature
from .storing import OUTCOME_FIELDS, apply_record, arrival_of, set_pending, taken_back

TOO_LATE = "void_too_late"
NEVER_VOID = ("", "before_open")  # a paper that is a draft is not closed


@dataclass
class Void:
    """One void on its way: applied, waiting for its target (neither), or held (``code``)."""

    target: UUID
    seq: int
    moment: Moment
    code: str = ""
    applied_at: datetime | None = None


@dataclass
class Place:
    """Where voids are applied: the tablet, the papers of its event, and who has arrived because of it.

    ``stored`` are the records that voids of this batch name: one void may let a record count that the next takes back.
    """

    device: Device
    papers: Mapping[UUID, Declaration]
    now: datetime
    arrivals: list[Arrival] = field(default_factory=list)
    stored: dict[UUID, Signature] = field(default_factory=dict)

    def forget_arrival(self, number: UUID) -> None:
        """Of a record that began to count in this very batch and is not written yet."""
        self.arrivals[:] = [arrival for arrival in self.arrivals if arrival.client_uuid != number]


def settle(
    voids: Sequence[Void], place: Place, *, here: Mapping[UUID, Entry | None], elsewhere: set[UUID]
) -> None:
    """Apply what can be applied. ``here`` are the records of the same batch, by number: an entry of a paper can be
    taken back before it is stored; None stands for a record that no void can touch. ``elsewhere`` are numbers of
    records that are in the inbox but are no signatures of this tablet."""
    waiting = [void for void in voids if not void.code]
    if waiting:
        place.stored = Signature.objects.in_bulk([v.target for v in waiting if v.target not in here])
    for void in waiting:
        if void.target in here:
            _settle_arriving(void, here[void.target], place.now)
        elif void.target in place.stored:
            _settle_stored(void, place.stored[void.target], place)
        elif void.target in elsewhere:
            void.code = TOO_LATE


def _settle_arriving(void: Void, entry: Entry | None, now: datetime) -> None:
    if entry is None or entry.paper is None or not _is_timely(void, entry.paper):
        void.code = TOO_LATE
        return
    entry.is_taken_back, void.applied_at = True, now


def _settle_stored(void: Void, signature: Signature, place: Place) -> None:
    paper = place.papers.get(signature.declaration_id)
    if paper is None or signature.device != place.device.pk or not _is_timely(void, paper):
        void.code = TOO_LATE
        return
    void.applied_at = place.now
    if signature.status == Signature.Status.REVOKED:
        return
    counted = signature.status == Signature.Status.VALID
    _write(signature, taken_back(place.now))
    if counted:
        signature.declaration = paper
        set_pending(signature.signatory, record_in(signature), paper)
        place.forget_arrival(signature.pk)
        take_back_arrivals(event=paper.event, numbers=[signature.pk], reason=MESSAGES["voided"])
    _let_the_other_one_count(signature, place)


def _let_the_other_one_count(signature: Signature, place: Place) -> None:
    """The name is free: exactly one other record of the same tablet that waits as *ganda* becomes valid.

    Usually a later one; an earlier one when the voided record arrived before it.
    """
    row = signature.signatory
    if row is None or row.signatures.valid().exists():
        return
    others = row.signatures.filter(
        status=Signature.Status.CONFLICT,
        decided_at=None,
        device=place.device.pk,
    )
    if len(found := list(others[:2])) != 1:
        return
    other = place.stored.get(found[0].pk, found[0])
    _write(other, {"status": Signature.Status.VALID, "code": ""})
    other.signatory = row
    apply_record(row, record_in(other), other.signed_at)
    row.save(update_fields=OUTCOME_FIELDS)
    row.attendee.refresh_from_db(fields=["first_seen_at"])  # it may just have been taken back
    place.arrivals.append(arrival_of(other))


def _write(signature: Signature, standing: dict) -> None:
    for name, value in standing.items():
        setattr(signature, name, value)
    signature.save(update_fields=list(standing))


def _is_timely(void: Void, paper: Declaration) -> bool:
    return why_untimely(paper, void.moment) in NEVER_VOID


def record_in(signature: Signature) -> Record:
    return read_stored(bytes(signature.record))
