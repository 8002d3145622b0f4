from django.db import models

from regions.models import Region


class Election(models.Model):
    """A *Pemilu* (UU 7/2017) or a *Pemilihan* (UU 1/2015 and its amendments): two laws that must not be mixed."""

    class Kind(models.TextChoices):
        PEMILU = "pemilu", "Pemilu"
        PEMILIHAN = "pemilihan", "Pemilihan"

    kind = models.CharField("jenis", max_length=9, choices=Kind)
    name = models.CharField("nama", max_length=160, help_text="Contoh: Pemilihan Serentak Tahun 2024")
    voting_date = models.DateField("tanggal pemungutan suara")
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        verbose_name="wilayah",
        null=True,
        blank=True,
        help_text="Kosong berarti nasional.",
    )
    # [{"office": "gubernur", "region_code": "35", "label": "Gubernur dan Wakil Gubernur Jawa Timur"}]
    contests = models.JSONField("jenis pemilihan", default=list, blank=True)

    class Meta:
        verbose_name = "pemilu atau pemilihan"
        verbose_name_plural = "pemilu dan pemilihan"
        ordering = ["-voting_date", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name", "voting_date"],
                name="one_election_per_kind_name_and_date",
                violation_error_message="Pemilu atau Pemilihan ini sudah ada. Pilih dari daftar.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["pemilu", "pemilihan"]), name="election_kind_known"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def audit_stream(self) -> str:
        """Elections belong to no office: one chain for all of them."""
        return "elections"
