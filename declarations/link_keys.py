"""The one-time key of a personal link: a record made on somebody's own device is a chain of one (PDF.md §5.2).

PURE. static/js/kiosk/one-time.js makes what is read here.
"""

from typing import NamedTuple
from uuid import UUID, uuid5

from accounts.canonical import b64u, canonical_bytes, unb64u

from .envelope import is_signed
from .evidence import Record, first_link, next_link

KIND = "link"  # of an entry in ``devices`` of the evidence


class OneTimeKey(NamedTuple):
    """``public`` is the point of 65 bytes, ``signature`` r ‖ s over the bytes of the record."""

    public: bytes
    signature: bytes


def device_of(event: UUID, link: int) -> UUID:
    """What stands for the device in the records of a link; says nothing about its address."""
    return uuid5(event, f"tautan/{link}")


def key_in(headers) -> OneTimeKey | None:
    """The key that came with a record. None without one; ValueError for anything else than base64url."""
    public, signature = (headers.get(f"X-Device-{name}", "") for name in ("Key", "Signature"))
    return OneTimeKey(unb64u(public), unb64u(signature)) if public or signature else None


def fits(record: Record, key: OneTimeKey, device: UUID) -> bool:
    """Did this key sign the record, and is the record the first and only one of its device?"""
    start = first_link(str(record.event), str(device), b64u(key.public)).hex()
    place = (record.device, record.data["device_seq"], record.data["prev_hash"])
    return place == (device, 0, start) and is_signed(record.raw, key.signature, key.public)


def device_entry(record: dict, record_sha256: str, public: bytes, order: int) -> dict:
    """The entry in ``devices``: a chain that begins and ends with this record."""
    head = next_link(bytes.fromhex(record["prev_hash"]), record_sha256)
    return {
        "device": record["device"],
        "kind": KIND,
        "label": f"Tautan pribadi nomor {order}",
        "public_key": b64u(public),
        "segments": [{"from": 0, "hashes": [record_sha256]}],
        "next_seq": 1,
        "head": head.hex(),
    }


def is_signed_by(device: dict, person: dict) -> bool:
    """Of the evidence: is the entry's record signed by this device, tablet or link as the entry says?"""
    record, key = person["record"], unb64u(device.get("public_key", ""))
    same_door = (device.get("kind") == KIND) == (person["channel"] == "link")
    signature = unb64u(person.get("device_signature", ""))
    is_own = device.get("device") == record["device"]
    return same_door and is_own and is_signed(canonical_bytes(record), signature, key)
