"""/api/v1/kiosk/: how a tablet hands in, reports and lets go. Operations are thin; deeds do the work (KIOSK.md §9)."""

from django.utils import timezone

from accounts.api import ApiError
from accounts.limits import Limit
from events.devices import (
    REPORTED,
    Report,
    expected_below,
    note_heartbeat,
    note_unknown_key,
    retire_device,
)
from events.models import Device

from . import kiosk_messages as say
from .api import by_device, current_app, errors, kiosk, reply
from .device_access import DeviceAuth
from .kiosk_intake import ItemResult, chain_state, missing_seqs, take_in_items
from .kiosk_roster import head_seq, signing_of
from .kiosk_version import standing

SYNC_LIMIT = Limit("sync", 60, by_device)
HEARTBEAT_LIMIT = Limit("heartbeat", 12, by_device, step=6)
UNPAIR_LIMIT = Limit("unpair", 30, by_device)
BUSY_FOR = 5  # seconds after which the tablet may try again
BUSY = "Peladen sedang sibuk. Catatan tetap aman di tablet dan dikirim lagi sebentar."
EMPTY_IT = "Perangkat ini dikosongkan. Kirim semua data, lalu serahkan kepada petugas."
CHAIN_BROKEN = "Rangkaian catatan tablet ini terputus. Jangan hapus data apa pun. Panggil petugas."
MISSING = "Peladen belum memegang semua catatan tablet ini. Kirim dahulu, lalu lepaskan lagi."
CHAIN_DIFFERS = (
    "Rangkaian catatan tablet ini berbeda dari yang diterima peladen. Unduh berkas penyelamat dahulu."
)


@kiosk.post(
    "/sync",
    url_name="kiosk_sync",
    auth=DeviceAuth("sync"),
    throttle=[SYNC_LIMIT],
    response={200: say.SyncOut} | errors(401, 410, 413, 422, 429, 503),
)
def sync(request, payload: say.SyncIn):
    """Menerima paling banyak 50 catatan tersegel; setiap catatan mendapat jawaban dan tanda terimanya sendiri."""
    device = request.auth
    items = [{"id": str(item.id), "seq": item.seq, "kid": item.kid, "c": item.c} for item in payload.items]
    results = take_in_items(
        items, device=device, via="sync", by=device, sent_at_device=payload.sent_at_device
    )
    if all(result.codes == ["busy"] for result in results):
        raise ApiError(503, "busy", BUSY, retry_after=BUSY_FOR)
    _note_unknown_keys(device, results)
    found = [_result(result) for result in results]
    return reply({**_standing(device, payload.app), "results": found})


@kiosk.post(
    "/heartbeat",
    url_name="kiosk_heartbeat",
    auth=DeviceAuth("heartbeat"),
    throttle=[HEARTBEAT_LIMIT],
    response={200: say.HeartbeatOut} | errors(401, 410, 422, 429, 503),
)
def heartbeat(request, payload: say.HeartbeatIn):
    """Laporan keadaan tablet; balasannya menyebut nomor yang belum diterima dan hal lain yang perlu dilakukan."""
    device, now = request.auth, timezone.now()
    missing = missing_seqs(device, expected_below(device, payload.next_seq))
    offset = round((now - payload.sent_at_device).total_seconds() * 1000)
    note_heartbeat(device=device, report=_report(payload, offset), missing=missing, now=now)
    seq = head_seq(device)
    return reply(
        {
            **_standing(device, payload.app),
            "roster_seq": seq,
            "signing": signing_of(device),
            "commands": _commands(device, payload, missing, seq),
        }
    )


@kiosk.post(
    "/unpair",
    url_name="kiosk_unpair",
    auth=DeviceAuth("unpair"),
    throttle=[UNPAIR_LIMIT],
    response={200: say.UnpairOut, 409: say.MissingRecords} | errors(401, 410, 422, 429, 503),
)
def unpair(request, payload: say.UnpairIn):
    """Melepas tablet: hanya bila seluruh rantainya sudah di sini, atau berkas penyelamat sudah diunduh dengan alasan."""
    device = request.auth
    if device.retired_at is not None:  # the reply got lost
        return reply({"device_state": device.state})
    bridges = {bridge.seq: bridge.record_sha256 for bridge in payload.quarantined}
    missing = missing_seqs(device, expected_below(device, payload.next_seq))
    whole = not missing and chain_state(device, bridges) == (payload.next_seq, payload.link)
    if not whole and not (payload.forced and payload.reason.strip()):
        raise ApiError(409, "missing_records", MISSING if missing else CHAIN_DIFFERS, seqs=missing)
    lost = 0 if whole else len(missing)
    retire_device(device=device, by=device, reason=payload.reason, missing=lost, next_seq=payload.next_seq)
    return reply({"device_state": device.state})


# -- handing in and reporting ------------------------------------------------------------------------------------


def _standing(device: Device, app: str) -> dict:
    return {"device_state": device.state, "upgrade": standing(app, current_app())}


def _result(result: ItemResult) -> dict:
    found = result._asdict()
    return {name: value for name, value in found.items() if name in ("id", "status", "codes") or value}


def _note_unknown_keys(device: Device, results: list[ItemResult]) -> None:
    unknown = sum("unknown_key" in result.codes for result in results)
    if unknown:
        note_unknown_key(device=device, count=unknown)


def _report(payload: say.HeartbeatIn, offset: int) -> Report:
    said = payload.dict(include={*REPORTED, "app"})
    return Report(**said, clock_offset_ms=offset)


def _commands(device: Device, payload: say.HeartbeatIn, missing: list[int], seq: int) -> list[dict]:
    """What the tablet should do; it ignores numbers that still wait in its own outbox."""
    commands = [{"do": "resend", "seqs": missing}] if missing else []
    if not device.may_read_roster:
        commands += [{"do": "wipe_roster"}, _message(EMPTY_IT)]
    elif payload.roster_seq > seq:
        commands.append({"do": "refresh_roster"})
    return commands + ([_message(CHAIN_BROKEN)] if device.chain_broken_at is not None else [])


def _message(text: str) -> dict:
    return {"do": "message", "text": text}
