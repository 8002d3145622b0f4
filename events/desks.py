"""DEEDS: the PIN that the officers of the day share, and the trace of it that a tablet may keep (KIOSK.md §12)."""

import hashlib
import secrets
from typing import NamedTuple

from accounts import audit
from accounts.writing import writing

from .locking import lock
from .models import Event, SigningDesk

DIGITS = 6
ITERATIONS = 200_000


class PinCheck(NamedTuple):
    """What a tablet needs to check the PIN without the network: PBKDF2-HMAC-SHA-256, 32 bytes."""

    salt: bytes
    iterations: int
    hash: bytes


def desk_of(*, event: Event, by) -> SigningDesk:
    """The desk of the event, with a PIN of six digits made at the first call; audit ``event.desk_made``."""
    with writing():
        lock(event)
        desk, made = SigningDesk.objects.get_or_create(event=event, defaults={"staff_pin": new_pin()})
        if made:
            audit.record(by, "event.desk_made", event)
    return desk


def renew_pin(*, event: Event, by) -> SigningDesk:
    """Another PIN for tablets that are paired from now on; audit ``event.pin_renewed``."""
    with writing():
        desk = desk_of(event=event, by=by)
        before = desk.staff_pin
        while desk.staff_pin == before:
            desk.staff_pin = new_pin()
        desk.save(update_fields=["staff_pin"])
        audit.record(by, "event.pin_renewed", event)
    return desk


def new_pin() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def pin_check(desk: SigningDesk, salt: bytes | None = None) -> PinCheck:
    """Slow on purpose (about a tenth of a second): call it outside every transaction."""
    salt = salt or secrets.token_bytes(16)
    return PinCheck(
        salt, ITERATIONS, hashlib.pbkdf2_hmac("sha256", desk.staff_pin.encode(), salt, ITERATIONS)
    )
