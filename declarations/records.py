"""The schema of one record a signing page hands in (KIOSK §7.2): which fields, when, and what they may hold.

PURE. Strict on purpose: what is not named here is not part of the evidence. Errors never repeat received values.
"""

import re
from collections.abc import Set
from datetime import datetime
from functools import lru_cache

from accounts.canonical import unb64u

from .strokes import Drawing, StrokeError, decode

VERSION = 1
MAX_LINE = 120  # characters of a name, position or agency

KINDS = ("signature", "void", "probe", "attendance")
SOURCES = ("roster", "walk_in")
CAPACITIES = ("self", "on_behalf_of")
OUTCOMES = ("signed", "refused")
METHODS = ("drawn", "typed", "thumb", "represented")
POINTERS = ("touch", "pen", "mouse")
VOID_REASONS = ("wrong_person", "wrong_document", "test")
FOUND_BY = (
    "qr",
    "search",
    "typed",
)  # how somebody who arrived was found: invitation, list, or written down at the desk
MESSAGES = {
    "too_large": "Catatan terlalu besar (paling banyak 64 KB).",
    "not_canonical": "Catatan tidak ditulis dalam bentuk bakunya.",
    "unsupported_version": "Versi catatan ini belum dikenal. Perbarui aplikasi di peladen.",
    "unknown_field": "Catatan berisi isian yang tidak dikenal atau tidak pada tempatnya.",
    "missing_field": "Catatan belum lengkap: {label} tidak ada.",
    "bad_value": "Isi catatan tidak sah: {label}.",
    "bad_strokes": "Goresan tanda tangan tidak dapat dibaca.",
}
LABELS = {
    "agree": "pernyataan setuju",
    "attendee": "peserta",
    "declaration": "dokumen",
    "device": "perangkat",
    "event": "kegiatan",
    "id": "nomor catatan",
    "method": "cara menandatangani",
    "on_behalf_of": "pejabat yang diwakili",
    "outcome": "pilihan",
    "paper_ref": "nomor lembar dan baris",
    "signatory": "penanda tangan",
    "signed_at_device": "waktu",
    "strokes": "goresan",
    "text_sha256": "sidik naskah",
    "typed_name": "nama yang diketik",
    "witnesses": "saksi",
}


class RecordError(Exception):
    """These bytes are not a record. `code` and `field` are for machines, `message` (Indonesian) for people.

    Nothing of the received values is repeated in it.
    """

    def __init__(self, code: str, field: str = ""):
        self.code = code
        self.field = field
        self.message = MESSAGES[code].format(label=LABELS.get(field, field))
        super().__init__(f"{code} {field}".strip())


def check_record(data: dict, *, device: bool) -> None:
    """Raise RecordError unless the parsed object is a record: of a paired device, or of the online page."""
    _check_version(data.get("v"))
    _check_object(data, *_fields_of(data, device))


@lru_cache(maxsize=16)
def read_drawing(strokes: str) -> Drawing:
    """The S1 drawing in a `strokes` field. Raises RecordError.

    Remembered for a moment: whoever checks a record asks for its drawing right after.
    """
    try:
        return decode(unb64u(strokes))
    except (StrokeError, ValueError):
        raise RecordError("bad_strokes", "strokes") from None


def parse_time(text: str) -> datetime:
    """Of the one spelling ``TIME`` knows."""
    return datetime.fromisoformat(text)


def _check_version(version) -> None:
    if type(version) is not int or version < VERSION:
        raise RecordError("bad_value", "v")
    if version > VERSION:
        raise RecordError("unsupported_version")


def _fields_of(data: dict, device: bool) -> tuple[set, set]:
    """Names of the fields this record must and may have, by its kind, capacity, outcome and method."""
    required, optional = {"v", "kind", "id", "event", "salt", "signed_at_device", "app"}, {"operator"}
    if device:
        required |= {"device", "device_seq", "prev_hash", "clock_offset_ms", "clock_age_s"}
    kind = _one_of(data, "kind", KINDS if device else KINDS[:1])
    if kind != "signature":
        return required | OTHER_FIELDS[kind], optional
    required |= {"declaration", "text_sha256", "attendee", "source", "signatory", "capacity", "outcome"}
    if _one_of(data, "capacity", CAPACITIES) == "on_behalf_of":
        required.add("on_behalf_of")
    if _one_of(data, "outcome", OUTCOMES) == "signed":
        required |= {"agree", "method"} | METHOD_FIELDS[_one_of(data, "method", METHODS)]
        optional |= {"weak"} if data["method"] == "drawn" else set()
    return required, optional


OTHER_FIELDS = {
    "void": {"target", "reason"},
    "probe": {"agent"},
    "attendance": {"attendee", "source", "signatory", "found_by"},
}
METHOD_FIELDS = {
    "drawn": {"strokes", "capture"},
    "typed": {"typed_name"},
    "thumb": {"paper_ref", "witnesses"},
    "represented": {"assist_reason", "witnesses"},
}


