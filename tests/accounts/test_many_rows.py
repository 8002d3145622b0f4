"""Many rows by one statement do what the ORM does, on both databases."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts import many_rows
from accounts.many_rows import insert_rows, update_rows
from declarations.models import KioskItem
from events.models import AttendanceRecord, Attendee, Event
from tests.accounts.factories import panwaslu_cerme
from tests.declarations import factories
from tests.declarations.kiosk import paired

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 2, 41, 7, 123000, tzinfo=UTC)


@pytest.fixture
def event():
    return factories.event(panwaslu_cerme())


def arrival(event, person, number=None, **fields):
    return AttendanceRecord(
        client_uuid=number or uuid.uuid4(),
        event=event,
        attendee=person,
        method=AttendanceRecord.Method.QR,
        occurred_at=AT,
        **fields,
    )


def test_rows_come_back_as_the_orm_would_have_written_them(event):
    person = factories.attendee(event)
    mine, theirs = arrival(event, person, offline=True, reason='O\'Neil "é" 漢\n'), arrival(event, person)
    theirs.offline, theirs.reason = mine.offline, mine.reason
    insert_rows([mine])
    AttendanceRecord.objects.bulk_create([theirs])
    written, expected = (AttendanceRecord.objects.get(pk=row.pk) for row in (mine, theirs))
    for field in AttendanceRecord._meta.concrete_fields:
        if field.name not in ("client_uuid", "received_at"):
            assert getattr(written, field.attname) == getattr(expected, field.attname), field.name
    assert abs(written.received_at - expected.received_at).total_seconds() < 60
    assert not mine._state.adding


def test_a_refused_row_is_passed_over_only_when_asked(event):
    person = factories.attendee(event)
    first = arrival(event, person)
    insert_rows([first])
    again, other = arrival(event, person, first.pk, reason="lain"), arrival(event, person)
    assert insert_rows([again, other], ignore_conflicts=True) == {other.pk}
    assert AttendanceRecord.objects.count() == 2
    assert AttendanceRecord.objects.get(pk=first.pk).reason == ""
    with pytest.raises(IntegrityError):
        insert_rows([again])


def test_numbers_that_the_database_gives_reach_their_rows(event):
    event.state = Event.State.SCHEDULED
    event.save()
    device = paired(event).device
    items = [
        KioskItem(
            item_id=uuid.uuid4(),
            sealed_sha256=f"{n:064x}",
            sealed=bytes([n]) * 3,
            event=event,
            device=device,
            seq=n,
            kid="k",
            via="sync",
            received_at=AT,
            status="quarantined",
            code="unreadable",
        )
        for n in range(3)
    ]
    assert insert_rows(items) == {item.n for item in items}
    assert {row.n: (row.seq, bytes(row.sealed)) for row in KioskItem.objects.all()} == {
        item.n: (item.seq, item.sealed) for item in items
    }
    with pytest.raises(ValueError, match="numbers"):
        insert_rows([KioskItem()], ignore_conflicts=True)


def test_each_row_gets_its_own_values_and_others_stay(event):
    people = [factories.attendee(event) for _ in range(5)]
    people[0].first_seen_at, people[0].full_name = AT, "Satu'; --"
    people[1].first_seen_at, people[1].full_name = None, "Dua"
    assert update_rows(people[:2], ["first_seen_at", "full_name"]) == 2
    names = dict(Attendee.objects.values_list("pk", "full_name"))
    assert (names[people[0].pk], names[people[1].pk]) == ("Satu'; --", "Dua")
    assert names[people[2].pk] == people[2].full_name
    assert list(Attendee.objects.exclude(first_seen_at=None).values_list("pk", "first_seen_at")) == [
        (people[0].pk, AT)
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no lengths")
def test_text_that_is_too_long_is_refused_and_not_cut(event):
    person = factories.attendee(event)
    person.full_name = "x" * 121
    with pytest.raises(DataError):
        update_rows([person], ["full_name"])


def test_rows_beyond_one_statement_are_all_written(event, monkeypatch):
    person = factories.attendee(event)
    rows = [arrival(event, person) for _ in range(7)]
    fields = len(AttendanceRecord._meta.concrete_fields)
    monkeypatch.setattr(many_rows, "MOST_PARAMETERS", 3 * fields)
    with CaptureQueriesContext(connection) as queries:
        insert_rows(rows)
    assert len([query for query in queries if query["sql"].startswith("INSERT")]) == 3
    assert AttendanceRecord.objects.count() == 7
    monkeypatch.setattr(many_rows, "MOST_PARAMETERS", 4)
    people = [factories.attendee(event) for _ in range(5)]
    for person in people:
        person.full_name = f"Nama {person.pk}"
    assert update_rows(people, ["full_name"]) == 5
    assert Attendee.objects.filter(full_name__startswith="Nama ").count() == 5


def test_nothing_is_asked_for_nothing(event, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert_rows([]) == set()
        assert update_rows([], ["full_name"]) == 0
