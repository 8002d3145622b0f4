"""What a signing page hands in: canonical text, the schema of one record, its hashes and its chain (KIOSK §7).

PURE: bytes and values only. static/js/kiosk/record.js builds the same records; both are held to equal bytes by tests.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

from accounts.canonical import b64u, canonical_bytes, parse_canonical, sha256_hex, unb64u

from .records import MAX_LINE, VERSION, RecordError, check_record, parse_time, read_drawing
from .strokes import Drawing, is_weak

PROTOCOL = "netralitas-kiosk/1"
MAX_BYTES = 64 * 1024
DEFAULT_CONSENT = "Saya telah membaca atau mendengar naskah ini dan menyetujuinya."
TEXT_FIELDS = ("title", "opening", "points", "closing", "consent")


@dataclass(frozen=True)
class Record:
    """One valid record: the bytes as received, their parsed fields and the decoded drawing (None unless drawn)."""

    raw: bytes
    data: dict
    drawing: Drawing | None

    @cached_property
    def sha256(self) -> str:
        return record_sha256(self.raw)

    @cached_property
    def id(self) -> UUID:
        return UUID(self.data["id"])

    @property
    def kind(self) -> str:
        return self.data["kind"]

    @property
    def event(self) -> UUID:
        return UUID(self.data["event"])

    @property
    def device(self) -> UUID | None:
        return UUID(self.data["device"]) if "device" in self.data else None

    @cached_property
    def declaration(self) -> UUID:
        return UUID(self.data["declaration"])

    @cached_property
    def attendee(self) -> UUID:
        return UUID(self.data["attendee"])

    @property
    def outcome(self) -> str:
        return self.data["outcome"]

    @property
    def method(self) -> str:
        """Empty for a refusal."""
        return self.data.get("method", "")

    def is_weak(self) -> bool:
        """Said by the person, or measured (KIOSK §5). Costs a millisecond: asked before anything is locked."""
        return self.drawing is not None and bool(self.data.get("weak") or is_weak(self.drawing))

    @cached_property
    def strokes(self) -> bytes | None:
        return unb64u(self.data["strokes"]) if self.drawing else None

    @cached_property
    def signed_at_device(self) -> datetime:
        return parse_time(self.data["signed_at_device"])


# -- the text that is signed -----------------------------------------------------------------------------------


def canonical_text(text: dict) -> dict:
    """The object whose bytes are hashed: title, opening, points, closing, consent; absent and empty ones left out."""
    if unknown := set(text) - set(TEXT_FIELDS):
        raise ValueError(f"not a field of a text: {sorted(unknown)}")
    lines = {name: _text(text.get(name) or "") for name in TEXT_FIELDS if name != "points"}
    points = [_text(point) for point in text.get("points") or []]
    return {name: value for name, value in {**lines, "points": points}.items() if value}


def identity_commitment(opening: bytes, kind: str, number: str) -> str:
    """HMAC-SHA-256 over kind and normalised number under the secret opening of 32 bytes, 64 hex digits (PDF.md §5.3)."""
    if len(opening) != 32:
        raise ValueError("an opening has 32 bytes")
    return hmac.new(opening, f"netralitas-id/1\n{kind}\n{number}".encode(), "sha256").hexdigest()


def text_sha256(text: dict) -> str:
    return sha256_hex(canonical_bytes(canonical_text(text)))


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))


# -- hashes ----------------------------------------------------------------------------------------------------


def record_sha256(raw: bytes) -> str:
    return sha256_hex(raw)


def first_link(event: str, device: str, public_key: str) -> bytes:
    """What stands before record 0 of a device; public_key is base64url of the 65-byte point."""
    return hashlib.sha256(f"{PROTOCOL}|{event}|{device}|{public_key}".encode()).digest()


def next_link(link: bytes, record_hash: str) -> bytes:
    """SHA-256(link ‖ record hash) over raw bytes; hashing hashes lets foreign records stay bare hashes."""
    return hashlib.sha256(link + bytes.fromhex(record_hash)).digest()


# -- making a record on this side (form without script, demo, sheet typed in by staff) ---------------------------


def make_record(fields: dict) -> Record:
    """A record from plain fields: texts tidied and cut to 120 characters, empty ones left out. RecordError if invalid."""
    data = _tidy({"v": VERSION, "kind": "signature", **fields})
    try:
        raw = canonical_bytes(data)
    except ValueError:
        raise RecordError("not_canonical") from None
    return parse_record(raw, require_device="device" in data)


def uuid7(milliseconds: int, random: bytes) -> str:
    """RFC 9562 version 7 from Unix milliseconds and ten random bytes."""
    number = int.from_bytes(milliseconds.to_bytes(6, "big") + random[:10], "big")
    number = number & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62
    return str(UUID(int=number))


def format_time(moment: datetime) -> str:
    """2026-11-22T02:41:07.123Z"""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tidy(value, name: str = ""):
    if isinstance(value, dict):
        tidy = {key: _tidy(item, key) for key, item in value.items()}
        return {key: item for key, item in tidy.items() if item not in ("", None, {}, [])}
    if isinstance(value, (list, tuple)):
        return [_tidy(item, name) for item in value]
    if isinstance(value, bytes):
        return b64u(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and name != "strokes":
        return unicodedata.normalize("NFC", " ".join(value.split()))[:MAX_LINE].strip()
    return value


# -- reading a record --------------------------------------------------------------------------------------------


def read_stored(raw: bytes) -> Record:
    """A record that was checked when it came in: with the fields of a device if it has them."""
    data = parse_canonical(raw)
    return parse_record(raw, require_device="device" in data)


def parse_record(raw: bytes, *, require_device: bool = False) -> Record:
    """The record in canonical bytes, every field checked. Raises RecordError and nothing else.

    Records that a device signed carry all five device fields (require_device=True), records of the online page none.
    Whether event, paper, person and text exist and fit is not asked here: those are questions for intake.
    """
    if len(raw) > MAX_BYTES:
        raise RecordError("too_large")
    try:
        data = parse_canonical(raw)
    except ValueError:
        raise RecordError("not_canonical") from None
    if not isinstance(data, dict):
        raise RecordError("not_canonical")
    check_record(data, device=require_device)
    return Record(bytes(raw), data, read_drawing(data["strokes"]) if "strokes" in data else None)
