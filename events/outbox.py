"""DEEDS: mail of an event: queued, sent by the worker at most once, failed in words, tried again by a person (EVENTS.md §4).

At most once: ``handed_at`` is written before the mail server is spoken to. Whatever dies before it is done again;
whatever dies or breaks off after it is *gagal* with the words that it may have arrived, and only a person repeats it.
"""

import logging
import os
import secrets
import smtplib
import socket
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from . import calendar_entry, invitation_list, invitation_words, letters_by_mail, links
from .answers import UNANSWERED, Invitation, tell
from .locking import lock
from .models import Attendee, Event, OutgoingMail, PersonalLink

logger = logging.getLogger(__name__)
Kind, State = OutgoingMail.Kind, OutgoingMail.State

LEASE = timedelta(minutes=2)
REMINDED = timedelta(hours=12)  # nobody is reminded twice for two taps on one button
TIMEOUT = 20  # seconds of one step of SMTP
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
MOST_ATTEMPTS = len(BACKOFF) + 1
TASK = "events.tasks.send_mail"

STATES = {
    Kind.INVITATION: links.LINKABLE,
    Kind.CHANGE: links.LINKABLE,
    Kind.REMINDER: (Event.State.SCHEDULED,),
    Kind.CANCELLATION: (Event.State.CANCELLED,),
}
NOT_READY = "Surel belum disiapkan pada pemasangan ini (EMAIL_URL dan DEFAULT_FROM_EMAIL). Bagikan undangan lewat WhatsApp."
WRONG_STATE = "Surel ini tidak sesuai lagi dengan status kegiatan."
NOBODY = "Tidak ada peserta beralamat surel yang perlu menerima surel ini."
UNCERTAIN = "Pengiriman terhenti di tengah jalan. Surel ini mungkin sudah terkirim; tanyakan kepada penerima sebelum mengulang."
UNREACHABLE = "Peladen surel tidak dapat dihubungi."
BUSY = "Peladen surel menolak untuk sementara."
SENDER = "Peladen surel menolak alamat pengirim. Hubungi pengelola aplikasi."
REFUSED = "Peladen surel menolak alamat atau isi surel ini. Periksa alamat surel peserta."
LOGIN = "Nama pengguna atau kata sandi surel ditolak. Hubungi pengelola aplikasi."
TOLD_ALREADY = (
    "Orang ini sudah menerima undangan dengan cara lain. Surel tidak dikirim, supaya tautannya tetap berlaku."
)
GONE = "Peserta ini sudah dikeluarkan dari daftar atau tidak memiliki alamat surel lagi."
UNEXPECTED = "Kesalahan tak terduga saat menyiapkan surel. Hubungi pengelola aplikasi."


class Trouble(NamedTuple):
    message: str
    again: bool  # trying again by itself helps and cannot send twice


def is_ready() -> bool:
    """Did whoever installed this say how mail goes out?"""
    return settings.MAIL_READY


def recipients(event: Event, kind: str) -> QuerySet[Attendee]:
    """Who would get a mail of this kind now: has an address, needs to hear it, and none is under way."""
    people = event.attendees.expected().exclude(email="").in_order()
    waiting = OutgoingMail.objects.under_way().filter(event=event, kind=kind)
    people = people.exclude(pk__in=waiting.values("attendee"))
    if event.state not in STATES[Kind(kind)]:
        return people.none()
    of_kind = OutgoingMail.objects.filter(event=event, kind=kind)
    if kind == Kind.INVITATION:  # one that may have arrived is repeated by a person, one by one
        doubtful = of_kind.filter(state=State.FAILED, last_error=UNCERTAIN)
        return people.filter(invitation=Invitation.NONE).exclude(pk__in=doubtful.values("attendee"))
    if kind == Kind.REMINDER:
        lately = of_kind.filter(state=State.SENT, sent_at__gte=timezone.now() - REMINDED)
        people = people.exclude(pk__in=lately.values("attendee"))
        return people.filter(invitation__in=UNANSWERED).exclude(invitation=Invitation.NONE)
    return people.filter(invitation_list.stale(event))


