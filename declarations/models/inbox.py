"""What arrived, as it arrived: kept for ever, readable or not."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.models import Device, Event

from .declarations import Declaration


class InboxItem(models.Model):
    """Every body that ever arrived and could not become a signature; kept as it came, for a person to look at."""

    item_id = models.UUIDField(null=True)
    sealed_sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="inbox_items", null=True)
    code = models.CharField(max_length=24)
    message = models.CharField(max_length=300)
    received_at = models.DateTimeField(auto_now_add=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "kiriman tak terbaca"
        verbose_name_plural = "kiriman tak terbaca"
        ordering = ["received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "sealed_sha256"], name="one_inbox_item_per_paper_and_bytes"
            )
        ]

    def __str__(self):
        return self.message

    @property
    def audit_stream(self) -> str:
        return self.declaration.audit_stream if self.declaration else "inbox"


class KioskItemQuerySet(models.QuerySet):
    def open_quarantine(self):
        """Bytes nobody could read and nobody has decided about yet."""
        return self.filter(status=KioskItem.Status.QUARANTINED, resolved_at=None)

    def authentic(self):
        """Opened, and signed by the tablet's own key."""
        return self.exclude(record_sha256="")

    def undecided(self):
        """What waits for a person and stands nowhere else: unreadable bytes, and held records without a signature
        row (a paper of another event, an arrival, a void)."""
        held = Q(status=KioskItem.Status.HELD) & (~Q(kind="signature") | Q(code="unknown_declaration"))
        waiting = Q(status=KioskItem.Status.QUARANTINED) | held
        return self.filter(waiting, resolved_at=None)

    def open_questions(self, event):
        return self.undecided().filter(event=event)


class KioskItem(models.Model):
    """One sealed item of a tablet: the bytes, who handed them in, and what became of them (KIOSK §8)."""

    class Status(models.TextChoices):
        STORED = "stored", "Tersimpan"
        CONFLICT = "conflict", "Ganda"
        HELD = "held", "Ditahan"
        QUARANTINED = "quarantined", "Karantina"

    class Via(models.TextChoices):
        SYNC = "sync", "Dikirim tablet"
        RESCUE = "rescue", "Berkas penyelamat"

    n = models.BigAutoField(primary_key=True)  # the number of the receipt
    item_id = models.UUIDField()
    sealed_sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()  # enc ‖ ciphertext, exactly as received
    # Indexes for rows that come fifty at a time: only those that a query uses; both of these lead one in Meta.
    event = models.ForeignKey(Event, models.PROTECT, related_name="kiosk_items", db_index=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="items", db_index=False)
    seq = models.PositiveIntegerField()
    kid = models.CharField(max_length=8)
    via = models.CharField(max_length=6, choices=Via, default=Via.SYNC)
    received_at = models.DateTimeField()
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # What the record says once opened; empty while nobody could read it.
    kind = models.CharField(max_length=10, blank=True)
    record_sha256 = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    # Canonical bytes of a void, a probe or an arrival; those of signatures stand in Signature.record.
    record = models.BinaryField(null=True)
    device_signature = models.BinaryField(null=True)
    target = models.UUIDField(null=True, blank=True)  # of a void
    applied_at = models.DateTimeField(null=True, blank=True)  # of a void: when its target was taken back
    status = models.CharField(max_length=11, choices=Status)
    code = models.CharField("sebab", max_length=24, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    resolution = models.CharField(max_length=300, blank=True)

    objects = KioskItemQuerySet.as_manager()

    class Meta:
        verbose_name = "kiriman tablet"
        verbose_name_plural = "kiriman tablet"
        ordering = ["n"]
        indexes = [
            models.Index(fields=["device", "seq"], name="kiosk_item_by_device_and_seq"),
            models.Index(fields=["event", "status"], name="kiosk_item_by_status"),
            models.Index(fields=["target"], condition=Q(kind="void"), name="kiosk_void_by_target"),
        ]
        constraints = [
            # The tablet belongs to it: who brings the bytes of one tablet as another's must not take their place.
            models.UniqueConstraint(
                fields=["item_id", "sealed_sha256", "device"], name="one_kiosk_item_per_id_bytes_and_tablet"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["stored", "conflict", "held", "quarantined"]),
                name="kiosk_item_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="quarantined") | ~Q(record_sha256=""), name="read_kiosk_item_has_hash"
            ),
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.seq}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"
