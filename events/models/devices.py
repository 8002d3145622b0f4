"""Tablets of the day: who may hand in for an event, by which key, and what each said last (KIOSK.md §2, §9)."""

import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.audit import Actor
from accounts.encryption import EncryptedTextField
from accounts.querysets import OfficeScopedQuerySet

from .events import Event, EventSite

PREFIX = "nk1_"


def digest_of(secret: str) -> str:
    """Of a token or a pairing code: the only trace of it that is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


class DeviceQuerySet(OfficeScopedQuerySet):
    office_path = "event__office"

    def find(self, token: str):
        """The tablet of a token as the caller sent it, with event and site, or None."""
        found = self.select_related("event__office", "site")
        return found.filter(token_sha256=digest_of(token)).first()

    def in_use(self):
        """Everything that may still hand in."""
        return self.exclude(state=Device.State.REVOKED)

    def in_order(self):
        return self.order_by("label", "paired_at")


class Device(models.Model):
    """One pairing of one tablet with one event: its public key, its token and the chain of what it handed in."""

    class State(models.TextChoices):
        PAIRED = "paired", "Dipasangkan"
        ACTIVE = "active", "Aktif"
        DRAINING = "draining", "Dikosongkan"
        REVOKED = "revoked", "Dicabut"

    TONES = {
        State.PAIRED: "waiting",
        State.ACTIVE: "active",
        State.DRAINING: "waiting",
        State.REVOKED: "muted",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="devices", verbose_name="kegiatan")
    site = models.ForeignKey(
        EventSite, models.SET_NULL, null=True, blank=True, related_name="devices", verbose_name="lokasi"
    )
    label = models.CharField("nama tablet", max_length=60)
    public_key = models.BinaryField()  # 65 bytes, uncompressed P-256 point
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField("status", max_length=8, choices=State, default=State.PAIRED)
    app = models.CharField("versi aplikasi", max_length=60, blank=True)
    paired_at = models.DateTimeField("dipasangkan pada", default=timezone.now)
    paired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    draining_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # "Putuskan sekarang": what was signed after this moment is held (after_revocation).
    cut_off_at = models.DateTimeField(null=True, blank=True)
    # The tablet has wiped itself after we held its whole chain.
    retired_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField("alasan", max_length=300, blank=True)
    # Chain (KIOSK §8.2): everything below ``chain_seq`` is here and fits; ``chain_link`` stands before ``chain_seq``.
    chain_seq = models.PositiveIntegerField(default=0)
    chain_link = models.CharField(max_length=64)
    chain_broken_at = models.PositiveIntegerField(null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "tablet"
        verbose_name_plural = "tablet"
        ordering = ["label", "paired_at"]
        indexes = [models.Index(fields=["event", "state"], name="device_by_event_and_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["paired", "active", "draining", "revoked"]), name="device_state_known"
            ),
            models.CheckConstraint(condition=~Q(label=""), name="device_has_label"),
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(revoked_at__isnull=False), name="revoked_device_has_moment"
            ),
        ]

    def __str__(self):
        return self.label

    @staticmethod
    def new_token() -> str:
        """``nk1_`` and 43 characters: 32 random bytes, shown once in the reply to pairing."""
        return PREFIX + secrets.token_urlsafe(32)

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"

    @property
    def audit_actor(self) -> Actor:
        return Actor("device", str(self.pk), f"Tablet {self.label}")

    @property
    def may_hand_in(self) -> bool:
        return self.state != self.State.REVOKED

    @property
    def may_read_roster(self) -> bool:
        return self.state in (self.State.PAIRED, self.State.ACTIVE)

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]


class DeviceHeartbeat(models.Model):
    """What a tablet reported last; its own table because it is written every half minute."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="heartbeat")
    at = models.DateTimeField("kontak terakhir")
    pending = models.PositiveIntegerField("menunggu kirim", default=0)
    quarantine = models.PositiveIntegerField("karantina", default=0)
    next_seq = models.PositiveIntegerField(default=0)
    link = models.CharField(max_length=64, blank=True)
    oldest_pending_at = models.DateTimeField(null=True, blank=True)
    roster_seq = models.PositiveIntegerField(default=0)
    persisted = models.BooleanField(null=True, blank=True)
    free_mb = models.PositiveIntegerField(null=True, blank=True)
    battery = models.PositiveSmallIntegerField(null=True, blank=True)
    signing = models.CharField(max_length=6, blank=True)
    ready = models.BooleanField("siap luring", default=False)
    clock_offset_ms = models.BigIntegerField(default=0)
    operator = models.CharField("petugas", max_length=60, blank=True)
    # Records that were reported as pending and can no longer come: the tablet lost its storage (KIOSK §10.3).
    lost = models.PositiveIntegerField("hilang", default=0)
    # Items this server could not even try to open: their key id is unknown here.
    unknown_key = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "laporan tablet"
        verbose_name_plural = "laporan tablet"

    def __str__(self):
        return f"{self.device_id} {self.at:%Y-%m-%d %H.%M}"


