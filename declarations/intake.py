"""DEED: take in what signing pages and personal links hand over; what was physically made is never refused.

A record is stored and classified (KIOSK §8): it counts, or it waits for a person with the reason in words. Bytes that
are no record are kept as they came. Nothing that is stored already ever changes here. Tablets have a door of their
own (``kiosk_intake``), which classifies and stores by the same rules.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from accounts import audit
from accounts.canonical import parse_canonical
from accounts.writing import writing
from events.attendance import check_in_many

from .classification import (
    CONFLICT,
    DUPLICATE,
    FINAL,
    HELD,
    MESSAGES,
    QUARANTINED,
    STORED,
    SURE_CLOCK,
    Entry,
    Known,
    Moment,
)
from .evidence import MAX_BYTES, Record, make_record, parse_record, uuid7
from .link_keys import OneTimeKey
from .locking import locked
from .models import Declaration, InboxItem, Signature
from .records import RecordError
from .storing import apply_counted, arrival_method, read_known, store

__all__ = ["FINAL", "MESSAGES", "QUARANTINED", "Result", "new_id", "take_in", "take_in_form"]

ANSWERS = {
    STORED: "Tersimpan.",
    DUPLICATE: "Sudah tersimpan sebelumnya.",
    CONFLICT: "Tersimpan. Petugas akan meninjau.",
    HELD: "Tersimpan. Petugas akan meninjau.",
}


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
    is_weak: bool = False
    problem: tuple[str, str] | None = None
    key: OneTimeKey | None = None  # of a personal link; its door has checked it
    verdict: tuple[str, str] = ("", "")  # status, code
    signature: Signature | None = None


def take_in(
    bodies: Sequence[bytes], *, declaration: Declaration, via: str, by, key: OneTimeKey | None = None
) -> list[Result]:
    """Store and classify; one result per body, in their order.

    1. Parse every body outside the transaction. 2. Lock the paper. 3. Classify in the given order: duplicate, id_reuse,
    held, conflict, stored. 4. In one transaction: signatures, outcome of the signatories, attendance, unreadable bodies
    into the inbox, one audit entry. Sending the same bytes again gives the same answer and changes nothing.
    ``key`` is the one-time key that signed the one body.
    ValueError for a body of more than 64 KB: the door before this one has to refuse it.
    """
    if any(len(body) > MAX_BYTES for body in bodies):
        raise ValueError("a body is larger than 64 KB")
    items = [_read(bytes(body), declaration, key) for body in bodies]
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


def _read(body: bytes, declaration: Declaration, key: OneTimeKey | None) -> Item:
    item = Item(body, hashlib.sha256(body).hexdigest(), key=key)
    try:
        item.record = parse_record(body, require_device=key is not None)
        item.is_weak = item.record.is_weak()
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


def _store(items: list[Item], declaration: Declaration, via: str, by) -> list[Item]:
    """Classify and insert; returns those whose row another writer beat to it."""
    if not items:
        return []
    known, now = _known(items, declaration), timezone.now()
    fresh: dict[UUID, Item] = {}
    again = [item for item in items if not _is_new(item, known, fresh)]
    entries = {pk: _entry(item, declaration, via, by, now) for pk, item in fresh.items()}
    lost = {entry.record.id for entry in store(list(entries.values()), known, now)}
    for pk, item in fresh.items():
        item.verdict, item.signature = entries[pk].verdict, entries[pk].signature
    for item in again:
        first = fresh.get(item.record.id)
        _judge_again(item, first.signature if first else known.records[item.record.id], declaration)
    _apply([entry for pk, entry in entries.items() if pk not in lost], declaration, by)
    return [item for pk, item in fresh.items() if pk in lost]


def _known(items: list[Item], declaration: Declaration) -> Known:
    known = read_known(declaration.event, [declaration], [item.record.attendee for item in items])
    known.records = Signature.objects.in_bulk([item.record.id for item in items])
    return known


def _is_new(item: Item, known: Known, fresh: dict[UUID, Item]) -> bool:
    """The first with its number, here and in this batch."""
    number = item.record.id
    return number not in known.records and fresh.setdefault(number, item) is item


def _judge_again(item: Item, stored: Signature, declaration: Declaration) -> None:
    """The id is here already: the same bytes are a repetition, other bytes a second record under a stolen number."""
    if stored.record_sha256 == item.record.sha256 and stored.declaration_id == declaration.pk:
        item.verdict, item.signature = (DUPLICATE, stored.code), stored
    else:
        item.problem = ("id_reuse", MESSAGES["id_reuse"])


def _entry(item: Item, declaration: Declaration, via: str, by, now: datetime) -> Entry:
    origin = {"channel": via, "operator": audit.user_or_none(by)}
    if item.key:
        origin |= {"link_key": item.key.public, "device_signature": item.key.signature}
    return Entry(item.record, declaration, moment_of(item.record, now), origin, item.is_weak)


def moment_of(record: Record, now: datetime) -> Moment:
    """The clock of a page that is online: far from ours, ours counts."""
    signed = record.signed_at_device
    sure, late = abs(now - signed) <= SURE_CLOCK, now - signed > SURE_CLOCK
    return Moment(signed if sure else now, signed if sure else now, sure, late)


def _apply(entries: list[Entry], declaration: Declaration, by) -> None:
    """What follows from records that count: the outcome on the list and the attendance."""
    arrivals = apply_counted(entries)
    if arrivals:
        method = arrival_method(entries[0].signature)
        check_in_many(event=declaration.event, arrivals=arrivals, method=method, by=by)


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
