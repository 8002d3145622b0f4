"""The answer to an invitation on the page of a personal link."""

import pytest

from accounts import audit
from accounts.models import AuditEntry
from declarations.views import links as pages
from events import links
from events.models import Attendee, Event
from tests.declarations import day, factories
from tests.declarations.guests import Guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited():
    """The personal page of somebody invited to an event that is still ahead."""
    event = factories.event(state=Event.State.SCHEDULED)
    [attendee, *_] = day.people(event, 1, position="Camat", full_name="Camat Contoh")
    return Guest(attendee)


def answered(invited):
    return Attendee.objects.get(pk=invited.link.attendee_id)


def test_page_asks_and_a_tap_answers(invited):
    assert "Apakah Bapak/Ibu akan hadir?" in invited.get().content.decode()
    response = invited.post("answer", jawaban="coming")
    assert response.status_code == 302
    assert answered(invited).invitation == "coming"
    assert "Anda akan hadir." in invited.get().content.decode()
    entry = AuditEntry.objects.get(verb="invitation.answered")
    assert (entry.actor_kind, entry.actor_id) == ("link", str(invited.link.pk))


def test_looking_answers_nothing(invited):
    for name in ("home", "calendar", "data"):
        invited.get(name)
    assert invited.get("answer").status_code == 405
    assert answered(invited).invitation == "opened"


def test_preview_of_an_unopened_link_changes_nothing():
    event = factories.event(state=Event.State.SCHEDULED)
    [attendee, *_] = day.people(event, 1)
    guest = Guest(attendee, opened=False)
    guest.get()
    guest.get("calendar")
    assert answered(guest).invitation == "none"


def test_representative_is_named_and_answer_may_change(invited):
    invited.post(
        "answer", jawaban="represented", nama="Sekcam Contoh", jabatan="Sekretaris Kecamatan", surat="5/ST"
    )
    row = answered(invited)
    assert (row.full_name, row.on_behalf_of_position, row.letter_no) == ("Sekcam Contoh", "Camat", "5/ST")
    assert "diwakili oleh Sekcam Contoh, Sekretaris Kecamatan" in invited.get().content.decode()
    invited.post("answer", jawaban="excused")
    assert (answered(invited).full_name, answered(invited).invitation) == ("Camat Contoh", "excused")


def test_nothing_typed_is_lost_when_the_name_is_missing(invited):
    response = invited.post(
        "answer", jawaban="represented", nama="", jabatan="Sekretaris Kecamatan", surat="5/ST"
    )
    html = response.content.decode()
    assert response.status_code == 400
    assert "Tuliskan nama yang mewakili." in html
    assert 'value="Sekretaris Kecamatan"' in html
    assert answered(invited).full_name == "Camat Contoh"


@pytest.mark.parametrize("answer", ["", "hadir", "opened", "none"])
def test_answer_that_is_none_is_refused(invited, answer):
    assert invited.post("answer", jawaban=answer).status_code == 400
    assert answered(invited).invitation == "opened"


def test_from_the_start_on_the_answer_stands(invited):
    invited.post("answer", jawaban="coming")
    Event.objects.filter(pk=invited.link.attendee.event_id).update(state="running")
    assert invited.post("answer", jawaban="excused").status_code == 400
    assert answered(invited).invitation == "coming"
    assert "Berhalangan" not in invited.get().content.decode()


def test_answers_are_counted_per_link(invited):
    for _ in range(pages.ANSWERS[1]):
        assert invited.post("answer", jawaban="coming").status_code == 302
    assert invited.post("answer", jawaban="excused").status_code == 429
    assert answered(invited).invitation == "coming"


def test_answer_of_a_dead_link_is_unknown(invited):
    links.revoke_link(link=invited.link, by=audit.SYSTEM)
    assert invited.post("answer", jawaban="coming").status_code == 404
    assert answered(invited).invitation == "opened"
