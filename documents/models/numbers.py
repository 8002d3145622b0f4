from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Office

from ..querysets import LetterNumberQuerySet


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
