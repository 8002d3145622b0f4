"""DEEDS: who arrived. Append-only, keyed by the client's UUID, so that a record sent twice counts once (EVENTS §5)."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts import audit
from accounts.many_rows import insert_rows, update_rows
from accounts.refusals import Refusal
from accounts.writing import writing

from .locking import lock
from .models import AttendanceRecord, Attendee, Event, EventSite
from .scheduling import start_event

NOT_YET = "Kehadiran baru dapat dicatat setelah kegiatan dijadwalkan."
SAME_UUID = "Kode catatan ini sudah dipakai oleh catatan lain. Perlu ditinjau."


class Arrival(NamedTuple):
    """One person at one moment; ``client_uuid`` is what makes sending it twice harmless."""

    attendee: Attendee
    occurred_at: datetime
    client_uuid: uuid.UUID
    site: EventSite | None = None
    offline: bool = False
    method: str = ""  # for ``note_arrivals``, where people come by several ways at once


def check_in(
    *,
    event: Event,
    attendee: Attendee,
    method: str,
    by,
    occurred_at: datetime,
    client_uuid: uuid.UUID | None = None,
    site: EventSite | None = None,
    offline: bool = False,
) -> AttendanceRecord:
    """Store that one person arrived: ``check_in_many`` for one."""
    arrival = Arrival(attendee, occurred_at, client_uuid or uuid.uuid4(), site, offline)
    [record] = check_in_many(event=event, arrivals=[arrival], method=method, by=by)
    return record


def check_in_many(*, event: Event, arrivals: Sequence[Arrival], method: str, by) -> list[AttendanceRecord]:
    """Store that people arrived, with the same number of queries for one and for fifty; one record per arrival.

    1. The first attendance starts a scheduled event. 2. One insert; the same UUID with the same content gives the
    first record again, with other content it is kept for review, not counted. 3. ``first_seen_at`` of each attendee
    keeps the earliest arrival. 4. Audit: ``attendee.checked_in`` for one new record, ``attendee.checked_in_many`` with
    the count for several. A later arrival is stored, never refused.
    """
    if any(arrival.attendee.event_id != event.pk for arrival in arrivals):
        raise ValueError("attendee of another event")
    if not arrivals:
        return []
    with writing():
        lock(event)
        if event.state in (Event.State.DRAFT, Event.State.CANCELLED):
            raise Refusal(NOT_YET)
        if event.state == Event.State.SCHEDULED:
            start_event(event=event, by=by, accept_warnings=True)
        records, fresh = _records(event, arrivals, method, by)
        insert_rows(fresh)
        _remember_first_arrivals([record for record in fresh if record.successful], event)
        _note(fresh, event, method, by)
    return records


def note_arrivals(*, event: Event, arrivals: Sequence[Arrival], by) -> None:
    """The same for a deed that holds the event, writes the log itself and knows that all of them are new.

    Effects: the first attendance starts a scheduled event if nothing stands against it; one insert, each arrival with
    its own ``method``; ``first_seen_at`` of each attendee keeps the earliest. An event that is archived keeps the records only.
    """
    if not arrivals:
        return
    if event.state == Event.State.SCHEDULED:
        start_quietly(event, by)
    rows = [_row(event, arrival, arrival.method, None) for arrival in arrivals]
    insert_rows(rows, ignore_conflicts=True)
    if not event.is_archived:
        _keep_first_seen([(arrival.attendee, arrival.occurred_at) for arrival in arrivals])


def start_quietly(event: Event, by) -> bool:
    """Start a scheduled event without a person there to read warnings; False when something stands against it."""
    try:
        with transaction.atomic():
            start_event(event=event, by=by, accept_warnings=True)
    except Refusal:
        event.refresh_from_db()
        return False
    return True


def take_back_arrivals(*, event: Event, numbers: Sequence[uuid.UUID], reason: str) -> None:
    """Somebody was noted by mistake: a correction stands beside each record, which itself stays. Caller holds the event.

    Effects: one record of kind *koreksi* per arrival, under a number made from it, so that twice is once;
    ``first_seen_at`` falls back to what is left.
    """
    standing = [standing_number(number) for number in numbers]
    found = list(AttendanceRecord.objects.filter(pk__in=standing, event=event).select_related("attendee"))
    corrections = [
        AttendanceRecord(
            client_uuid=correction_of(record.pk),
            event=event,
            site_id=record.site_id,
            attendee=record.attendee,
            kind=AttendanceRecord.Kind.CORRECTION,
            method=record.method,
            occurred_at=record.occurred_at,
            reason=reason[:200],
        )
        for record in found
    ]
    insert_rows(corrections, ignore_conflicts=True)
    if not event.is_archived:
        _count_again([record.attendee for record in found])


def correction_of(number: uuid.UUID) -> uuid.UUID:
    """Which number the correction of an arrival has."""
    return uuid.uuid5(number, "koreksi")


def standing_number(number: uuid.UUID) -> uuid.UUID:
    """Under which number an arrival counts: its own, or a following one once it was taken back and noted again."""
    while AttendanceRecord.objects.filter(pk=correction_of(number)).exists():
        number = uuid.uuid5(number, "lagi")
    return number


def _count_again(people: list[Attendee]) -> None:
    rows = AttendanceRecord.objects.filter(attendee__in=people, successful=True)
    rows = list(rows.order_by("occurred_at").values_list("pk", "attendee_id", "kind", "occurred_at"))
    numbers = {pk for pk, *_ in rows}
    first: dict[uuid.UUID, datetime] = {}
    for pk, attendee, kind, at in rows:
        if kind == AttendanceRecord.Kind.IN and correction_of(pk) not in numbers:
            first.setdefault(attendee, at)
    for person in people:
        person.first_seen_at = first.get(person.pk)
    update_rows(people, ["first_seen_at"])


def _keep_first_seen(arrivals: Sequence[tuple[Attendee, datetime]]) -> None:
    """The earliest of what is known and what is new, for people whose rows were just read."""
    earlier: dict[uuid.UUID, Attendee] = {}
    for person, at in arrivals:
        person = earlier.get(person.pk, person)
        if person.first_seen_at is None or at < person.first_seen_at:
            person.first_seen_at = at
            earlier[person.pk] = person
    update_rows(earlier.values(), ["first_seen_at"])


def _records(event: Event, arrivals: Sequence[Arrival], method: str, by) -> tuple[list, list]:
    """(one record per arrival, those of them that are new)"""
    known = AttendanceRecord.objects.in_bulk([arrival.client_uuid for arrival in arrivals])
    records, fresh = [], []
    for arrival in arrivals:
        record = _row(event, arrival, method, by)
        earlier = known.get(record.pk)
        if earlier is not None and _says_the_same(earlier, record):
            records.append(earlier)
            continue
        if earlier is not None:
            record.client_uuid, record.successful, record.reason = uuid.uuid4(), False, SAME_UUID
        known[record.pk] = record
        records.append(record)
        fresh.append(record)
    return records, fresh


def _row(event: Event, arrival: Arrival, method: str, by) -> AttendanceRecord:
    return AttendanceRecord(
        client_uuid=arrival.client_uuid,
        event=event,
        attendee=arrival.attendee,
        site_id=arrival.site.pk if arrival.site else arrival.attendee.site_id,
        method=method,
        occurred_at=arrival.occurred_at,
        operator=audit.user_or_none(by),
        offline=arrival.offline,
    )


def _says_the_same(one: AttendanceRecord, other: AttendanceRecord) -> bool:
    names = ("event_id", "attendee_id", "kind", "method", "occurred_at")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _remember_first_arrivals(records: list[AttendanceRecord], event: Event) -> None:
    """The one writer of the cache; a record that arrives after archiving stays a record only."""
    if event.is_archived:
        return
    people = Attendee.objects.only("first_seen_at").in_bulk([record.attendee_id for record in records])
    _keep_first_seen([(people[record.attendee_id], record.occurred_at) for record in records])
    for record in records:
        record.attendee.first_seen_at = people[record.attendee_id].first_seen_at


def _note(fresh: list[AttendanceRecord], event: Event, method: str, by) -> None:
    """One line of the log, however many came; a repetition leaves none."""
    if len(fresh) == 1:
        [record] = fresh
        audit.record(by, "attendee.checked_in", record.attendee, method=method, counted=record.successful)
    elif fresh:
        counted = sum(record.successful for record in fresh)
        people = [record.attendee_id for record in fresh]
        audit.record(
            by,
            "attendee.checked_in_many",
            event,
            method=method,
            count=len(fresh),
            counted=counted,
            attendees=people,
        )
