"""DEED: take in what signing pages and tablets hand over. The one door; what was physically made is never refused.

A record is stored and classified (KIOSK §8): it counts, or it waits for a person with the reason in words. Bytes that
are no record are kept as they came. Nothing that is stored already ever changes here.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from accounts import audit
from accounts.canonical import parse_canonical
from accounts.writing import writing
from events.attendance import Arrival, check_in_many
from events.models import AttendanceRecord, Attendee, Event

from .evidence import MAX_BYTES, Record, make_record, parse_record, uuid7
from .locking import locked
from .models import Declaration, InboxItem, Signatory, Signature
from .records import RecordError
from .strokes import measure

GRACE = timedelta(minutes=15)  # after closing, for those who stand in the queue
SURE_CLOCK = timedelta(seconds=120)

STORED, DUPLICATE, CONFLICT, HELD, QUARANTINED = "stored", "duplicate", "conflict", "held", "quarantined"
FINAL = (STORED, DUPLICATE, CONFLICT, HELD)

# Why something waits for a person; shown to staff, never on the tablet.
MESSAGES = {
    "unreadable": "Kiriman tidak dapat dibaca.",
    "invalid_record": "Isi kiriman tidak sah.",
    "id_reuse": "Nomor catatan ini sudah dipakai oleh kiriman lain dengan isi yang berbeda.",
    "unknown_attendee": "Peserta tidak dikenal dalam kegiatan ini.",
    "attendee_removed": "Peserta sudah dikeluarkan dari daftar sebelum tanda tangan diterima.",
    "not_assigned": "Peserta tidak terdaftar sebagai penanda tangan naskah ini.",
    "text_mismatch": "Naskah yang ditandatangani bukan naskah yang ditetapkan untuk dokumen ini.",
    "before_open": "Diterima sebelum penandatanganan dibuka.",
    "after_close": "Diterima lebih dari 15 menit setelah penandatanganan ditutup.",
    "after_seal": "Diterima setelah dokumen disegel.",
    "event_cancelled": "Kegiatan sudah dibatalkan.",
    "second_outcome": "Orang yang sama sudah tercatat pada naskah ini.",
    "after_refusal": "Orang ini sebelumnya tercatat tidak menandatangani.",
    "refusal_after_signature": "Orang ini sebelumnya tercatat menandatangani.",
}
ANSWERS = {
    STORED: "Tersimpan.",
    DUPLICATE: "Sudah tersimpan sebelumnya.",
    CONFLICT: "Tersimpan. Petugas akan meninjau.",
    HELD: "Tersimpan. Petugas akan meninjau.",
}
ROWS = {STORED: Signature.Status.VALID, CONFLICT: Signature.Status.CONFLICT, HELD: Signature.Status.HELD}


class Result(NamedTuple):
    """What became of one body. ``signature`` is None and ``record_sha256`` "" for bytes that are no record.

    ``message`` may be shown to the person at the tablet; for quarantined bytes it says what is wrong with them.
    """

    id: UUID | None
    status: str
    code: str
    message: str
    signature: Signature | None
    record_sha256: str


@dataclass
class Item:
    """One body on its way: ``problem`` (code, message) when it is no record of this paper."""

    body: bytes
    sha256: str
    record: Record | None = None
    problem: tuple[str, str] | None = None
    verdict: tuple[str, str] = ("", "")  # status, code
    signature: Signature | None = None


def take_in(bodies: Sequence[bytes], *, declaration: Declaration, via: str, by) -> list[Result]:
    """Store and classify; one result per body, in their order.

    1. Parse every body outside the transaction. 2. Lock the paper. 3. Classify in the given order: duplicate, id_reuse,
    held, conflict, stored. 4. In one transaction: signatures, outcome of the signatories, attendance, unreadable bodies
    into the inbox, one audit entry. Sending the same bytes again gives the same answer and changes nothing.
    ValueError for a body of more than 64 KB: the door before this one has to refuse it.
    """
    if any(len(body) > MAX_BYTES for body in bodies):
        raise ValueError("a body is larger than 64 KB")
    items = [_read(bytes(body), declaration) for body in bodies]
    with writing():
        declaration = locked(declaration)
        waiting = [item for item in items if item.record and not item.problem]
        for _ in range(2):  # who loses a race is classified once more, now against the winner
            waiting = _store(waiting, declaration, via, by)
        if waiting:
            raise RuntimeError("signatures were neither stored nor found")
        kept = _keep_unreadable([item for item in items if item.problem], declaration, by)
        counted = [item for item in items if not item.problem and item.verdict[0] != DUPLICATE]
        _note([*counted, *kept], declaration, via, by)
    return [_result(item) for item in items]


def take_in_form(fields: dict, *, declaration: Declaration, via: str, by) -> Result:
    """A record made here from a plain form, whose ``id`` was hidden in the page.

    The same choices under the same id are a second click on one button: the first receipt again (duplicate). Other
    choices under it, from a page that stayed open, get an id of their own: kept beside the first like any second
    outcome. Asked under the lock, so that two clicks at once wait for each other. RecordError for an invalid form.
    """
    record = make_record(fields)
    with writing():
        declaration = locked(declaration)
        earlier = Signature.objects.filter(pk=record.id).first()
        if earlier is None:
            body = record.raw
        elif earlier.declaration_id == declaration.pk and _choices(bytes(earlier.record)) == _choices(
            record.raw
        ):
            body = bytes(earlier.record)
        else:
            body = make_record({**fields, "id": new_id()}).raw
        [result] = take_in([body], declaration=declaration, via=via, by=by)
    return result


def new_id() -> str:
    """A fresh id for a record that is made on this side."""
    return uuid7(int(timezone.now().timestamp() * 1000), secrets.token_bytes(10))


# -- reading -----------------------------------------------------------------------------------------------------


def _read(body: bytes, declaration: Declaration) -> Item:
    item = Item(body, hashlib.sha256(body).hexdigest())
    try:
        item.record = parse_record(body)
    except RecordError as error:
        code = "unreadable" if error.code == "not_canonical" else "invalid_record"
        item.problem = (code, error.message)
        return item
    if item.record.declaration != declaration.pk or item.record.event != declaration.event_id:
        item.problem = ("invalid_record", "Kiriman ini bukan untuk naskah ini.")
    return item


def _choices(raw: bytes) -> dict:
    """What the person chose and entered: the record without what is new at every click."""
    data = parse_canonical(raw)
    return {name: value for name, value in data.items() if name not in ("id", "salt", "signed_at_device")}


# -- storing -----------------------------------------------------------------------------------------------------


@dataclass
class Known:
    """What the database holds about the people and records of one batch, read once."""

    records: dict[UUID, Signature]
    attendees: dict[UUID, Attendee]
    signatories: dict[UUID, Signatory]  # by attendee
    outcomes: dict[UUID, str]  # signatory → outcome of the valid signature


def _store(items: list[Item], declaration: Declaration, via: str, by) -> list[Item]:
    """Classify and insert; returns those whose row another writer beat to it."""
    if not items:
        return []
    known, now = _known(items, declaration), timezone.now()
    fresh: dict[UUID, Item] = {}
    for item in items:
        earlier = fresh.get(item.record.id)
        stored = earlier.signature if earlier else known.records.get(item.record.id)
        if stored is not None:
            _judge_again(item, stored, declaration)
            continue
        item.verdict = _classify(item.record, declaration, known, now)
        item.signature = _row(item, declaration, known, now, via, by)
        if item.verdict[0] == STORED:
            known.outcomes[item.signature.signatory_id] = item.record.outcome
        fresh[item.record.id] = item
    Signature.objects.bulk_create([item.signature for item in fresh.values()], ignore_conflicts=True)
    won = _rows_that_won(fresh)
    _apply([item for item in fresh.values() if item.record.id in won], declaration, by, now)
    return [item for item in fresh.values() if item.record.id not in won]


def _known(items: list[Item], declaration: Declaration) -> Known:
    people = {item.record.attendee for item in items}
    rows = declaration.signatories.current().filter(attendee__in=people)
    signatories = {row.attendee_id: row for row in rows}
    attendees = Attendee.objects.filter(event=declaration.event_id).in_bulk(people)
    for row in signatories.values():
        row.attendee = attendees[row.attendee_id]  # so that nobody asks for each of them once more
    valid = Signature.objects.valid().filter(signatory__in=[row.pk for row in signatories.values()])
    return Known(
        records=Signature.objects.in_bulk([item.record.id for item in items]),
        attendees=attendees,
        signatories=signatories,
        outcomes=dict(valid.values_list("signatory_id", "outcome")),
    )


def _judge_again(item: Item, stored: Signature, declaration: Declaration) -> None:
    """The id is here already: the same bytes are a repetition, other bytes a second record under a stolen number."""
    if stored.record_sha256 == item.record.sha256 and stored.declaration_id == declaration.pk:
        item.verdict, item.signature = (DUPLICATE, stored.code), stored
    else:
        item.problem = ("id_reuse", MESSAGES["id_reuse"])


def _classify(record: Record, declaration: Declaration, known: Known, now: datetime) -> tuple[str, str]:
    """(status, code) of an authentic record: what holds it first, then whether the person is on record already."""
    if code := _why_held(record, declaration, known, now):
        return HELD, code
    earlier = known.outcomes.get(known.signatories[record.attendee].pk)
    if earlier is None:
        return STORED, ""
    if earlier == record.outcome:
        return CONFLICT, "second_outcome"
    return CONFLICT, "after_refusal" if earlier == "refused" else "refusal_after_signature"


def _why_held(record: Record, declaration: Declaration, known: Known, now: datetime) -> str:
    attendee = known.attendees.get(record.attendee)
    if declaration.event.state == Event.State.CANCELLED:
        return "event_cancelled"
    if attendee is None:
        return "unknown_attendee"
    if attendee.withdrawn_at:
        return "attendee_removed"
    if record.attendee not in known.signatories:
        return "not_assigned"
    if record.data["text_sha256"] != declaration.text_version.sha256:
        return "text_mismatch"
    return _why_untimely(record, declaration, now)


def _why_untimely(record: Record, declaration: Declaration, now: datetime) -> str:
    state = Declaration.State(declaration.state)
    if state == Declaration.State.DRAFT:
        return "before_open"
    if state == Declaration.State.OPEN:
        return ""
    if state != Declaration.State.CLOSED:
        return "after_seal"
    return "after_close" if true_time(record, now)[0] > declaration.closed_at + GRACE else ""


def true_time(record: Record, now: datetime) -> tuple[datetime, bool]:
    """(best estimate, whether the clock of the page can be trusted): far from ours, ours counts."""
    sure = abs(now - record.signed_at_device) <= SURE_CLOCK
    return (record.signed_at_device if sure else now), sure


def _row(item: Item, declaration: Declaration, known: Known, now: datetime, via: str, by) -> Signature:
    record, (status, code) = item.record, item.verdict
    signed_at, _ = true_time(record, now)
    return Signature(
        id=record.id,
        declaration=declaration,
        signatory=known.signatories.get(record.attendee),
        outcome=record.outcome,
        method=record.method,
        channel=via,
        record=record.raw,
        record_sha256=record.sha256,
        strokes=record.strokes,
        text_sha256=record.data["text_sha256"],
        signed_at_device=record.signed_at_device,
        signed_at=signed_at,
        operator=audit.user_or_none(by),
        flags=_flags(record, known, now),
        status=ROWS[status],
        code=code,
    )


def _flags(record: Record, known: Known, now: datetime) -> list[str]:
    """Remarks that never change the status."""
    row = known.signatories.get(record.attendee)
    remarks = {
        "clock_uncertain": not true_time(record, now)[1],
        "offline": now - record.signed_at_device > SURE_CLOCK,
        "weak": bool(record.drawing) and (record.data.get("weak") or measure(record.drawing).is_weak),
        "walk_in": record.data["source"] == "walk_in",
        "name_differs": bool(row and row.name)
        and record.data["capacity"] == "self"
        and record.data["signatory"]["name"] != row.name,
    }
    return [name for name, applies in remarks.items() if applies]


def _rows_that_won(fresh: dict[UUID, Item]) -> set[UUID]:
    """Which of the rows in the database are really ours."""
    found = Signature.objects.filter(pk__in=fresh).values_list("pk", "record_sha256")
    return {pk for pk, sha256 in found if fresh[pk].record.sha256 == sha256}


def _apply(items: list[Item], declaration: Declaration, by, now: datetime) -> None:
    """What follows from records that count: the outcome on the list and the attendance."""
    counted = [item for item in items if item.verdict[0] == STORED]
    for item in counted:
        apply_record(item.signature.signatory, item.record, item.signature.signed_at)
    Signatory.objects.bulk_update(
        [item.signature.signatory for item in counted], OUTCOME_FIELDS, batch_size=200
    )
    arrivals = [
        Arrival(
            attendee=item.signature.signatory.attendee,
            occurred_at=item.signature.signed_at,
            client_uuid=item.record.id,
            offline="offline" in item.signature.flags,
        )
        for item in counted
    ]
    if arrivals:
        check_in_many(
            event=declaration.event, arrivals=arrivals, method=arrival_method(counted[0].signature), by=by
        )


def arrival_method(signature: Signature) -> str:
    """Who signs by the own link takes part from afar; who signs at a tablet stands beside it."""
    if signature.channel == Signature.Channel.LINK:
        return AttendanceRecord.Method.LINK
    return AttendanceRecord.Method.SIGNATURE


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
OUTCOME_FIELDS = ("outcome", "outcome_at", *PERSON_FIELDS)


def apply_record(row: Signatory, record: Record, at: datetime) -> None:
    """Outcome and, where somebody stands in or had no name yet, the person at the tablet. Does not save."""
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
    elif not row.name:
        row.name = person["name"]


# -- what is kept beside -----------------------------------------------------------------------------------------


def _keep_unreadable(items: list[Item], declaration: Declaration, by) -> list[Item]:
    """Into the inbox, as it came; returns what was not there yet."""
    here = set(
        declaration.inbox_items.filter(sealed_sha256__in=[item.sha256 for item in items]).values_list(
            "sealed_sha256", flat=True
        )
    )
    fresh = {item.sha256: item for item in items if item.sha256 not in here}
    rows = [
        InboxItem(
            item_id=item.record.id if item.record else None,
            sealed_sha256=item.sha256,
            body=item.body,
            declaration=declaration,
            code=item.problem[0],
            message=item.problem[1],
            operator=audit.user_or_none(by),
        )
        for item in fresh.values()
    ]
    InboxItem.objects.bulk_create(rows, ignore_conflicts=True)
    return list(fresh.values())


def _note(items: list[Item], declaration: Declaration, via: str, by) -> None:
    """One audit entry for the batch; a batch of repetitions leaves none."""
    facts = [
        {
            "id": str(item.record.id) if item.record else "",
            "sha256": item.sha256,
            "status": QUARANTINED if item.problem else item.verdict[0],
            "code": item.problem[0] if item.problem else item.verdict[1],
        }
        for item in items
    ]
    if facts:
        audit.record(by, "signature.received", declaration, via=via, items=facts)


def _result(item: Item) -> Result:
    if item.problem:
        code, message = item.problem
        return Result(item.record.id if item.record else None, QUARANTINED, code, message, None, "")
    status, code = item.verdict
    return Result(item.record.id, status, code, ANSWERS[status], item.signature, item.record.sha256)
