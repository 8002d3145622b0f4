"""Photos of an event: kept without metadata, shown only to staff, printed in reports."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.querysets import OfficeScopedQuerySet

from .events import Event


class EventPhotoQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"


class EventPhoto(models.Model):
    """One photo in two sizes, both re-encoded: to look at, and for paper. ``upload_sha256`` is of the file as sent.

    The files never change; a paper names the hash of the small one and prints exactly those bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="photos", verbose_name="kegiatan", db_index=False
    )
    order = models.PositiveSmallIntegerField("urutan")
    caption = models.CharField("keterangan", max_length=200, blank=True)
    taken_at = models.DateTimeField("waktu pengambilan", null=True, blank=True)
    is_printed = models.BooleanField("dicetak dalam laporan", default=True)
    sha256 = models.CharField("sidik digital", max_length=64)
    print_sha256 = models.CharField("sidik ukuran cetak", max_length=64)
    upload_sha256 = models.CharField("sidik unggahan", max_length=64)
    width = models.PositiveIntegerField("lebar")
    height = models.PositiveIntegerField("tinggi")
    added_at = models.DateTimeField("ditambahkan pada", default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField("diubah pada", auto_now=True)

    objects = EventPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "foto kegiatan"
        verbose_name_plural = "foto kegiatan"
        ordering = ["order", "added_at"]
        constraints = [
            models.UniqueConstraint(fields=["event", "upload_sha256"], name="one_photo_per_file_of_an_event")
        ]

    def __str__(self):
        return self.sha256[:8]

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def file(self) -> str:
        return f"foto/{self.event_id}/{self.pk}.jpg"

    @property
    def print_file(self) -> str:
        return f"foto/{self.event_id}/{self.pk}-cetak.jpg"

    @property
    def shown_caption(self) -> str:
        """The alternative text of the picture on pages."""
        return self.caption or "Foto tanpa keterangan"
