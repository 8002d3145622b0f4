"""Personal links: 128 bits shown once, one usable per person, opened by a tap."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import links
from events.attendees import withdraw_attendee
from events.models import Attendee, Event, PersonalLink
from events.models.links import digest_of
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
def attendee(event):
    return AttendeeFactory(event=event, presence="remote")


def verbs(event):
    return list(
        AuditEntry.objects.filter(stream=f"event:{event.pk}").order_by("seq").values_list("verb", flat=True)
    )


def everything_stored(link):
    """Whatever the database keeps that could hold the address."""
    entries = AuditEntry.objects.filter(stream=link.audit_stream).values_list(
        "facts", "object_label", "actor_label"
    )
    return f"{list(PersonalLink.objects.values())} {list(entries)}"


def test_only_the_hash_of_a_link_is_kept(attendee, officer):
    link, token = links.make_link(attendee=attendee, by=officer)

    assert len(token) == 22  # 128 bits as base64url
    assert link.digest == digest_of(token)
    assert token not in everything_stored(link)
    assert PersonalLink.objects.find(token) == link


def test_second_link_of_a_person_is_refused(attendee, officer):
    links.make_link(attendee=attendee, by=officer)

    with pytest.raises(Refusal, match="sudah memiliki tautan"):
        links.make_link(attendee=attendee, by=officer)

    assert attendee.links.count() == 1


def test_database_allows_one_usable_link_per_person(attendee):
    PersonalLink.objects.create(attendee=attendee, digest="a" * 64)

    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalLink.objects.create(attendee=attendee, digest="b" * 64)


def test_making_for_many_skips_who_has_one_and_who_is_gone(event, officer):
    first, second, gone = (AttendeeFactory(event=event) for _ in range(3))
    foreign = AttendeeFactory(event=EventFactory(state="running"))
    links.make_link(attendee=first, by=officer)
    withdraw_attendee(attendee=gone, by=officer)

    made = links.make_links(event=event, attendees=[first, second, gone, foreign], by=officer)

    assert [new.link.attendee for new in made] == [second]
    assert links.make_links(event=event, attendees=[first, second], by=officer) == []
    assert verbs(event).count("link.made") == 2


def test_making_for_many_leaves_one_line_in_the_log(event, officer):
    people = [AttendeeFactory(event=event) for _ in range(3)]

    links.make_links(event=event, attendees=people, by=officer)

    entry = AuditEntry.objects.get(verb="link.made_many")
    assert (entry.facts["count"], verbs(event)) == (3, ["link.made_many"])


def test_making_costs_the_same_for_two_and_for_twenty(event, officer):
    links.make_link(
        attendee=AttendeeFactory(event=event), by=officer
    )  # the first entry opens the log of the event
    counts = []
    for size in (2, 20):
        people = [AttendeeFactory(event=event) for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            links.make_links(event=event, attendees=people, by=officer)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled", "archived"])
def test_link_needs_an_event_that_is_planned_or_running(officer, state):
    event = EventFactory()
    attendee = AttendeeFactory(event=event)
    Event.objects.filter(pk=event.pk).update(state=state)

    with pytest.raises(Refusal) as refusal:
        links.make_links(event=event, attendees=[attendee], by=officer)

    assert refusal.value.message == links.NOT_LINKABLE[state]


def test_withdrawn_person_gets_no_link(attendee, officer):
    withdraw_attendee(attendee=attendee, by=officer)

    with pytest.raises(Refusal, match="dikeluarkan"):
        links.make_link(attendee=attendee, by=officer)


def test_renewing_kills_the_old_address(attendee, officer):
    old, token = links.make_link(attendee=attendee, by=officer)

    [(new, fresh)] = links.renew_links(event=attendee.event, attendees=[attendee], newest=old.pk, by=officer)

    assert PersonalLink.objects.find(token) is None
    assert PersonalLink.objects.find(fresh) == new
    assert verbs(attendee.event) == ["link.made", "link.renewed"]


def test_renewing_twice_from_one_page_keeps_what_was_handed_out(attendee, officer):
    old, _ = links.make_link(attendee=attendee, by=officer)
    [(_, token)] = links.renew_links(event=attendee.event, attendees=[attendee], newest=old.pk, by=officer)

    again = links.renew_links(event=attendee.event, attendees=[attendee], newest=old.pk, by=officer)

    assert again == []
    assert PersonalLink.objects.find(token) is not None


def test_revoking_twice_leaves_one_line_in_the_log(attendee, officer):
    link, token = links.make_link(attendee=attendee, by=officer)

    links.revoke_link(link=link, by=officer)
    revoked_at = PersonalLink.objects.get(pk=link.pk).revoked_at
    links.revoke_link(link=link, by=officer)

    assert PersonalLink.objects.get(pk=link.pk).revoked_at == revoked_at
    assert PersonalLink.objects.find(token) is None
    assert verbs(attendee.event) == ["link.made", "link.revoked"]


def test_opening_is_noted_once_by_the_link_itself(attendee, officer):
    link, _ = links.make_link(attendee=attendee, by=officer)

    links.open_link(link=link)
    opened_at = link.opened_at
    links.open_link(link=link)

    attendee.refresh_from_db()
    entry = AuditEntry.objects.get(verb="link.opened")
    assert (link.opened_at, attendee.invitation) == (opened_at, Attendee.Invitation.OPENED)
    assert (entry.actor_kind, entry.actor_id) == ("link", str(link.pk))


def test_opening_does_not_undo_an_answer(attendee, officer):
    link, _ = links.make_link(attendee=attendee, by=officer)
    Attendee.objects.filter(pk=attendee.pk).update(invitation="excused")

    links.open_link(link=link)

    attendee.refresh_from_db()
    assert attendee.invitation == "excused"


def test_nothing_of_an_archived_event_changes_by_opening(attendee, officer):
    link, _ = links.make_link(attendee=attendee, by=officer)
    Event.objects.filter(pk=attendee.event_id).update(state="archived")
    link = PersonalLink.objects.filter(~Q(digest="")).get(pk=link.pk)

    links.open_link(link=link)

    assert (link.opened_at, verbs(attendee.event)) == (None, ["link.made"])


def test_chain_of_the_event_stays_whole(attendee, officer):
    link, _ = links.make_link(attendee=attendee, by=officer)
    links.open_link(link=link)
    links.revoke_link(link=link, by=officer)

    assert audit.verify_stream(attendee.audit_stream).is_whole
