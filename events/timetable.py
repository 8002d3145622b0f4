"""PURE: clock times of an agenda: each item begins when the one before it ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Slot(NamedTuple):
    """One item with the minutes after the start of the event, and the hours if the start is known."""

    item: object
    minute: int
    starts: datetime | None
    ends: datetime | None


def slots(starts_at: datetime | None, items: Iterable) -> list[Slot]:
    """``items`` in order, each with ``duration`` in minutes; a longer item moves everything after it."""
    found, minute = [], 0
    for item in items:
        starts = starts_at + timedelta(minutes=minute) if starts_at else None
        ends = starts + timedelta(minutes=item.duration) if starts else None
        found.append(Slot(item, minute, starts, ends))
        minute += item.duration
    return found
