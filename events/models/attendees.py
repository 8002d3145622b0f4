import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from accounts.querysets import OfficeScopedQuerySet
from regions.models import Region

from ..people import printed_name, shown_phone
from .events import Event, EventSite


class Category(models.TextChoices):
    """*Unsur* (DOMAIN §9.1). ``asn`` keeps lists honest that say only "ASN"; a valid number turns it into PNS or PPPK."""

    PNS = "pns", "PNS"
    PPPK = "pppk", "PPPK"
    ASN = "asn", "ASN (belum dirinci)"
    NON_ASN = "non_asn", "Non-ASN"
    TNI = "tni", "TNI"
    POLRI = "polri", "Polri"
    VILLAGE_HEAD = "kepala_desa", "Kepala Desa"
    VILLAGE_STAFF = "perangkat_desa", "Perangkat Desa"
    VILLAGE_COUNCIL = "bpd", "BPD"
    REGIONAL_OFFICIAL = "pejabat_daerah", "Pejabat daerah"
    ELECTION_ORGANIZER = "penyelenggara_pemilu", "Penyelenggara pemilu"
    ELECTION_SUPERVISOR = "pengawas_pemilu", "Pengawas pemilu"
    ORGANIZATION = "organisasi", "Organisasi"
    OTHER = "lainnya", "Lainnya"


# Rows of the totals ("23 dari 25") and blocs on paper: group → (label, categories).
CATEGORY_GROUPS = {
    "asn": ("ASN", ("pns", "pppk", "asn")),
    "non_asn": ("Non-ASN", ("non_asn",)),
    "tni": ("TNI", ("tni",)),
    "polri": ("Polri", ("polri",)),
    "kepala_desa": ("Kepala Desa", ("kepala_desa",)),
    "perangkat_desa": ("Perangkat Desa", ("perangkat_desa",)),
    "bpd": ("BPD", ("bpd",)),
    "pejabat_daerah": ("Pejabat daerah", ("pejabat_daerah",)),
    "penyelenggara": ("Penyelenggara dan pengawas", ("penyelenggara_pemilu", "pengawas_pemilu")),
    "organisasi": ("Organisasi", ("organisasi",)),
    "lainnya": ("Lainnya", ("lainnya", "")),
}
GROUP_OF = {category: group for group, (_, categories) in CATEGORY_GROUPS.items() for category in categories}


# The two databases disagree about where an empty value sorts.
BY_VILLAGE = (F("village_id").asc(nulls_first=True),)


class AttendeeQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"

    def expected(self):
        """Everybody on the list who was not withdrawn."""
        return self.filter(withdrawn_at=None)

    def named(self):
        return self.exclude(full_name="")

    def in_order(self):
        """Precedence, then region code, then name; the same on both databases."""
        return self.order_by("precedence", *BY_VILLAGE, Lower("full_name"), "position", "pk")

    def count_by_category(self) -> dict[str, int]:
        """{"kepala_desa": 25, "": 2} in one query."""
        rows = self.order_by().values("category").annotate(total=Count("pk"))
        return {row["category"]: row["total"] for row in rows}


