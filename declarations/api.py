"""/api/v1/kiosk/: how a tablet is paired and what it learns. Operations are thin; deeds do the work."""

import gzip
import json
from datetime import datetime
from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from accounts import audit
from accounts.api import ApiError
from accounts.canonical import b64u, unb64u
from accounts.limits import Limit
from events.desks import desk_of, pin_check
from events.keys import event_key
from events.models import Device
from events.pairing import PairingError, pair_device

from . import kiosk_messages as say
from .device_access import DeviceAuth
from .envelope import is_signed, public_key_of
from .evidence import PROTOCOL, first_link, format_time
from .kiosk import version
from .kiosk_chain import missing_seqs
from .kiosk_roster import etag, head_seq, roster_of
from .kiosk_version import is_too_old

kiosk = Router(tags=["kiosk"])


def by_device(request):
    return request.auth.pk


def by_address(request):
    return audit.client_ip.get() or request.META.get("REMOTE_ADDR", "")


PAIR_LIMITS = [
    Limit("pair", settings.KIOSK_PAIR_LIMIT, by_address, step=1),
    Limit("pair-all", settings.KIOSK_PAIR_LIMIT * 6, lambda request: "all", step=1),
]
ROSTER_LIMIT = Limit("roster", 30, by_device)
TIME_LIMIT = Limit("time", 30, by_device)

TOO_OLD = (
    "Versi aplikasi di tablet ini terlalu lama. Muat ulang halaman kios selagi ada jaringan, lalu coba lagi."
)
BAD_KEY = "Kunci tablet tidak dapat dipakai. Muat ulang halaman kios, lalu pasangkan lagi."
PAIR_STATUS = {"event_not_open": 409}


def stamp() -> dict:
    """What stands in every reply to a tablet."""
    return {"proto": PROTOCOL, "server_time": format_time(timezone.now())}


@cache
def current_app() -> str:
    """Version of the app that this process serves; its files do not change under a running server."""
    return version()


def errors(*statuses: int) -> dict:
    """Replies that say no, for the OpenAPI description."""
    return dict.fromkeys(statuses, say.KioskError)


@kiosk.post(
    "/pair",
    url_name="kiosk_pair",
    throttle=PAIR_LIMITS,
    response={200: say.PairOut} | errors(400, 409, 422, 426, 429, 503),
)
def pair(request, payload: say.PairIn):
    """Memasangkan tablet dengan kode sekali pakai; balasan yang hilang boleh diulang dengan kunci yang sama."""
    if payload.proto != PROTOCOL or is_too_old(payload.app, current_app()):
        raise ApiError(426, "app_too_old", TOO_OLD)
    public = _proven_key(payload)
    try:
        made = pair_device(
            code=payload.code,
            public_key=public,
            app=payload.app,
            chain_link_for=_first_link,
            missing_of=missing_seqs,
        )
    except PairingError as error:
        raise ApiError(PAIR_STATUS.get(error.code, 400), error.code, error.message) from None
    return reply(_paired(made.device, made.token))


@kiosk.get(
    "/roster",
    url_name="kiosk_roster",
    auth=DeviceAuth("roster"),
    throttle=[ROSTER_LIMIT],
    response={200: say.RosterOut, 304: None} | errors(401, 403, 410, 422, 426, 429, 503),
)
def roster(request, since: int | None = None):
    """Daftar peserta dan naskah: seluruhnya (ETag), atau dengan ``since`` hanya perubahannya."""
    device = request.auth
    if is_too_old(device.app, current_app()):
        raise ApiError(426, "app_too_old", TOO_OLD)
    seq = head_seq(device)
    if _is_known(request, etag(device, seq)):
        return HttpResponse(status=304, headers={"ETag": etag(device, seq)})
    found = roster_of(device, seq=seq, since=since)
    return reply(found, headers={"ETag": etag(device, found["seq"])}, squeeze=_takes_gzip(request))


@kiosk.post(
    "/time",
    url_name="kiosk_time",
    auth=DeviceAuth("time"),
    throttle=[TIME_LIMIT],
    response={200: say.TimeOut} | errors(401, 410, 422, 429),
)
def time(request, payload: say.TimeIn):
    """Jam peladen, untuk mengukur selisih jam tablet."""
    return reply({"t0": payload.t0})


# -- replies -----------------------------------------------------------------------------------------------------


def reply(body: dict, *, headers: dict | None = None, squeeze: bool = False) -> HttpResponse:
    content = json.dumps({**body, **stamp()}, ensure_ascii=False, separators=(",", ":")).encode()
    headers = dict(headers or {})
    if squeeze:
        content = gzip.compress(content, 6, mtime=0)
        headers |= {"Content-Encoding": "gzip"}
    return HttpResponse(content, content_type="application/json; charset=utf-8", headers=headers)


def _takes_gzip(request) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _is_known(request, tag: str) -> bool:
    """A proxy that compresses turns the tag into a weak one."""
    known = request.headers.get("If-None-Match", "")
    return tag in [each.strip().removeprefix("W/") for each in known.split(",")]


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None


# -- pairing -----------------------------------------------------------------------------------------------------


def _proven_key(payload: say.PairIn) -> bytes:
    """The public key, once the sender has shown that it holds the private half."""
    public = unb64u(payload.public_key)
    try:
        public_key_of(public)
    except ValueError:
        raise ApiError(422, "invalid", BAD_KEY) from None
    if not is_signed(f"{PROTOCOL}|pair|{payload.code}".encode(), unb64u(payload.proof), public):
        raise ApiError(400, "bad_proof", BAD_KEY)
    return public


def _first_link(device: Device) -> str:
    return first_link(str(device.event_id), str(device.pk), b64u(bytes(device.public_key))).hex()


def _paired(device: Device, token: str) -> dict:
    event = device.event
    key, pin = event_key(event=event, by=device), pin_check(desk_of(event=event, by=device))
    return {
        "token": token,
        "device": {
            "id": str(device.pk),
            "label": device.label,
            "site": device.site.name if device.site else "",
        },
        "event": {
            "id": str(event.pk),
            "code": event.code,
            "title": event.title,
            "office": event.office.name,
            "time_zone": event.time_zone,
            "starts_at": _time(event.starts_at),
            "ends_at": _time(event.ends_at),
        },
        "seal_key": {"kid": key.kid, "public": b64u(bytes(key.public))},
        "staff_pin": {"salt": b64u(pin.salt), "iterations": pin.iterations, "hash": b64u(pin.hash)},
    }
