"""DEEDS: a tablet introduces itself once, by a code of ten minutes and its own key (KIOSK.md §9 ``pair``)."""

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .devices import missing_by_chain, note_lost_before
from .locking import lock
from .models import Device, Event, EventSite, PairingCode
from .models.devices import digest_of
from .people import tidy

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
LENGTH = 12  # 60 bits
LIFETIME = timedelta(minutes=10)
PAIRABLE = (Event.State.SCHEDULED, Event.State.RUNNING)

MESSAGES = {
    "code_unknown": "Kode tidak dikenal. Periksa ketikan, atau minta kode baru kepada petugas.",
    "code_expired": "Kode sudah kedaluwarsa. Minta kode baru kepada petugas.",
    "code_used": "Kode sudah dipakai. Minta kode baru kepada petugas.",
    "event_not_open": "Kegiatan ini belum dijadwalkan atau sudah selesai, sehingga tablet tidak dapat dipasangkan.",
}
NOT_PAIRABLE = {
    Event.State.DRAFT: "Kegiatan masih draf. Jadwalkan kegiatan sebelum memasangkan tablet.",
    Event.State.CLOSED: "Kegiatan sudah selesai. Tablet baru tidak dapat dipasangkan lagi.",
    Event.State.ARCHIVED: "Kegiatan sudah diarsipkan. Tablet tidak dapat dipasangkan lagi.",
    Event.State.CANCELLED: "Kegiatan sudah dibatalkan. Tablet tidak dapat dipasangkan.",
}


class PairingError(Exception):
    """The tablet cannot be paired: ``code`` for machines, ``message`` (Indonesian) says what to do."""

    def __init__(self, code: str):
        self.code, self.message = code, MESSAGES[code]
        super().__init__(code)


class NewCode(NamedTuple):
    code: str  # shown once, in a QR and in three groups of four
    row: PairingCode


class NewDevice(NamedTuple):
    device: Device
    token: str  # handed out once


def issue_code(*, event: Event, label: str, site: EventSite | None = None, by) -> NewCode:
    """Twelve characters with which one tablet may introduce itself within ten minutes.

    Effects: a row with the hash of the code; audit ``device.code_issued``. Refused without a name for the tablet and
    unless the event is scheduled or running. ValueError for a site of another event.
    """
    label = tidy(label)[:60]
    if site is not None and site.event_id != event.pk:
        raise ValueError("site of another event")
    if not label:
        raise Refusal('Isi nama tablet, misalnya "Meja 1".')
    code = "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))
    with writing():
        lock(event)
        if event.state not in PAIRABLE:
            raise Refusal(NOT_PAIRABLE[event.state])
        row = PairingCode.objects.create(
            digest=digest_of(code),
            event=event,
            site=site,
            label=label,
            created_by=by,
            expires_at=timezone.now() + LIFETIME,
        )
        audit.record(by, "device.code_issued", row, site=site.name if site else None)
    return NewCode(code, row)


def pair_device(
    *,
    code: str,
    public_key: bytes,
    app: str,
    chain_link_for: Callable[[Device], str],
    missing_of: Callable[[Device, int], Sequence[int]] = missing_by_chain,
) -> NewDevice:
    """Make the tablet that typed this code known, and give it its token.

    Effects in order: a device with its key and the hash of its token; the code is consumed by one conditional UPDATE;
    what an earlier tablet of this name reported as pending and nobody received counts as lost; audit
    ``device.paired``. The same code with the same key again, while the first record of the tablet has not arrived,
    means that the reply got lost: the same device, a fresh token, the old one dies. ``chain_link_for(device)`` gives
    the link before its record 0, ``missing_of(device, below)`` the numbers that are not here. Raises PairingError.
    """
    found = PairingCode.objects.filter(digest=digest_of(normalised(code))).first()
    if found is None:
        raise PairingError("code_unknown")
    with writing():
        event = lock(found.event)
        found.refresh_from_db()
        if found.used_at is not None:
            return _pair_again(found, public_key)
        if found.expires_at <= timezone.now():
            raise PairingError("code_expired")
        if event.state not in PAIRABLE:
            raise PairingError("event_not_open")
        made = _new_device(found, public_key, app, chain_link_for)
        _consume(found, made.device)
        note_lost_before(made.device, missing_of)
        audit.record(
            made.device,
            "device.paired",
            made.device,
            site=made.device.site.name if made.device.site else None,
        )
    return made


def normalised(code: str) -> str:
    """As it was issued: capitals, no separators, O read as 0, I and L as 1."""
    return "".join(character for character in code.upper() if character.isalnum()).translate(MISREAD)


def _new_device(code: PairingCode, public_key: bytes, app: str, chain_link_for) -> NewDevice:
    token = Device.new_token()
    device = Device(
        event=code.event,
        site=code.site,
        label=code.label,
        public_key=public_key,
        token_sha256=digest_of(token),
        app=app,
        paired_by_id=code.created_by_id,
    )
    device.chain_link = chain_link_for(device)
    device.save(force_insert=True)
    return NewDevice(device, token)


def _consume(code: PairingCode, device: Device) -> None:
    """The one place that decides who was first: a row count of 0 takes back the whole pairing."""
    now = timezone.now()
    free = PairingCode.objects.filter(pk=code.pk, used_at=None, expires_at__gt=now)
    if not free.update(used_at=now, device=device):
        raise PairingError("code_used")


def _pair_again(code: PairingCode, public_key: bytes) -> NewDevice:
    device = Device.objects.select_related("event__office", "site").get(pk=code.device_id)
    if bytes(device.public_key) != bytes(public_key):
        raise PairingError("code_used")
    token = Device.new_token()
    waiting = Device.objects.filter(pk=device.pk, state=Device.State.PAIRED)
    if not waiting.update(token_sha256=digest_of(token)):
        raise PairingError("code_used")
    device.token_sha256 = digest_of(token)
    audit.record(device, "device.paired_again", device)
    return NewDevice(device, token)
