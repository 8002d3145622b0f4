"""What was typed during the day: every text that was saved, so that none is ever lost."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.querysets import OfficeScopedQuerySet

from .events import Event


class NoteRevisionQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"

    def of(self, event: Event, kind: str):
        """The texts of one pad, the newest first."""
        return self.filter(event=event, kind=kind).order_by("-number")


class NoteRevision(models.Model):
    """One text of a pad. The one with the highest number counts.

    ``number`` grows with every save, also when a row takes in what the same person typed on within minutes; who saves
    names the number they began from, and another number means that somebody else was faster. ``writer`` is the open
    page that saved, so that a save whose answer was lost may be sent again.
    """

    class Kind(models.TextChoices):
        MINUTES = "notula", "Notula"
        PROBLEMS = "kendala", "Kendala"

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="note_revisions", verbose_name="kegiatan", db_index=False
    )
    kind = models.CharField("lembar", max_length=7, choices=Kind)
    number = models.PositiveIntegerField("nomor")
    text = models.TextField("teks", blank=True)
    writer = models.CharField("halaman penulis", max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    started_at = models.DateTimeField("mulai ditulis")
    saved_at = models.DateTimeField("disimpan")

    objects = NoteRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "teks lembar catatan"
        verbose_name_plural = "teks lembar catatan"
        ordering = ["event_id", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind", "number"], name="one_note_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="note_numbers_begin_at_one"),
            models.CheckConstraint(condition=Q(kind__in=["notula", "kendala"]), name="note_kind_known"),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"
