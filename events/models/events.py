import secrets
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Office
from accounts.querysets import OfficeScopedQuerySet
from accounts.scope import active_memberships, reach
from regions.codes import ancestor_codes
from regions.models import Region
from regions.zones import ZONES

from ..people import printed_name

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)  # what is typed beyond them means them
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U


def new_code() -> str:
    """Ten characters, about 49 bits: short enough to read out, too many to guess."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(10))


class Mode(models.TextChoices):
    ONSITE = "onsite", "Luring"
    REMOTE = "remote", "Daring"
    HYBRID = "hybrid", "Hibrida"


class EventQuerySet(OfficeScopedQuerySet):
    office_path = "office"

    def plans(self):
        return self.filter(is_template=False)

    def templates(self):
        return self.filter(is_template=True)

    def templates_for(self, user):
        """Templates of the offices that a user's memberships reach, and of every office above those."""
        if getattr(user, "is_superuser", False):
            return self.templates().in_use()
        above = Q()
        for membership in active_memberships(user):
            code = membership.office.region_id or ""
            codes = [*ancestor_codes(code), code] if code else []
            above |= Q(office__region=None) | Q(office__region__in=codes)
        return self.templates().in_use().filter(reach(user, self.office_path) | above)

    def in_use(self):
        return self.exclude(state=Event.State.CANCELLED)

    def upcoming(self):
        return self.plans().filter(state__in=Event.OPEN_STATES).order_by("starts_at")

    def since(self, day: date):
        """Going on or yet to come on ``day``, which begins at midnight of each place."""
        return self._by_midnights(day, lambda opens: Q(starts_at__gte=opens) | Q(ends_at__gt=opens))

    def until(self, day: date):
        """Begun by the end of ``day``, on the clock of each place."""
        return self._by_midnights(
            min(day, LAST_DAY) + timedelta(days=1), lambda closes: Q(starts_at__lt=closes)
        )

    def _by_midnights(self, day: date, condition: Callable[[datetime], Q]):
        places = Q()
        for name in ZONES:
            midnight = datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time.min, tzinfo=ZoneInfo(name))
            places |= Q(time_zone=name) & condition(midnight)
        return self.filter(places)

    def past(self):
        return (
            self.plans().filter(state__in=[Event.State.CLOSED, Event.State.ARCHIVED]).order_by("-starts_at")
        )


class Event(models.Model):
    """One *kegiatan*: who invites, which elections it serves, where and when people meet."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draf"
        SCHEDULED = "scheduled", "Terjadwal"
        RUNNING = "running", "Berlangsung"
        CLOSED = "closed", "Selesai"
        ARCHIVED = "archived", "Diarsipkan"
        CANCELLED = "cancelled", "Dibatalkan"

    # Still ahead or going on; the same states may be edited.
    OPEN_STATES = [State.DRAFT, State.SCHEDULED, State.RUNNING]
    EDITABLE_STATES = [State.DRAFT, State.SCHEDULED, State.RUNNING]
    TONES = {
        State.DRAFT: "muted",
        State.SCHEDULED: "waiting",
        State.RUNNING: "active",
        State.CLOSED: "done",
        State.ARCHIVED: "done",
        State.CANCELLED: "danger",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField("kode", max_length=10, unique=True, default=new_code, editable=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="events", verbose_name="penyelenggara")
    title = models.CharField("nama kegiatan", max_length=300)
    elections = models.ManyToManyField(
        "events.Election", related_name="events", verbose_name="pemilu atau pemilihan", blank=True
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="events", verbose_name="wilayah")
    starts_at = models.DateTimeField("mulai", null=True, blank=True)
    ends_at = models.DateTimeField("selesai", null=True, blank=True)
    time_zone = models.CharField("zona waktu", max_length=40, default="Asia/Jakarta")
    venue = models.CharField("tempat", max_length=200, blank=True)
    venue_address = models.CharField("alamat", max_length=300, blank=True)
    venue_room = models.CharField("ruang", max_length=120, blank=True)
    mode = models.CharField("bentuk", max_length=6, choices=Mode, default=Mode.ONSITE)
    meeting_link = models.URLField("tautan pertemuan", blank=True)
    open_invitation = models.BooleanField("undangan terbuka", default=False)
    signing_opens_at = models.DateTimeField("penandatanganan dibuka", null=True, blank=True)
    signing_closes_at = models.DateTimeField("penandatanganan ditutup", null=True, blank=True)
    state = models.CharField("status", max_length=9, choices=State, default=State.DRAFT)
    state_reason = models.CharField("alasan", max_length=300, blank=True)
    is_template = models.BooleanField("templat", default=False)
    # Of a template instead of attendees: roles of ``posts``, for which each new event asks its own region.
    expected_roles = models.JSONField("jabatan menurut wilayah", null=True, blank=True)
    notes = models.TextField("catatan", blank=True)
    operators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="assigned_events", verbose_name="petugas hari-H", blank=True
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    scheduled_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    # SEQUENCE of the calendar entry (RFC 5545): grows with time, place and state, so that calendars take the newer one.
    calendar_sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "kegiatan"
        verbose_name_plural = "kegiatan"
        ordering = ["-starts_at", "-created_at"]
        indexes = [models.Index(fields=["office", "state", "starts_at"], name="event_by_office_and_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message="Waktu selesai harus setelah waktu mulai.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(starts_at__isnull=False),
                name="scheduled_event_has_start",
                violation_error_message="Kegiatan yang sudah dijadwalkan harus memiliki tanggal dan jam.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "scheduled", "running", "closed", "archived", "cancelled"]),
                name="event_state_known",
                violation_error_message="Status kegiatan tidak dikenal.",
            ),
            models.CheckConstraint(
                condition=Q(time_zone__in=list(ZONES)),
                name="event_zone_is_indonesian",
                violation_error_message="Zona waktu harus WIB, WITA, atau WIT.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="event_has_title",
                violation_error_message="Nama kegiatan wajib diisi.",
            ),
            models.CheckConstraint(
                condition=Q(signing_opens_at=None)
                | Q(signing_closes_at=None)
                | Q(signing_closes_at__gt=F("signing_opens_at")),
                name="signing_closes_after_it_opens",
                violation_error_message="Penandatanganan harus ditutup setelah dibuka.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:template" if self.is_template else "events:event", args=[self.code])

    @property
    def audit_stream(self) -> str:
        return f"event:{self.pk}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def date(self):
        """The calendar day in the event's own zone, or None."""
        return timezone.localtime(self.starts_at, self.zone).date() if self.starts_at else None

    @property
    def last_date(self):
        """The calendar day on which it ends, in the event's own zone, or None."""
        return timezone.localtime(self.ends_at, self.zone).date() if self.ends_at else None

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE_STATES

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_archived(self) -> bool:
        return self.state == self.State.ARCHIVED

    @property
    def is_hybrid(self) -> bool:
        return self.mode == Mode.HYBRID

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]

    @property
    def state_note(self) -> str:
        """One sentence for people: what this state means for them."""
        if self.is_template:
            return "Pola untuk kegiatan baru. Templat tidak dijadwalkan dan tidak masuk rekapitulasi."
        return {
            self.State.DRAFT: "Masih disusun. Lengkapi kesiapan, lalu jadwalkan.",
            self.State.SCHEDULED: "Sudah dijadwalkan. Mulai kegiatan pada hari pelaksanaan.",
            self.State.RUNNING: "Sedang berlangsung. Peserta dapat menandatangani.",
            self.State.CLOSED: "Sudah selesai. Segel naskah yang belum disegel, lalu arsipkan.",
            self.State.ARCHIVED: "Sudah diarsipkan dan tidak dapat diubah.",
            self.State.CANCELLED: f"Dibatalkan. {self.state_reason}".strip(),
        }[self.state]


