import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.querysets import OfficeScopedQuerySet
from documents.models import Document
from events.models import Attendee, Event
from events.models.attendees import CATEGORY_GROUPS

from .texts import Kind, TextVersion


class SigningMode(models.TextChoices):
    COLLECTIVE = "collective", "Bersama-sama"
    BLOCS = "blocs", "Per kelompok"
    TWO_PARTY = "two_party", "Dua pihak"
    INDIVIDUAL = "individual", "Perorangan"
    READ_ALOUD = "read_aloud", "Dibacakan"


# One paper that everybody on the list signs, however they are grouped.
TOGETHER = (SigningMode.COLLECTIVE, SigningMode.BLOCS, SigningMode.READ_ALOUD)


class DeclarationQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"

    def open(self):
        return self.filter(state=Declaration.State.OPEN)

    def unsealed(self):
        return self.filter(state__in=["draft", "open", "closed", "sealing"])

    def with_counts(self):
        """Adds ``signed_count`` and ``expected_count``: people on the newest list, "23 dari 25".

        In the order of the event: Django drops the default ordering of a query that groups.
        """
        current = Q(signatories__replaced_by=None)
        return self.order_by("order", "created_at").annotate(
            expected_count=models.Count("signatories", filter=current),
            signed_count=models.Count("signatories", filter=current & Q(signatories__outcome="signed")),
        )


