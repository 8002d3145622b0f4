"""The gates of the tablet: python benchmarks/kiosk.py [rounds]. Prints one table: what, measured, gate, ok or MISSED.

A real Chromium against a real gunicorn; "6×" is its CPU throttled to a sixth, as on a cheap tablet. Seconds depend on
the machine: the head line tells its load. What each row is for: README.md and docs/benchmarks.md.
"""

import gzip
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = Path(tempfile.mkdtemp(prefix="netralitas-bench-"))
os.environ |= {"DATA_DIR": str(FOLDER), "HTTPS": "0"}
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from benchmarks.day import Day  # noqa: E402
from benchmarks.tablet import TabletAtWork, tablet  # noqa: E402
from declarations import kiosk  # noqa: E402
from declarations.kiosk_intake import take_in_items  # noqa: E402
from events.models import Device  # noqa: E402
from tests.e2e.conftest import FaultyHouse, House  # noqa: E402

LIST, QUEUE = 2000, 500  # people on the list that is searched; records that wait
TIMED = 60  # records that are timed at each speed
median = statistics.median


class Row(NamedTuple):
    """One line of the table: values and the most each may be, in the same order."""

    what: str
    values: tuple[float, ...]
    gates: tuple[float, ...]
    note: str = ""

    @property
    def ok(self) -> bool:
        return all(value <= gate for value, gate in zip(self.values, self.gates, strict=True))

    def __str__(self) -> str:
        measured = " / ".join(short(value) for value in self.values)
        gate = "≤ " + " / ".join(short(gate) for gate in self.gates)
        return f"{self.what:<58} {measured:>18}   {gate:<18} {'ok' if self.ok else 'MISSED':<7} {self.note}"


def short(value: float) -> str:
    value = float(value)
    if value >= 100 or value.is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


# -- sizes -------------------------------------------------------------------------------------------------------


