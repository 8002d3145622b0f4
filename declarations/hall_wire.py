"""PURE: what the MC screen sends, read carefully: one bad tap never holds up the others.

    {"sent_at": "2026-11-25T02:12:07.000Z", "taps": [{"id": uuid, "kind": "start", "at": …, "item": 12}, …]}

A reading carries ``paper``, ``name``, ``position``, ``followed``, ``open``, ``text_sha256`` and ``made``, when it was
tapped: ``at`` is when the text was read.
"""

import json
import unicodedata
from datetime import UTC, datetime
from uuid import UUID

MOST_TAPS = 100
MAX_BYTES = 100_000
MOST_ITEM = 2**62
OF_ITEM = ("start", "finish", "unstart", "unfinish")
OF_PAPER = ("read", "open")


class WireError(Exception):
    """The body as a whole cannot be read."""


def read_taps(body: bytes) -> tuple[datetime | None, list[dict]]:
    """(clock of the device at sending, fields of each tap). A tap without id is left out, it could not be answered."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise WireError from None
    taps = data.get("taps") if isinstance(data, dict) else None
    if not isinstance(taps, list) or len(taps) > MOST_TAPS:
        raise WireError
    read = [_tap(tap) for tap in taps if isinstance(tap, dict) and _uuid(tap.get("id"))]
    return _moment(data.get("sent_at")), read


def _tap(tap: dict) -> dict:
    """Fields as hall_taps.Tap takes them; kind "" for one that makes no sense."""
    unread = {"id": _uuid(tap["id"]), "kind": ""}
    at, kind = _moment(tap.get("at")), tap.get("kind")
    if at is None:
        return unread
    if kind in OF_ITEM and _is_number(tap.get("item")):
        return unread | {"kind": kind, "at": at, "item": tap["item"]}
    paper = _uuid(tap.get("paper"))
    if kind == "open" and paper:
        return unread | {"kind": kind, "at": at, "paper": paper}
    if kind != "read" or not paper:
        return unread
    return unread | {
        "kind": kind,
        "at": at,
        "made": _moment(tap.get("made")) or at,
        "paper": paper,
        "name": _line(tap.get("name"), 200),
        "position": _line(tap.get("position"), 200),
        "followed": tap.get("followed") is True,
        "open": tap.get("open") is True,
        "text_sha256": _line(tap.get("text_sha256"), 64),
    }


def _is_number(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < MOST_ITEM


def _line(value, most: int) -> str:
    """One line of text without characters no database keeps."""
    if not isinstance(value, str):
        return ""
    value = unicodedata.normalize("NFC", value)  # some letters become two by this: before they are counted
    printable = "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else " " for c in value)
    return " ".join(printable.split())[:most]


def _uuid(value) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value) -> datetime | None:
    """ISO 8601 with a zone, in UTC; None for anything else and for years no calendar of ours knows."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None or not 1971 < moment.year < 2200:
            return None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
