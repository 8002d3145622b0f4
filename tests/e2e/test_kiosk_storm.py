"""The storm: hundreds of signatures over three tablets of two tabs each, while six of ten answers are spoilt and the server dies.

Runs on SQLite, and under tests/postgres.py on PostgreSQL; `make storm` makes it 500 and three times in a row.
"""

import json
import os
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from .conftest import FaultyHouse
from .kios import tablet

RECORDS = int(os.environ.get("STORM_RECORDS", "200"))
RUNS = int(os.environ.get("STORM_RUNS", "1"))
DEVICES = 3
FAULTS = ("die", "error500", "portal", "truncated", "cut", "partial")
PATIENCE = 600  # seconds; the gate of 120 is a benchmark's, not a test's

# Starts writing and comes back at once, so that both tabs write at the same time.
WRITE = """async ([chain, rows]) => {
  const { keep } = await import(chain);
  const write = async () => {
    const kept = [];
    for (const row of rows) {
      const done = [{ key: `${row.declaration}|${row.attendee}`, at: "09.41", name: row.signatory.name }];
      kept.push((await keep(row, done)).id);
    }
    return kept;
  };
  window.storm = write();
}"""
WAITING = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("kios");
  opening.onerror = reject;
  opening.onsuccess = () => {
    const count = opening.result.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => { opening.result.close(); resolve(count.result); };
  };
})"""


@pytest.fixture
def stormy_house():
    """A house of its own, on the database that DATABASE_URL names when there is one."""
    folder = Path(tempfile.mkdtemp(prefix="netralitas-storm-"))
    house = FaultyHouse(folder, os.environ.get("DATABASE_URL", ""))
    house.manage("prepare")
    house.start()
    yield house
    house.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("run", range(RUNS))
def test_sixty_percent_faults_2_tabs_3_devices(stormy_house, new_context, run):
    house = stormy_house
    day = house.stage("make_event", people=RECORDS, title=f"Badai {run}")
    rows = house.stage("signatures", event=day["event"])
    tablets = [tablet(house, new_context).pair(day["event"], f"Meja {n + 1}") for n in range(DEVICES)]
    tabs = [(kios.page, second_tab(kios)) for kios in tablets]
    chain = module(house, "js/kiosk/chain.js")
    house.spoil(*FAULTS, rate=0.6)

    shares = [rows[n::DEVICES] for n in range(DEVICES)]
    kept: list[str] = []
    for start in range(0, max(len(share) for share in shares), 20):
        for share, (first, second) in zip(shares, tabs, strict=True):
            batch = share[start : start + 20]
            kept += write_in_both(first, second, chain, batch)
            first.evaluate("dispatchEvent(new Event('online'))")
    assert len(set(kept)) == RECORDS

    until = time.monotonic() + PATIENCE
    while sum(waiting := [first.evaluate(WAITING) for first, _ in tabs]):
        assert time.monotonic() < until, f"still waiting: {waiting}"
        for first, _ in tabs:
            first.evaluate("dispatchEvent(new Event('online'))")
        time.sleep(0.5)
    house.spoil()

    state = house.stage("state_of", event=day["event"])
    assert Counter(row["status"] for row in state["signatures"]) == {"valid": RECORDS}
    assert sorted(row["id"] for row in state["signatures"]) == sorted(kept)
    assert state["signed"] == state["present"] == RECORDS
    assert [(d["chain_seq"], d["broken"]) for d in state["devices"]] == [
        (len(share) + 1, None) for share in shares
    ]
    assert (state["quarantined"], state["audit_whole"]) == (0, True)
    assert [kios.problems for kios in tablets] == [[], [], []]


def second_tab(kios):
    """Another page of the same tablet and origin, where only the chain is loaded."""
    page = kios.context.new_page()
    page.goto(f"{kios.house.url}/kios/")
    page.wait_for_selector("body[data-state=blocked]")
    return page


def write_in_both(first, second, chain: str, rows: list[dict]) -> list[str]:
    """Both tabs write at once, each its half; neither knows of the other but by the chain."""
    halves = rows[0::2], rows[1::2]
    for page, half in zip((first, second), halves, strict=True):
        page.evaluate(WRITE, [chain, half])
    return [*first.evaluate("window.storm"), *second.evaluate("window.storm")]


def module(house, name: str) -> str:
    """Address of a collected module of ours."""
    paths = json.loads((house.folder / "static" / "staticfiles.json").read_text())["paths"]
    return f"/static/{paths[name]}"
