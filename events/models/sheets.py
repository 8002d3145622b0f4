"""The paper bridge: printed attendance sheets with numbered rows, and the scans that came back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.querysets import OfficeScopedQuerySet

from .events import Event


class AttendanceSheetQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"


class AttendanceSheet(models.Model):
    """One printed sheet. ``rows`` are frozen when it is printed: the attendee of each row, "" for an empty one.

    A change of the list makes a new ``series``, so that a row of an old sheet still means whom it meant.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="sheets", verbose_name="kegiatan", db_index=False
    )
    series = models.PositiveSmallIntegerField("seri")
    number = models.PositiveSmallIntegerField("lembar")
    first_row = models.PositiveIntegerField("baris pertama")
    rows = models.JSONField("baris", default=list)
    # What a signature on the sheet also stands for: [{"title", "sha256"}], printed on it.
    texts = models.JSONField("naskah", null=True)
    made_at = models.DateTimeField("disiapkan pada", default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AttendanceSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "lembar daftar hadir"
        verbose_name_plural = "lembar daftar hadir"
        ordering = ["-series", "number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "series", "number"], name="one_sheet_per_number"),
            models.CheckConstraint(condition=Q(series__gt=0, number__gt=0), name="sheets_start_at_one"),
        ]

    def __str__(self):
        return f"Lembar {self.code}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def code(self) -> str:
        """ "7KQ2M9XD4A-2-03": event, series, sheet; printed on the sheet and typed nowhere."""
        return f"{self.event.code}-{self.series}-{self.number:02}"

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1


class AttendanceScanQuerySet(OfficeScopedQuerySet):
    office_path = "sheet__event__office"


class AttendanceScan(models.Model):
    """A picture of a signed sheet: re-encoded without metadata; ``upload_sha256`` is of the file as it was sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(
        AttendanceSheet, models.PROTECT, related_name="scans", verbose_name="lembar", db_index=False
    )
    page = models.PositiveSmallIntegerField("halaman", default=1)
    file = models.CharField("berkas", max_length=200)
    sha256 = models.CharField("sidik digital", max_length=64)
    upload_sha256 = models.CharField("sidik unggahan", max_length=64)
    rows = models.JSONField("baris", default=list)
    uploaded_at = models.DateTimeField("diunggah pada", default=timezone.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AttendanceScanQuerySet.as_manager()

    class Meta:
        verbose_name = "pindaian daftar hadir"
        verbose_name_plural = "pindaian daftar hadir"
        ordering = ["uploaded_at", "page"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "upload_sha256", "page"], name="one_scan_per_page_of_a_file"
            )
        ]

    def __str__(self):
        return f"Pindaian {self.sheet}"

    @property
    def audit_stream(self) -> str:
        return self.sheet.audit_stream
