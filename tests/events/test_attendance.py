"""Attendance only grows: a record sent twice counts once, nothing is ever changed."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events.attendance import Arrival, check_in, check_in_many
from events.models import AttendanceRecord, Event

from .factories import AttendeeFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 10, 2, 1, 5, tzinfo=UTC)


@pytest.fixture
def arrive(event, organizer):
    Event.objects.update(state="running")
    event.refresh_from_db()

    def arrive(attendee, **facts):
        return check_in(
            event=event, attendee=attendee, by=organizer, **{"method": "cari", "occurred_at": NOW, **facts}
        )

    return arrive


def test_arrival_is_stored_and_remembered(event, organizer, arrive):
    attendee = AttendeeFactory(event=event)
    record = arrive(attendee)
    attendee.refresh_from_db()
    assert (record.operator, record.successful, attendee.first_seen_at) == (organizer, True, NOW)
    assert AuditEntry.objects.get(stream_id=event.audit_stream).verb == "attendee.checked_in"


def test_same_record_twice_counts_once(event, arrive):
    attendee, key = AttendeeFactory(event=event), uuid.uuid4()
    assert arrive(attendee, client_uuid=key) == arrive(attendee, client_uuid=key)
    assert AttendanceRecord.objects.count() == 1
    assert AuditEntry.objects.filter(stream_id=event.audit_stream).count() == 1


def test_same_uuid_with_other_content_is_kept_for_review(event, arrive):
    first, other, key = AttendeeFactory(event=event), AttendeeFactory(event=event), uuid.uuid4()
    arrive(first, client_uuid=key)
    doubtful = arrive(other, client_uuid=key)
    other.refresh_from_db()
    assert (doubtful.successful, doubtful.pk == key, other.is_present) == (False, False, False)
    assert AttendanceRecord.objects.count() == 2


def test_earliest_arrival_stays_whatever_comes_first(event, arrive):
    attendee = AttendeeFactory(event=event)
    for minutes in (5, 0, 9):
        arrive(attendee, occurred_at=NOW + timedelta(minutes=minutes))
    attendee.refresh_from_db()
    assert (attendee.first_seen_at, AttendanceRecord.objects.count()) == (NOW, 3)


def test_many_arrivals_are_one_line_of_the_log(event, organizer, arrive):
    people = [AttendeeFactory(event=event) for _ in range(3)]
    arrivals = [Arrival(person, NOW, uuid.uuid4()) for person in people]
    records = check_in_many(event=event, arrivals=arrivals, method="cari", by=organizer)
    again = check_in_many(event=event, arrivals=arrivals, method="cari", by=organizer)
    assert records == again == [AttendanceRecord.objects.get(pk=arrival.client_uuid) for arrival in arrivals]
    assert set(event.attendees.exclude(first_seen_at=None).values_list("pk", "first_seen_at")) == {
        (person.pk, NOW) for person in people
    }
    entry = AuditEntry.objects.get(stream_id=event.audit_stream)
    assert (entry.verb, entry.facts["count"], entry.facts["counted"]) == ("attendee.checked_in_many", 3, 3)
    assert entry.facts["attendees"] == [str(person.pk) for person in people]


def test_one_uuid_twice_in_a_batch_counts_once_and_a_stolen_one_not(event, organizer, arrive):
    first, other, key = AttendeeFactory(event=event), AttendeeFactory(event=event), uuid.uuid4()
    arrivals = [Arrival(first, NOW, key), Arrival(first, NOW, key), Arrival(other, NOW, key)]
    one, same, doubtful = check_in_many(event=event, arrivals=arrivals, method="cari", by=organizer)
    other.refresh_from_db()
    assert (same is one, doubtful.successful, other.is_present) == (True, False, False)
    assert AttendanceRecord.objects.count() == 2


def test_earliest_of_several_arrivals_in_a_batch_stays(event, organizer, arrive):
    person = AttendeeFactory(event=event)
    arrivals = [Arrival(person, NOW + timedelta(minutes=m), uuid.uuid4()) for m in (5, 0, 9)]
    check_in_many(event=event, arrivals=arrivals, method="cari", by=organizer)
    person.refresh_from_db()
    assert (person.first_seen_at, AttendanceRecord.objects.count()) == (NOW, 3)


def test_nobody_in_the_batch_changes_nothing(event, organizer):
    assert check_in_many(event=event, arrivals=[], method="cari", by=organizer) == []


def test_first_arrival_starts_a_scheduled_event(event, organizer, arrive):
    Event.objects.update(state="scheduled")
    event.refresh_from_db()
    arrive(AttendeeFactory(event=event))
    assert Event.objects.get(pk=event.pk).state == "running"


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_nobody_arrives_at_what_is_not_planned(event, arrive, state):
    Event.objects.update(state=state)
    with pytest.raises(Refusal, match="setelah kegiatan dijadwalkan"):
        arrive(AttendeeFactory(event=event))


def test_record_that_comes_late_is_kept(event, arrive):
    attendee = AttendeeFactory(event=event)
    Event.objects.update(state="archived")
    assert arrive(attendee).successful
    attendee.refresh_from_db()
    assert attendee.first_seen_at is None


def test_person_of_another_event_is_a_programmers_mistake(arrive):
    with pytest.raises(ValueError, match="another event"):
        arrive(AttendeeFactory())


def test_no_audit_entry_no_record(event, arrive, monkeypatch):
    attendee = AttendeeFactory(event=event)
    monkeypatch.setattr(audit, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        arrive(attendee)
    attendee.refresh_from_db()
    assert (AttendanceRecord.objects.count(), attendee.first_seen_at) == (0, None)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events_attendancerecord SET reason = 'lain'",
        "UPDATE events_attendancerecord SET successful = successful",
        "DELETE FROM events_attendancerecord",
    ],
)
def test_database_never_changes_a_record(event, arrive, sql):
    arrive(AttendeeFactory(event=event))
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert AttendanceRecord.objects.count() == 1
