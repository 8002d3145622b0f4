"""What an event tells its people and what they answer: the outbox of mail, and whom a representative stands for."""

import json
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from accounts.querysets import OfficeScopedQuerySet

from .attendees import Attendee
from .events import Event


class OfEventQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"


class OutgoingMailQuerySet(OfEventQuerySet):
    def claimable(self, now=None):
        """Waiting mails whose time has come, and those whose worker died before it spoke to the mail server.

        Nothing of an archived event moves any more.
        """
        now = now or timezone.now()
        states = OutgoingMail.State
        waiting = Q(state=states.WAITING, run_after__lte=now)
        left = Q(state=states.SENDING, handed_at=None, lease_until__lt=now)
        return self.filter(waiting | left).exclude(event__state=Event.State.ARCHIVED)

    def uncertain(self, now=None):
        """A worker died while it spoke to the mail server: nobody knows whether the letter went out."""
        now = now or timezone.now()
        stuck = self.filter(state=OutgoingMail.State.SENDING, lease_until__lt=now).exclude(handed_at=None)
        return stuck.exclude(event__state=Event.State.ARCHIVED)

    def under_way(self):
        return self.filter(state__in=OutgoingMail.UNDER_WAY)


class OutgoingMail(models.Model):
    """One letter to one person. The row is the truth; address, text and personal link are made at the moment of sending.

    So neither a token nor a text about a person is ever stored. ``handed_at`` is written before the mail server is
    spoken to: a letter whose worker died after that is never sent a second time by itself.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Undangan"
        CHANGE = "change", "Perubahan"
        CANCELLATION = "cancellation", "Pembatalan"
        REMINDER = "reminder", "Pengingat"

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        SENDING = "sending", "Sedang dikirim"
        SENT = "sent", "Terkirim"
        FAILED = "failed", "Gagal"

    UNDER_WAY = (State.WAITING, State.SENDING)
    TONES = {State.WAITING: "waiting", State.SENDING: "active", State.SENT: "done", State.FAILED: "danger"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="mails", verbose_name="kegiatan", db_index=False
    )
    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="mails", verbose_name="peserta")
    kind = models.CharField("jenis", max_length=12, choices=Kind)
    subject = models.CharField("perihal", max_length=200)
    state = models.CharField("keadaan", max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    last_error = models.CharField("kendala terakhir", max_length=300, blank=True)
    run_after = models.DateTimeField("dikirim setelah", default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=120, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("terkirim pada", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField("dibuat pada", default=timezone.now)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "surel keluar"
        verbose_name_plural = "surel keluar"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["event", "created_at"], name="mail_by_event"),
            models.Index(fields=["state", "run_after"], name="mail_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["attendee", "kind"],
                condition=Q(state__in=["waiting", "sending"]),
                name="one_mail_of_a_kind_under_way",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["invitation", "change", "cancellation", "reminder"]),
                name="mail_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | Q(state__in=["waiting", "sending", "failed"], sent_at=None),
                name="sent_mail_has_its_hour",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} kepada {self.attendee}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def tone(self) -> str:
        return self.TONES[self.state]


class Representation(models.Model):
    """While a representative stands on the list: the person who was invited, to be put back if they come after all.

    ``original`` is the JSON of ``answers.PERSONAL``, with the identity number, hence encrypted. The row may still be
    removed after archiving, when personal data has had its time.
    """

    attendee = models.OneToOneField(
        Attendee, models.CASCADE, related_name="representation", verbose_name="peserta"
    )
    event = models.ForeignKey(Event, models.CASCADE, related_name="+", db_index=False)
    original = EncryptedTextField("yang diundang")
    named_at = models.DateTimeField(default=timezone.now)

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = "perwakilan"
        verbose_name_plural = "perwakilan"

    def __str__(self):
        return f"Perwakilan {self.attendee.on_behalf_of_name or self.attendee.on_behalf_of_position}"

    @property
    def words(self) -> dict[str, str]:
        """Name, titles, rank and post of who was invited; no number."""
        kept = json.loads(self.original)
        names = ("title_prefix", "full_name", "title_suffix", "rank", "position")
        return {name: kept[name] for name in names if name in kept}
