"""The board of the day: what the server knows of each tablet, with the same number of queries for one and for ten."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import AuditStream
from events.models import Device, DeviceHeartbeat, Event
from regions.wording import clock, long_date_no_day, number

from .kiosk_chain import MOST_MISSING
from .kiosk_version import NONE, standing
from .models import Declaration, KioskItem
from .tablet_alerts import AMBER, RED, Alert, Facts, alerts_of, duration, spans

BAD_SIGNATURE = "bad_device_signature"


@dataclass
class Tablet:
    """One pairing on the board: what it said last, what arrived, and what has to be done about it."""

    device: Device
    now: datetime
    zone: str
    heartbeat: DeviceHeartbeat | None = None
    received: int = 0
    quarantined: int = 0  # bytes here that nobody could read or has decided about
    bad_signatures: int = 0
    missing: list[int] = field(default_factory=list)
    closed_at: datetime | None = None
    head_seq: int = 0
    current_app: str = ""

    @property
    def pending(self) -> int:
        """As it reported last."""
        return self.heartbeat.pending if self.heartbeat else 0

    @property
    def waiting(self) -> int:
        """What it reported as pending and has not come since, by itself or by rescue file."""
        return min(self.pending, len(self.missing))

    @property
    def lost(self) -> int:
        """A rescue file may still bring what the tablet lost."""
        return min(self.heartbeat.lost, len(self.missing)) if self.heartbeat else 0

    @property
    def facts(self) -> Facts:
        said = self.heartbeat or DeviceHeartbeat()
        return Facts(
            now=self.now,
            zone=self.zone,
            contact=self.contact,
            closed_at=self.closed_at,
            waiting=self.waiting,
            pending=self.pending,
            oldest_pending_at=said.oldest_pending_at,
            missing=self.missing,
            chain_broken_at=self.device.chain_broken_at,
            bad_signatures=self.bad_signatures,
            lost=self.lost,
            unknown_key=said.unknown_key,
            offset_ms=said.clock_offset_ms,
            persisted=said.persisted,
            free_mb=said.free_mb,
            is_old_app=standing(self.device.app, self.current_app) != NONE,
            may_hand_in=self.device.may_hand_in,
        )

    @cached_property
    def alerts(self) -> list[Alert]:
        return alerts_of(self.facts)

    @property
    def red(self) -> list[Alert]:
        return [alert for alert in self.alerts if alert.tone == RED]

    @property
    def amber(self) -> list[Alert]:
        return [alert for alert in self.alerts if alert.tone == AMBER]

    # -- in words ----------------------------------------------------------------------------------------------------

    @property
    def contact(self) -> datetime | None:
        return self.heartbeat.at if self.heartbeat else None

    @property
    def in_contact(self) -> bool:
        return self.facts.in_contact

    @property
    def contact_tone(self) -> str:
        return "done" if self.in_contact else "muted"

    @property
    def contact_words(self) -> str:
        """Offline is normal: said plainly, in grey."""
        if not self.device.may_hand_in:
            return f"Kontak terakhir {self.at(self.contact)}" if self.contact else "Tidak pernah melapor"
        if self.contact is None:
            return "Belum pernah melapor"
        return "Tersambung" if self.in_contact else f"Belum ada kontak sejak {self.at(self.contact)} (luring)"

    @property
    def pending_age(self) -> str:
        """How old the report is, or since when the oldest record waits."""
        if self.heartbeat is None:
            return ""
        if self.pending and self.heartbeat.oldest_pending_at:
            return f"sejak {self.at(self.heartbeat.oldest_pending_at)}"
        return "baru saja" if self.in_contact else f"{duration(self.now - self.heartbeat.at)} lalu"

    @property
    def missing_words(self) -> str:
        return spans(self.missing)

    @property
    def offset_words(self) -> str:
        seconds = round(self.heartbeat.clock_offset_ms / 1000)
        if abs(seconds) < 2:
            return "tepat"
        side = "terlambat" if seconds > 0 else "lebih cepat"
        return f"{side} " + (
            f"{abs(seconds)} detik" if abs(seconds) < 120 else duration(timedelta(seconds=abs(seconds)))
        )

    @property
    def space_words(self) -> str:
        free = self.heartbeat.free_mb
        if free is None:
            return "tidak diketahui"
        return f"{number(free)} MB" if free < 1024 else f"{free / 1024:.1f} GB".replace(".", ",")

    @property
    def persisted_words(self) -> str:
        return {True: "tetap", False: "belum dijamin", None: "tidak diketahui"}[self.heartbeat.persisted]

    @property
    def roster_words(self) -> str:
        """Versions are numbers of the event's log, which also grows by what changes no roster."""
        mine = self.heartbeat.roster_seq
        if not mine:
            return "belum diunduh"
        return f"versi {mine}" if mine >= self.head_seq else f"{mine} (terbaru {self.head_seq})"

    def at(self, moment: datetime) -> str:
        """ "09.10", with the day when it was another one."""
        hour = clock(moment, self.zone)
        same_day = long_date_no_day(moment, self.zone) == long_date_no_day(self.now, self.zone)
        return hour if same_day else f"{long_date_no_day(moment, self.zone)} {hour}"


