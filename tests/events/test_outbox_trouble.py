"""Mail in trouble: a server that is down or refuses, a worker that is killed, and letters over a real wire."""

import socketserver
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import jobs
from events import links, outbox
from events.models import Event, OutgoingMail, PersonalLink
from tests.events.test_calendar_file import lines_of

from .factories import AttendeeFactory, EventFactory
from .mail_servers import (
    LOCMEM,
    BreaksOff,
    Down,
    Greylisting,
    Killed,
    KilledAfterwards,
    KilledBefore,
    Refusing,
    queue,
    sent,
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


# -- trouble -------------------------------------------------------------------------------------------------------


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


def test_invitation_that_may_have_arrived_is_not_repeated_with_all_the_others(
    event, person, organizer, settings
):
    settings.EMAIL_BACKEND = LOCMEM.format("BreaksOff")
    outbox.queue_mails(event=event, kind="invitation", by=organizer)
    outbox.send_pending()
    assert OutgoingMail.objects.get().last_error == outbox.UNCERTAIN
    with pytest.raises(Refusal, match=outbox.NOBODY):
        outbox.queue_mails(event=event, kind="invitation", by=organizer)


def test_server_that_turns_everybody_away_blames_nobody_and_is_asked_again(
    event, person, organizer, settings
):
    settings.EMAIL_BACKEND = LOCMEM.format("Closed")
    outbox.queue_mails(event=event, kind="invitation", by=organizer)
    assert outbox.send_pending()["postponed"] == 1
    assert OutgoingMail.objects.get().last_error == outbox.UNREACHABLE


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
