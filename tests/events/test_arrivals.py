"""The desk: an officer notes who came, takes it back, and writes down who came uninvited."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events.arrivals import NOTHING_BY_HAND, OVER, WITHDRAWN, admit_walk_in, note_arrival, take_back_arrival
from events.attendance import NOT_YET, check_in
from events.attendees import withdraw_attendee
from events.models import AttendanceRecord, Attendee, Event

from .factories import AttendeeFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 10, 2, 2, 5, tzinfo=UTC)
GUEST = {"full_name": "Tamu (contoh)", "category": "pns", "position": "Sekretaris Kecamatan", "agency": ""}


@pytest.fixture
def running(event):
    Event.objects.update(state="running")
    event.refresh_from_db()
    return event


@pytest.fixture
def person(running):
    return AttendeeFactory(event=running)


def seen(person):
    return Attendee.objects.get(pk=person.pk).first_seen_at


def kinds(person) -> list[str]:
    return sorted(person.attendance_records.values_list("kind", flat=True))


def test_who_stands_at_the_desk_is_present(person, organizer):
    note_arrival(attendee=person, by=organizer, number=uuid.uuid4(), now=NOW)
    assert seen(person) == NOW
    assert AuditEntry.objects.filter(verb="attendee.checked_in").count() == 1


def test_second_tap_on_the_same_button_counts_once(person, organizer):
    number = uuid.uuid4()
    note_arrival(attendee=person, by=organizer, number=number, now=NOW)
    note_arrival(attendee=person, by=organizer, number=number, now=NOW + timedelta(seconds=1))
    assert (AttendanceRecord.objects.count(), seen(person)) == (1, NOW)


def test_button_number_of_somebody_else_does_not_stand_for_this_person(person, running, organizer):
    other, number = AttendeeFactory(event=running), uuid.uuid4()
    note_arrival(attendee=other, by=organizer, number=number, now=NOW)
    note_arrival(attendee=person, by=organizer, number=number, now=NOW)
    assert (seen(other), seen(person)) == (NOW, None)
    assert AttendanceRecord.objects.filter(attendee=person, successful=False).count() == 1


def test_first_arrival_starts_a_scheduled_event(person, organizer):
    Event.objects.update(state="scheduled")
    note_arrival(attendee=person, by=organizer, number=uuid.uuid4(), now=NOW)
    assert Event.objects.get().state == "running"


def test_draft_says_that_it_is_too_early(person, organizer):
    Event.objects.update(state="draft")
    with pytest.raises(Refusal, match=NOT_YET):
        note_arrival(attendee=person, by=organizer, number=uuid.uuid4())


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_event_that_is_over_takes_nothing_at_the_desk(person, running, organizer, state):
    Event.objects.update(state=state)
    for deed in (
        lambda: note_arrival(attendee=person, by=organizer, number=uuid.uuid4()),
        lambda: take_back_arrival(attendee=person, by=organizer),
        lambda: admit_walk_in(event=running, by=organizer, number=uuid.uuid4(), **GUEST),
    ):
        with pytest.raises(Refusal, match=OVER[state]):
            deed()
    assert AttendanceRecord.objects.count() == 0


def test_withdrawn_person_is_sent_back_to_the_list_first(person, organizer):
    withdraw_attendee(attendee=person, by=organizer)
    with pytest.raises(Refusal, match=WITHDRAWN):
        note_arrival(attendee=person, by=organizer, number=uuid.uuid4())


def test_wrong_tap_is_taken_back_and_stays_readable(person, organizer):
    note_arrival(attendee=person, by=organizer, number=uuid.uuid4(), now=NOW)
    take_back_arrival(attendee=person, by=organizer)
    assert seen(person) is None
    assert kinds(person) == ["koreksi", "masuk"]
    assert AuditEntry.objects.filter(verb="attendee.arrival_taken_back").count() == 1


def test_taken_back_twice_says_that_nothing_is_left(person, organizer):
    note_arrival(attendee=person, by=organizer, number=uuid.uuid4(), now=NOW)
    take_back_arrival(attendee=person, by=organizer)
    with pytest.raises(Refusal, match=NOTHING_BY_HAND):
        take_back_arrival(attendee=person, by=organizer)


def test_person_who_comes_after_all_is_present_again(person, organizer):
    note_arrival(attendee=person, by=organizer, number=uuid.uuid4(), now=NOW)
    take_back_arrival(attendee=person, by=organizer)
    later = NOW + timedelta(minutes=20)
    note_arrival(attendee=person, by=organizer, number=uuid.uuid4(), now=later)
    assert seen(person) == later


def test_arrival_by_signature_outlasts_what_the_desk_takes_back(person, running, organizer):
    note_arrival(attendee=person, by=organizer, number=uuid.uuid4(), now=NOW)
    signed = NOW + timedelta(minutes=5)
    check_in(event=running, attendee=person, method="tanda_tangan", by=organizer, occurred_at=signed)
    take_back_arrival(attendee=person, by=organizer)
    assert seen(person) == signed


def test_arrival_by_signature_alone_is_not_for_the_desk_to_take_back(person, running, organizer):
    check_in(event=running, attendee=person, method="tanda_tangan", by=organizer, occurred_at=NOW)
    with pytest.raises(Refusal, match="tidak dicatat dengan tangan"):
        take_back_arrival(attendee=person, by=organizer)
    assert seen(person) == NOW


def test_guest_is_on_the_list_marked_and_present(running, organizer):
    guest = admit_walk_in(event=running, by=organizer, number=uuid.uuid4(), now=NOW, **GUEST)
    assert (guest.source, seen(guest)) == ("walk_in", NOW)
    assert guest.attendance_records.get().method == "tanpa_undangan"


def test_guest_form_sent_twice_adds_one_guest(running, organizer):
    number = uuid.uuid4()
    first = admit_walk_in(event=running, by=organizer, number=number, now=NOW, **GUEST)
    again = admit_walk_in(event=running, by=organizer, number=number, now=NOW, **GUEST)
    assert first == again
    assert running.attendees.filter(full_name=GUEST["full_name"]).count() == 1


def test_guest_of_a_draft_leaves_nobody_on_the_list(running, organizer):
    Event.objects.update(state="draft")
    with pytest.raises(Refusal):
        admit_walk_in(event=running, by=organizer, number=uuid.uuid4(), **GUEST)
    assert not running.attendees.filter(full_name=GUEST["full_name"]).exists()


def test_button_of_an_old_page_counts_anew_after_it_was_taken_back(person, organizer):
    number, later = uuid.uuid4(), NOW + timedelta(minutes=20)
    note_arrival(attendee=person, by=organizer, number=number, now=NOW)
    take_back_arrival(attendee=person, by=organizer)
    note_arrival(attendee=person, by=organizer, number=number, now=later)
    assert seen(person) == later