def queue_mails(*, event: Event, kind: str, by) -> int:
    """Have a mail of this kind sent to everybody who needs it; how many.

    Effects: one row each, audit ``mail.queued`` with the count, the worker is woken after commit. Refused when mail is
    not set up, when the kind does not fit the state of the event, and when nobody would get one.
    """
    if not is_ready():
        raise Refusal(NOT_READY)
    with writing():
        if lock(event).state not in STATES[Kind(kind)]:
            raise Refusal(WRONG_STATE)
        subject, now = invitation_words.subject_of(kind, event), timezone.now()
        rows = [
            OutgoingMail(
                event=event,
                attendee=person,
                kind=kind,
                subject=subject,
                run_after=now,
                created_by=audit.user_or_none(by),
            )
            for person in recipients(event, kind)
        ]
        if not rows:
            raise Refusal(NOBODY)
        OutgoingMail.objects.bulk_create(rows, batch_size=500)
        audit.record(by, "mail.queued", event, kind=Kind(kind).label, count=len(rows))
        ids = [row.pk for row in rows]
        transaction.on_commit(lambda: [wake(pk) for pk in ids])
    return len(rows)


def retry_mail(*, mail: OutgoingMail, by) -> OutgoingMail:
    """Send a failed mail once more; audit ``mail.retried``. Refused while it is under way, after it was sent, or when
    another of its kind is under way."""
    with writing():
        if lock(mail.event).state not in STATES[Kind(mail.kind)]:
            raise Refusal(WRONG_STATE)
        same = OutgoingMail.objects.under_way().filter(attendee=mail.attendee_id, kind=mail.kind)
        failed = OutgoingMail.objects.filter(pk=mail.pk, state=State.FAILED)
        if same.exists() or not failed.update(
            state=State.WAITING, attempts=0, run_after=timezone.now(), handed_at=None, last_error=""
        ):
            raise Refusal(
                "Surel ini tidak dalam keadaan gagal, atau surel serupa sedang dikirim. Muat ulang halaman."
            )
        audit.record(by, "mail.retried", mail.attendee, kind=mail.get_kind_display())
        transaction.on_commit(lambda: wake(mail.pk))
    mail.refresh_from_db()
    return mail


def wake(mail_id) -> None:
    from .tasks import send_mail  # the task imports this module

    send_mail.enqueue(str(mail_id))


def send(mail_id) -> str:
    """Claim and send one mail. Returns ``sent``, ``postponed``, ``failed``, or ``left`` when it was not ours to do."""
    mail = _claim(mail_id)
    if mail is None:
        return "left"
    if mail.event.state not in STATES[Kind(mail.kind)]:
        return _fail(mail, WRONG_STATE)
    if mail.attendee.is_withdrawn or not mail.attendee.email:
        return _fail(mail, GONE)
    if mail.kind == Kind.INVITATION and mail.attendee.invitation != Invitation.NONE:
        return _fail(mail, TOLD_ALREADY)
    trouble, new = _deliver(mail)
    if trouble is None:
        return _finish(mail, new)
    if new is not None:
        links.forget_prepared(new)
    if trouble.again and mail.attempts < MOST_ATTEMPTS:
        return _put_back(mail, trouble.message)
    return _fail(mail, trouble.message)


def send_pending() -> dict[str, int]:
    """Send every mail that is due, here and now; how many by their end. For commands and tests."""
    ends = {"sent": 0, "postponed": 0, "failed": 0, "left": 0}
    for pk in list(OutgoingMail.objects.claimable().values_list("pk", flat=True)):
        ends[send(pk)] += 1
    return ends


def sweep() -> int:
    """Close what a killed worker left uncertain, wake what is due and no queue row waits for; how many were woken."""
    with writing():
        OutgoingMail.objects.uncertain().update(
            state=State.FAILED, last_error=UNCERTAIN, lease_until=None, lease_by=""
        )
    rows = DBTaskResult.objects.filter(status="READY", task_path=TASK).values_list("args_kwargs", flat=True)
    queued = {row["args"][0] for row in rows if row.get("args")}
    due = [
        pk for pk in OutgoingMail.objects.claimable().values_list("pk", flat=True) if str(pk) not in queued
    ]
    for pk in due:
        wake(pk)
    return len(due)


# -- one mail ----------------------------------------------------------------------------------------------------


