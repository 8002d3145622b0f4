"""Agenda items begin and end by taps of the MC, whatever the network does to their order and number."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError, transaction

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events.models import Event, RundownTap
from events.programme import remove_agenda_item
from events.rundown import tap_item
from events.timetable import real_times
from tests.accounts.factories import organizer_of

from .factories import AgendaItemFactory, AttendeeFactory, EventFactory

pytestmark = pytest.mark.django_db
NINE = datetime(2024, 10, 2, 2, 0, tzinfo=UTC)


def minute(number):
    return NINE + timedelta(minutes=number)


@pytest.fixture
def item():
    event = EventFactory(state=Event.State.RUNNING)
    return AgendaItemFactory(event=event, title="Pembukaan")


def tap(item, kind, at=NINE, id=None):
    known = tap_item(
        event=item.event, item_id=item.pk, id=id or uuid.uuid4(), kind=kind, at=at, by=audit.SYSTEM
    )
    item.refresh_from_db()
    return known


@pytest.mark.parametrize(
    ("taps", "times"),
    [
        ([], (None, None)),
        ([(0, "start")], (0, None)),
        ([(0, "start"), (5, "start")], (0, None)),
        ([(0, "start"), (9, "finish")], (0, 9)),
        ([(0, "start"), (9, "finish"), (12, "finish")], (0, 9)),
        ([(0, "start"), (9, "finish"), (10, "unfinish")], (0, None)),
        ([(0, "start"), (9, "finish"), (10, "unfinish"), (20, "finish")], (0, 20)),
        ([(0, "start"), (1, "unstart")], (None, None)),
        ([(0, "start"), (1, "unstart"), (5, "start")], (5, None)),
        ([(9, "finish")], (None, 9)),
        ([(9, "finish"), (10, "start")], (10, 10)),
    ],
)
def test_times_of_an_item_follow_from_its_taps(taps, times):
    begun, ended = real_times([(minute(at), kind) for at, kind in taps])
    assert (begun, ended) == tuple(None if at is None else minute(at) for at in times)


def test_tap_fills_the_real_time_with_the_moment_it_was_made(item):
    assert tap(item, "start", minute(2))
    assert tap(item, "finish", minute(17))
    assert (item.started_at, item.ended_at) == (minute(2), minute(17))


def test_same_tap_twice_changes_nothing_and_is_logged_once(item):
    id = uuid.uuid4()
    assert [tap(item, "start", NINE, id), tap(item, "start", NINE, id)] == [True, False]
    assert item.taps.count() == 1
    assert AuditEntry.objects.filter(verb="agenda.started").count() == 1


def test_late_repetition_does_not_undo_what_was_undone(item):
    id = uuid.uuid4()
    tap(item, "start", NINE, id)
    tap(item, "unstart", minute(1))
    tap(item, "start", NINE, id)
    assert item.started_at is None


def test_any_order_of_arrival_gives_the_same_times(item):
    taps = [("start", 0), ("finish", 9), ("unfinish", 10), ("finish", 20)]
    found = set()
    for order in permutations(taps):
        RundownTap.objects.all().delete()
        for kind, at in order:
            tap(item, kind, minute(at))
        found.add((item.started_at, item.ended_at))
    assert found == {(minute(0), minute(20))}


def test_log_says_who_began_what_and_when(item):
    tap(item, "start", minute(3))
    entry = AuditEntry.objects.get(verb="agenda.started")
    assert (entry.object_label, entry.facts["clock"]) == ("Pembukaan", "09.03 WIB")
    assert audit.verify_stream(item.event.audit_stream).is_whole


def test_first_beginning_starts_a_scheduled_event():
    event = EventFactory(state=Event.State.SCHEDULED)
    AttendeeFactory(event=event)
    tap(AgendaItemFactory(event=event), "start")
    event.refresh_from_db()
    assert event.state == Event.State.RUNNING


def test_closed_event_still_takes_what_was_tapped_before(item):
    Event.objects.filter(pk=item.event_id).update(state="closed")
    assert tap(item, "finish", minute(9))
    assert item.ended_at == minute(9)


@pytest.mark.parametrize(
    ("state", "words"), [("draft", "masih draf"), ("cancelled", "dibatalkan"), ("archived", "diarsipkan")]
)
def test_event_that_is_not_held_refuses_and_keeps_no_tap(state, words):
    event = EventFactory()
    item = AgendaItemFactory(event=event)
    Event.objects.filter(pk=event.pk).update(state=state)
    with pytest.raises(Refusal, match=words):
        tap(item, "start")
    assert not RundownTap.objects.exists()


def test_item_of_another_event_is_refused(item):
    other = EventFactory(state=Event.State.RUNNING)
    with pytest.raises(Refusal, match="sudah dihapus"):
        tap_item(event=other, item_id=item.pk, id=uuid.uuid4(), kind="start", at=NINE, by=audit.SYSTEM)


def test_item_that_was_begun_stays_on_the_agenda(item):
    tap(item, "start")
    with pytest.raises(Refusal, match="sudah berlangsung"):
        remove_agenda_item(item=item, by=audit.SYSTEM)
    tap(item, "unstart", minute(1))
    remove_agenda_item(item=item, by=audit.SYSTEM)
    assert not RundownTap.objects.exists()


def test_event_page_shows_what_really_happened(client, item):
    tap(item, "start", minute(2))
    client.force_login(organizer_of(item.event.office))
    assert "Terlaksana 09.02, masih berlangsung" in client.get(item.event.get_absolute_url()).content.decode()
    tap(item, "finish", minute(17))
    assert "Terlaksana 09.02–09.17 WIB" in client.get(item.event.get_absolute_url()).content.decode()


def test_kind_that_is_no_tap_of_an_item_is_a_mistake_of_ours(item):
    with pytest.raises(KeyError):
        tap(item, "read")


@pytest.mark.parametrize(
    "fields",
    [{"kind": "start"}, {"kind": "read"}, {"kind": "open", "subject": None}, {"kind": "tidur"}],
)
def test_database_keeps_no_tap_without_its_subject(item, fields):
    with pytest.raises(DatabaseError), transaction.atomic():
        RundownTap.objects.create(id=uuid.uuid4(), event=item.event, at=NINE, **fields)


def test_database_freezes_taps_of_an_archived_event(item):
    tap(item, "start")
    Event.objects.filter(pk=item.event_id).update(state="archived")
    for statement in (
        lambda: RundownTap.objects.update(at=minute(5)),
        lambda: RundownTap.objects.all().delete(),
        lambda: RundownTap.objects.create(
            id=uuid.uuid4(), event=item.event, kind="finish", at=NINE, item=item
        ),
    ):
        with pytest.raises(DatabaseError, match="archived"), transaction.atomic():
            statement()
