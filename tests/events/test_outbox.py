"""Mail of an event: queued once, sent at most once, failed in words, with the calendar file and no token kept."""

import re
import smtplib
import socketserver
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail.backends import locmem
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import jobs
from events import links, outbox
from events.answers import answer_invitation, mark_told
from events.models import Attendee, Event, OutgoingMail, PersonalLink
from events.planning import change_event
from events.scheduling import cancel_event
from tests.events.test_calendar_file import lines_of

from .factories import AttendeeFactory, EventFactory

pytestmark = pytest.mark.django_db
LOCMEM = "tests.events.test_outbox.{}"


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


class Down(locmem.EmailBackend):
    """Nobody answers at the address of the mail server."""

    def open(self):
        raise ConnectionRefusedError


class Refusing(locmem.EmailBackend):
    problem: Exception = smtplib.SMTPRecipientsRefused({"kades@contoh.test": (550, b"no such user")})

    def send_messages(self, messages):
        raise self.problem


class Greylisting(Refusing):
    problem = smtplib.SMTPResponseException(451, b"try again later")


class BreaksOff(Refusing):
    """The line breaks while the letter is handed over: nobody knows whether it was taken."""

    problem = smtplib.SMTPServerDisconnected("gone")


class Watching(locmem.EmailBackend):
    """Looks whether the link with this token still leads somewhere while it takes the letter."""

    token, alive = "", None

    def send_messages(self, messages):
        Watching.alive = PersonalLink.objects.find(self.token) is not None
        return super().send_messages(messages)


class Killed(BaseException):
    """What SIGKILL is to the code: nothing after it runs."""


