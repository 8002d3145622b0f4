"""Small pictures of signatures: over the day, per unsur, per village. Pure: figures in, places of bars out.

The templates draw SVG from these; every picture stands beside the same figures in words, prints, and needs no script.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

STEPS = (5, 10, 15, 30, 60, 120, 240, 720, 1440)  # minutes of one bar
MOST_BARS = 48
LEAST_BARS = 12  # an hour at least, so that a bar stays a bar when all sign within five minutes
WIDTH, HEIGHT = 640, 120
GAP = 2


class Bar(NamedTuple):
    """One bar in the coordinates of the picture, and what it says."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int


class Timeline(NamedTuple):
    bars: list[Bar]
    ticks: list[tuple[float, str]]
    step: int  # minutes
    busiest: int
    total: int


class Share(NamedTuple):
    """One line: ``width`` of WIDTH is filled, and a full line is everybody."""

    label: str
    done: int
    expected: int
    width: float

    @property
    def words(self) -> str:
        return f"{self.done} dari {self.expected}"


def timeline(moments: Iterable[datetime]) -> Timeline | None:
    """Signatures in steps of five minutes or more, so that at most MOST_BARS stand side by side; None without any.

    ``moments`` are hours on the clock of the place (the zone is kept as it comes).
    """
    moments = sorted(moments)
    if not moments:
        return None
    step = next((size for size in STEPS if _slots(moments[0], moments[-1], size) <= MOST_BARS), STEPS[-1])
    start = _floor(moments[0], step)
    count = max(_slots(moments[0], moments[-1], step), LEAST_BARS)
    counted = Counter(_index(moment, start, step) for moment in moments)
    busiest = max(counted.values())
    slot = WIDTH / count
    bars = []
    for number in range(count):
        signed = counted.get(number, 0)
        height = round(signed / busiest * HEIGHT, 1)
        begins = start + timedelta(minutes=number * step)
        bars.append(
            Bar(
                round(number * slot, 1),
                round(HEIGHT - height, 1),
                round(max(slot - GAP, 1), 1),
                height,
                hour(begins),
                signed,
            )
        )
    return Timeline(bars, _ticks(start, step, count, slot), step, busiest, len(moments))


def shares(rows: Iterable[tuple[str, int, int]]) -> list[Share]:
    """(label, done, expected), each on its own scale: who has few people is as easily seen to be done as who has many."""
    return [
        Share(label, done, expected, round(min(done, expected) / (expected or 1) * WIDTH, 1))
        for label, done, expected in rows
    ]


def hour(moment: datetime) -> str:
    return f"{moment:%H.%M}"


def _floor(moment: datetime, step: int) -> datetime:
    """The begin of the step of the day in which the moment lies."""
    minutes = moment.hour * 60 + moment.minute
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        minutes=minutes // step * step
    )


def _index(moment: datetime, start: datetime, step: int) -> int:
    return int((moment - start).total_seconds() // (step * 60))


def _slots(first: datetime, last: datetime, step: int) -> int:
    return _index(last, _floor(first, step), step) + 1


def _ticks(start: datetime, step: int, count: int, slot: float) -> list[tuple[float, str]]:
    """At most five hours below the bars."""
    every = max(-(-count // 5), 1)
    return [
        (round(number * slot, 1), hour(start + timedelta(minutes=number * step)))
        for number in range(0, count, every)
    ]
