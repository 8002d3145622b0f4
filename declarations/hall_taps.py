"""DEED: what the MC tapped, when it comes in: agenda items, readings, opened papers (EVENTS §3, DOMAIN §1 fact 3).

Taps made without network arrive late and sometimes twice. Each is its own transaction, so that one that is refused
does not hold up the next; each id counts once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from accounts.refusals import Refusal
from accounts.writing import writing
from events.locking import lock
from events.models import Event, RundownTap
from events.rundown import remember_tap, tap_item
from regions.wording import clock_with_zone

from . import signing
from .models import Declaration

STORED, DUPLICATE, REFUSED = "stored", "duplicate", "refused"
TOLERANCE = timedelta(minutes=2)  # a device clock that is off by less is taken at its word
LONG_BEFORE = timedelta(days=1)  # nothing of an event happens so long before it was written down here
Kind = RundownTap.Kind

UNREADABLE = "Ketukan ini tidak terbaca, sehingga tidak dicatat."
NOT_BEGUN = "Kegiatan belum dimulai, sehingga pembacaan dan penandatanganan belum dapat dicatat."
PAPER_GONE = "Naskah ini sudah dihapus dari kegiatan."
OTHER_TEXT = (
    "Pembacaan tercatat, tetapi naskah sudah diganti sejak layar ini dibuka. "
    "Penandatanganan tidak dibuka; periksa naskah yang dibacakan."
)
OVERTAKEN = (
    "Pembacaan sudah dicatat lagi sesudah ketukan ini dibuat, dan catatan itu tetap berlaku: {record}."
)
WRONG_CLOCK = (
    "Jam perangkat ini saat diketuk terlalu jauh dari hari kegiatan. Periksa jamnya, lalu ketuk sekali lagi."
)
ALREADY_CLOSED = "Penandatanganan sudah ditutup dan tidak dibuka lagi dari layar ini."


class Tap(NamedTuple):
    """One tap as the device sent it; ``kind`` is "" when it could not be read. ``open`` belongs to a reading."""

    id: UUID
    kind: str
    at: datetime | None = None
    item: int | None = None
    paper: UUID | None = None
    made: datetime | None = None  # of a reading: when it was tapped; ``at`` is when the text was read
    name: str = ""
    position: str = ""
    followed: bool = False
    open: bool = False
    text_sha256: str = ""


class TapResult(NamedTuple):
    """``status`` stored | duplicate | refused; ``message`` says what to do, or what was not done."""

    id: UUID
    status: str
    message: str = ""


def take_taps(
    *, event: Event, taps: Sequence[Tap], by, sent_at: datetime | None = None, now: datetime | None = None
) -> list[TapResult]:
    """Every tap in its order. ``sent_at`` is the device's clock at sending: a clock that is wrong is corrected by it.

    Effects per tap: those of ``tap_item``; or the reading is recorded and, where wished, signing is opened; or a draft
    paper is opened. Each with its audit entries, and none of them for an id that came before.
    """
    now = now or timezone.now()
    error = now - sent_at if sent_at else timedelta()
    correction = error if abs(error) > TOLERANCE else timedelta()
    return [_taken(event, _corrected(tap, correction, now), by) for tap in taps]


def _corrected(tap: Tap, correction: timedelta, now: datetime) -> Tap:
    """What has arrived has happened: no moment lies ahead of now."""
    moments = {name: getattr(tap, name) for name in ("at", "made") if getattr(tap, name)}
    return tap._replace(**{name: min(moment + correction, now) for name, moment in moments.items()})


def _taken(event: Event, tap: Tap, by) -> TapResult:
    try:
        if not tap.kind or tap.at is None:
            raise Refusal(UNREADABLE)
        if tap.at < event.created_at - LONG_BEFORE:
            raise Refusal(WRONG_CLOCK)
        if tap.kind in RundownTap.OF_ITEM:
            is_new, message = _tap_item(event, tap, by), ""
        else:
            is_new, message = _tap_paper(event, tap, by)
    except Refusal as refusal:
        return TapResult(tap.id, REFUSED, " ".join([refusal.message, *refusal.issues]))
    return TapResult(tap.id, STORED if is_new else DUPLICATE, message)


def _tap_item(event: Event, tap: Tap, by) -> bool:
    return tap_item(event=event, item_id=tap.item or 0, id=tap.id, kind=tap.kind, at=tap.at, by=by)


def _tap_paper(event: Event, tap: Tap, by) -> tuple[bool, str]:
    with writing():
        lock(event)
        if event.state == Event.State.SCHEDULED:
            raise Refusal(NOT_BEGUN)
        paper = Declaration.objects.filter(event=event, pk=tap.paper).select_related("text_version").first()
        if paper is None:
            raise Refusal(PAPER_GONE)
        if not remember_tap(event=event, id=tap.id, kind=tap.kind, at=tap.at, by=by, subject=paper.pk):
            return False, ""
        if tap.kind == Kind.OPEN:
            _open(paper, by)
            return True, ""
        return True, _read(paper, tap, by)


def _read(paper: Declaration, tap: Tap, by) -> str:
    """Record the reading; what then stands in the way of opening is told and does not undo it."""
    noted_at = tap.made or tap.at
    known = signing.record_reading(
        declaration=paper,
        led_by_name=tap.name,
        led_by_position=tap.position,
        at=tap.at,
        followed_by_all=tap.followed,
        noted_at=noted_at,
        by=by,
    )
    words = [] if known.read_noted_at == noted_at else [_overtaken(known)]
    if tap.text_sha256 and tap.text_sha256 != paper.text_version.sha256:
        words.append(OTHER_TEXT)
    elif tap.open:
        words.append(_opened(paper, tap, by))
    return " ".join(word for word in words if word)


def _overtaken(paper: Declaration) -> str:
    return OVERTAKEN.format(
        record=f"{paper.read_by_name}, pukul {clock_with_zone(paper.read_at, paper.event.time_zone)}"
    )


def _opened(paper: Declaration, tap: Tap, by) -> str:
    """Empty when people sign now, else why not."""
    try:
        _open(paper, by)
    except Refusal as refusal:
        hour = clock_with_zone(tap.at, paper.event.time_zone)
        return f"Pembacaan pukul {hour} tercatat. Penandatanganan belum terbuka: {refusal.message}"
    return ""


def _open(paper: Declaration, by) -> None:
    """A tap that arrives hours later never opens what staff have closed since."""
    if paper.state == Declaration.State.CLOSED:
        raise Refusal(ALREADY_CLOSED)
    signing.open_signing(declaration=paper, by=by)
