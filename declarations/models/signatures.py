import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from accounts.querysets import OfficeScopedQuerySet
from events.models import AttendanceScan, Attendee
from events.models.attendees import CATEGORY_GROUPS, GROUP_OF

from .declarations import Declaration, Party


def new_salt() -> bytes:
    """Hides an entry of the evidence from guesses: its hash says nothing about the person (PDF.md §5.2)."""
    return secrets.token_bytes(16)


class SignatoryQuerySet(OfficeScopedQuerySet):
    office_path = "declaration__event__office"

    def current(self):
        """Only the newest revision of each person's row."""
        return self.filter(replaced_by=None)

    def pending(self):
        return self.filter(outcome=Signatory.Outcome.PENDING)

    def signed(self):
        return self.filter(outcome=Signatory.Outcome.SIGNED)

    def in_order(self):
        return self.order_by("order", "name", "pk")

    def with_valid_outcome(self):
        """Adds ``valid_outcome``: what the signature says that counts for the person, None without one."""
        counting = FilteredRelation("signatures", condition=Q(signatures__status=Signature.Status.VALID))
        return self.alias(counting=counting).annotate(valid_outcome=F("counting__outcome"))


class Signatory(models.Model):
    """One person on one paper, as the paper will print them."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "Belum"
        SIGNED = "signed", "Menandatangani"
        REFUSED = "refused", "Tidak menandatangani"
        ABSENT = "absent", "Tidak hadir"
        EXCUSED = "excused", "Berhalangan"

    class Capacity(models.TextChoices):
        SELF = "self", "Diri sendiri"
        ON_BEHALF = "on_behalf_of", "Mewakili"

    TONES = {
        Outcome.PENDING: "waiting",
        Outcome.SIGNED: "done",
        Outcome.REFUSED: "muted",
        Outcome.ABSENT: "muted",
        Outcome.EXCUSED: "muted",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        Declaration,
        models.PROTECT,
        related_name="signatories",
        db_index=False,  # leads signatory_by_order
    )
    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="signatories")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="signatories")
    revision = models.PositiveSmallIntegerField(default=1)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    order = models.PositiveIntegerField("urutan", default=1000)
    bloc = models.CharField("kelompok", max_length=20, blank=True)
    name = models.CharField("nama", max_length=260, blank=True)
    category = models.CharField("unsur", max_length=20, blank=True)
    rank = models.CharField("pangkat/golongan", max_length=80, blank=True)
    position = models.CharField("jabatan", max_length=200, blank=True)
    agency = models.CharField("instansi", max_length=200, blank=True)
    village = models.CharField("desa/kelurahan", max_length=60, blank=True)
    remote = models.BooleanField("daring", default=False)
    outcome = models.CharField("keterangan", max_length=8, choices=Outcome, default=Outcome.PENDING)
    capacity = models.CharField("kedudukan", max_length=12, choices=Capacity, default=Capacity.SELF)
    on_behalf_of_name = models.CharField("mewakili (nama)", max_length=200, blank=True)
    on_behalf_of_position = models.CharField("mewakili (jabatan)", max_length=200, blank=True)
    letter_no = models.CharField("nomor surat tugas", max_length=80, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    # Empty in rows older than the column; filled when their paper is sealed.
    salt = models.BinaryField(max_length=16, null=True, default=new_salt, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = "penanda tangan"
        verbose_name_plural = "penanda tangan"
        ordering = ["order", "name"]
        indexes = [models.Index(fields=["declaration", "order"], name="signatory_by_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "attendee", "revision"], name="one_signatory_per_person_and_revision"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["pending", "signed", "refused", "absent", "excused"]),
                name="signatory_outcome_known",
            ),
        ]

    def __str__(self):
        return self.name or self.position

    @property
    def audit_stream(self) -> str:
        return self.declaration.audit_stream

    @property
    def group_label(self) -> str:
        return CATEGORY_GROUPS[GROUP_OF.get(self.category, "lainnya")][0]

    @property
    def state_tone(self) -> str:
        return self.TONES[self.outcome]


class SignatureQuerySet(OfficeScopedQuerySet):
    office_path = "declaration__event__office"

    def valid(self):
        return self.filter(status=Signature.Status.VALID)

    def to_review(self):
        """What a person must decide before sealing."""
        return self.filter(status__in=[Signature.Status.CONFLICT, Signature.Status.HELD], decided_at=None)


class Signature(models.Model):
    """What one person did on one tablet. Append-only: content never changes, only its standing (trigger)."""

    class Status(models.TextChoices):
        VALID = "valid", "Berlaku"
        CONFLICT = "conflict", "Ganda"
        HELD = "held", "Ditahan"
        REVOKED = "revoked", "Dibatalkan"

    class Method(models.TextChoices):
        DRAWN = "drawn", "Digambar"
        TYPED = "typed", "Diketik"
        THUMB = "thumb", "Cap jempol"
        REPRESENTED = "represented", "Dengan saksi"
        NONE = "", "Tanpa tanda tangan"

    class Channel(models.TextChoices):
        WEB = "web", "Halaman tanda tangan"
        KIOSK = "kiosk", "Kios"
        LINK = "link", "Tautan pribadi"
        PAPER = "paper", "Kertas"

    id = models.UUIDField(primary_key=True, editable=False)  # made by the client (UUIDv7)
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="signatures")
    signatory = models.ForeignKey(Signatory, models.PROTECT, null=True, blank=True, related_name="signatures")
    outcome = models.CharField(
        "pilihan", max_length=8, choices=[("signed", "Menandatangani"), ("refused", "Tidak menandatangani")]
    )
    method = models.CharField("cara", max_length=11, choices=Method, blank=True)
    channel = models.CharField("saluran", max_length=5, choices=Channel, default=Channel.WEB)
    record = models.BinaryField()  # canonical bytes exactly as received (KIOSK §7.1)
    record_sha256 = models.CharField(max_length=64)
    strokes = models.BinaryField(null=True)  # S1 (KIOSK §6)
    text_sha256 = models.CharField(max_length=64)
    signed_at_device = models.DateTimeField()
    signed_at = models.DateTimeField()  # best estimate of the true time
    received_at = models.DateTimeField(auto_now_add=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Filled by paired tablets; empty for the online page and personal links.
    device = models.UUIDField(null=True, blank=True)
    device_seq = models.PositiveIntegerField(null=True, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True, default="")
    device_signature = models.BinaryField(null=True)
    # Point of the one-time key that signed a record of a personal link; such a record has no ``device`` here.
    link_key = models.BinaryField(max_length=65, null=True)
    # Server − device in ms when the batch was handed in; the offset at signing is in the record (KIOSK §8.2).
    sync_offset_ms = models.BigIntegerField(null=True)
    flags = models.JSONField(default=list)
    status = models.CharField("status", max_length=8, choices=Status, default=Status.VALID)
    code = models.CharField("sebab", max_length=24, blank=True, default="")
    status_reason = models.CharField("alasan", max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "tanda tangan"
        verbose_name_plural = "tanda tangan"
        ordering = ["received_at"]
        indexes = [models.Index(fields=["device", "device_seq"], name="signature_by_device_and_seq")]
        constraints = [
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(status="valid"), name="one_valid_signature_per_signatory"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["valid", "conflict", "held", "revoked"]),
                name="signature_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="valid") | Q(signatory__isnull=False),
                name="valid_signature_has_signatory",
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} ({self.get_status_display()})"

    @property
    def moments(self) -> tuple:
        """When this came to what it is: received, decided about."""
        return self.received_at, self.decided_at

    @property
    def standing(self) -> str:
        """What was decided last and when; a page that shows another standing is out of date."""
        return f"{self.status} {self.decided_at.isoformat() if self.decided_at else ''}".strip()

    @property
    def audit_stream(self) -> str:
        return self.declaration.audit_stream


class SheetSignatureQuerySet(models.QuerySet):
    def standing(self):
        """Not taken back."""
        return self.filter(withdrawn_at=None)


class SheetSignature(models.Model):
    """A signature with pen on a numbered sheet, noted by an officer with its scan when no tablet could be used.

    There is no record: sheet, row, scan and the officer's reason stand in its place (PDF.md §5.2). Written once; only
    taking it back is noted later.
    """

    signatory = models.ForeignKey(Signatory, models.PROTECT, related_name="sheet_signatures")
    scan = models.ForeignKey(AttendanceScan, models.PROTECT, related_name="+", verbose_name="pindaian")
    row = models.PositiveIntegerField("baris")
    signed_at = models.DateTimeField("ditandatangani pada")
    reason = models.CharField("alasan", max_length=300)
    at = models.DateTimeField("dicatat pada", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("ditarik pada", null=True, blank=True)
    withdrawn_reason = models.CharField("alasan penarikan", max_length=300, blank=True)

    objects = SheetSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "tanda tangan di lembar"
        verbose_name_plural = "tanda tangan di lembar"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(withdrawn_at=None), name="one_sheet_signature_per_signatory"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="sheet_signature_has_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="withdrawn_sheet_signature_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.scan.sheet.code} baris {self.row}"

    @property
    def moments(self) -> tuple:
        return (self.at,)

    @property
    def audit_stream(self) -> str:
        return self.signatory.audit_stream


class NameCorrection(models.Model):
    """A misspelt name put right after its bearer had signed. The record keeps what was signed; papers print ``after``."""

    signatory = models.ForeignKey(Signatory, models.PROTECT, related_name="corrections")
    before = models.CharField("semula", max_length=260)
    after = models.CharField("menjadi", max_length=260)
    reason = models.CharField("alasan", max_length=300)
    at = models.DateTimeField("pada", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "perbaikan nama"
        verbose_name_plural = "perbaikan nama"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="name_correction_has_reason"),
        ]

    def __str__(self):
        return self.after

    @property
    def audit_stream(self) -> str:
        return self.signatory.audit_stream
