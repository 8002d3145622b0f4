import base64
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from accounts.models import Office

from .querysets import DocumentQuerySet, JobQuerySet, LetterNumberQuerySet, WorkerBeatQuerySet


def new_token() -> str:
    """128 random bits as 26 letters and digits; the address in the QR code."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


class Document(models.Model):
    """One paper that lasts. ``snapshot`` is frozen input, ``file`` the sealed output; both never change.

    ``source`` is the key of the thing above that the paper speaks of, such as ``declaration:<uuid>``; this room
    only compares it. ``public`` holds what the public page may show, frozen from ``snapshot["public"]``.
    """

    class State(models.TextChoices):
        RENDERING = "rendering", "Sedang dibuat"
        SEALING = "sealing", "Sedang disegel"
        SEALED = "sealed", "Tersegel"
        SUPERSEDED = "superseded", "Digantikan"
        VOID = "void", "Dicabut"

    UNSEALED_STATES = (State.RENDERING, State.SEALING)
    LIVING_STATES = (*UNSEALED_STATES, State.SEALED)
    TONES = {
        State.RENDERING: "waiting",
        State.SEALING: "waiting",
        State.SEALED: "done",
        State.SUPERSEDED: "muted",
        State.VOID: "danger",
    }
    NOTES = {
        State.RENDERING: "Berkas PDF sedang dibuat. Dokumen dapat diunduh setelah disegel.",
        State.SEALING: "Berkas PDF sudah jadi dan menunggu segel. Dokumen dapat diunduh setelah disegel.",
        State.SEALED: "Dokumen sudah disegel dan dapat diunduh.",
        State.SUPERSEDED: "Dokumen ini pernah disegel, lalu digantikan oleh revisi yang lebih baru.",
        State.VOID: "Dokumen ini dicabut dan tidak berlaku lagi.",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("jenis", max_length=40)
    title = models.CharField("judul", max_length=300)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="documents", verbose_name="kantor"
    )
    source = models.CharField("sumber", max_length=120, blank=True)
    event_code = models.CharField("kode kegiatan", max_length=40, blank=True)
    number = models.CharField("nomor", max_length=200, blank=True)
    classification = models.CharField("klasifikasi", max_length=40, blank=True)
    state = models.CharField("keadaan", max_length=12, choices=State.choices, default=State.RENDERING)
    revision = models.PositiveSmallIntegerField("revisi", default=1)
    revision_reason = models.CharField("alasan revisi", max_length=500, blank=True)
    supersedes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
        verbose_name="menggantikan",
    )

    input_sha256 = models.CharField(max_length=64, editable=False)
    snapshot = EncryptedTextField(editable=False)
    public = models.JSONField("keterangan umum", default=dict, editable=False)
    unsigned_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    unsigned_size = models.PositiveBigIntegerField(default=0, editable=False)

    sha256 = models.CharField("sidik digital", max_length=64, blank=True, editable=False)
    size = models.PositiveBigIntegerField("ukuran", default=0, editable=False)
    pages = models.PositiveIntegerField("halaman", default=0, editable=False)
    file = models.CharField("berkas", max_length=200, blank=True, editable=False)
    pdf_profile = models.CharField("format", max_length=60, blank=True, editable=False)
    pades_level = models.CharField("tingkat segel", max_length=10, blank=True, editable=False)
    sealed_at = models.DateTimeField("disegel pada", null=True, blank=True, editable=False)
    certificate_fingerprint = models.CharField("sidik sertifikat", max_length=64, blank=True, editable=False)
    versions = models.JSONField("versi perangkat lunak", default=dict, editable=False)
    public_token = models.CharField(max_length=26, unique=True, default=new_token, editable=False)

    void_reason = models.CharField("alasan dicabut", max_length=500, blank=True)
    voided_at = models.DateTimeField("dicabut pada", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="dibuat oleh",
    )
    created_at = models.DateTimeField("dibuat pada", default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "dokumen"
        verbose_name_plural = "dokumen"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["office", "-created_at"], name="documents_of_office"),
            models.Index(fields=["event_code"], name="documents_of_event"),
            models.Index(fields=["kind", "input_sha256"], name="documents_by_input"),
        ]
        constraints = [
            # A paper withdrawn before its seal never counted as a revision.
            models.UniqueConstraint(
                fields=["kind", "source", "revision"],
                condition=~Q(source="") & (~Q(state="void") | ~Q(sha256="")),
                name="one_document_per_source_and_revision",
            ),
            models.UniqueConstraint(
                fields=["office", "kind", "source", "input_sha256", "revision"],
                condition=Q(state__in=["rendering", "sealing", "sealed"]),
                name="one_living_document_per_snapshot",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["rendering", "sealing", "void"])
                | (
                    Q(Exact(Length("sha256"), 64))
                    & Q(size__gt=0, sealed_at__isnull=False)
                    & ~Q(file="")
                    & ~Q(pades_level="")
                ),
                name="sealed_has_digest",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealing")
                | (Q(Exact(Length("unsigned_sha256"), 64)) & Q(unsigned_size__gt=0)),
                name="sealing_has_unsigned_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | (~Q(void_reason="") & Q(voided_at__isnull=False)),
                name="void_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(Exact(Length("input_sha256"), 64)), name="document_input_is_hashed"
            ),
            models.CheckConstraint(
                condition=Q(revision=1) | ~Q(revision_reason=""), name="later_revision_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})" if self.number else self.title

    def get_absolute_url(self):
        return reverse("documents:detail", args=[self.pk])

    @property
    def audit_stream(self) -> str:
        return self.office.audit_stream

    @property
    def is_demo(self) -> bool:
        return self.office.is_demo

    @property
    def is_sealed(self) -> bool:
        return self.state == self.State.SEALED

    @property
    def was_sealed(self) -> bool:
        """There is a sealed file, whatever became of the paper since."""
        return self.sealed_at is not None

    @property
    def can_be_downloaded(self) -> bool:
        return self.was_sealed and bool(self.file)

    @property
    def can_be_voided(self) -> bool:
        return self.state in self.LIVING_STATES

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]

    @property
    def state_note(self) -> str:
        if self.state == self.State.VOID:
            return f"Dokumen ini dicabut: {self.void_reason}"
        return self.NOTES[self.state]

    @property
    def verify_path(self) -> str:
        return reverse("verifikasi:paper", args=[self.public_token])

    @property
    def verify_url(self) -> str:
        """Absolute address, printed as QR code."""
        return settings.PUBLIC_URL + self.verify_path

    @property
    def level_in_words(self) -> str:
        """The seal level that was reached, never the one that was asked for."""
        if not self.pades_level:
            return "Belum disegel"
        if self.pades_level == "B-B":
            return "PAdES B-B: tanpa stempel waktu, waktu menurut jam kantor"
        return f"PAdES {self.pades_level}"


class HashRegister(models.Model):
    """Every hash under which a sealed file was ever handed out. Append-only by trigger; outlives the file."""

    class Reason(models.TextChoices):
        SEALED = "sealed", "Disegel"
        TIMESTAMPED = "timestamped", "Diberi stempel waktu"
        RENEWED = "renewed", "Stempel waktu diperbarui"

    sha256 = models.CharField("sidik digital", primary_key=True, max_length=64)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="hashes", verbose_name="dokumen"
    )
    reason = models.CharField("sebab", max_length=12, choices=Reason.choices, default=Reason.SEALED)
    revision = models.PositiveSmallIntegerField("revisi")
    issued_at = models.DateTimeField("dicatat pada", default=timezone.now)

    class Meta:
        verbose_name = "sidik digital"
        verbose_name_plural = "daftar sidik digital"
        ordering = ["issued_at"]
        constraints = [
            models.CheckConstraint(condition=Q(Exact(Length("sha256"), 64)), name="register_holds_sha256"),
        ]

    def __str__(self):
        return self.sha256


class NumberCounter(models.Model):
    """The last number given out by an office in a year; locked while a number is taken."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name="kantor")
    year = models.PositiveSmallIntegerField("tahun")
    last = models.PositiveIntegerField("nomor terakhir", default=0)

    class Meta:
        verbose_name = "penghitung nomor"
        verbose_name_plural = "penghitung nomor"
        constraints = [
            models.UniqueConstraint(fields=["office", "year"], name="one_counter_per_office_and_year"),
        ]

    def __str__(self):
        return f"{self.office} {self.year}: {self.last}"