@dataclass
class Board:
    tablets: list[Tablet]
    now: datetime

    @property
    def in_use(self) -> list[Tablet]:
        """Whatever may still hand in, and whatever left with something undone."""
        return [tablet for tablet in self.tablets if tablet.device.may_hand_in or tablet.red]

    @property
    def left(self) -> list[Tablet]:
        shown = self.in_use
        return [tablet for tablet in self.tablets if tablet not in shown]

    @property
    def urgent(self) -> list[Tablet]:
        return [tablet for tablet in self.tablets if tablet.red]

    @property
    def waiting(self) -> int:
        return sum(tablet.waiting for tablet in self.tablets)

    @property
    def connected(self) -> int:
        return sum(tablet.in_contact for tablet in self.in_use)


def board_of(event: Event, *, app: str = "", now: datetime | None = None) -> Board:
    """Every tablet of the event in the order of its label. ``app`` is the version that this server hands out."""
    now = now or timezone.now()
    devices = list(event.devices.select_related("site", "heartbeat").in_order())
    if not devices:
        return Board([], now)
    counted, above = _counts(event), _seqs_above_chain(event)
    common = {
        "now": now,
        "zone": event.time_zone,
        "closed_at": signing_closed_at(event),
        "head_seq": _head_seq(event),
        "current_app": app,
    }
    return Board(
        [
            Tablet(
                device=device,
                heartbeat=getattr(device, "heartbeat", None),
                missing=_missing(device, above[device.pk]),
                **counted.get(device.pk, {}),
                **common,
            )
            for device in devices
        ],
        now,
    )


def signing_closed_at(event: Event) -> datetime | None:
    """When the event was closed, or the last of its papers; None while anybody may still sign."""
    if event.closed_at or not event.is_running:
        return event.closed_at
    papers = event.declarations.exclude(state=Declaration.State.VOID).values_list("closed_at", flat=True)
    moments = list(papers)
    return max(moments) if moments and all(moments) else None


def _counts(event: Event) -> dict:
    """{device: {received, quarantined, bad_signatures}}"""
    is_open = Q(status=KioskItem.Status.QUARANTINED, resolved_at=None)
    rows = (
        KioskItem.objects.filter(event=event)
        .order_by()
        .values("device")
        .annotate(
            received=Count("seq", distinct=True),
            quarantined=Count("pk", filter=is_open),
            bad_signatures=Count("pk", filter=is_open & Q(code=BAD_SIGNATURE)),
        )
    )
    return {row.pop("device"): row for row in rows}


def _seqs_above_chain(event: Event) -> dict:
    """{device: numbers that are here beyond the unbroken part of the chain}; nothing below it can be missing."""
    found = defaultdict(set)
    rows = KioskItem.objects.filter(event=event, seq__gte=F("device__chain_seq")).order_by()
    for device, seq in rows.values_list("device", "seq"):
        found[device].add(seq)
    return found


def _missing(device: Device, here: set[int]) -> list[int]:
    heartbeat = getattr(device, "heartbeat", None)
    below = min(heartbeat.next_seq if heartbeat else 0, device.chain_seq + MOST_MISSING)
    return [seq for seq in range(device.chain_seq, below) if seq not in here]


def _head_seq(event: Event) -> int:
    head = AuditStream.objects.filter(name=event.audit_stream).values_list("head_seq", flat=True).first()
    return head or 0
