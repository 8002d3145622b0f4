"""Mail servers that refuse, break off or kill the worker, and what tests read in the letters they took."""

import smtplib
from email import message_from_bytes, policy

from django.core import mail as django_mail
from django.core.mail.backends import locmem

from events import outbox
from events.models import OutgoingMail, PersonalLink
from tests.events.test_calendar_file import lines_of

LOCMEM = "tests.events.mail_servers.{}"


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


class Closed(locmem.EmailBackend):
    """A server that is up and turns everybody away before a word is said."""

    def open(self):
        raise smtplib.SMTPConnectError(554, b"no service here")


def use(settings, backend):
    settings.EMAIL_BACKEND = LOCMEM.format(backend.__name__)
