"""The room code: short, bound to the event and its time, limited, revocable; who is admitted is present from afar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import links, rooms
from events.attendees import withdraw_attendee
from events.models import AttendanceRecord, Event, SigningDesk
from tests.accounts.factories import organizer_of, panwaslu_cerme
from tests.events.factories import AttendeeFactory, EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return organizer_of(panwaslu_cerme())


@pytest.fixture
def event():
    return EventFactory(state="running")


@pytest.fixture
def desk(event, officer):
    return rooms.open_room_code(event=event, minutes=30, limit=2, by=officer)


def link_in(event, officer):
    return links.make_link(attendee=AttendeeFactory(event=event, presence="remote"), by=officer).link


def refusal_of(link, code, **when):
    with pytest.raises(Refusal) as refusal:
        rooms.admit(link=link, code=code, **when)
    return refusal.value.message


def test_code_has_six_characters_that_nobody_misreads(desk):
    assert len(desk.room_code) == 6
    assert set(rooms.ALPHABET) & set("0O1IL5S2Z8B") == set()
    assert set(desk.room_code) <= set(rooms.ALPHABET)
    assert desk.room_code_grouped == f"{desk.room_code[:3]} {desk.room_code[3:]}"


def test_code_never_reaches_the_log(desk):
    entry = AuditEntry.objects.get(verb="room.opened")
    assert entry.facts == {"minutes": 30, "limit": 2}
    assert desk.room_code not in str(list(AuditEntry.objects.values()))


def test_right_code_admits_and_notes_presence_from_afar(event, desk, officer):
    link = link_in(event, officer)

    rooms.admit(link=link, code=f" {desk.room_code[:3].lower()}-{desk.room_code[3:]} ")

    record = AttendanceRecord.objects.get()
    link.attendee.refresh_from_db()
    desk.refresh_from_db()
    assert (record.method, record.attendee, record.operator) == ("kode_ruang", link.attendee, None)
    assert link.attendee.first_seen_at == link.admitted_at
    assert desk.room_code_uses == 1
    assert AuditEntry.objects.get(verb="link.admitted").actor_kind == "link"


def test_admitting_twice_uses_the_code_once(event, desk, officer):
    link = link_in(event, officer)
    rooms.admit(link=link, code=desk.room_code)

    rooms.admit(link=link, code="salah")

    desk.refresh_from_db()
    assert (desk.room_code_uses, AttendanceRecord.objects.count()) == (1, 1)


def test_wrong_code_says_so_and_leaves_nothing(event, desk, officer):
    link = link_in(event, officer)

    assert refusal_of(link, "ACDEFG" if desk.room_code != "ACDEFG" else "ACDEFH") == rooms.WRONG
    assert refusal_of(link, "") == rooms.WRONG

    link.refresh_from_db()
    assert (link.admitted_at, AttendanceRecord.objects.count()) == (None, 0)


def test_code_of_another_event_admits_nobody(desk, officer):
    other = EventFactory(state="running")
    theirs = rooms.open_room_code(event=other, minutes=30, limit=5, by=officer)

    assert refusal_of(link_in(other, officer), desk.room_code) == rooms.WRONG
    assert theirs.room_code != desk.room_code


def test_code_ends_with_its_time(event, desk, officer):
    link, later = link_in(event, officer), timezone.now() + timedelta(minutes=31)

    assert refusal_of(link, desk.room_code, now=later) == rooms.EXPIRED
    assert (
        refusal_of(link, "ACDEFG", now=later) == rooms.WRONG
    )  # only who knows the code learns about its time


def test_code_ends_with_its_uses(event, desk, officer):
    for _ in range(2):
        rooms.admit(link=link_in(event, officer), code=desk.room_code)

    assert refusal_of(link_in(event, officer), desk.room_code) == rooms.FULL
    desk.refresh_from_db()
    assert desk.room_code_is_over


def test_new_code_kills_the_old_one_and_counts_anew(event, desk, officer):
    rooms.admit(link=link_in(event, officer), code=desk.room_code)

    fresh = rooms.open_room_code(event=event, minutes=10, limit=3, by=officer)

    assert (fresh.room_code == desk.room_code, fresh.room_code_uses) == (False, 0)
    assert refusal_of(link_in(event, officer), desk.room_code) == rooms.WRONG


def test_revoked_code_admits_nobody_while_links_go_on_asking(event, desk, officer):
    rooms.revoke_room_code(event=event, by=officer)
    rooms.revoke_room_code(event=event, by=officer)

    assert rooms.asks_room_code(event)
    assert refusal_of(link_in(event, officer), desk.room_code) == rooms.CLOSED
    assert refusal_of(link_in(event, officer), "") == rooms.CLOSED
    assert AuditEntry.objects.filter(verb="room.revoked").count() == 1


def test_dropped_code_is_asked_of_nobody(event, desk, officer):
    rooms.drop_room_code(event=event, by=officer)
    rooms.drop_room_code(event=event, by=officer)

    assert not rooms.asks_room_code(event)
    assert AuditEntry.objects.filter(verb="room.dropped").count() == 1


def test_event_that_never_opened_a_code_asks_for_none(event):
    assert not rooms.asks_room_code(event)


@pytest.mark.parametrize(
    ("state", "sentence"), [("scheduled", rooms.NOT_BEGUN), ("closed", rooms.OVER), ("cancelled", rooms.OVER)]
)
def test_code_works_only_while_the_event_runs(event, desk, officer, state, sentence):
    link = link_in(event, officer)
    Event.objects.filter(pk=event.pk).update(state=state)

    assert refusal_of(link, desk.room_code) == sentence
    event.refresh_from_db()
    assert event.state == state  # nobody from afar begins an event


def test_code_cannot_be_opened_before_the_event_begins(officer):
    with pytest.raises(Refusal, match="Mulai kegiatan"):
        rooms.open_room_code(event=EventFactory(state="scheduled"), minutes=30, limit=5, by=officer)
    assert not SigningDesk.objects.exists()


@pytest.mark.parametrize(("minutes", "limit"), [(0, 5), (721, 5), (30, 0), (30, 5001)])
def test_code_without_sensible_bounds_is_refused(event, officer, minutes, limit):
    with pytest.raises(Refusal):
        rooms.open_room_code(event=event, minutes=minutes, limit=limit, by=officer)


def test_revoked_link_and_withdrawn_person_stay_outside(event, desk, officer):
    revoked, gone = link_in(event, officer), link_in(event, officer)
    links.revoke_link(link=revoked, by=officer)
    withdraw_attendee(attendee=gone.attendee, by=officer)

    assert refusal_of(revoked, desk.room_code) == rooms.REVOKED
    assert refusal_of(gone, desk.room_code) == rooms.WITHDRAWN


def test_pin_of_the_tablets_survives_the_room_code(event, desk, officer):
    pin = SigningDesk.objects.get(event=event).staff_pin
    rooms.open_room_code(event=event, minutes=5, limit=5, by=officer)
    rooms.drop_room_code(event=event, by=officer)
    assert SigningDesk.objects.get(event=event).staff_pin == pin