def _claim(mail_id) -> OutgoingMail | None:
    now, holder = timezone.now(), f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"
    with writing():
        claimed = OutgoingMail.objects.claimable(now).filter(pk=mail_id)
        taken = OutgoingMail.objects.filter(pk__in=claimed.values("pk")).update(
            state=State.SENDING, lease_by=holder, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
    if not taken:
        return None
    found = OutgoingMail.objects.select_related("event__office__region", "attendee__site", "created_by")
    return found.filter(pk=mail_id, lease_by=holder).first()


def _deliver(mail: OutgoingMail) -> tuple[Trouble | None, links.PreparedLink | None]:
    """No trouble when the mail server has taken it; and the link prepared for it that replaces another, if any."""
    connection = get_connection(timeout=TIMEOUT)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as problem:
        return _trouble_of(problem, spoken=False), None
    # A link is made below: not for a mail that another worker took over while this one waited for an answer.
    if not _held(mail).update(lease_until=timezone.now() + LEASE):
        connection.close()
        return Trouble(UNCERTAIN, False), None
    new = None
    try:
        new = _link_for(mail)
        url = invitation_words.address_of(new.token) if new else ""
        message = letters_by_mail.letter(mail, url)
    except Exception as problem:
        logger.error("Mail %s could not be made: %s", mail.pk, type(problem).__name__)
        connection.close()
        return Trouble(getattr(problem, "message", UNEXPECTED), False), _prepared(new)
    return _hand_over(mail, connection, message), _prepared(new)


def _prepared(new: links.NewLink | links.PreparedLink | None) -> links.PreparedLink | None:
    return new if isinstance(new, links.PreparedLink) else None


def _hand_over(mail: OutgoingMail, connection, message) -> Trouble | None:
    if not _held(mail).update(handed_at=timezone.now()):
        connection.close()
        return Trouble(UNCERTAIN, False)
    try:
        connection.send_messages([message])
    except (OSError, smtplib.SMTPException) as problem:
        return _trouble_of(problem, spoken=True)
    finally:
        _close(connection)
    return None


def _close(connection) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.warning("The mail server did not say goodbye")


def _link_for(mail: OutgoingMail) -> links.NewLink | links.PreparedLink | None:
    """The personal link of the letter, made now and kept nowhere.

    An invitation brings a fresh one; the one that the person has counts until the letter was taken. A reminder brings
    one only to who has none; other letters speak of the link that the person has.
    """
    by, person = mail.created_by or audit.SYSTEM, mail.attendee
    if mail.kind == Kind.INVITATION and (prepared := links.prepare_link(attendee=person, by=by)):
        return prepared
    has_link = PersonalLink.objects.usable().filter(attendee=person).exists()
    if mail.kind in (Kind.INVITATION, Kind.REMINDER) and not has_link:
        return links.make_link(attendee=person, by=by)
    return None


def _trouble_of(problem: Exception, *, spoken: bool) -> Trouble:
    """What the office reads. After the server was spoken to, only its own clear refusal proves that nothing went out."""
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return Trouble(LOGIN, True)
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in problem.recipients.values()]
        return Trouble(REFUSED, False) if any(code >= 500 for code in codes) else Trouble(BUSY, True)
    if isinstance(problem, smtplib.SMTPSenderRefused):
        return Trouble(SENDER, problem.smtp_code < 500)
    if isinstance(problem, smtplib.SMTPResponseException) and spoken:
        return Trouble(REFUSED, False) if problem.smtp_code >= 500 else Trouble(BUSY, True)
    return Trouble(UNCERTAIN, False) if spoken else Trouble(UNREACHABLE, True)


def _held(mail: OutgoingMail):
    return OutgoingMail.objects.filter(pk=mail.pk, state=State.SENDING, lease_by=mail.lease_by)


def _finish(mail: OutgoingMail, new: links.PreparedLink | None) -> str:
    """*Terkirim*; the link of the letter counts, and an older one dies only now; the person knows the entry as the letter told it; audit ``mail.sent``."""
    with writing():
        _held(mail).update(
            state=State.SENT, sent_at=timezone.now(), last_error="", lease_until=None, lease_by=""
        )
        if new is not None:
            links.put_into_use(new, by=mail.created_by or audit.SYSTEM)
        tell(Attendee.objects.filter(pk=mail.attendee_id), calendar_entry.sequence_of(mail.event))
        audit.record(audit.SYSTEM, "mail.sent", mail.attendee, kind=mail.get_kind_display())
    return "sent"


def _put_back(mail: OutgoingMail, message: str) -> str:
    delay = BACKOFF[min(mail.attempts, len(BACKOFF)) - 1]
    with writing():
        _held(mail).update(
            state=State.WAITING,
            run_after=timezone.now() + delay,
            handed_at=None,
            last_error=message,
            lease_until=None,
            lease_by="",
        )
    return "postponed"


def _fail(mail: OutgoingMail, message: str) -> str:
    with writing():
        _held(mail).update(state=State.FAILED, last_error=message[:300], lease_until=None, lease_by="")
        audit.record(audit.SYSTEM, "mail.failed", mail.attendee, kind=mail.get_kind_display())
    return "failed"
