from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ..querysets import OfficeScopedQuerySet
from ..roles import Role

DEFAULT_NUMBER_TEMPLATE = "{seq:03}{suffix}/{class}/{signer}{office}/{month:02}/{year}"
ENDS_SOON = 30  # days before the end from which a membership is shown as ending


def logo_path(office, filename):
    """The uploaded name is never used: the form names the file after its content."""
    return f"offices/{office.pk}/{filename}"


class OfficeQuerySet(OfficeScopedQuerySet):
    office_path = ""

    def active(self, today: date | None = None):
        """Offices whose term has not ended; the last day still counts."""
        today = today or timezone.localdate()
        return self.filter(Q(term_ends=None) | Q(term_ends__gte=today))

    def with_staff_count(self, today: date | None = None):
        """Adds ``staff_count``: people with a membership that counts today."""
        today = today or timezone.localdate()
        counts = Q(memberships__starts__lte=today, memberships__revoked_at=None) & (
            Q(memberships__ends=None) | Q(memberships__ends__gte=today)
        )
        return self.annotate(staff_count=models.Count("memberships__user", filter=counts, distinct=True))

    def within(self, code: str):
        """Offices of the region with this code and of everything below it."""
        return self.filter(region__code__within=code)


class Office(models.Model):
    class Kind(models.TextChoices):
        BAWASLU = "bawaslu", "Bawaslu"
        PANWASLU = "panwaslu", "Panwaslu Kecamatan"
        GOVERNMENT = "government", "Instansi pemerintah"
        OTHER = "other", "Lainnya"

    class Level(models.TextChoices):
        NATIONAL = "national", "Nasional"
        PROVINCE = "province", "Provinsi"
        REGENCY = "regency", "Kabupaten/Kota"
        DISTRICT = "district", "Kecamatan"

    class PaperSize(models.TextChoices):
        A4 = "A4", "A4 (210 × 297 mm)"
        F4 = "F4", "F4 (215 × 330 mm)"

    name = models.CharField("nama kantor", max_length=150)
    kind = models.CharField("jenis", max_length=12, choices=Kind)
    level = models.CharField("tingkat", max_length=12, choices=Level)
    region = models.ForeignKey(
        "regions.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name="wilayah",
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="kantor pengawas"
    )
    letter_code = models.CharField("kode surat", max_length=30, blank=True)
    number_template = models.CharField("pola nomor surat", max_length=120, default=DEFAULT_NUMBER_TEMPLATE)
    letterhead_lines = models.TextField("baris kop surat", blank=True)
    address = models.TextField("alamat", blank=True)
    phone = models.CharField("telepon kantor", max_length=40, blank=True)
    email = models.EmailField("surel kantor", blank=True)
    logo = models.FileField("logo", upload_to=logo_path, max_length=200, blank=True)
    chair_name = models.CharField("nama ketua", max_length=150, blank=True)
    chair_position = models.CharField("jabatan ketua", max_length=150, blank=True, default="Ketua")
    secretariat_head_name = models.CharField("nama kepala sekretariat", max_length=150, blank=True)
    secretariat_head_position = models.CharField(
        "jabatan kepala sekretariat", max_length=150, blank=True, default="Kepala Sekretariat"
    )
    term_ends = models.DateField("masa jabatan berakhir", null=True, blank=True)
    paper_size = models.CharField("ukuran kertas", max_length=2, choices=PaperSize, default=PaperSize.A4)
    is_demo = models.BooleanField("contoh", default=False)
    created_at = models.DateTimeField("dibuat pada", default=timezone.now, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "kantor"
        verbose_name_plural = "kantor"
        ordering = ["region_id", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="panwaslu") | Q(term_ends__isnull=False),
                name="ad_hoc_office_has_term",
                violation_error_message="Masa jabatan wajib diisi untuk Panwaslu Kecamatan.",
            ),
            models.CheckConstraint(
                condition=Q(region__isnull=False) | Q(level="national"),
                name="office_below_national_has_region",
                violation_error_message="Wilayah wajib diisi.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["bawaslu", "panwaslu", "government", "other"]),
                name="office_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["national", "province", "regency", "district"]),
                name="office_level_is_known",
            ),
            models.CheckConstraint(condition=Q(paper_size__in=["A4", "F4"]), name="office_paper_is_known"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="office_is_not_its_own_parent"
            ),
            models.UniqueConstraint(
                fields=["region", "kind", "name"], name="one_office_of_a_name_per_region"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_ad_hoc(self) -> bool:
        """Formed for one election and dissolved after it (DOMAIN §2.5)."""
        return self.kind == self.Kind.PANWASLU

    @property
    def is_dissolved(self) -> bool:
        return self.term_ends is not None and self.term_ends < timezone.localdate()

    @property
    def time_zone(self) -> str:
        return self.region.time_zone if self.region_id else settings.TIME_ZONE

    @property
    def audit_stream(self) -> str:
        return f"office:{self.pk}"

    @property
    def letterhead(self) -> list[str]:
        """Lines of the letterhead from top to bottom; the plain name while none are typed."""
        lines = [line.strip() for line in self.letterhead_lines.splitlines() if line.strip()]
        return lines or [self.name.upper()]

    @property
    def missing_letterhead(self) -> list[str]:
        """Labels of what a complete letterhead still lacks."""
        wanted = {
            "baris kop surat": self.letterhead_lines,
            "alamat": self.address,
            "nama ketua": self.chair_name,
            "kode surat": self.letter_code,
        }
        return [label for label, value in wanted.items() if not value.strip()]

    @property
    def has_complete_letterhead(self) -> bool:
        return not self.missing_letterhead


class MembershipQuerySet(OfficeScopedQuerySet):
    def active(self, today: date | None = None):
        """Memberships that count on the day; a term that ended, own or of the office, is none."""
        today = today or timezone.localdate()
        return self.filter(
            Q(ends=None) | Q(ends__gte=today),
            Q(office__term_ends=None) | Q(office__term_ends__gte=today),
            starts__lte=today,
            revoked_at=None,
        )

    def ending_by(self, day: date):
        """Memberships whose last day, own or of the office, is that day or earlier."""
        return self.filter(Q(ends__lte=day) | Q(office__term_ends__lte=day))

    def in_order(self):
        """Those that count first, then by name."""
        return self.select_related("user", "office__region").order_by(
            F("revoked_at").asc(nulls_first=True), "user__full_name", "pk"
        )


class Membership(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="pengguna"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="memberships", verbose_name="kantor")
    role = models.CharField("peran", max_length=16, choices=Role)
    starts = models.DateField("mulai", default=timezone.localdate)
    ends = models.DateField("berakhir", null=True, blank=True)
    # A membership normally counts to the end of its last day; ended by hand it stops at once.
    revoked_at = models.DateTimeField("dihentikan pada", null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "penugasan"
        verbose_name_plural = "penugasan"
        ordering = ["office_id", "user__full_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="membership_ends_after_it_starts",
                violation_error_message="Tanggal berakhir tidak boleh sebelum tanggal mulai.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["administrator", "organizer", "operator", "supervisor", "viewer"]),
                name="membership_role_is_known",
            ),
            models.UniqueConstraint(
                fields=["user", "office", "role"],
                condition=Q(ends__isnull=True, revoked_at__isnull=True),
                name="one_open_membership_per_role",
                violation_error_message="Pengguna ini sudah memegang peran tersebut di kantor ini.",
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()}, {self.office}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.user.__dict__.pop("_active_memberships", None)  # what access.py remembered on this very object

    @property
    def audit_stream(self) -> str:
        return self.office.audit_stream

    @property
    def last_day(self) -> date | None:
        """Last day on which it counts: its own end or the end of the office's term, whichever comes first."""
        days = [day for day in (self.ends, self.office.term_ends) if day]
        return min(days, default=None)

    @property
    def is_active(self) -> bool:
        today = timezone.localdate()
        if self.revoked_at is not None:
            return False
        return self.starts <= today and (self.last_day is None or today <= self.last_day)

    @property
    def days_left(self) -> int | None:
        """Days from today to its last one, 0 on the last; None without an end."""
        return (self.last_day - timezone.localdate()).days if self.last_day else None

    @property
    def ends_soon(self) -> bool:
        return self.is_active and self.days_left is not None and self.days_left <= ENDS_SOON

    @property
    def state_tone(self) -> str:
        if self.ends_soon:
            return "waiting"
        return "done" if self.is_active else "muted"

    @property
    def state_label(self) -> str:
        if self.ends_soon:
            return f"Berakhir {self.days_left} hari lagi" if self.days_left else "Hari terakhir"
        if self.is_active:
            return "Aktif"
        if self.revoked_at is not None:
            return "Dihentikan"
        is_future = self.starts > timezone.localdate()
        return "Belum mulai" if is_future else "Berakhir"
