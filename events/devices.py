"""DEEDS: the life of a paired tablet, paired → active → draining → revoked, and what it reports (KIOSK.md §9, §10.3).

Nothing here keeps a tablet from handing in what people signed, except "Putuskan sekarang" and the end of its life.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .keys import destroy_event_key
from .locking import lock
from .models import Device, DeviceHeartbeat, Event
from .people import tidy

State = Device.State

USUAL_LENGTH = timedelta(hours=12)  # of an event that does not say when it ends
KEEPS_ROSTER = timedelta(hours=72)
KEEPS_SENT = timedelta(days=30)

ALREADY_REVOKED = "Tablet ini sudah dicabut."
REASON_NEEDED = "Alasan wajib diisi."

# Rooms above: fn(event) -> bool, True while something sealed to the key of the event still waits for a person.
KEY_NEEDED: list[Callable[[Event], bool]] = []


@dataclass(frozen=True)
class Report:
    """What a heartbeat says; names and meaning as in DeviceHeartbeat."""

    pending: int = 0
    quarantine: int = 0
    next_seq: int = 0
    link: str = ""
    oldest_pending_at: datetime | None = None
    roster_seq: int = 0
    persisted: bool | None = None
    free_mb: int | None = None
    battery: int | None = None
    signing: str = ""
    ready: bool = False
    clock_offset_ms: int = 0
    operator: str = ""
    app: str = field(default="", kw_only=True)


REPORTED = tuple(each.name for each in fields(Report) if each.name != "app")


# -- the way out -------------------------------------------------------------------------------------------------


def drain_device(*, device: Device, by, reason: str = "") -> Device:
    """ "Cabut": no roster and no new signatures, but everything that waits may still be handed in.

    Effects: state draining with its moment, audit ``device.draining``. A draining tablet stays as it is; refused for
    a revoked one.
    """
    with writing():
        lock(device.event)
        hold(device)
        if device.state == State.REVOKED:
            raise Refusal(ALREADY_REVOKED)
        if device.state != State.DRAINING:
            _write(device, State.DRAINING, draining_at=timezone.now(), state_reason=tidy(reason)[:300])
            audit.record(by, "device.draining", device, reason=device.state_reason or None)
    return device


def cut_off_device(*, device: Device, by, reason: str) -> Device:
    """ "Putuskan sekarang" for a stolen tablet: its token is dead at once, its queue comes by rescue file only.

    Effects: state revoked, ``cut_off_at`` (what was signed later is held), audit ``device.cut_off``; keys that nobody
    needs any more are destroyed. Refused without a reason and for a revoked tablet.
    """
    reason = tidy(reason)[:300]
    if not reason:
        raise Refusal(REASON_NEEDED)
    with writing():
        lock(device.event)
        hold(device)
        if device.state == State.REVOKED:
            raise Refusal(ALREADY_REVOKED)
        now = timezone.now()
        _write(device, State.REVOKED, revoked_at=now, cut_off_at=now, state_reason=reason)
        audit.record(by, "device.cut_off", device, reason=reason)
        destroy_unneeded_keys(event=device.event, by=by)
    return device


def retire_device(*, device: Device, by, reason: str = "", missing: int = 0, next_seq: int = 0) -> Device:
    """The tablet lets go and wipes itself: the server has its whole chain, or staff exported it and gave a reason.

    Effects: state revoked, ``retired_at``; ``missing`` records below ``next_seq`` that never came count as lost, and
    the key stays for the file that was exported; audit ``device.retired``; other keys that nobody needs any more are destroyed. A second time changes nothing.
    """
    with writing():
        lock(device.event)
        hold(device)
        if device.retired_at is not None:
            return device
        now = timezone.now()
        reason = tidy(reason)[:300] or device.state_reason
        revoked_at = device.revoked_at or now
        _write(device, State.REVOKED, revoked_at=revoked_at, retired_at=now, state_reason=reason)
        if missing:
            row, _ = DeviceHeartbeat.objects.get_or_create(device=device, defaults={"at": now})
            row.lost, row.next_seq = missing, max(row.next_seq, next_seq)
            row.save(update_fields=["lost", "next_seq"])
        audit.record(by, "device.retired", device, reason=reason or None, missing=missing or None)
        destroy_unneeded_keys(event=device.event, by=by)
    return device


def drain_when_over(device: Device, *, now: datetime | None = None) -> Device:
    """72 hours after the end a tablet becomes draining, never dead: one found in a drawer must still hand in."""
    if device.may_read_roster and roster_ends_at(device) <= (now or timezone.now()):
        return drain_device(device=device, by=audit.SYSTEM, reason="Kegiatan sudah lewat 72 jam.")
    return device


def end_for(device: Device) -> datetime:
    """When the day of this tablet ends: with its event, or with its pairing when that came later."""
    event = device.event
    planned = event.ends_at or (event.starts_at and event.starts_at + USUAL_LENGTH)
    return max(planned, device.paired_at) if planned else device.paired_at


def roster_ends_at(device: Device) -> datetime:
    return end_for(device) + KEEPS_ROSTER


def sent_ends_at(device: Device) -> datetime:
    return end_for(device) + KEEPS_SENT


def hold(device: Device) -> Device:
    """Refresh the given object from its row and hold the row till the end of the transaction; event and site stay."""
    event, site = device.event, device.site
    device.refresh_from_db(from_queryset=Device.objects.select_for_update())
    device.event, device.site = event, site
    return device


# -- what it reports ---------------------------------------------------------------------------------------------


def note_heartbeat(
    *, device: Device, report: Report, missing: Sequence[int], now: datetime | None = None
) -> DeviceHeartbeat:
    """Keep what the tablet says of itself; ``missing`` are the numbers below ``expected_below`` that are not here.

    Effects: the one row of the tablet; ``lost`` counts records that were pending and can no longer come (KIOSK §10.3);
    a head of its chain that differs from ours marks the chain broken; a draining tablet that has nothing left becomes
    revoked (audit ``device.revoked``). No audit entry otherwise: it comes every half minute.
    """
    with writing():
        if device.state == State.DRAINING:
            lock(device.event)  # before the tablet, as every deed does that may end its life
        hold(device)
        earlier = DeviceHeartbeat.objects.filter(device=device).first()
        row = earlier or DeviceHeartbeat(device=device)
        lost = _lost(earlier, report, missing)
        highest = max(report.next_seq, earlier.next_seq if earlier else 0)
        for name in REPORTED:
            setattr(row, name, getattr(report, name))
        row.at, row.next_seq, row.lost = now or timezone.now(), highest, lost
        if report.pending == 0:
            row.unknown_key = 0
        row.save()
        _note_of_device(device, report)
        if device.state == State.DRAINING and _has_nothing_left(device, row, missing):
            _revoke_empty(device)
    return row


def expected_below(device: Device, next_seq: int) -> int:
    """Every number below this one should exist: the highest the tablet ever reported."""
    earlier = DeviceHeartbeat.objects.filter(device=device).values_list("next_seq", flat=True).first()
    return max(next_seq, earlier or 0)


def note_unknown_key(*, device: Device, count: int) -> None:
    """Items came for a key this server does not have: a wrong server, or a key lost with an old backup."""
    with writing():
        DeviceHeartbeat.objects.update_or_create(
            device=device,
            defaults={"unknown_key": count},
            create_defaults={"unknown_key": count, "at": timezone.now()},
        )


def missing_by_chain(device: Device, below: int) -> range:
    """A first guess without looking into the inbox: what lies above the unbroken part of the chain."""
    return range(device.chain_seq, below)


def note_lost_before(device: Device, missing_of: Callable[[Device, int], Sequence[int]]) -> None:
    """A tablet of the same name is paired anew: what the earlier one reported as pending and never sent is lost."""
    earlier = DeviceHeartbeat.objects.filter(
        device__event=device.event, device__label=device.label, device__retired_at=None, pending__gt=0
    )
    for row in earlier.exclude(device=device).select_related("device"):
        row.lost = len(missing_of(row.device, row.next_seq))
        row.save(update_fields=["lost"])


def _lost(earlier: DeviceHeartbeat | None, report: Report, missing: Sequence[int]) -> int:
    """A tablet that had a queue and now has none, or counts from a lower number, cannot send what is missing."""
    if earlier is None or not (earlier.pending or earlier.lost):
        return 0
    if report.pending and report.next_seq >= earlier.next_seq:
        return 0  # the queue is still there
    return max(0, len(missing) - report.quarantine - report.pending)


def _note_of_device(device: Device, report: Report) -> None:
    """Version of the app, and whether both sides stand at the same link."""
    changed = []
    if report.app and report.app != device.app:
        device.app = report.app
        changed.append("app")
    same_place = report.link and device.chain_seq == report.next_seq
    if same_place and device.chain_link != report.link and device.chain_broken_at is None:
        device.chain_broken_at = report.next_seq
        changed.append("chain_broken_at")
    if changed:
        device.save(update_fields=changed)


def _has_nothing_left(device: Device, row: DeviceHeartbeat, missing: Sequence[int]) -> bool:
    return not (row.pending or row.quarantine or missing) and device.chain_seq >= row.next_seq


def _revoke_empty(device: Device) -> None:
    _write(device, State.REVOKED, revoked_at=timezone.now())
    audit.record(audit.SYSTEM, "device.revoked", device)
    destroy_unneeded_keys(event=device.event, by=audit.SYSTEM)


# -- keys --------------------------------------------------------------------------------------------------------


def destroy_unneeded_keys(*, event: Event, by) -> int:
    """Once the event is archived, no tablet may hand in and no question is open, nothing needs its keys (KIOSK §7.4).

    Returns how many were destroyed; asked on archiving, when a tablet goes, and by the rooms above when the last
    question is settled.
    """
    if not event.is_archived or event.devices.in_use().exists():
        return 0
    if any(needed(event) for needed in KEY_NEEDED):
        return 0
    keys = event.keys.filter(destroyed_at=None)
    return len([destroy_event_key(key=key, by=by) for key in keys])


def _write(device: Device, state: str, **values) -> None:
    for name, value in {"state": state, **values}.items():
        setattr(device, name, value)
    device.save(update_fields=["state", *values])
