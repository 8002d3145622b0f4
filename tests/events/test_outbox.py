"""Mail of an event: queued once and sent at most once, with the calendar file and no token kept; and its pages."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import links, outbox
from events.answers import answer_invitation, mark_told
from events.models import Attendee, OutgoingMail, PersonalLink
from events.planning import change_event
from events.scheduling import cancel_event

from .factories import AttendeeFactory, EventFactory
from .mail_servers import (
    Refusing,
    Watching,
    calendar_of,
    queue,
    sent,
    text_of,
    use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed(settings):
    settings.MAIL_READY = True
    settings.DEFAULT_FROM_EMAIL = "Netralitas <kirim@contoh.test>"


@pytest.fixture
def event():
    return EventFactory(state="scheduled", calendar_sequence=1)


@pytest.fixture
def person(event):
    return AttendeeFactory(event=event, full_name="Kades Contoh", email="kades@contoh.test")


# -- what goes out -------------------------------------------------------------------------------------------------


def test_invitation_goes_out_with_link_and_calendar(event, person, organizer):
    mail = queue(event, organizer)
    assert outbox.send_pending() == {"sent": 1, "postponed": 0, "failed": 0, "left": 0}
    [message] = sent()
    assert message.to == ["kades@contoh.test"]
    assert "kirim@contoh.test" in message.from_email
    assert message.subject == f"Undangan: {event.title}"
    token = text_of(message).split("/t/")[1].split("/")[0]
    assert PersonalLink.objects.find(token).attendee == person
    method, lines = calendar_of(message)
    assert method == "REQUEST"
    assert "METHOD:REQUEST" in lines
    assert token not in "".join(lines)
    mail.refresh_from_db()
    person.refresh_from_db()
    assert (mail.state, person.invitation, person.told_sequence) == ("sent", "sent", 1)


def test_no_token_and_no_text_is_kept(event, person, organizer):
    queue(event, organizer)
    outbox.send_pending()
    token = text_of(sent()[0]).split("/t/")[1].split("/")[0]
    rows = [str(list(model.objects.values())) for model in (OutgoingMail, PersonalLink, AuditEntry)]
    assert [row for row in rows if token in row or "kades@contoh.test" in row] == []


def test_invitation_renews_a_link_that_was_made_before(event, person, organizer):
    old = links.make_link(attendee=person, by=organizer).token
    queue(event, organizer)
    outbox.send_pending()
    assert PersonalLink.objects.find(old) is None
    assert PersonalLink.objects.usable().filter(attendee=person).count() == 1


def test_old_link_lives_until_the_letter_was_taken(event, person, organizer, settings, monkeypatch):
    token = links.make_link(attendee=person, by=organizer).token
    monkeypatch.setattr(Watching, "token", token)
    use(settings, Watching)
    queue(event, organizer)
    assert outbox.send_pending()["sent"] == 1
    assert Watching.alive is True
    assert PersonalLink.objects.find(token) is None
    [new] = re.findall(r"/t/([\w-]+)", text_of(sent()[0]))
    assert PersonalLink.objects.find(new).attendee == person
    assert AuditEntry.objects.filter(verb="link.renewed").count() == 1


def test_link_revoked_while_the_letter_goes_out_stays_revoked(event, person, organizer):
    old = links.make_link(attendee=person, by=organizer)
    prepared = links.prepare_link(attendee=person, by=organizer)
    assert PersonalLink.objects.find(prepared.token) is None
    links.revoke_link(link=old.link, by=organizer)
    assert links.put_into_use(prepared, by=organizer) is False
    assert not PersonalLink.objects.usable().filter(attendee=person).exists()


def test_address_in_use_is_never_forgotten(event, person, organizer):
    links.make_link(attendee=person, by=organizer)
    prepared = links.prepare_link(attendee=person, by=organizer)
    assert links.put_into_use(prepared, by=organizer) is True
    links.forget_prepared(prepared)
    assert PersonalLink.objects.find(prepared.token) is not None


def test_reminder_leaves_the_link_alone_and_goes_only_to_who_is_silent(event, person, organizer):
    silent = AttendeeFactory(event=event, email="diam@contoh.test")
    token = links.make_link(attendee=silent, by=organizer).token
    mark_told(event=event, attendees=[person, silent], by=organizer, channel="WhatsApp")
    answer_invitation(attendee=person, answer="coming", by=organizer)
    queue(event, organizer, "reminder")
    outbox.send_pending()
    assert [message.to for message in sent()] == [["diam@contoh.test"]]
    assert PersonalLink.objects.find(token) is not None
    assert "/t/" not in text_of(sent()[0])


def test_change_goes_to_the_told_with_a_higher_number(event, person, organizer):
    AttendeeFactory(event=event, email="belum@contoh.test")
    mark_told(event=event, attendees=[person], by=organizer, channel="WhatsApp")
    change_event(event=event, by=organizer, venue="Balai Desa Dungus")
    queue(event, organizer, "change")
    outbox.send_pending()
    [message] = sent()
    assert message.to == ["kades@contoh.test"]
    assert "Balai Desa Dungus" in text_of(message)
    assert "SEQUENCE:2" in calendar_of(message)[1]
    with pytest.raises(Refusal, match="Tidak ada peserta"):
        outbox.queue_mails(event=event, kind="change", by=organizer)


def test_cancellation_takes_the_entry_out_of_calendars(event, person, organizer):
    mark_told(event=event, attendees=[person], by=organizer, channel="WhatsApp")
    cancel_event(event=event, by=organizer, reason="Pendopo kebanjiran.")
    queue(event, organizer, "cancellation")
    outbox.send_pending()
    [message] = sent()
    assert "Pendopo kebanjiran." in text_of(message)
    method, lines = calendar_of(message)
    assert method == "CANCEL"
    assert "STATUS:CANCELLED" in lines


def test_people_without_an_address_and_withdrawn_ones_get_none(event, person, organizer):
    AttendeeFactory(event=event, email="")
    AttendeeFactory(event=event, email="keluar@contoh.test", withdrawn_at=timezone.now())
    queue(event, organizer)
    assert [mail.attendee for mail in OutgoingMail.objects.all()] == [person]


def test_twice_queued_is_sent_once(event, person, organizer):
    queue(event, organizer)
    with pytest.raises(Refusal, match="Tidak ada peserta"):
        outbox.queue_mails(event=event, kind="invitation", by=organizer)
    outbox.send_pending()
    outbox.send_pending()
    assert len(sent()) == 1


@pytest.mark.parametrize("kind", ["change", "cancellation", "reminder", "invitation"])
def test_draft_sends_nothing(organizer, kind):
    draft = EventFactory()
    AttendeeFactory(event=draft, email="kades@contoh.test")
    with pytest.raises(Refusal):
        outbox.queue_mails(event=draft, kind=kind, by=organizer)


def test_without_a_mail_server_it_is_said(event, person, organizer, settings, staff):
    settings.MAIL_READY = False
    with pytest.raises(Refusal, match="EMAIL_URL"):
        outbox.queue_mails(event=event, kind="invitation", by=organizer)
    html = staff.get(reverse("events:mails", args=[event.code])).content.decode()
    assert "Surel belum disiapkan pada pemasangan ini" in html
    assert not OutgoingMail.objects.exists()


def test_event_cancelled_meanwhile_stops_the_invitation(event, person, organizer):
    mail = queue(event, organizer)
    cancel_event(event=event, by=organizer, reason="Banjir.")
    assert outbox.send(mail.pk) == "failed"
    mail.refresh_from_db()
    assert mail.last_error == outbox.WRONG_STATE
    assert sent() == []


def test_person_told_by_other_means_meanwhile_keeps_the_link_in_hand(event, person, organizer):
    outbox.queue_mails(event=event, kind="invitation", by=organizer)
    token = links.make_link(attendee=person, by=organizer).token
    mark_told(event=event, attendees=[person], by=organizer, channel="WhatsApp")
    assert outbox.send_pending()["failed"] == 1
    assert OutgoingMail.objects.get().last_error == outbox.TOLD_ALREADY
    assert PersonalLink.objects.find(token) is not None
    assert django_mail.outbox == []


def test_nobody_is_reminded_twice_in_a_row(event, person, organizer):
    Attendee.objects.update(invitation="sent")
    outbox.queue_mails(event=event, kind="reminder", by=organizer)
    assert outbox.send_pending()["sent"] == 1
    with pytest.raises(Refusal, match=outbox.NOBODY):
        outbox.queue_mails(event=event, kind="reminder", by=organizer)
    with time_machine.travel(timezone.now() + outbox.REMINDED + timedelta(minutes=1)):
        assert outbox.queue_mails(event=event, kind="reminder", by=organizer) == 1


def test_mails_stand_behind_papers_in_the_queue():
    from events.tasks import send_mail

    assert send_mail.priority < 0


def test_person_withdrawn_meanwhile_gets_nothing(event, person, organizer):
    mail = queue(event, organizer)
    Attendee.objects.filter(pk=person.pk).update(withdrawn_at=timezone.now())
    assert outbox.send(mail.pk) == "failed"
    assert sent() == []


# -- pages ---------------------------------------------------------------------------------------------------------


def test_preview_shows_people_masked_and_makes_no_link(staff, event, person):
    url = reverse("events:mail_send", args=[event.code, "undangan"])
    html = staff.get(url).content.decode()
    assert "k***@contoh.test" in html
    assert "kades@contoh.test" not in html
    assert "Kades Contoh" in html
    assert not PersonalLink.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_preview_warns_of_links_that_will_die(staff, event, person, organizer):
    links.make_link(attendee=person, by=organizer)
    html = staff.get(reverse("events:mail_send", args=[event.code, "undangan"])).content.decode()
    assert "1 penerima sudah memiliki tautan pribadi" in html


def test_page_sends_and_tells_the_state(staff, event, person):
    response = staff.post(reverse("events:mail_send", args=[event.code, "undangan"]), follow=True)
    assert "1 surel disiapkan dan segera dikirim." in response.content.decode()
    outbox.send_pending()
    html = staff.get(reverse("events:mails", args=[event.code])).content.decode()
    assert "Terkirim" in html
    assert "Kades Contoh" in html


def test_failed_mail_is_retried_by_its_button(staff, event, person, organizer, settings):
    mail = queue(event, organizer)
    use(settings, Refusing)
    outbox.send(mail.pk)
    html = staff.get(reverse("events:mails", args=[event.code])).content.decode()
    assert outbox.REFUSED in html
    staff.post(reverse("events:mail_retry", args=[event.code, mail.pk]))
    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_unknown_kind_is_not_found(staff, event):
    assert staff.get(reverse("events:mail_send", args=[event.code, "iklan"])).status_code == 404


@pytest.mark.parametrize("name", ["invitations", "mails"])
def test_questions_to_the_database_do_not_grow(staff, event, organizer, name):
    def asked():
        url = reverse(f"events:{name}", args=[event.code])
        staff.get(url)
        with CaptureQueriesContext(connection) as queries:
            staff.get(url)
        return len(queries)

    def add():
        person = AttendeeFactory(event=event, email="a@contoh.test")
        OutgoingMail.objects.create(event=event, attendee=person, kind="reminder")
        mark_told(event=event, attendees=[person], by=organizer, channel="WhatsApp")

    add()
    one = asked()
    add()
    add()
    assert asked() == one
    assert one <= 12
