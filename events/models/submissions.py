"""Reports of events on their way to the supervising office."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Office
from accounts.querysets import OfficeScopedQuerySet

from .events import Event


class EventSubmissionQuerySet(OfficeScopedQuerySet):
    """``visible_to`` asks about the office that receives, not about the one that sent."""

    office_path = "to_office"

    def awaiting(self):
        """What the receiving office has not answered yet."""
        return self.filter(state=EventSubmission.State.SENT)


class EventSubmission(models.Model):
    """One sending of the sealed papers of an event: which papers, by their hashes, to whom, and the answer.

    ``papers``: [{document, kind, title, number, revision, sha256}] as it was sent; ``digest``: SHA-256 over its
    canonical JSON. Neither ever changes (trigger).
    """

    class State(models.TextChoices):
        SENT = "sent", "Dikirim"
        RECEIVED = "received", "Diterima"
        RETURNED = "returned", "Dikembalikan"

    TONES = {State.SENT: "waiting", State.RECEIVED: "done", State.RETURNED: "danger"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="submissions", verbose_name="kegiatan")
    to_office = models.ForeignKey(
        Office, models.PROTECT, related_name="received_submissions", verbose_name="kantor tujuan"
    )
    state = models.CharField("status", max_length=8, choices=State, default=State.SENT)
    at = models.DateTimeField("dikirim pada")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="dikirim oleh"
    )
    note = models.CharField("catatan", max_length=500, blank=True)
    papers = models.JSONField("daftar berkas", default=list)
    digest = models.CharField("sidik digital daftar", max_length=64)
    answered_at = models.DateTimeField("dijawab pada", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("alasan", max_length=500, blank=True)

    objects = EventSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "kiriman laporan"
        verbose_name_plural = "kiriman laporan"
        ordering = ["-at"]
        indexes = [models.Index(fields=["to_office", "state"], name="submission_by_office")]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(state="sent"), name="one_unanswered_submission_per_event"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "received", "returned"]), name="submission_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", answered_at__isnull=True)
                | (~Q(state="sent") & Q(answered_at__isnull=False)),
                name="answered_submission_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="returned_submission_has_reason"
            ),
        ]

    def __str__(self):
        return f"Laporan {self.event}"

    def get_absolute_url(self):
        return reverse("events:submission", args=[self.pk])

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    @property
    def is_returned(self) -> bool:
        return self.state == self.State.RETURNED
