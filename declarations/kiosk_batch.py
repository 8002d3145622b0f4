"""Judge and store one batch of a tablet inside the transaction of its door (KIOSK.md §8.2, §8.3).

Order: what is known already, papers that were opened offline, voids, walk-ins, then every record by ``device_seq``.
Reads and writes a fixed number of times, whether one item came or fifty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts import audit
from accounts.many_rows import insert_rows, update_rows
from events.attendance import Arrival, note_arrivals
from events.locking import queue_for, share
from events.models import AttendanceRecord, Device, Event

from .classification import (
    DUPLICATE,
    HELD,
    QUARANTINED,
    RETRY,
    STORED,
    SURE_CLOCK,
    Entry,
    Known,
    Moment,
    remarks_on,
    why_held,
)
from .evidence import Record, parse_record
from .kiosk_inbox import READ, Inbox, Work, write_row
from .kiosk_opening import open_by_tablet
from .kiosk_reading import Reading, best_estimate, estimates
from .kiosk_voids import Place, Void, settle
from .models import Declaration, KioskItem, Signature
from .storing import apply_counted, read_known, store
from .walk_ins import admit

FOUND_BY = {
    "qr": AttendanceRecord.Method.QR,
    "search": AttendanceRecord.Method.SEARCH,
    "typed": AttendanceRecord.Method.WALK_IN,
}


@dataclass
class Batch:
    """Who hands in, how, and when."""

    device: Device
    via: str
    by: object
    now: datetime
    sync_offset_ms: int | None


@dataclass
class Hold:
    """What is locked until the commit, as it is now. Not ``alone``: the people of the batch are locked one by one."""

    event: Event
    device: Device
    papers: dict[UUID, Declaration]
    alone: bool


class MustBeAlone(Exception):
    """This batch changes more than its own people: it needs the event for itself. Nothing was written yet."""


def take_hold(device: Device, *, alone: bool) -> Hold:
    """Lock the event, its tablet and its papers, in the order of the whole house.

    Not ``alone``: the event is shared with other tablets that take in signatures; every other deed waits for all.
    """
    if alone:
        queue_for(device.event_id)
        event = Event.objects.select_related("region", "office__region").select_for_update(of=("self",))
    else:  # what only a start or an opening needs is not read
        share(device.event_id)
        event = Event.objects.all()
    event = event.get(pk=device.event_id)
    device = Device.objects.select_for_update(of=("self",)).select_related("site").get(pk=device.pk)
    device.event = event
    papers = (
        Declaration.objects.filter(event=event).order_by("pk").select_related("text_version__pledge_text")
    )
    if alone:
        papers = papers.select_for_update(of=("self",))
    papers = {paper.pk: paper for paper in papers}
    for paper in papers.values():
        paper.event = event
    return Hold(event, device, papers, alone)


def can_share() -> bool:
    """SQLite has one writer anyway."""
    return connection.vendor == "postgresql"


# -- one batch ---------------------------------------------------------------------------------------------------


def store_batch(batch: Batch, hold: Hold, readings: Sequence[Reading]) -> tuple[list[Work], Inbox]:
    works = [Work(reading) for reading in sorted(readings, key=lambda reading: reading.seq)]
    inbox = Inbox(hold.device, works)
    fresh = [work for work in _first_ones(works) if not _is_settled(work, inbox)]
    _look_at(fresh, batch, hold, inbox)
    if not hold.alone and _is_about_more_than_its_people(fresh, hold, inbox):
        raise MustBeAlone
    _open_papers(fresh, batch, hold)
    arrivals = _settle_voids(fresh, batch, hold, inbox)
    arrivals += _store_records([work for work in fresh if work.entry], batch, hold)
    note_arrivals(event=hold.event, arrivals=arrivals, by=hold.device)
    _write_items(works, batch, hold)
    return works, inbox


def _is_about_more_than_its_people(fresh: list[Work], hold: Hold, inbox: Inbox) -> bool:
    """Does it start the event, open a paper, add somebody to the lists or take a record back?"""
    entries = [work.entry for work in fresh if work.entry]
    return (
        hold.event.state != Event.State.RUNNING
        or any(work.kind == "void" for work in fresh)
        or any(entry.paper and entry.paper.state == Declaration.State.DRAFT for entry in entries)
        or any(entry.record.data["source"] != "roster" for entry in entries)
        or bool(inbox.waiting_voids({work.reading.id for work in fresh}))
    )


def _first_ones(works: list[Work]) -> list[Work]:
    """Without the same item a second time in one batch; that one gets the answer of the first."""
    first: dict = {}
    for work in works:
        found = first.setdefault(work.reading.key, work)
        if found is not work:
            work.twin = found
    return list(first.values())


def _is_settled(work: Work, inbox: Inbox) -> bool:
    """Steps 2 to 7 of §8.2: known already, a number used for other bytes, or not to be read."""
    reading, same = work.reading, inbox.same(work.reading)
    if same is not None and same.device_id == inbox.device.pk and same.status != QUARANTINED:
        work.row, work.was = same, same.status
        work.decide(DUPLICATE, same.code)
    elif inbox.other_with_id(reading):
        work.row = same
        work.decide(QUARANTINED, "id_reuse")
    elif reading.problem:
        work.row = same
        work.decide(*reading.problem)
    else:
        work.row = same
        if reading.record.id in inbox.seen:
            work.decide(QUARANTINED, "id_reuse")
        inbox.seen.add(reading.record.id)
    return bool(work.status)


def _look_at(fresh: list[Work], batch: Batch, hold: Hold, inbox: Inbox) -> None:
    """When each record was made, and what holds it whoever it is about."""
    numbers: dict[int, set[UUID]] = {}
    for work in fresh:
        record, seq = work.reading.record, work.reading.seq
        work.moment = _moment(record, batch, hold.device)
        taken = numbers.setdefault(seq, inbox.ids_at(seq))
        code = "seq_reuse" if taken - {record.id} else _why_held(work, hold)
        taken.add(record.id)
        if work.kind == "signature" and UUID(work.reading.data["declaration"]) not in hold.papers:
            work.decide(HELD, "unknown_declaration")
        elif work.kind in ("signature", "attendance"):
            paper = hold.papers[record.declaration] if work.kind == "signature" else None
            origin = _origin(work, batch)
            work.entry = Entry(record, paper, work.moment, origin, work.reading.is_weak, code)
        else:
            work.decide(HELD if code else STORED, code)


def _why_held(work: Work, hold: Hold) -> str:
    if work.kind == "probe":
        return ""
    if hold.event.state == Event.State.CANCELLED:
        return "event_cancelled"
    ends = [moment for moment in (hold.device.draining_at, hold.device.cut_off_at) if moment]
    return "after_revocation" if ends and work.moment.signed_at > min(ends) else ""


def _moment(record: Record, batch: Batch, device: Device) -> Moment:
    found = estimates(record, batch.sync_offset_ms)
    best, earliest, sure = best_estimate(found, not_before=device.paired_at, not_after=batch.now)
    return Moment(best, earliest, sure, batch.now - best > SURE_CLOCK)


def _origin(work: Work, batch: Batch) -> dict:
    return {
        "channel": Signature.Channel.KIOSK,
        "device": batch.device.pk,
        "device_seq": work.reading.seq,
        "prev_hash": work.reading.data["prev_hash"],
        "device_signature": work.reading.signature,
        "sync_offset_ms": batch.sync_offset_ms,
    }


def _open_papers(fresh: list[Work], batch: Batch, hold: Hold) -> None:
    """Papers that tablets opened by PIN before anybody opened them here."""
    earliest: dict[UUID, datetime] = {}
    for entry in (work.entry for work in fresh if work.entry and work.entry.paper):
        paper = entry.paper
        if paper.state != Declaration.State.DRAFT or entry.code:
            continue
        if entry.record.data["text_sha256"] == paper.text_version.sha256:
            earliest[paper.pk] = min(earliest.get(paper.pk, entry.moment.earliest), entry.moment.earliest)
    for pk, moment in earliest.items():
        open_by_tablet(declaration=hold.papers[pk], earliest=moment, now=batch.now, by=hold.device)


# -- voids -------------------------------------------------------------------------------------------------------


def _settle_voids(fresh: list[Work], batch: Batch, hold: Hold, inbox: Inbox) -> list[Arrival]:
    """Those of this batch and those that waited for one of its records; returns who counts because of them."""
    works = [work for work in fresh if work.kind == "void" and work.status == STORED]
    here = {work.reading.id: work.entry for work in fresh}
    rows = inbox.waiting_voids(set(here))
    voids = [Void(UUID(w.reading.data["target"]), w.reading.seq, w.moment) for w in works]
    waiting = [Void(row.target, row.seq, _moment_of_row(row, batch, hold.device)) for row in rows]
    place = Place(hold.device, hold.papers, batch.now)
    if voids or waiting:
        settle([*waiting, *voids], place, here=here, elsewhere=inbox.untouchable())
    for work, void in zip(works, voids, strict=True):
        work.decide(HELD if void.code else STORED, void.code)
        work.applied_at = void.applied_at
    for row, void in zip(rows, waiting, strict=True):
        row.status, row.code = (HELD if void.code else STORED), void.code
        row.applied_at = void.applied_at
    update_rows(rows, ["status", "code", "applied_at"])
    return place.arrivals


def _moment_of_row(row: KioskItem, batch: Batch, device: Device) -> Moment:
    """Of a void that came before its target; the offset of its batch is not kept."""
    from_row = Batch(device, row.via, batch.by, row.received_at, None)
    return _moment(parse_record(bytes(row.record), require_device=True), from_row, device)


# -- signatures and arrivals -------------------------------------------------------------------------------------


def _store_records(works: list[Work], batch: Batch, hold: Hold) -> list[Arrival]:
    """Classify and store; returns who has arrived, by signing or at the desk."""
    if not works:
        return []
    known = _known(works, hold)
    admit([work.entry for work in works], known, site=hold.device.site, by=hold.device)
    signing = {work.reading.id: work for work in works if work.kind == "signature"}
    waiting = [work.entry for work in signing.values()]
    for _ in range(2):  # who loses a race is classified once more, now against the winner
        waiting = store(waiting, known, batch.now) if waiting else []
        if waiting:
            waiting, known = _after_a_lost_race(waiting, signing, hold)
    if waiting:
        raise RuntimeError("signatures were neither stored nor found")
    arrivals = apply_counted([w.entry for w in signing.values() if w.entry.signature and not w.status])
    for work in signing.values():
        if not work.status:
            work.decide(*work.entry.verdict)
            work.flags = work.entry.signature.flags
    return arrivals + _arrivals_at_the_desk([w for w in works if w.kind == "attendance"], known)


def _known(works: Sequence[Work], hold: Hold) -> Known:
    people = [work.entry.record.attendee for work in works]
    return read_known(hold.event, hold.papers.values(), people, lock=not hold.alone)


def _after_a_lost_race(lost: list[Entry], signing: dict[UUID, Work], hold: Hold) -> tuple[list[Entry], Known]:
    """A number that is taken belongs to a record of another door; else somebody else's signature came first."""
    taken = set(Signature.objects.filter(pk__in=[e.record.id for e in lost]).values_list("pk", flat=True))
    for entry in lost:
        if entry.record.id in taken:
            entry.signature = None
            signing[entry.record.id].decide(QUARANTINED, "id_reuse")
    return [entry for entry in lost if entry.record.id not in taken], _known(list(signing.values()), hold)


