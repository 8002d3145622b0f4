import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..querysets import JobQuerySet, WorkerBeatQuerySet
from .documents import Document


class Job(models.Model):
    """Long work on one document. The row is the truth; the queue only wakes a worker.

    ``lease_by`` names the run that may finish the row, until ``lease_until``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        RUNNING = "running", "Berjalan"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"

    class Purpose(models.TextChoices):
        RENDER = "render", "Membuat PDF"
        SEAL = "seal", "Menyegel"
        FOLLOW_UP = "follow_up", "Menindaklanjuti segel"
        UPGRADE = "upgrade", "Menambah stempel waktu"

    WAITS_FOR_OFFICER = "Menunggu tanda tangan BSrE oleh pejabat."
    TONES = {State.WAITING: "waiting", State.RUNNING: "active", State.DONE: "done", State.FAILED: "danger"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="dokumen"
    )
    purpose = models.CharField("pekerjaan", max_length=12, choices=Purpose.choices)
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    # Runs in a row that ended with their worker; trouble that says its name is tried again for ever.
    deaths = models.PositiveSmallIntegerField("terhenti", default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=120, blank=True)
    run_after = models.DateTimeField("dicoba setelah", default=timezone.now)
    last_error = models.TextField("kendala terakhir", blank=True)
    created_at = models.DateTimeField("dibuat pada", default=timezone.now)
    finished_at = models.DateTimeField("selesai pada", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["created_at"]
        indexes = [models.Index(fields=["state", "run_after"], name="%(class)s_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["document", "purpose"], name="one_%(class)s_per_purpose"),
            models.CheckConstraint(
                condition=~Q(state="running") | (Q(lease_until__isnull=False) & ~Q(lease_by="")),
                name="running_%(class)s_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(last_error=""), name="failed_%(class)s_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.document}"

    @property
    def audit_stream(self) -> str:
        return self.document.audit_stream

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def waits_for_officer(self) -> bool:
        """Only a person can go on: the seal needs what an officer types at that moment."""
        return self.state == self.State.WAITING and self.last_error == self.WAITS_FOR_OFFICER

    @property
    def is_postponed(self) -> bool:
        """Trouble came; it is tried again by itself at ``run_after``."""
        return self.state == self.State.WAITING and bool(self.last_error) and not self.waits_for_officer

    @property
    def can_be_retried(self) -> bool:
        return self.is_failed or self.is_postponed

    @property
    def is_lost(self) -> bool:
        """Its worker died; another one takes it over."""
        return self.state == self.State.RUNNING and self.lease_until < timezone.now()

    @property
    def state_note(self) -> str:
        """Why the job stands where it stands, in one sentence."""
        if self.is_failed or self.waits_for_officer:
            return self.last_error
        if self.is_postponed:
            return f"{self.last_error} Akan dicoba lagi secara otomatis."
        if self.is_lost:
            return "Terhenti di tengah jalan. Pekerja berikutnya mengulanginya dari awal."
        return {"waiting": "Menunggu giliran.", "running": "Sedang dikerjakan.", "done": "Selesai."}[
            self.state
        ]


class RenderJob(Job):
    """Snapshot → checked, unsigned PDF."""

    class Meta(Job.Meta):
        verbose_name = "pekerjaan pembuatan PDF"
        verbose_name_plural = "pekerjaan pembuatan PDF"


class SealJob(Job):
    """Unsigned PDF → sealed, checked, registered; and what follows a seal."""

    class Meta(Job.Meta):
        verbose_name = "pekerjaan penyegelan"
        verbose_name_plural = "pekerjaan penyegelan"


class WorkerBeat(models.Model):
    """A sign of life: each worker under its own name every ten seconds; "readyz" is the health page's own row."""

    name = models.CharField("nama", primary_key=True, max_length=64)
    at = models.DateTimeField("waktu", db_index=True)
    host = models.CharField("mesin", max_length=120, blank=True)
    pid = models.PositiveIntegerField("proses", default=0)
    started_at = models.DateTimeField("mulai", null=True, blank=True)

    objects = WorkerBeatQuerySet.as_manager()

    class Meta:
        verbose_name = "tanda hidup pekerja"
        verbose_name_plural = "tanda hidup pekerja"

    def __str__(self):
        return self.name
