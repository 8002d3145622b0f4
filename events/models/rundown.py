"""Taps of the MC: what was begun, ended or read at which moment, each kept once however often it is sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .events import AgendaItem, Event


class RundownTap(models.Model):
    """One tap, keyed by the id the MC's device gave it; the times of an agenda item follow from its taps."""

    class Kind(models.TextChoices):
        START = "start", "Mulai"
        FINISH = "finish", "Selesai"
        UNSTART = "unstart", "Batal mulai"
        UNFINISH = "unfinish", "Batal selesai"
        READ = "read", "Dibacakan"
        OPEN = "open", "Buka penandatanganan"

    OF_ITEM = [Kind.START, Kind.FINISH, Kind.UNSTART, Kind.UNFINISH]

    id = models.UUIDField(primary_key=True, editable=False)  # made by the device
    event = models.ForeignKey(Event, models.PROTECT, related_name="taps")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="taps", null=True, blank=True)
    subject = models.UUIDField(null=True, blank=True)  # a row of the room above: the paper that was read
    kind = models.CharField("ketukan", max_length=8, choices=Kind)
    at = models.DateTimeField("pukul")
    received_at = models.DateTimeField(auto_now_add=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "ketukan pembawa acara"
        verbose_name_plural = "ketukan pembawa acara"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True, subject__isnull=False, kind__in=["read", "open"])
                | Q(
                    item__isnull=False,
                    subject__isnull=True,
                    kind__in=["start", "finish", "unstart", "unfinish"],
                ),
                name="rundown_tap_is_of_item_or_paper",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%H.%M}"

    @property
    def audit_stream(self) -> str:
        return f"event:{self.event_id}"