def _arrivals_at_the_desk(works: list[Work], known: Known) -> list[Arrival]:
    arrivals = []
    for work in works:
        record, entry = work.reading.record, work.entry
        code = why_held(entry, known)
        if not code and known.event.state == Event.State.DRAFT:
            code = "before_open"
        work.decide(HELD if code else STORED, code)
        work.flags = [name for name, applies in remarks_on(entry).items() if applies]
        if not code:
            arrivals.append(_arrival(record, entry, known))
    return arrivals


def _arrival(record: Record, entry: Entry, known: Known) -> Arrival:
    is_walk_in = record.data["source"] == "walk_in"
    return Arrival(
        attendee=known.attendees[record.attendee],
        occurred_at=entry.moment.signed_at,
        client_uuid=record.id,
        offline=entry.moment.is_late,
        method=AttendanceRecord.Method.WALK_IN if is_walk_in else FOUND_BY[record.data["found_by"]],
    )


# -- what is kept ------------------------------------------------------------------------------------------------


def _write_items(works: list[Work], batch: Batch, hold: Hold) -> None:
    """New rows in one insert; quarantined ones of which something else is known now in one update."""
    facts = {
        "device": hold.device,
        "via": batch.via,
        "operator": audit.user_or_none(batch.by),
        "now": batch.now,
    }
    news = [work for work in works if _is_news(work, hold.device)]
    new, again = ([work for work in news if (work.row is None) is fresh] for fresh in (True, False))
    insert_rows(write_row(work, **facts) for work in new)
    update_rows([write_row(work, **facts) for work in again], READ)
    for work in news:
        work.is_news = True


def _is_news(work: Work, device: Device) -> bool:
    if work.twin or work.status in (DUPLICATE, RETRY):
        return False
    row = work.row
    return row is None or (row.device_id == device.pk and (row.status, row.code) != (work.status, work.code))
