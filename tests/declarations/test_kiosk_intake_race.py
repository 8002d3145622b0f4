"""Tablets at once, on both databases: every record once, one outcome per person. With controls that do lose."""

import threading
import time
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.audit import verify_stream
from declarations import kiosk_batch, kiosk_intake
from declarations.models import Declaration, KioskItem, Signature
from events.models import AttendanceRecord, Attendee, Device, Event
from events.scheduling import close_event
from tests.accounts.flushing import flushable  # noqa: F401
from tests.declarations import day, tablets
from tests.declarations.tablets import Paired, statuses
from tests.declarations.test_intake_race import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def batch(count: int = 8):
    """A tablet and the sealed items of everybody on one paper."""
    paper = day.open_paper(count)
    tablet = Paired(paper.event)
    return paper, tablet, tablet.sealed(*[tablet.signs(row) for row in day.rows(paper)])


def test_six_senders_one_row():
    paper, tablet, items = batch()

    results = at_once(lambda number: statuses(tablet.hand_in(*items)))

    assert sorted(results) == [["duplicate"] * 8] * (THREADS - 1) + [["stored"] * 8]
    assert (KioskItem.objects.count(), Signature.objects.count()) == (9, 8)
    assert AttendanceRecord.objects.count() == Attendee.objects.exclude(first_seen_at=None).count() == 8
    assert tablets.device_of(tablet).chain_seq == 9
    assert verify_stream(paper.audit_stream).is_whole


def test_six_tablets_and_one_person_give_one_that_counts():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    desks = [Paired(paper.event, f"Meja {number}") for number in range(THREADS)]
    items = [desk.sealed(desk.signs(row, seed)) for seed, desk in enumerate(desks)]

    results = at_once(lambda number: statuses(desks[number].hand_in(*items[number]))[0])

    assert sorted(results) == ["conflict"] * (THREADS - 1) + ["stored"]
    assert (paper.signatures.valid().count(), paper.signatures.count()) == (1, THREADS)


def test_tablet_and_rescue_file_and_the_end_of_the_event_at_once_wait_for_each_other():
    """Locks are taken in one order, so nobody waits in a circle."""
    paper, tablet, items = batch()
    event = paper.event

    def work(number):
        if number == 0:
            close_event(event=Event.objects.get(pk=event.pk), by=audit.SYSTEM, accept_warnings=True)
            return ["stored"]
        if number == 1:
            return statuses(tablet.hand_in(*items, via="rescue", by=tablets.officer()))
        if number == 2:
            fresh = Declaration.objects.get(pk=paper.pk)
            return [day.hand_in(fresh, day.record(day.rows(fresh)[0]))[0].status]
        return statuses(tablet.hand_in(*items[number:]))

    results = at_once(work)

    assert [found for found in results if not isinstance(found, list)] == []
    assert {item for found in results for item in found} <= {"stored", "duplicate", "conflict"}
    assert paper.signatures.valid().count() == 8


def test_walk_in_sent_by_several_senders_is_one_person():
    paper = day.open_paper(1)
    tablet = Paired(paper.event)
    items = tablet.sealed(tablet.walk_in(paper, "Tamu Baru (contoh)"))

    results = at_once(lambda number: statuses(tablet.hand_in(*items))[0])

    assert sorted(results) == ["duplicate"] * (THREADS - 1) + ["stored"]
    assert Attendee.objects.filter(source="walk_in").count() == 1


def test_tablets_share_the_event_unless_a_batch_changes_more_than_its_people(monkeypatch):
    """On PostgreSQL; SQLite has one writer anyway. A second try, alone, leaves no trace of the first."""
    paper = day.open_paper(1)
    tablet = Paired(paper.event)
    held, real = [], kiosk_intake.take_hold
    monkeypatch.setattr(
        kiosk_intake, "take_hold", lambda device, *, alone: (held.append(alone), real(device, alone=alone))[1]
    )
    can_share = connection.vendor == "postgresql"

    assert statuses(tablet.hand_in(*tablet.sealed(tablet.signs(day.rows(paper)[0])))) == ["stored"]
    assert held == [not can_share]

    held.clear()
    guest = tablet.walk_in(paper, "Tamu Baru (contoh)")
    assert statuses(tablet.hand_in(*tablet.sealed(guest))) == ["stored"]
    assert held == ([False, True] if can_share else [True])
    assert paper.signatures.valid().count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_a_deed_that_waits_for_the_tablets_is_not_passed_by_the_next_ones():
    """Rows know no queue: tablets that share the event could go on for ever while the officer waits to end it."""
    paper = day.open_paper(1)
    tablet = Paired(paper.event)
    [item] = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    done: list[str] = []

    def end():
        close_event(event=Event.objects.get(pk=paper.event_id), by=audit.SYSTEM, accept_warnings=True)
        done.append("end")

    def send():
        [status] = statuses(tablet.hand_in(item))
        done.append(status)

    with transaction.atomic():
        kiosk_batch.take_hold(Paired(paper.event, "Meja 2").row, alone=False)
        threads = [in_background(end, waiting=1), in_background(send, waiting=2)]
        assert done == []
    for thread in threads:
        thread.join()

    assert done == ["end", "stored"]