class EventSite(models.Model):
    """A place of a hub-and-spoke event; an event without rows here has one place, its own."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="sites", verbose_name="kegiatan")
    order = models.PositiveSmallIntegerField("urutan", default=1)
    name = models.CharField("nama lokasi", max_length=160)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="wilayah"
    )
    mode = models.CharField("bentuk", max_length=6, choices=Mode, default=Mode.ONSITE)
    venue = models.CharField("tempat", max_length=200, blank=True)
    meeting_link = models.URLField("tautan pertemuan", blank=True)
    officer_name = models.CharField("petugas", max_length=120, blank=True)

    class Meta:
        verbose_name = "lokasi"
        verbose_name_plural = "lokasi"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                name="one_site_per_name_in_event",
                violation_error_message="Lokasi dengan nama ini sudah ada.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="site_has_name",
                violation_error_message="Nama lokasi wajib diisi.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"


class EventPerson(models.Model):
    """Who does what at the event: speaker, master of ceremony, reader of the pledge …"""

    class Role(models.TextChoices):
        COMMITTEE_CHAIR = "ketua_panitia", "Ketua panitia"
        SUPERVISOR_CHAIR = "ketua_pengawas", "Ketua Panwaslu/Bawaslu"
        MC = "mc", "Pembawa acara"
        CONDUCTOR = "dirigen", "Dirigen"
        PRAYER = "pembaca_doa", "Pembaca doa"
        READER = "pembaca_ikrar", "Pembaca ikrar"
        WELCOME = "pemberi_sambutan", "Pemberi sambutan"
        OPENER = "pembuka_acara", "Pembuka acara"
        SPEAKER = "narasumber", "Narasumber"
        MODERATOR = "moderator", "Moderator"
        MINUTES = "notulis", "Notulis"
        DOCUMENTATION = "dokumentasi", "Dokumentasi"
        WITNESS = "saksi", "Saksi"
        OPERATOR = "operator", "Operator"

    event = models.ForeignKey(Event, models.CASCADE, related_name="people", verbose_name="kegiatan")
    role = models.CharField("peran", max_length=20, choices=Role)
    order = models.PositiveSmallIntegerField("urutan", default=1)
    title_prefix = models.CharField("gelar depan", max_length=60, blank=True)
    full_name = models.CharField("nama", max_length=120)
    title_suffix = models.CharField("gelar belakang", max_length=80, blank=True)
    position = models.CharField("jabatan", max_length=200, blank=True)
    agency = models.CharField("instansi", max_length=200, blank=True)

    class Meta:
        verbose_name = "petugas dan narasumber"
        verbose_name_plural = "petugas dan narasumber"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(full_name=""),
                name="event_person_has_name",
                violation_error_message="Nama wajib diisi.",
            )
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.printed_name}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def printed_name(self) -> str:
        return printed_name(self.title_prefix, self.full_name, self.title_suffix)


class AgendaItem(models.Model):
    """One *mata acara*: minutes after the start of the event, how long, what, who."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="agenda", verbose_name="kegiatan")
    order = models.PositiveSmallIntegerField("urutan", default=1)
    duration = models.PositiveSmallIntegerField("lama (menit)", default=15)
    title = models.CharField("mata acara", max_length=200)
    person = models.ForeignKey(
        EventPerson, models.SET_NULL, related_name="agenda", null=True, blank=True, verbose_name="petugas"
    )
    notes = models.CharField("keterangan", max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "mata acara"
        verbose_name_plural = "susunan acara"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration__gte=1, duration__lte=720),
                name="agenda_item_lasts_one_minute_to_twelve_hours",
                violation_error_message="Lama mata acara 1 sampai 720 menit.",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"
