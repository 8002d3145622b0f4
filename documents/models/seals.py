from django.db import models
from django.utils import timezone

from accounts.models import Office
from accounts.querysets import OfficeScopedQuerySet


class SealSetting(models.Model):
    """What seals the papers of an office; without a row the local seal. Keys and passphrases never stand here."""

    class Backend(models.TextChoices):
        LOCAL = "local", "Sertifikat internal kantor"
        P12 = "p12", "Sertifikat elektronik yang diunggah (PKCS#12)"
        PKCS11 = "pkcs11", "Modul perangkat keras (PKCS#11)"
        BSRE = "bsre", "Tanda tangan pejabat lewat BSrE"

    office = models.OneToOneField(
        Office, on_delete=models.PROTECT, related_name="seal_setting", verbose_name="kantor"
    )
    backend = models.CharField(
        "cara penyegelan", max_length=10, choices=Backend.choices, default=Backend.LOCAL
    )
    changed_at = models.DateTimeField("diubah pada", default=timezone.now)

    objects = OfficeScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "pengaturan segel"
        verbose_name_plural = "pengaturan segel"

    def __str__(self):
        return f"{self.office}: {self.get_backend_display()}"

    @property
    def audit_stream(self) -> str:
        return self.office.audit_stream
