"""Open, check and read what a tablet handed in: steps 3 to 7 of KIOSK.md §8.2, and when it was made.

PURE. What cannot be read keeps its bytes and says why; nothing here raises for anything a tablet may send.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from accounts.canonical import unb64u

from .envelope import Opened, info, is_signed, open_sealed
from .evidence import Record, parse_record
from .records import RecordError

UNREADABLE, INVALID = ("quarantined", "unreadable"), ("quarantined", "invalid_record")
BAD_SIGNATURE = ("quarantined", "bad_device_signature")
UNKNOWN_KEY, UNKNOWN_VERSION = ("retry", "unknown_key"), ("retry", "unsupported_version")


@dataclass(frozen=True)
class Sender:
    """Whose chain it is: event and tablet as paired, and the 65-byte point of the tablet's key."""

    event: UUID
    device: UUID
    public_key: bytes


@dataclass(frozen=True)
class Reading:
    """One item as it came and, when it is authentic, what it says. ``problem`` is (status, code) otherwise."""

    id: UUID
    seq: int
    kid: str
    sealed: bytes
    sealed_sha256: str
    record: Record | None = None
    signature: bytes = b""
    is_weak: bool = False
    problem: tuple[str, str] | None = None

    @property
    def key(self) -> tuple[UUID, str]:
        """What makes an item the same item."""
        return self.id, self.sealed_sha256

    @property
    def data(self) -> dict:
        return self.record.data if self.record else {}


def read_item(item: dict, keys: Mapping[str, EllipticCurvePrivateKey | None], sender: Sender) -> Reading:
    """``item`` is {id, seq, kid, c}, its shape checked before; ``keys`` the private keys of the event that are here."""
    try:
        sealed = unb64u(item["c"])
    except ValueError:
        sealed = str(item["c"]).encode()
    kept = {
        "id": UUID(str(item["id"])),
        "seq": item["seq"],
        "kid": item["kid"][:8],
        "sealed": sealed,
        "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
    }
    private = keys.get(item["kid"])
    if private is None:
        return Reading(**kept, problem=UNKNOWN_KEY)
    try:
        opened = open_sealed(sealed, private, info(sender.event, item["kid"], sender.device, kept["id"]))
    except ValueError:
        return Reading(**kept, problem=UNREADABLE)
    return _checked(kept, opened, sender)


def _checked(kept: dict, opened: Opened, sender: Sender) -> Reading:
    try:
        record = parse_record(opened.body, require_device=True)
    except RecordError as error:
        return Reading(**kept, problem=UNKNOWN_VERSION if error.code == "unsupported_version" else INVALID)
    claimed = (record.id, record.data["device_seq"], record.device, record.event)
    if claimed != (kept["id"], kept["seq"], sender.device, sender.event):
        return Reading(**kept, problem=INVALID)
    if not is_signed(opened.body, opened.signature, sender.public_key):
        return Reading(**kept, problem=BAD_SIGNATURE)
    return Reading(**kept, record=record, signature=opened.signature, is_weak=record.is_weak())


# -- when it was made --------------------------------------------------------------------------------------------

SURE_CLOCK = timedelta(seconds=120)


def estimates(record: Record, sync_offset_ms: int | None) -> list[datetime]:
    """Device time by the offset measured at signing and, when known, by that of the batch; the first is preferred
    while both agree within two minutes, else the second (KIOSK §8.2)."""
    at_signing = record.signed_at_device + timedelta(milliseconds=record.data["clock_offset_ms"])
    if sync_offset_ms is None:
        return [at_signing]
    at_sync = record.signed_at_device + timedelta(milliseconds=sync_offset_ms)
    agree = abs(at_signing - at_sync) <= SURE_CLOCK
    return [at_signing, at_sync] if agree else [at_sync, at_signing]


def best_estimate(
    found: list[datetime], *, not_before: datetime, not_after: datetime
) -> tuple[datetime, datetime, bool]:
    """(best, earliest, sure). What cannot be – before the tablet was paired, after it was handed in – does not count;
    when nothing is left, the nearest moment that can be."""
    possible = [each for each in found if not_before - SURE_CLOCK <= each <= not_after + SURE_CLOCK]
    if not possible:
        nearest = min(max(found[0], not_before), not_after)
        return nearest, nearest, False
    sure = len(possible) == len(found) and max(found) - min(found) <= SURE_CLOCK
    best = min(possible[0], not_after)
    return best, min(best, *possible), sure