def _one_of(data: dict, name: str, values: tuple) -> str:
    if name not in data:
        raise RecordError("missing_field", name)
    if data[name] not in values:
        raise RecordError("bad_value", name)
    return data[name]


def _check_object(data: dict, required: set, optional: Set[str] = frozenset()) -> None:
    for name in sorted(required - set(data)):
        raise RecordError("missing_field", name)
    if set(data) - required - optional:
        raise RecordError("unknown_field")
    for name, value in data.items():
        CHECKS[name](name, value, data)


# -- checks of single values: (name, value, the whole object) → None or RecordError -------------------------------

BASE64URL = re.compile(r"[A-Za-z0-9_-]+\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
ID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z", re.ASCII)


def _matches(pattern: re.Pattern):
    def check(name, value, data):
        if not (isinstance(value, str) and pattern.match(value)):
            raise RecordError("bad_value", name)

    return check


def is_visible(text: str) -> bool:
    """Does the text show anything? Zero-width and control characters alone are no name."""
    return any(character.isprintable() and not character.isspace() for character in text)


def _line(longest: int = MAX_LINE):
    def check(name, value, data):
        if not (isinstance(value, str) and is_visible(value) and len(value) <= longest and "\n" not in value):
            raise RecordError("bad_value", name)

    return check


def _integer(least: int, most: int):
    def check(name, value, data):
        if type(value) is not int or not least <= value <= most:
            raise RecordError("bad_value", name)

    return check


def _among(*values):
    def check(name, value, data):
        if not any(value is allowed or (isinstance(value, str) and value == allowed) for allowed in values):
            raise RecordError("bad_value", name)

    return check


def _object(required: set, optional: Set[str] = frozenset()):
    def check(name, value, data):
        if not isinstance(value, dict):
            raise RecordError("bad_value", name)
        _check_object(value, required, optional)

    return check


def _known(name, value, data):
    """Checked before, when the fields of the record were chosen."""


def _salt(name, value, data):
    try:
        if len(unb64u(value)) == 16:
            return
    except ValueError:
        pass
    raise RecordError("bad_value", name)


def _time(name, value, data):
    _matches(TIME)(name, value, data)
    try:
        if 1970 <= parse_time(value).year <= 2200:  # a wrong clock is fine, an endless one breaks later sums
            return
    except ValueError:
        pass
    raise RecordError("bad_value", name)


def _attendee(name, value, data):
    _matches(ID7 if data.get("source") == "walk_in" else ID)(name, value, data)


def _strokes(name, value, data):
    if not isinstance(value, str):
        raise RecordError("bad_value", name)
    read_drawing(value)


def _box(name, value, data):
    if not (isinstance(value, list) and len(value) == 2):
        raise RecordError("bad_value", name)
    for side in value:
        _integer(1, 20_000)(name, side, data)


def _witnesses(name, value, data):
    """One for an inked thumb, two who draw for a person who cannot write."""
    thumb = data.get("method") == "thumb"
    if not (isinstance(value, list) and len(value) == (1 if thumb else 2)):
        raise RecordError("bad_value", name)
    for witness in value:
        if thumb:
            _object({"name"}, {"position"})(name, witness, data)
        else:
            _object({"name", "position", "strokes"})(name, witness, data)


CHECKS = {
    **dict.fromkeys(("v", "kind", "capacity", "outcome", "method"), _known),
    **dict.fromkeys(("event", "device", "declaration"), _matches(ID)),
    **dict.fromkeys(("id", "target"), _matches(ID7)),
    **dict.fromkeys(("prev_hash", "text_sha256"), _matches(HASH)),
    **dict.fromkeys(("app", "operator", "paper_ref", "letter_no"), _line(60)),
    **dict.fromkeys(("name", "category", "position", "agency", "typed_name", "assist_reason"), _line()),
    **dict.fromkeys(("browser", "platform", "screen"), _line()),
    **dict.fromkeys(("agree", "weak"), _among(True)),
    "standalone": _among(True, False),
    "salt": _salt,
    "signed_at_device": _time,
    "device_seq": _integer(0, 2**31 - 1),
    "clock_offset_ms": _integer(-(10**13), 10**13),
    "clock_age_s": _integer(0, 10**10),
    "attendee": _attendee,
    "source": _among(*SOURCES),
    "signatory": _object({"name", "category"}, {"position", "agency"}),
    "on_behalf_of": _object({"name"}, {"position", "letter_no"}),
    "strokes": _strokes,
    "capture": _object({"ms", "pointer", "box", "attempts"}),
    "ms": _integer(0, 24 * 3600 * 1000),
    "pointer": _among(*POINTERS),
    "box": _box,
    "attempts": _integer(1, 999),
    "witnesses": _witnesses,
    "reason": _among(*VOID_REASONS),
    "found_by": _among(*FOUND_BY),
    "agent": _object({"browser", "platform", "standalone", "screen"}),
}
