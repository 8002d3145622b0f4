"""Files with attendees: waiting to be imported, and what was imported (EVENTS §6)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.encryption import EncryptedTextField
from accounts.models import Office
from accounts.querysets import OfficeScopedQuerySet

from .events import Event


class OfEventQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"


class ImportUpload(models.Model):
    """A file that waits to be imported; it goes once that is done, a day later at the latest.

    ``mapping`` is {"0": "full_name", …}: column from 0 → field; ``header_row`` counts as Excel does, 0 for none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="import_uploads", verbose_name="kegiatan")
    name = models.CharField("nama berkas", max_length=120)
    sha256 = models.CharField("sidik digital", max_length=64)
    sheet = models.CharField("lembar", max_length=120, blank=True)
    header_row = models.PositiveIntegerField("baris judul kolom", default=0)
    mapping = models.JSONField("kolom", default=dict)
    is_checked = models.BooleanField("kolom sudah ditetapkan", default=False)
    uploaded_at = models.DateTimeField("diunggah pada", auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = "berkas impor"
        verbose_name_plural = "berkas impor"
        ordering = ["-uploaded_at"]

    def __str__(self):
        return self.name

    @property
    def file(self) -> str:
        return f"impor/{self.pk}.enc"

    @property
    def columns(self) -> dict[int, str]:
        return {int(column): name for column, name in self.mapping.items()}


class ImportBatch(models.Model):
    """What one file brought: who, when, which columns, how many of each kind. ``details`` is what undoing needs:

    JSON {"added": [ids], "changed": {id: {field: [before, after]}}, "errors": […]}; emptied once it was undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="import_batches", verbose_name="kegiatan")
    name = models.CharField("nama berkas", max_length=120)
    sha256 = models.CharField("sidik digital", max_length=64)
    mapping = models.JSONField("kolom", default=dict)
    counts = models.JSONField("jumlah", default=dict)
    details = EncryptedTextField("rincian", blank=True, default="")
    applied_at = models.DateTimeField("diimpor pada", auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("dibatalkan pada", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = "impor peserta"
        verbose_name_plural = "impor peserta"
        ordering = ["-applied_at"]

    def __str__(self):
        return self.name

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None


class ImportMapping(models.Model):
    """How an office maps files with these headers: {header: field}, "" for a column left out."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="import_mappings", db_index=False)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfficeScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "kolom impor yang diingat"
        verbose_name_plural = "kolom impor yang diingat"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "fingerprint"], name="one_mapping_per_office_and_headers"
            ),
            models.CheckConstraint(condition=~Q(fingerprint=""), name="import_mapping_has_fingerprint"),
        ]

    def __str__(self):
        return self.fingerprint[:8]