class PairingCode(models.Model):
    """One tablet may introduce itself once, within ten minutes. Only the hash of the code is stored."""

    digest = models.CharField(max_length=64, unique=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="pairing_codes")
    site = models.ForeignKey(EventSite, models.SET_NULL, null=True, blank=True, related_name="+")
    label = models.CharField("nama tablet", max_length=60)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # Who used it: the same key may ask again until its probe has arrived (lost reply).
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "kode pemasangan"
        verbose_name_plural = "kode pemasangan"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(label=""), name="pairing_code_has_label"),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(device__isnull=False), name="used_pairing_code_has_device"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"


class EventKey(models.Model):
    """The key to which tablets seal what people signed: HPKE over P-256, the private half encrypted by the key ring."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="keys")
    kid = models.CharField(max_length=8)
    public = models.BinaryField()  # 65 bytes, uncompressed point
    private = EncryptedTextField(blank=True)  # base64url of the 32 bytes of the scalar; empty once destroyed
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "kunci kegiatan"
        verbose_name_plural = "kunci kegiatan"
        ordering = ["event", "kid"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kid"], name="one_key_per_event_and_kid"),
            models.CheckConstraint(
                condition=Q(private="", destroyed_at__isnull=False)
                | (~Q(private="") & Q(destroyed_at__isnull=True)),
                name="event_key_is_whole_or_destroyed",
            ),
        ]

    def __str__(self):
        return f"{self.event_id} {self.kid}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"


class SigningDesk(models.Model):
    """What the officers of the day share: the PIN of the tablets, the room code of an online meeting."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="desk")
    staff_pin = EncryptedTextField("PIN petugas")
    room_code = models.CharField("kode ruang", max_length=8, blank=True)
    room_code_from = models.DateTimeField(null=True, blank=True)
    room_code_until = models.DateTimeField(null=True, blank=True)
    room_code_limit = models.PositiveIntegerField(default=0)
    room_code_uses = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "meja penandatanganan"
        verbose_name_plural = "meja penandatanganan"
        constraints = [
            models.CheckConstraint(
                condition=Q(room_code="")
                | Q(room_code_from__isnull=False, room_code_until__isnull=False, room_code_limit__gt=0),
                name="room_code_has_window_and_limit",
            ),
        ]

    def __str__(self):
        return f"Meja {self.event_id}"

    @property
    def asks_room_code(self) -> bool:
        """Kept by the limit, so that a revoked code leaves the question standing."""
        return self.room_code_limit > 0

    @property
    def room_code_is_over(self) -> bool:
        """There is a code, but it admits nobody any more: time or uses are spent."""
        return bool(self.room_code) and (
            self.room_code_until <= timezone.now() or self.room_code_uses >= self.room_code_limit
        )

    @property
    def room_code_grouped(self) -> str:
        """ "ACD EF7" """
        return f"{self.room_code[:3]} {self.room_code[3:]}".strip()

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"