class Attendee(models.Model):
    """A person (or a post still without a name) who is expected at the event."""

    class Invitation(models.TextChoices):
        NONE = "none", "Belum"
        SENT = "sent", "Terkirim"
        OPENED = "opened", "Dibuka"
        COMING = "coming", "Hadir"
        REPRESENTED = "represented", "Diwakili"
        EXCUSED = "excused", "Berhalangan"

    class Presence(models.TextChoices):
        ONSITE = "onsite", "Hadir langsung"
        REMOTE = "remote", "Daring"

    class Source(models.TextChoices):
        MANUAL = "manual", "Diketik"
        REGION = "region", "Data wilayah"
        IMPORT = "import", "Impor berkas"
        WALK_IN = "walk_in", "Tanpa undangan"

    class IdentityKind(models.TextChoices):
        NONE = "", "Tidak ada"
        NIP = "nip", "NIP"
        NI_PPPK = "ni_pppk", "NI PPPK"
        NRP = "nrp", "NRP"
        LOCAL = "local", "Nomor setempat"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, models.CASCADE, related_name="attendees", verbose_name="kegiatan", db_index=False
    )  # leads two indexes of Meta
    site = models.ForeignKey(
        EventSite,
        models.SET_NULL,
        related_name="attendees",
        null=True,
        blank=True,
        verbose_name="lokasi",
        db_index=False,
    )
    title_prefix = models.CharField("gelar depan", max_length=60, blank=True)
    full_name = models.CharField("nama lengkap", max_length=120, blank=True)
    title_suffix = models.CharField("gelar belakang", max_length=80, blank=True)
    category = models.CharField("unsur", max_length=20, choices=Category, blank=True)
    rank = models.CharField("pangkat/golongan", max_length=80, blank=True)
    position = models.CharField("jabatan", max_length=200, blank=True)
    agency = models.CharField("instansi/unit kerja", max_length=200, blank=True)
    village = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="desa/kelurahan",
        db_index=False,
    )
    identity_kind = models.CharField(
        "jenis nomor", max_length=8, choices=IdentityKind, blank=True, default=""
    )
    identity_number = EncryptedTextField("nomor identitas", blank=True, default="")
    identity_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    identity_masked = models.CharField(max_length=24, blank=True, default="", editable=False)
    # Secret half of the commitment to the number in sealed evidence (PDF.md §5.3): 32 bytes, base64url; goes with it.
    identity_opening = EncryptedTextField(null=True, blank=True, editable=False)
    phone = EncryptedTextField("nomor HP", blank=True, default="")
    email = models.EmailField("surel", blank=True)
    precedence = models.PositiveIntegerField("urutan", default=1000)
    on_behalf_of_name = models.CharField("mewakili (nama)", max_length=120, blank=True)
    on_behalf_of_position = models.CharField("mewakili (jabatan)", max_length=200, blank=True)
    letter_no = models.CharField("nomor surat tugas", max_length=80, blank=True)
    invitation = models.CharField("undangan", max_length=11, choices=Invitation, default=Invitation.NONE)
    # The state of the event's calendar entry that this person was told last; null: never told.
    told_sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # What they had been told before the mark that can be taken back; 0 when nobody noted which state that was.
    told_before = models.PositiveIntegerField(null=True, blank=True, editable=False)
    presence = models.CharField("kehadiran", max_length=6, choices=Presence, default=Presence.ONSITE)
    source = models.CharField("asal data", max_length=7, choices=Source, default=Source.MANUAL)
    first_seen_at = models.DateTimeField("hadir pukul", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The row of the same person that stayed when two were put together.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, related_name="merged_rows", null=True, blank=True, editable=False
    )
    is_example = models.BooleanField("contoh", default=False, editable=False)
    # The post that the region data made this row for: "kades:35.25.11.2003". A village has one head, so it is unique.
    post_key = models.CharField(max_length=40, blank=True, default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = "peserta"
        verbose_name_plural = "peserta"
        ordering = ["precedence", *BY_VILLAGE, "full_name"]
        indexes = [
            models.Index(fields=["event", "precedence"], name="attendee_by_precedence"),
            models.Index(fields=["event", "identity_index"], name="attendee_by_identity"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(full_name="") | ~Q(position=""),
                name="attendee_has_name_or_position",
                violation_error_message="Isi nama atau jabatan.",
            ),
            models.CheckConstraint(
                condition=Q(category__in=["", *Category.values]),
                name="attendee_category_known",
                violation_error_message="Unsur tidak dikenal.",
            ),
            models.UniqueConstraint(
                fields=["event", "post_key"],
                condition=~Q(post_key=""),
                name="one_attendee_per_generated_post",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def printed_name(self) -> str:
        return printed_name(self.title_prefix, self.full_name, self.title_suffix)

    @property
    def label(self) -> str:
        """How lists call the row: the name, else the post that still waits for one."""
        return self.printed_name or self.position

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def shown_phone(self) -> str:
        return shown_phone(self.phone)

    @property
    def group(self) -> str:
        """Key of the group under which the totals count this person."""
        return GROUP_OF.get(self.category, "lainnya")

    @property
    def is_representative(self) -> bool:
        return bool(self.on_behalf_of_name or self.on_behalf_of_position)

    @property
    def is_remote(self) -> bool:
        return self.presence == self.Presence.REMOTE

    @property
    def is_present(self) -> bool:
        return self.first_seen_at is not None


class ApartQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"


class ApartPair(models.Model):
    """Somebody looked at two rows that are alike: they are two people. Counts while both keep their name and number.

    ``fingerprint`` is of those names and numbers as they were (``events.duplicates``); the lower id comes first.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="apart_pairs", db_index=False)
    first = models.ForeignKey(Attendee, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Attendee, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    judged_at = models.DateTimeField(default=timezone.now)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = ApartQuerySet.as_manager()

    class Meta:
        verbose_name = "dua peserta yang berbeda"
        verbose_name_plural = "dua peserta yang berbeda"
        ordering = ["judged_at", "pk"]
        indexes = [models.Index(fields=["event", "judged_at"], name="apart_pair_by_event")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_judgement_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_pair_in_order"),
            models.CheckConstraint(condition=~Q(fingerprint=""), name="apart_pair_has_fingerprint"),
        ]

    def __str__(self):
        return f"{self.first} dan {self.second}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"


class AttendanceRecord(models.Model):
    """One arrival, departure or correction; append-only (trigger), keyed by the client's UUID."""

    class Kind(models.TextChoices):
        IN = "masuk", "Masuk"
        OUT = "keluar", "Keluar"
        CORRECTION = "koreksi", "Koreksi"

    class Method(models.TextChoices):
        QR = "qr", "QR"
        SEARCH = "cari", "Cari nama"
        WALK_IN = "tanpa_undangan", "Tanpa undangan"
        ROOM_CODE = "kode_ruang", "Kode ruang (daring)"
        LINK = "tautan", "Tautan pribadi (daring)"
        PAPER = "kertas", "Daftar hadir kertas"
        SIGNATURE = "tanda_tangan", "Tanda tangan"

    client_uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    event = models.ForeignKey(Event, models.PROTECT, related_name="attendance_records")
    site = models.ForeignKey(
        EventSite, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    attendee = models.ForeignKey(
        Attendee, models.PROTECT, null=True, blank=True, related_name="attendance_records"
    )
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.IN)
    method = models.CharField(max_length=14, choices=Method)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    offline = models.BooleanField(default=False)
    forced = models.BooleanField(default=False)
    successful = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "catatan kehadiran"
        verbose_name_plural = "catatan kehadiran"
        ordering = ["received_at"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.occurred_at:%Y-%m-%d %H.%M}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"
