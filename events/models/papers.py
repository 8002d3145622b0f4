"""What offices and organisers settle about the papers of an event before they are frozen."""

from django.db import models
from django.db.models import Q

from accounts.models import Office
from accounts.querysets import OfficeScopedQuerySet
from documents.models import LetterNumber

from .events import Event


class PaperSettings(models.Model):
    """How an office wants its papers; without a row the defaults hold. A paper keeps what it was printed with."""

    class Family(models.TextChoices):
        SANS = "sans", "Tanpa kait (setara Arial)"
        SERIF = "serif", "Berkait (Source Serif)"

    class Identity(models.TextChoices):
        NONE = "none", "Tidak dicetak"
        MASKED = "masked", "Disamarkan, misalnya 1985••••••••••0012"
        FULL = "full", "Lengkap"

    class Signers(models.TextChoices):
        CHAIR = "chair", "Ketua saja"
        SECRETARIAT = "secretariat", "Kepala Sekretariat saja"
        CHAIR_RIGHT = "chair_right", "Dua orang: Kepala Sekretariat di kiri, Ketua di kanan"
        CHAIR_LEFT = "chair_left", "Dua orang: Ketua di kiri, Kepala Sekretariat di kanan"

    class FirstParty(models.TextChoices):
        RIGHT = "right", "Kanan (PIHAK KEDUA di kiri)"
        LEFT = "left", "Kiri (PIHAK KEDUA di kanan)"

    office = models.OneToOneField(
        Office, models.CASCADE, related_name="paper_settings", verbose_name="kantor"
    )
    family = models.CharField("jenis huruf", max_length=5, choices=Family, default=Family.SANS)
    identity = models.CharField(
        "NIP/NRP pada daftar hadir", max_length=6, choices=Identity, default=Identity.NONE
    )
    signers = models.CharField("penanda tangan surat", max_length=12, choices=Signers, default=Signers.CHAIR)
    foot_line = models.CharField("baris kaki halaman", max_length=60, blank=True)
    first_party = models.CharField(
        "tanda tangan PIHAK KESATU pada naskah dua pihak",
        max_length=5,
        choices=FirstParty,
        default=FirstParty.RIGHT,
    )
    stamp_duty = models.BooleanField("kotak meterai pada Nota Kesepahaman", default=False)

    class Meta:
        verbose_name = "pengaturan surat"
        verbose_name_plural = "pengaturan surat"
        constraints = [
            models.CheckConstraint(condition=Q(family__in=["sans", "serif"]), name="paper_family_known"),
            models.CheckConstraint(
                condition=Q(identity__in=["none", "masked", "full"]), name="paper_identity_known"
            ),
            models.CheckConstraint(
                condition=Q(signers__in=["chair", "secretariat", "chair_right", "chair_left"]),
                name="paper_signers_known",
            ),
            models.CheckConstraint(
                condition=Q(first_party__in=["right", "left"]), name="paper_first_party_known"
            ),
        ]

    def __str__(self):
        return f"Pengaturan surat {self.office}"

    @property
    def audit_stream(self) -> str:
        return self.office.audit_stream


class PaperWording(models.Model):
    """Words of an office in the place of ours; fixed tokens, replaced by our own function."""

    office = models.ForeignKey(
        Office, models.CASCADE, related_name="paper_wordings", verbose_name="kantor", db_index=False
    )
    kind = models.CharField("jenis", max_length=40)
    block = models.CharField("bagian", max_length=40)
    text = models.TextField("teks")

    class Meta:
        verbose_name = "kalimat surat"
        verbose_name_plural = "kalimat surat"
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "block"], name="one_wording_per_block")
        ]

    def __str__(self):
        return f"{self.kind}: {self.block}"

    @property
    def audit_stream(self) -> str:
        return self.office.audit_stream


class PaperDraftQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"


class PaperDraft(models.Model):
    """What was typed for one kind of paper of one event, and the number kept for it."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="paper_drafts", verbose_name="kegiatan", db_index=False
    )
    kind = models.CharField("jenis", max_length=40)
    date = models.DateField("tanggal surat", null=True, blank=True)
    classification = models.CharField("kode klasifikasi", max_length=40, blank=True)
    number = models.ForeignKey(
        LetterNumber, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nomor"
    )
    details = models.JSONField("isian", default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PaperDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "isian surat"
        verbose_name_plural = "isian surat"
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="one_draft_per_paper")]

    def __str__(self):
        return f"{self.kind}: {self.event}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"