class Declaration(models.Model):
    """One paper of an event: a text version, how it is signed, who leads the reading, by which number it is known."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draf"
        OPEN = "open", "Dibuka"
        CLOSED = "closed", "Ditutup"
        SEALING = "sealing", "Sedang disegel"
        SEALED = "sealed", "Tersegel"
        VOID = "void", "Dicabut"

    TONES = {
        State.DRAFT: "muted",
        State.OPEN: "active",
        State.CLOSED: "waiting",
        State.SEALING: "waiting",
        State.SEALED: "done",
        State.VOID: "danger",
    }

    class IdentityPrint(models.TextChoices):
        NONE = "none", "Tidak dicetak"
        MASKED = "masked", "Disamarkan"
        FULL = "full", "Lengkap"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="declarations", verbose_name="kegiatan")
    text_version = models.ForeignKey(
        TextVersion, models.PROTECT, related_name="declarations", verbose_name="naskah"
    )
    kind = models.CharField("jenis", max_length=16, choices=Kind)
    signing_mode = models.CharField("cara penandatanganan", max_length=10, choices=SigningMode)
    order = models.PositiveSmallIntegerField("urutan", default=1)
    state = models.CharField("status", max_length=7, choices=State, default=State.DRAFT)
    number = models.CharField("nomor", max_length=80, blank=True)
    classification = models.CharField("kode klasifikasi", max_length=12, blank=True)
    place = models.CharField("tempat", max_length=120, blank=True)
    date = models.DateField("tanggal naskah", null=True, blank=True)
    # Categories listed as signatories; empty = every category that the text covers. Keys of Category.
    categories = models.JSONField("unsur penanda tangan", default=list, blank=True)
    # Order of the blocs on the paper; keys of CATEGORY_GROUPS.
    blocs = models.JSONField("urutan kelompok", default=list, blank=True)
    identity_print = models.CharField(
        "nomor identitas", max_length=6, choices=IdentityPrint, default=IdentityPrint.NONE
    )
    subject = models.CharField("tentang", max_length=400, blank=True)
    requires_reading = models.BooleanField("dibacakan sebelum ditandatangani", default=False)
    read_by_name = models.CharField("pembaca ikrar", max_length=200, blank=True)
    read_by_position = models.CharField("jabatan pembaca", max_length=200, blank=True)
    read_at = models.DateTimeField("dibacakan pukul", null=True, blank=True)
    # When somebody wrote the reading down: what was tapped before it and arrives after it does not replace it.
    read_noted_at = models.DateTimeField("pembacaan dicatat pukul", null=True, blank=True)
    read_followed_by_all = models.BooleanField("diikuti seluruh peserta", default=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    review_reason = models.CharField("alasan disegel dengan data belum ditinjau", max_length=300, blank=True)
    # The newest issued paper; revisions hang on Document.source = "declaration:<id>".
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "naskah kegiatan"
        verbose_name_plural = "naskah kegiatan"
        ordering = ["order", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open", "closed", "sealing", "sealed", "void"]),
                name="declaration_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed") | Q(document__isnull=False),
                name="sealed_declaration_has_document",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("declarations:declaration", args=[self.pk])

    @property
    def title(self) -> str:
        return self.text_version.title

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def source(self) -> str:
        return f"declaration:{self.pk}"

    @property
    def bloc_labels(self) -> list[str]:
        """Names of the blocs in the order of the paper."""
        return [CATEGORY_GROUPS[key][0] for key in self.blocs if key in CATEGORY_GROUPS]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_editable(self) -> bool:
        return self.state == self.State.DRAFT and self.event.is_editable

    @property
    def is_two_party(self) -> bool:
        return self.signing_mode == SigningMode.TWO_PARTY

    @property
    def is_read_aloud(self) -> bool:
        return self.signing_mode == SigningMode.READ_ALOUD or self.requires_reading

    @property
    def is_sealed(self) -> bool:
        return self.state == self.State.SEALED

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]

    @property
    def state_note(self) -> str:
        return {
            self.State.DRAFT: "Belum dibuka untuk ditandatangani.",
            self.State.OPEN: "Dapat ditandatangani.",
            self.State.CLOSED: "Penandatanganan ditutup. Siap disegel.",
            self.State.SEALING: "Dokumen sedang dibuat dan disegel.",
            self.State.SEALED: "Dokumen sudah disegel dan dapat diunduh.",
            self.State.VOID: "Dicabut.",
        }[self.state]


class Party(models.Model):
    """One side of a two-party paper, with its own number."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="parties")
    order = models.PositiveSmallIntegerField("pihak ke")
    institution = models.CharField("lembaga", max_length=200)
    representative_name = models.CharField("nama yang mewakili", max_length=200, blank=True)
    position = models.CharField("jabatan", max_length=200, blank=True)
    address = models.CharField("berkedudukan di", max_length=300, blank=True)
    number = models.CharField("nomor naskah pihak ini", max_length=80, blank=True)
    attendee = models.ForeignKey(
        Attendee,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parties",
        verbose_name="penanda tangan",
    )

    class Meta:
        verbose_name = "pihak"
        verbose_name_plural = "para pihak"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "order"], name="one_party_per_side"),
            models.CheckConstraint(condition=Q(order__in=[1, 2]), name="party_is_first_or_second"),
        ]

    def __str__(self):
        return f"{self.label}: {self.institution}"

    @property
    def label(self) -> str:
        return "PIHAK KESATU" if self.order == 1 else "PIHAK KEDUA"

    @property
    def audit_stream(self) -> str:
        return self.declaration.audit_stream


class Witness(models.Model):
    """*Mengetahui* or *Disaksikan oleh* on the paper."""

    class Role(models.TextChoices):
        ACKNOWLEDGED = "mengetahui", "Mengetahui"
        WITNESS = "saksi", "Disaksikan oleh"

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="witnesses")
    role = models.CharField("sebagai", max_length=10, choices=Role, default=Role.WITNESS)
    order = models.PositiveSmallIntegerField("urutan", default=1)
    name = models.CharField("nama", max_length=200)
    position = models.CharField("jabatan", max_length=200, blank=True)
    agency = models.CharField("instansi", max_length=200, blank=True)

    class Meta:
        verbose_name = "saksi"
        verbose_name_plural = "saksi"
        ordering = ["order", "pk"]

    def __str__(self):
        return f"{self.get_role_display()}: {self.name}"

    @property
    def audit_stream(self) -> str:
        return self.declaration.audit_stream
