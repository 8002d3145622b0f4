from itertools import pairwise

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact

from . import codes, labels
from .names import fold
from .querysets import RegionQuerySet, Within
from .zones import ZONES, zone_label, zone_of

models.CharField.register_lookup(Within)


def _code_says_level_and_parent() -> Q:
    """The level is the length of the code and the parent its beginning: 35 · 35.25 · 35.25.11 · 35.25.11.2003."""
    fits = Q(Exact(Length("code"), codes.LENGTHS["province"]), level="province", parent__isnull=True)
    for upper, level in pairwise(codes.LEVELS):
        begins = Exact(F("parent"), Substr("code", 1, codes.LENGTHS[upper]))
        fits |= Q(Exact(Length("code"), codes.LENGTHS[level]), begins, level=level, parent__isnull=False)
    return fits


class Region(models.Model):
    """One administrative region; its code is the path to it and is never reused for another (DOMAIN §10)."""

    class Level(models.TextChoices):
        PROVINCE = "province", "Provinsi"
        REGENCY = "regency", "Kabupaten/Kota"
        DISTRICT = "district", "Kecamatan"
        VILLAGE = "village", "Desa/Kelurahan"

    class Kind(models.TextChoices):
        PROVINSI = "provinsi", "Provinsi"
        KABUPATEN = "kabupaten", "Kabupaten"
        KOTA = "kota", "Kota"
        KECAMATAN = "kecamatan", "Kecamatan"
        KELURAHAN = "kelurahan", "Kelurahan"
        DESA = "desa", "Desa"
        DESA_ADAT = "desa_adat", "Desa adat"

    code = models.CharField("kode", max_length=13, primary_key=True)
    name = models.CharField("nama", max_length=100)
    folded = models.CharField("nama untuk pencarian", max_length=100, db_index=True, editable=False)
    level = models.CharField("tingkat", max_length=10, choices=Level)
    kind = models.CharField("jenis", max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="bagian dari"
    )
    time_zone = models.CharField("zona waktu", max_length=20, choices=list(ZONES.items()))
    edition = models.CharField("edisi data", max_length=60)
    is_current = models.BooleanField("masih dipakai", default=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "wilayah"
        verbose_name_plural = "wilayah"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=_code_says_level_and_parent(), name="region_code_says_level_and_parent"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="region_has_name"),
            models.CheckConstraint(condition=Q(time_zone__in=list(ZONES)), name="region_zone_is_indonesian"),
        ]

    def __str__(self):
        return f"{self.titled} ({self.code})"  # tells namesakes apart without asking for the parents

    def save(self, *args, **kwargs):
        self.folded = fold(self.name)
        super().save(*args, **kwargs)

    @staticmethod
    def facts(code: str, name: str) -> dict[str, str | None]:
        """All fields that follow from code and name; ValueError for a bad code."""
        return {
            "name": name,
            "folded": fold(name),
            "level": codes.level_of(code),
            "kind": codes.kind_of(code),
            "parent_id": codes.parent_code(code),
            "time_zone": zone_of(code),
        }

    @property
    def ancestors(self) -> list["Region"]:
        """The regions above, province first; one query unless ``with_parents`` brought them."""
        if self.parent_id is None:
            return []
        if not Region.parent.is_cached(self):
            self.parent = Region.objects.with_parents().get(code=self.parent_id)
        return [*self.parent.ancestors, self.parent]

    def local_name(self, key: str) -> str:
        """ "Perbekel" for "kepala_desa" in Bali; keys are those of ``labels.DEFAULTS``. Asks the database nothing."""
        return label_book.label(self.code, key)

    @property
    def titled(self) -> str:
        """ "Kecamatan Cerme", "Desa Iker-iker Geger", "Kemantren Tegalrejo", "Kabupaten Gresik", "Provinsi Bali" """
        if self.level == self.Level.REGENCY or self.name.startswith(("Desa Adat ", f"{self.kind_name} ")):
            return self.name  # the name brings the word along: "Gampong Drien", "Desa Adat Ayapo"
        return f"{self.kind_name} {self.name}"

    @property
    def kind_name(self) -> str:
        """The kind in the words of the place: "Kapanewon", "Gampong", "Kampung Adat", "Kelurahan"."""
        match self.kind:
            case self.Kind.KECAMATAN:
                return self.local_name("kecamatan")
            case self.Kind.DESA:
                return self.local_name("desa")
            case self.Kind.DESA_ADAT:
                return f"{self.local_name('desa')} Adat"
        return self.get_kind_display()

    @property
    def head_title(self) -> str:
        """Who heads it: Gubernur, Bupati, Wali Kota, Camat, Lurah (a PNS), Kepala Desa, in the words of the place."""
        match self.kind:
            case self.Kind.KECAMATAN:
                return self.local_name("camat")
            case self.Kind.DESA | self.Kind.DESA_ADAT:
                return self.local_name("kepala_desa")
        return {"provinsi": "Gubernur", "kabupaten": "Bupati", "kota": "Wali Kota", "kelurahan": "Lurah"}[
            self.kind
        ]

    @property
    def full_name(self) -> str:
        """Unmistakable down from the regency: "Desa Iker-iker Geger, Kecamatan Cerme, Kabupaten Gresik"."""
        above = [region.titled for region in reversed(self.ancestors) if region.level != self.Level.PROVINCE]
        return ", ".join([self.titled, *above])

    @property
    def surroundings(self) -> str:
        """Where it lies, up to the province: "Kecamatan Cerme, Kabupaten Gresik, Provinsi Jawa Timur"."""
        return ", ".join(region.titled for region in reversed(self.ancestors))

    @property
    def named_with_code(self) -> str:
        """ "Kecamatan Cerme, Kabupaten Gresik (35.25.11)", what RegionField shows and reads back."""
        return f"{self.full_name} ({self.code})"

    @property
    def zone_label(self) -> str:
        """WIB, WITA or WIT."""
        return zone_label(self.time_zone)


class RegionLabel(models.Model):
    """A local name that the law allows instead of the usual word; holds for the region and all below it."""

    class Key(models.TextChoices):
        KEPALA_DESA = "kepala_desa", "Sebutan Kepala Desa"
        DESA = "desa", "Sebutan Desa"
        CAMAT = "camat", "Sebutan Camat"
        KECAMATAN = "kecamatan", "Sebutan Kecamatan"

    region = models.ForeignKey(Region, models.PROTECT, related_name="labels", verbose_name="wilayah")
    key = models.CharField("yang diganti", max_length=20, choices=Key)
    label = models.CharField("sebutan setempat", max_length=60)
    confirmed = models.BooleanField(
        "sudah dikonfirmasi",
        default=False,
        help_text="Centang setelah dicocokkan dengan peraturan daerahnya.",
    )

    class Meta:
        verbose_name = "sebutan setempat"
        verbose_name_plural = "sebutan setempat"
        ordering = ["region", "key"]
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="one_label_per_region_and_key"),
            models.CheckConstraint(condition=~Q(label=""), name="region_label_has_text"),
        ]

    def __str__(self):
        return f"{self.region_id}: {self.label}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        label_book.forget()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        label_book.forget()
        return deleted


label_book = labels.LabelBook(lambda: RegionLabel.objects.values_list("region_id", "key", "label"))
