"""PURE: clock times of an agenda: each item begins when the one before it ends; real times follow from taps."""

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


def real_times(taps: Iterable[tuple[datetime, str]]) -> tuple[datetime | None, datetime | None]:
    """When an item really began and ended, from (moment, kind) of its taps, oldest first; the first of a kind counts.

    ``unstart`` and ``unfinish`` take back what was tapped before them. Nothing ends before it began.
    """
    started = ended = None
    for at, kind in taps:
        if kind == "start":
            started = started or at
        elif kind == "finish":
            ended = ended or at
        elif kind == "unfinish":
            ended = None
        elif kind == "unstart":
            started = ended = None
    return started, max(started, ended) if started and ended else ended
