"""One mail as it goes out: text, sender, and the calendar file as an invitation or a cancellation."""

from email import encoders
from email.mime.base import MIMEBase
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from . import calendar_entry, calendar_file, invitation_words
from .models import OutgoingMail


def letter(mail: OutgoingMail, url: str = "") -> EmailMessage:
    """``url`` is the personal link, for kinds that carry one. Event with office and attendee with site at hand."""
    event, person = mail.event, mail.attendee
    message = EmailMessage(
        subject=" ".join(mail.subject.split()),
        body=invitation_words.text_of(mail.kind, person, event, url),
        from_email=formataddr((event.office.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[person.email],
        reply_to=[event.office.email] if event.office.email else [],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach(_calendar(mail))
    return message


def _calendar(mail: OutgoingMail) -> MIMEBase:
    """Base64, so that no mail server touches its line ends."""
    is_cancelled = mail.kind == OutgoingMail.Kind.CANCELLATION
    method = calendar_file.CANCEL if is_cancelled else calendar_file.REQUEST
    raw = calendar_file.calendar_file(
        calendar_entry.occasion_of(mail.event, mail.attendee),
        method=method,
        at=timezone.now(),
        invited=mail.attendee.email,
    )
    part = MIMEBase("text", "calendar", method=method, charset="utf-8")
    part.set_payload(raw)
    encoders.encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename="undangan.ics")
    return part