class LetterNumber(models.Model):
    """A line of the number book. A number is never used again, also not when it is void."""

    class State(models.TextChoices):
        RESERVED = "reserved", "Dipesan"
        ISSUED = "issued", "Terpakai"
        VOID = "void", "Batal"

    TONES = {State.RESERVED: "waiting", State.ISSUED: "done", State.VOID: "muted"}

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="letter_numbers", verbose_name="kantor"
    )
    year = models.PositiveSmallIntegerField("tahun")
    sequence = models.PositiveIntegerField("nomor urut")
    suffix = models.PositiveSmallIntegerField("sisipan", default=0)
    date = models.DateField("tanggal surat")
    classification = models.CharField("klasifikasi", max_length=40)
    text = models.CharField("nomor", max_length=200)
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.RESERVED)
    subject = models.CharField("perihal", max_length=300, blank=True)
    source = models.CharField("sumber", max_length=120, blank=True)
    void_reason = models.CharField("alasan batal", max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="dipesan oleh",
    )
    created_at = models.DateTimeField("dipesan pada", default=timezone.now)

    objects = LetterNumberQuerySet.as_manager()

    class Meta:
        verbose_name = "nomor surat"
        verbose_name_plural = "nomor surat"
        ordering = ["-year", "-sequence", "-suffix"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "sequence", "suffix"], name="one_letter_per_number"
            ),
            models.UniqueConstraint(fields=["office", "year", "text"], name="one_letter_per_number_text"),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="letter_numbers_start_at_one"),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_reason=""), name="void_number_has_reason"
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def audit_stream(self) -> str:
        return self.office.audit_stream

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]


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

    TONES = {State.WAITING: "waiting", State.RUNNING: "active", State.DONE: "done", State.FAILED: "danger"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="dokumen"
    )
    purpose = models.CharField("pekerjaan", max_length=12, choices=Purpose.choices)
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
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
    def state_note(self) -> str:
        """Why the job stands where it stands, in one sentence."""
        if self.state == self.State.FAILED:
            return self.last_error
        if self.state == self.State.WAITING and self.last_error:
            return f"{self.last_error} Akan dicoba lagi secara otomatis."
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
    """A sign of life of each worker, every ten seconds."""

    worker_id = models.CharField(primary_key=True, max_length=64)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    objects = WorkerBeatQuerySet.as_manager()

    class Meta:
        verbose_name = "tanda hidup pekerja"
        verbose_name_plural = "tanda hidup pekerja"

    def __str__(self):
        return f"{self.host}:{self.pid}"
