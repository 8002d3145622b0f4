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

from .. import timestamps
from ..querysets import DocumentQuerySet


def new_token() -> str:
    """128 random bits as 26 letters and digits; the address in the QR code."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


class Document(models.Model):
    """One paper that lasts. ``snapshot`` is frozen input, ``file`` the sealed output: it only
    ever grows at its end, by timestamps.

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
    title = models.CharField("judul", max_length=500)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="documents", verbose_name="kantor"
    )
    source = models.CharField("sumber", max_length=120, blank=True)
    event_code = models.CharField("kode kegiatan", max_length=40, blank=True)
    number = models.CharField("nomor", max_length=300, blank=True)
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
    # The paper that this one adds to, and leaves in force as it is.
    amends = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="addenda",
        verbose_name="addendum atas",
        editable=False,
    )

    input_sha256 = models.CharField(max_length=64, editable=False)
    snapshot = EncryptedTextField(editable=False)
    public = models.JSONField("keterangan umum", default=dict, editable=False)
    # Posts of those who signed, one a line and without names: the archive is searched by them.
    posts = models.TextField("jabatan penanda tangan", blank=True, editable=False)
    unsigned_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    unsigned_size = models.PositiveBigIntegerField(default=0, editable=False)

    sha256 = models.CharField("sidik digital", max_length=64, blank=True, editable=False)
    size = models.PositiveBigIntegerField("ukuran", default=0, editable=False)
    pages = models.PositiveIntegerField("halaman", default=0, editable=False)
    file = models.CharField("berkas", max_length=200, blank=True, editable=False)
    pdf_profile = models.CharField("format", max_length=60, blank=True, editable=False)
    pades_level = models.CharField("tingkat segel", max_length=10, blank=True, editable=False)
    sealed_at = models.DateTimeField("disegel pada", null=True, blank=True, editable=False)
    # End of the certificate of the newest archive timestamp; renewed before it.
    timestamp_expires = models.DateTimeField(
        "stempel waktu berlaku sampai", null=True, blank=True, editable=False
    )
    certificate_fingerprint = models.CharField("sidik sertifikat", max_length=64, blank=True, editable=False)
    # What will seal the paper, frozen because the paper prints it: {"backend", "issuer"}; None for the local seal.
    seal_plan = models.JSONField("cara penyegelan", null=True, blank=True, editable=False)
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
    def trouble(self) -> str:
        """Why the paper is held up, as its job tells it; empty while all goes well."""
        for jobs in (self.renderjobs, self.sealjobs):
            if job := jobs.in_trouble().order_by("created_at").first():
                return job.state_note
        return ""

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
        if self.pades_level != "B-B":
            return f"PAdES {self.pades_level}"
        if self.awaits_timestamp:
            return "PAdES B-B: belum berstempel waktu, sedang diupayakan"
        return "PAdES B-B: tanpa stempel waktu, waktu menurut jam kantor"

    @property
    def awaits_timestamp(self) -> bool:
        """Sealed, but no authority has stamped it yet; a job keeps asking."""
        kept = self.state in (self.State.SEALED, self.State.SUPERSEDED)
        return kept and self.pades_level == "B-B" and timestamps.are_configured()


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
