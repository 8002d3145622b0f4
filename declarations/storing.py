"""How classified records become rows, and what follows from those that count. Part of the deeds of intake and review.

Every door (signing page, personal link, tablet) reads ``Known`` once, stores all records with one insert, and applies
outcomes with one update. The caller holds the locks and writes the log.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts.many_rows import insert_rows, update_rows
from events.attendance import Arrival
from events.models import AttendanceRecord, Attendee, Event

from .classification import MESSAGES, ROWS, STORED, Entry, Known, classify, flags_of
from .evidence import Record
from .models import Declaration, Signatory, Signature
from .signing import row_of

# Columns of a person that no classification needs and that cost a decryption each.
NOT_NEEDED = ("attendee__identity_number", "attendee__identity_opening", "attendee__phone", "attendee__email")
OUTCOME = ("outcome", "outcome_at")
PERSON_FIELDS = (
    "name",
    "rank",
    "position",
    "agency",
    "capacity",
    "on_behalf_of_name",
    "on_behalf_of_position",
    "letter_no",
)
OUTCOME_FIELDS = (*OUTCOME, *PERSON_FIELDS)


def read_known(
    event: Event, papers: Iterable[Declaration], people: Iterable[UUID], *, lock: bool = False
) -> Known:
    """The rows of these people on these papers: one query, a second one only for people on none of them.

    ``lock`` keeps the people for a caller who does not hold their event. Somebody else's outcome may have come while
    it waited for them; then ``one_valid_signature_per_signatory`` lets ``store`` lose the race.
    """
    people = set(people)
    rows = Signatory.objects.current().filter(
        declaration__in=[paper.pk for paper in papers], attendee__in=people
    )
    rows = rows.with_valid_outcome().select_related("attendee").defer(*NOT_NEEDED)
    others = Attendee.objects.filter(event=event.pk)
    if lock:  # in one order, so that two tablets with the same people do not wait for each other
        rows = rows.order_by("attendee", "pk").select_for_update(of=("self", "attendee"), no_key=True)
        others = others.order_by("pk").select_for_update(no_key=True)
    rows = list(rows)
    attendees = {row.attendee_id: row.attendee for row in rows}
    if missing := people - set(attendees):
        attendees |= {person.pk: person for person in others.filter(pk__in=missing)}
    return Known(
        event=event,
        attendees=attendees,
        signatories={(row.declaration_id, row.attendee_id): row for row in rows},
        outcomes={row.pk: row.valid_outcome for row in rows if row.valid_outcome},
    )


def store(entries: Sequence[Entry], known: Known, now: datetime) -> list[Entry]:
    """Classify in the given order and insert; returns those whose row another writer beat to it."""
    for entry in entries:
        entry.verdict = classify(entry, known)
        entry.signature = _row(entry, known, now)
        if entry.verdict[0] == STORED and not entry.is_taken_back:
            known.outcomes[entry.signature.signatory_id] = entry.record.outcome
    stored = insert_rows([entry.signature for entry in entries], ignore_conflicts=True)
    others = [entry for entry in entries if entry.record.id not in stored]
    if not others:
        return []
    here = Signature.objects.filter(pk__in=[entry.record.id for entry in others])
    found = dict(here.values_list("pk", "record_sha256"))
    return [entry for entry in others if found.get(entry.record.id) != entry.record.sha256]


def _row(entry: Entry, known: Known, now: datetime) -> Signature:
    record, (status, code) = entry.record, entry.verdict
    standing = {"status": ROWS[status], "code": code}
    if entry.is_taken_back:
        standing = taken_back(now)
    return Signature(
        id=record.id,
        declaration=entry.paper,
        signatory=known.signatories.get(entry.place),
        outcome=record.outcome,
        method=record.method,
        record=record.raw,
        record_sha256=record.sha256,
        strokes=record.strokes,
        text_sha256=record.data["text_sha256"],
        signed_at_device=record.signed_at_device,
        signed_at=entry.moment.signed_at,
        flags=flags_of(entry, known),
        **entry.origin,
        **standing,
    )


def taken_back(now: datetime) -> dict:
    """The standing of a record that was voided at its tablet."""
    status = Signature.Status.REVOKED
    return {"status": status, "code": "voided", "status_reason": MESSAGES["voided"], "decided_at": now}


def apply_counted(entries: Iterable[Entry]) -> list[Arrival]:
    """The outcome on the list for records that count; returns who has arrived by signing."""
    counted = [entry for entry in entries if entry.verdict[0] == STORED and not entry.is_taken_back]
    touched: set[str] = set()
    for entry in counted:
        touched |= apply_record(entry.signature.signatory, entry.record, entry.signature.signed_at)
    if counted:
        fields = [name for name in OUTCOME_FIELDS if name in touched]
        rows = [entry.signature.signatory for entry in counted]
        update_rows(rows, fields)
    return [arrival_of(entry.signature) for entry in counted]


def arrival_of(signature: Signature) -> Arrival:
    """Who signs is here. The record keeps the number of the signature, so that twice is once."""
    return Arrival(
        attendee=signature.signatory.attendee,
        occurred_at=signature.signed_at,
        client_uuid=signature.pk,
        offline="offline" in signature.flags,
        method=arrival_method(signature),
    )


def arrival_method(signature: Signature) -> str:
    """Who signs by the own link takes part from afar; who signs at a tablet stands beside it."""
    if signature.channel == Signature.Channel.LINK:
        return AttendanceRecord.Method.LINK
    return AttendanceRecord.Method.SIGNATURE


def apply_record(row: Signatory, record: Record, at: datetime) -> set[str]:
    """Outcome and, where somebody stands in or had no name yet, the person at the tablet. Does not save.

    Returns the names of the columns that were written.
    """
    row.outcome, row.outcome_at = record.outcome, at
    person = record.data["signatory"]
    if record.data["capacity"] == "on_behalf_of":
        behalf = record.data["on_behalf_of"]
        row.capacity = Signatory.Capacity.ON_BEHALF
        row.on_behalf_of_position = behalf.get("position", "")
        # A post without a name is shown in the place of the name.
        row.on_behalf_of_name = "" if behalf["name"] == row.on_behalf_of_position else behalf["name"]
        row.letter_no = behalf.get("letter_no", "")
        row.name, row.rank, row.position = person["name"], "", person.get("position", "")
        row.agency = person.get("agency", row.agency)
        return set(OUTCOME_FIELDS)
    if not row.name:
        row.name = person["name"]
        return {*OUTCOME, "name"}
    return set(OUTCOME)


def take_back_record(row: Signatory, record: Record, declaration: Declaration) -> None:
    """What the record wrote about the person goes with it: who stood in, or the name of somebody expected by post.

    Otherwise the next signature of the person would be printed under the name of the stand-in. Does not save.
    """
    listed = row_of(declaration, row.attendee, row.party)
    if record.data["capacity"] == "on_behalf_of" or not listed.name:
        for name in PERSON_FIELDS:
            setattr(row, name, getattr(listed, name))


def set_pending(row: Signatory, record: Record, declaration: Declaration) -> None:
    """The person is *belum* again, and everything the record had written is gone. Effects: the row.

    A signature with pen that was noted before the record came counts again.
    """
    note = row.sheet_signatures.standing().first()
    row.outcome = Signatory.Outcome.SIGNED if note else Signatory.Outcome.PENDING
    row.outcome_at = note and note.signed_at
    take_back_record(row, record, declaration)
    row.save(update_fields=OUTCOME_FIELDS)