class KilledAfterwards(locmem.EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


class KilledBefore(locmem.EmailBackend):
    def open(self):
        raise Killed


def queue(event, by, kind="invitation"):
    outbox.queue_mails(event=event, kind=kind, by=by)
    return OutgoingMail.objects.latest("created_at")


def sent():
    return django_mail.outbox


def text_of(message) -> str:
    return message_from_bytes(message.message().as_bytes(), policy=policy.default).get_body().get_content()


def calendar_of(message) -> tuple[str, list[str]]:
    """(method of the part, content lines)"""
    whole = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    [part] = [each for each in whole.walk() if each.get_content_type() == "text/calendar"]
    return part.get_param("method"), lines_of(part.get_payload(decode=True))


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


@pytest.mark.parametrize("backend", ["Refusing", "Greylisting", "BreaksOff"])
def test_letter_that_is_not_taken_kills_no_link(event, person, organizer, settings, backend):
    token = links.make_link(attendee=person, by=organizer).token
    mail = queue(event, organizer)
    settings.EMAIL_BACKEND = LOCMEM.format(backend)
    assert outbox.send(mail.pk) in ("failed", "postponed")
    assert PersonalLink.objects.find(token) is not None
    assert PersonalLink.objects.filter(attendee=person).count() == 1
    assert not AuditEntry.objects.filter(verb="link.renewed").exists()


def test_worker_killed_while_handing_over_leaves_the_old_link(event, person, organizer, settings):
    token = links.make_link(attendee=person, by=organizer).token
    mail = queue(event, organizer)
    use(settings, KilledAfterwards)
    with pytest.raises(Killed):
        outbox.send(mail.pk)
    assert PersonalLink.objects.find(token) is not None


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


def test_invitation_that_may_have_arrived_is_not_repeated_with_all_the_others(
    event, person, organizer, settings
):
    settings.EMAIL_BACKEND = LOCMEM.format("BreaksOff")
    outbox.queue_mails(event=event, kind="invitation", by=organizer)
    outbox.send_pending()
    assert OutgoingMail.objects.get().last_error == outbox.UNCERTAIN
    with pytest.raises(Refusal, match=outbox.NOBODY):
        outbox.queue_mails(event=event, kind="invitation", by=organizer)


def test_mails_stand_behind_papers_in_the_queue():
    from events.tasks import send_mail

    assert send_mail.priority < 0


class Closed(locmem.EmailBackend):
    """A server that is up and turns everybody away before a word is said."""

    def open(self):
        raise smtplib.SMTPConnectError(554, b"no service here")


def test_server_that_turns_everybody_away_blames_nobody_and_is_asked_again(
    event, person, organizer, settings
):
    settings.EMAIL_BACKEND = LOCMEM.format("Closed")
    outbox.queue_mails(event=event, kind="invitation", by=organizer)
    assert outbox.send_pending()["postponed"] == 1
    assert OutgoingMail.objects.get().last_error == outbox.UNREACHABLE


def test_person_withdrawn_meanwhile_gets_nothing(event, person, organizer):
    mail = queue(event, organizer)
    Attendee.objects.filter(pk=person.pk).update(withdrawn_at=timezone.now())
    assert outbox.send(mail.pk) == "failed"
    assert sent() == []


# -- trouble -------------------------------------------------------------------------------------------------------


def use(settings, backend):
    settings.EMAIL_BACKEND = LOCMEM.format(backend.__name__)


def test_server_that_is_down_is_asked_again_later_and_no_link_dies_for_it(event, person, organizer, settings):
    token = links.make_link(attendee=person, by=organizer).token
    mail = queue(event, organizer)
    use(settings, Down)
    assert outbox.send(mail.pk) == "postponed"
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == ("waiting", outbox.UNREACHABLE)
    assert mail.run_after > timezone.now()
    assert outbox.send(mail.pk) == "left"
    assert PersonalLink.objects.find(token) is not None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert outbox.send(mail.pk) == "sent"


def test_after_some_attempts_it_is_left_to_a_person(event, person, organizer, settings):
    mail = queue(event, organizer)
    use(settings, Down)
    ends = []
    for _ in range(outbox.MOST_ATTEMPTS):
        OutgoingMail.objects.update(run_after=timezone.now() - timedelta(seconds=1))
        ends.append(outbox.send(mail.pk))
    assert ends == ["postponed"] * (outbox.MOST_ATTEMPTS - 1) + ["failed"]


@pytest.mark.parametrize(
    ("backend", "end", "words"),
    [
        (Refusing, "failed", outbox.REFUSED),
        (Greylisting, "postponed", outbox.BUSY),
        (BreaksOff, "failed", outbox.UNCERTAIN),
    ],
)
def test_what_the_server_says_is_told_in_words(event, person, organizer, settings, backend, end, words):
    mail = queue(event, organizer)
    use(settings, backend)
    assert outbox.send(mail.pk) == end
    mail.refresh_from_db()
    assert mail.last_error == words
    person.refresh_from_db()
    assert person.invitation == "none"


def test_worker_killed_after_handing_over_never_sends_twice(event, person, organizer, settings):
    mail = queue(event, organizer)
    use(settings, KilledAfterwards)
    with pytest.raises(Killed):
        outbox.send(mail.pk)
    assert len(sent()) == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(timezone.now() + outbox.LEASE * 2):
        assert outbox.send(mail.pk) == "left"
        outbox.sweep()
        outbox.send_pending()
    assert len(sent()) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == ("failed", outbox.UNCERTAIN)


def test_worker_killed_before_is_followed_by_another(event, person, organizer, settings):
    mail = queue(event, organizer)
    use(settings, KilledBefore)
    with pytest.raises(Killed):
        outbox.send(mail.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.send(mail.pk) == "left"
    with time_machine.travel(timezone.now() + outbox.LEASE * 2):
        assert outbox.send(mail.pk) == "sent"
    assert len(sent()) == 1


def test_sweep_of_the_worker_wakes_what_is_due(event, person, organizer, monkeypatch):
    mail = queue(event, organizer)
    woken = []
    monkeypatch.setattr(outbox, "wake", woken.append)
    jobs.sweep()
    assert woken == [mail.pk]


def test_mail_of_an_archived_event_stands_still(event, person, organizer):
    mail = queue(event, organizer)
    Event.objects.filter(pk=event.pk).update(state="archived")
    assert outbox.send(mail.pk) == "left"
    assert outbox.sweep() == 0
    assert sent() == []


def test_person_retries_what_failed_and_nothing_else(event, person, organizer, settings):
    mail = queue(event, organizer)
    with pytest.raises(Refusal):
        outbox.retry_mail(mail=mail, by=organizer)
    use(settings, Refusing)
    outbox.send(mail.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.retry_mail(mail=mail, by=organizer)
    assert outbox.send(mail.pk) == "sent"
    with pytest.raises(Refusal):
        outbox.retry_mail(mail=mail, by=organizer)


# -- over a real wire ----------------------------------------------------------------------------------------------


class Postman(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs (RFC 5321); keeps what it was given."""

    def handle(self):
        self.say("220 contoh.test")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word in ("EHLO", "HELO"):
                self.say("250 contoh.test")
            elif word == "RCPT" and "tolak@" in line:
                self.say("550 tidak ada")
            elif word == "DATA":
                self.say("354 silakan")
                self.server.letters.append(self.letter())
                self.say("250 diterima")
            elif word == "QUIT":
                self.say("221 sampai jumpa")
                return
            else:
                self.say("250 baik")

    def letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def postman(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        server.letters = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server
        server.shutdown()


def test_over_smtp_the_calendar_arrives_byte_for_byte(event, person, organizer, postman):
    queue(event, organizer)
    assert outbox.send_pending()["sent"] == 1
    [raw] = postman.letters
    whole = message_from_bytes(raw, policy=policy.default)
    [part] = [each for each in whole.walk() if each.get_content_type() == "text/calendar"]
    assert "METHOD:REQUEST" in lines_of(part.get_payload(decode=True))


def test_over_smtp_a_refused_address_fails_at_once(event, organizer, postman):
    AttendeeFactory(event=event, email="tolak@contoh.test")
    mail = queue(event, organizer)
    assert outbox.send(mail.pk) == "failed"
    mail.refresh_from_db()
    assert mail.last_error == outbox.REFUSED
    assert postman.letters == []


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