def sent_bytes(url: str, token: str = "") -> int:
    """Bytes of the body as a browser gets it; one the server does not compress counts as its proxy would send it."""
    headers = {"Accept-Encoding": "gzip"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        body = answer.read()
        return len(body if answer.headers.get("Content-Encoding") == "gzip" else gzip.compress(body, 6))


def app_size(house: House, foreign: list[str]) -> Row:
    size = sum(sent_bytes(house.url + path) for path in (kiosk.SHELL, *kiosk.files()))
    return Row(
        "shell and all kept files, gzip KiB / requests elsewhere", (size / 1024, len(foreign)), (30, 0)
    )


def roster_sizes(house: House) -> Row:
    sizes = []
    for people in (500, 1500):
        day = Day(f"Daftar {people}", tablets=1, each=people, signing=False)
        sizes.append(sent_bytes(f"{house.url}/api/v1/kiosk/roster", day.tablets[0].token) / 1000)
    return Row("roster of 500 / 1,500 people, gzip KB", tuple(sizes), (25, 75))


# -- the server --------------------------------------------------------------------------------------------------


class Taken(NamedTuple):
    """ms one batch took."""

    clock: float
    cpu: float


def intake(rounds: int) -> list[Row]:
    times = [take_in(Day(f"Terima {number}", tablets=1, each=50)) for number in range(rounds)]
    note = f"of these on the CPU {short(median(each.cpu for each in times))}"
    asked = {}
    for count in (1, 50):
        day = Day(f"Hitung {count}", tablets=1, each=count)
        with CaptureQueriesContext(connection) as found:  # costs time, hence not in the rounds above
            take_in(day)
        asked[count] = sum(is_question(query["sql"]) for query in found) - 1  # the device itself
    return [
        Row("intake of 50 on the server, ms", (median(each.clock for each in times),), (250,), note),
        Row("its queries / how many more than for 1", (asked[50], asked[50] - asked[1]), (16, 0)),
    ]


def is_question(sql: str) -> bool:
    return "SAVEPOINT" not in sql and sql.split()[0] not in ("BEGIN", "COMMIT")


def take_in(day: Day) -> Taken:
    """All that waits on the one tablet of the day, in one batch."""
    device = Device.objects.get(event=day.event)
    items = day.tablets[0].queue
    started, worked = time.perf_counter(), time.process_time()
    results = take_in_items(items, device=device, via="sync", by=device, sent_at_device=timezone.now())
    taken = Taken((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000)
    if {result.status for result in results} != {"stored"}:
        raise SystemExit(f"not all stored: {results[0]}")
    return taken


# -- the tablet --------------------------------------------------------------------------------------------------


def starting(at_work: TabletAtWork, rounds: int) -> Row:
    found = [median(at_work.cold_start(slower) for _ in range(rounds)) for slower in (1, 6)]
    return Row(f"offline cold start to idle, {LIST:,} people, 1× / 6×, s", tuple(found), (1.5, 4))


def searching(at_work: TabletAtWork, rounds: int) -> Row:
    waits = [wait for _ in range(rounds) for wait in at_work.search()]
    note = f"p95 {short(percentile(waits, 0.95))}, {len(waits)} key presses"
    return Row(f"key press → hits, {LIST:,} people, 6×, median ms", (median(waits),), (50,), note)


def drawing(at_work: TabletAtWork, rounds: int) -> Row:
    found = [at_work.pad(20) for _ in range(rounds)]
    moves, redraws = ([ms for each in found for ms in each[key]] for key in ("moves", "redraws"))
    note = f"p95 {short(percentile(moves, 0.95))} / {short(percentile(redraws, 0.95))}"
    return Row("pad: one move / full redraw, 6×, median ms", (median(moves), median(redraws)), (2, 10), note)


def person(at_work: TabletAtWork, names: list[str]) -> Row:
    times = at_work.people(names)
    note = f"slowest {short(max(times))}; drawing by 8 ms a point"
    return Row("one scripted person, touch to thanks, median s", (median(times),), (4,), note)


def queueing(playwright, house: House, rounds: int) -> list[Row]:
    found = []
    for _ in range(rounds):
        day = with_paper(house, people=QUEUE)
        with tablet(playwright, house, day["event"]) as at_work:
            found.append(at_work.queue(day, TIMED, TIMED))
    quick, slow, s1, items = (
        [x for each in found for x in each[key]] for key in ("quick", "slow", "s1", "items")
    )
    stored = (median(quick), median(slow), percentile(slow, 0.95))
    upload, seconds = (median(each[key] for each in found) for key in ("upload", "seconds"))
    requests = f"{max(each['requests'] for each in found)} requests"
    return [
        Row("encode, sign, seal, strict put: 1× / 6× / p95 at 6×, ms", stored, (20, 120, 250)),
        Row("S1 bytes, median / p95", (median(s1), percentile(s1, 0.95)), (900, 2000)),
        Row("sealed item, median KB / upload for 500, MB", (median(items) / 1000, upload / 1e6), (3, 1.5)),
        Row("500 queued → all receipts, s", (seconds,), (5,), requests),
    ]


def with_paper(house: House, people: int) -> dict:
    """A running event as stage.py makes it, with what a record says of its paper."""
    day = house.stage("make_event", people=people)
    day["paper"] = house.stage("paper_of", event=day["event"])
    return day


def main(rounds: int):
    house = FaultyHouse(FOLDER)
    house.manage("prepare")
    house.start()
    load = os.getloadavg()[0]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs its own loop in this thread
    try:
        server = intake(rounds)
        roster = roster_sizes(house)
        with sync_playwright() as playwright:
            day = with_paper(house, people=LIST)
            with tablet(playwright, house, day["event"]) as at_work:
                names = [each["name"] for each in day["people"][:: LIST // (rounds + 2)]]
                rows = [starting(at_work, rounds), searching(at_work, rounds), drawing(at_work, rounds)]
                rows += [person(at_work, names), *queueing(playwright, house, rounds), *server]
                rows = [app_size(house, at_work.foreign), roster, *rows]
    finally:
        house.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)
    missed = sum(not row.ok for row in rows)
    print(
        f"{connection.vendor}, {os.cpu_count()} cores, load {load:.1f} → {os.getloadavg()[0]:.1f}, "
        f"{rounds} rounds; {len(rows)} rows, {missed} missed"
    )
    for row in rows:
        print(row)


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:]] or [3])