def in_background(work, *, waiting: int) -> threading.Thread:
    """Started; comes back once so many connections wait for a lock, or the work is done."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and count_waiting() < waiting:
        time.sleep(0.01)
    return thread


def count_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def test_batch_waits_for_a_long_writer_once_and_not_for_every_item(monkeypatch):
    _, tablet, items = batch(3)
    asked = []
    monkeypatch.setattr(kiosk_intake, "let_writer_pass", lambda: asked.append(True))  # None: in vain

    assert statuses(tablet.hand_in(*items)) == ["stored"] * 3
    assert asked == [True]


# -- the guards, one by one --------------------------------------------------------------------------------------


@contextmanager
def only_a_transaction():
    with transaction.atomic():
        yield


class Meeting:
    """Everybody has looked before anybody writes. SQLite lets nobody in while one is inside: then nobody waits."""

    def __init__(self):
        self.barrier = threading.Barrier(THREADS)

    def wait(self):
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=0.2 if connection.vendor == "sqlite" else 5)


def test_without_locks_the_constraint_still_keeps_every_record_once(monkeypatch):
    """Behind the locks stands UNIQUE: whoever loses the race is judged again and answers `duplicate`."""
    paper, tablet, items = batch(4)
    meeting, real = Meeting(), kiosk_batch.Inbox
    seen = threading.local()

    def take_no_hold(device, *, alone):
        device = Device.objects.get(pk=device.pk)
        event = Event.objects.get(pk=device.event_id)
        papers = {each.pk: each for each in event.declarations.select_related("text_version")}
        for each in papers.values():
            each.event = event
        return kiosk_batch.Hold(event, device, papers, alone)

    def look(*args):
        found = real(*args)
        if not getattr(seen, "once", False):
            seen.once = True
            meeting.wait()
        return found

    monkeypatch.setattr(kiosk_intake, "writing", only_a_transaction)
    monkeypatch.setattr(kiosk_intake, "take_hold", take_no_hold)
    monkeypatch.setattr(kiosk_batch, "Inbox", look)

    at_once(lambda number: statuses(tablet.hand_in(*items)))

    monkeypatch.undo()
    tablet.hand_in(*items)
    assert (KioskItem.objects.count(), Signature.objects.count()) == (5, 4)
    assert paper.signatures.valid().count() == 4


@pytest.mark.parametrize(("guarded", "kept"), [(True, 1), (False, THREADS)])
def test_who_only_looks_before_writing_needs_the_constraint(guarded, kept):
    """The control: six senders look, find nothing, and write. With UNIQUE one row stays; without it there are six."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS naive_inbox")
        cursor.execute("CREATE TABLE naive_inbox (item_id varchar(36) NOT NULL)")
        if guarded:
            cursor.execute("CREATE UNIQUE INDEX naive_inbox_once ON naive_inbox (item_id)")
    looked = threading.Barrier(THREADS)

    def look_then_write(number):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM naive_inbox WHERE item_id = 'x'")
            assert cursor.fetchone()[0] == 0
            looked.wait()
            cursor.execute("INSERT INTO naive_inbox (item_id) VALUES ('x')")

    try:
        results = at_once(look_then_write)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM naive_inbox")
            assert cursor.fetchone()[0] == kept
        assert len([each for each in results if isinstance(each, IntegrityError)]) == THREADS - kept
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_inbox")


def test_second_row_for_the_same_bytes_is_impossible():
    _, tablet, items = batch(1)
    tablet.hand_in(*items)
    row = KioskItem.objects.get(item_id=items[0]["id"])
    row.n = None

    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


def test_answer_is_given_from_committed_rows(monkeypatch):
    """While the answer is made, another connection sees the rows already."""
    _, tablet, items = batch(1)
    seen, real = [], kiosk_intake.result_of

    def look_from_outside(work):
        thread = threading.Thread(target=lambda: seen.append(at_once_count()))
        thread.start()
        thread.join()
        return real(work)

    monkeypatch.setattr(kiosk_intake, "result_of", look_from_outside)

    tablet.hand_in(*items)

    assert seen == [1]
    assert timezone.now() > KioskItem.objects.latest("n").received_at


def at_once_count() -> int:
    try:
        return Signature.objects.count()
    finally:
        connection.close()
