"""PURE: the rescue file of a tablet, ``netralitas-rescue/1`` (KIOSK.md §12): bytes in, checked items out.

What the file says is only carried; every item is judged like one that the tablet sends.
"""

import json
import re
from dataclasses import dataclass
from uuid import UUID

from accounts.canonical import unb64u

from .evidence import MAX_BYTES

FORMAT = "netralitas-rescue/1"
LARGEST = 20 * 1024 * 1024
MOST_ITEMS = 20_000
LARGEST_SEQ = 2**31 - 1
FIELDS = {"format", "event", "device", "app", "exported_at", "next_seq", "link", "items"}
ITEM_FIELDS = {"id", "seq", "kid", "c", "store"}
STORES = ("outbox", "quarantine", "sent")
LOWER_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")
KID = re.compile(r"[a-z0-9]{1,8}\Z")

TOO_LARGE = "Berkas terlalu besar: berkas penyelamat paling besar 20 MB."
NOT_JSON = (
    "Berkas tidak dapat dibaca. Mungkin terpotong saat disalin. Unduh lagi berkas penyelamat dari menu petugas di"
    " tablet, lalu unggah tanpa dibuka atau diubah."
)
NOT_RESCUE = (
    "Ini bukan berkas penyelamat. Pilih berkas yang namanya diawali “penyelamat-”, yang diunduh dari menu petugas di"
    " tablet."
)
NEWER = (
    "Berkas ini dibuat oleh aplikasi yang lebih baru daripada peladen ini. Simpan berkasnya dan hubungi pengelola"
    " peladen."
)


class RescueFileError(ValueError):
    """The file cannot be used; ``message`` is an Indonesian sentence that says what to do."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class RescueFile:
    """``items`` are {id, seq, kid, c} as ``sync`` carries them; ``damaged`` counts those that are none."""

    event: UUID
    device: UUID
    next_seq: int
    items: list[dict]
    damaged: int


def parse(data: bytes) -> RescueFile:
    """The file as the tablet wrote it; RescueFileError for anything else. One damaged item does not spoil the others."""
    if len(data) > LARGEST:
        raise RescueFileError(TOO_LARGE)
    found = _object(data)
    name = found.get("format")
    if name != FORMAT:
        is_ours = isinstance(name, str) and name.startswith("netralitas-rescue/")
        raise RescueFileError(NEWER if is_ours else NOT_RESCUE)
    if not _is_head(found):
        raise RescueFileError(NOT_JSON)
    good = [item for item in found["items"] if _is_item(item)]
    return RescueFile(
        event=UUID(found["event"]),
        device=UUID(found["device"]),
        next_seq=found["next_seq"],
        items=[{key: item[key] for key in ("id", "seq", "kid", "c")} for item in good],
        damaged=len(found["items"]) - len(good),
    )


def _object(data: bytes) -> dict:
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise RescueFileError(NOT_JSON) from None
    if not isinstance(found, dict):
        raise RescueFileError(NOT_RESCUE)
    return found


def _no_duplicates(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _is_head(found: dict) -> bool:
    return (
        found.keys() == FIELDS
        and _matches(LOWER_UUID, found["event"])
        and _matches(LOWER_UUID, found["device"])
        and isinstance(found["app"], str)
        and isinstance(found["exported_at"], str)
        and _is_count(found["next_seq"])
        and _matches(HASH, found["link"])
        and isinstance(found["items"], list)
        and len(found["items"]) <= MOST_ITEMS
    )


def _is_item(item) -> bool:
    return (
        isinstance(item, dict)
        and item.keys() == ITEM_FIELDS
        and _matches(LOWER_UUID, item["id"])
        and _is_count(item["seq"])
        and _matches(KID, item["kid"])
        and item["store"] in STORES
        and _is_sealed(item["c"])
    )


def _is_sealed(text) -> bool:
    if not isinstance(text, str) or not 0 < len(text) <= MAX_BYTES:
        return False
    try:
        return bool(unb64u(text))
    except ValueError:
        return False


def _is_count(value) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_SEQ


def _matches(pattern: re.Pattern, value) -> bool:
    return isinstance(value, str) and bool(pattern.match(value))
