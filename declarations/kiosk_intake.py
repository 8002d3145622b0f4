"""DEED: the one door for everything a tablet hands in, by network or as a rescue file (KIOSK.md §8).

What was physically made is never refused: it is stored and classified, and doubt goes to a person. Sending the same
any number of times, in any order, in any batches ends in the same state. The answer is given after the commit, from
rows that are in the database.
"""

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts import audit
from accounts.writing import let_writer_pass, others_wait, writing
from events.keys import private_key
from events.models import Device, EventKey

from .classification import DUPLICATE, FINAL, RETRY, STORED
from .evidence import format_time
from .kiosk_batch import Batch, Hold, MustBeAlone, can_share, store_batch, take_hold
from .kiosk_chain import chain_of, chain_state, links_from, missing_seqs, walk
from .kiosk_inbox import Inbox, Work, link_of
from .kiosk_reading import Reading, Sender, read_item

__all__ = ["ItemResult", "chain_state", "missing_seqs", "take_in_items"]

log = logging.getLogger(__name__)

CHAIN = ["chain_seq", "chain_link", "chain_broken_at", "state"]


class ItemResult(NamedTuple):
    """What became of one item (KIOSK §8.1). ``was`` is the first status of a duplicate; ``receipt`` is None for retry.

    Receipt: {"sealed_sha256", "record_sha256" (left out when unread), "received_at", "n"}.
    """

    id: str
    status: str
    codes: list[str]
    was: str
    receipt: dict | None


def take_in_items(
    items: Sequence[dict],
    *,
    device: Device,
    via: str,
    by,
    sent_at_device: datetime | None,
    now: datetime | None = None,
) -> list[ItemResult]:
    """Store and classify; one result per item {id, seq, kid, c}, in their order.

    1. Open, verify and parse outside the transaction. 2. Lock event, tablet and papers; on PostgreSQL share the event
    with other tablets, and begin again alone when the batch changes more than its people. 3. Known items, papers
    opened offline, voids, walk-ins, then each record by ``device_seq``. 4. In one transaction: people, signatures,
    outcomes, attendance, items, the chain and state of the tablet, one audit entry ``kiosk.items_received``. 5. When
    the database refuses the batch, each item by itself: one bad item stops no other. Nothing is raised for what a
    tablet sent; ``retry`` means that nothing was kept.
    """
    now = now or timezone.now()
    offset = None if sent_at_device is None else round((now - sent_at_device) / timedelta(milliseconds=1))
    batch = Batch(device, via, by, now, offset)
    readings = read_all(items, device)
    try:
        works = _together(batch, readings)
    except OperationalError as problem:
        log.error("batch of a tablet not stored, busy: %s", type(problem).__name__)
        works = [_failed(reading, "busy") for reading in readings]
    except Exception as problem:
        log.error("batch of a tablet not stored, trying one by one: %s", type(problem).__name__)
        works = _one_by_one(batch, readings)
    by_reading = {id(work.reading): work for work in works}
    return [result_of(by_reading[id(reading)]) for reading in readings]


def read_all(items: Sequence[dict], device: Device) -> list[Reading]:
    keys = {key.kid: _private(key) for key in EventKey.objects.filter(event=device.event_id)}
    sender = Sender(device.event_id, device.pk, bytes(device.public_key))
    readings, is_patient = [], True
    for item in items:
        is_patient = is_patient and let_writer_pass()
        readings.append(read_item(item, keys, sender))
    return readings


def _private(key: EventKey):
    """None for a key that was destroyed or that the key ring of this server cannot open."""
    try:
        return private_key(key)
    except ValueError:
        return None


def _together(batch: Batch, readings: Sequence[Reading]) -> list[Work]:
    try:
        return _stored(batch, readings, alone=not can_share())
    except MustBeAlone:
        return _stored(batch, readings, alone=True)


def _stored(batch: Batch, readings: Sequence[Reading], *, alone: bool) -> list[Work]:
    with writing():
        hold = take_hold(batch.device, alone=alone)
        with others_wait() if alone else nullcontext():
            works, inbox = store_batch(batch, hold, readings)
            _finish(batch, hold, works, inbox)
    _remember(batch, hold)
    return works


def _remember(batch: Batch, hold: Hold) -> None:
    """The caller's tablet as it is now."""
    for name in CHAIN:
        setattr(batch.device, name, getattr(hold.device, name))


def _one_by_one(batch: Batch, readings: Sequence[Reading]) -> list[Work]:
    """Each item in a savepoint of its own; what fails is not kept and will be sent again."""
    works: list[Work] = []
    try:
        with writing():
            for reading in sorted(readings, key=lambda reading: reading.seq):
                works.append(_alone(batch, reading))
    except OperationalError:
        return [_failed(reading, "busy") for reading in readings]
    return works


def _alone(batch: Batch, reading: Reading) -> Work:
    try:
        with transaction.atomic():
            hold = take_hold(batch.device, alone=True)
            [work], inbox = store_batch(batch, hold, [reading])
            _finish(batch, hold, [work], inbox)
        _remember(batch, hold)
        return work
    except OperationalError:
        raise
    except Exception as problem:
        log.error("item %s of a tablet not stored: %s", reading.id, type(problem).__name__)
        return _failed(reading, "store_failed")


def _failed(reading: Reading, code: str) -> Work:
    work = Work(reading)
    work.decide(RETRY, code)
    return work


# -- what follows ------------------------------------------------------------------------------------------------


def _finish(batch: Batch, hold: Hold, works: list[Work], inbox: Inbox) -> None:
    """The chain and the state of the tablet, and one line of the log; a batch of repetitions leaves none."""
    news = [work for work in works if work.is_news]
    if not news:
        return
    _advance(hold.device, news, inbox)
    facts = [
        {
            "id": str(work.reading.id),
            "sha256": work.reading.sealed_sha256,
            "status": work.status,
            "code": work.code,
        }
        for work in news
    ]
    audit.record(batch.by, "kiosk.items_received", hold.device, via=str(batch.via), items=facts)


def _advance(device: Device, news: list[Work], inbox: Inbox) -> None:
    """How far the chain is here; a paired tablet whose probe is here is active."""
    rows = {row.n: row for row in [*inbox.own, *(work.row for work in news)] if row.record_sha256}
    start = chain_of(device)
    chain = walk(start, [link_of(row) for row in rows.values()])
    if chain.seq > start.seq and chain.seq - 1 not in {work.reading.seq for work in news}:
        # A gap was filled: what lay behind it was not read.
        chain = walk(chain, links_from(device, chain.seq))
    before = [getattr(device, name) for name in CHAIN]
    device.chain_seq, device.chain_link, device.chain_broken_at = chain
    probed = any(work.kind == "probe" and work.status == STORED for work in news)
    if device.state == Device.State.PAIRED and probed:
        device.state = Device.State.ACTIVE
    if before != [getattr(device, name) for name in CHAIN]:
        device.save(update_fields=CHAIN)


def result_of(work: Work) -> ItemResult:
    """The answer, from what is in the database now."""
    first = work.twin or work
    status, was = first.status, first.was
    if work.twin and first.status in FINAL:
        status, was = DUPLICATE, first.was or first.status
    codes = [first.code] if first.code else []
    return ItemResult(str(work.reading.id), status, codes + first.flags, was, _receipt(first))


def _receipt(work: Work) -> dict | None:
    if work.status == RETRY:
        return None
    row = work.row
    receipt = {"sealed_sha256": row.sealed_sha256, "received_at": format_time(row.received_at), "n": row.n}
    return receipt | ({"record_sha256": row.record_sha256} if row.record_sha256 else {})
