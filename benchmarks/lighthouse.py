"""What Lighthouse says of a page: python benchmarks/lighthouse.py [path …]. Prints one row a page, see README.md.

Starts the house with the demo on a free port and one Chromium beside it, that is signed in for the pages of staff.
Lighthouse's own simulated phone (mobile, slow 4G, CPU at a quarter), empty cache. A page whose speed falls short is
measured twice more and the middle counts, for a busy machine slows the trace that the simulation starts from. Then
what a page with a list transfers when it was open before. The application sends HTML uncompressed, styles and scripts
compressed; the proxy in front of it compresses HTML, too, so that real pages are smaller than the bytes printed here.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.e2e.conftest import BROWSER_ARGS, CHROMIUM, House  # noqa: E402

CATEGORIES = {"accessibility": 1, "best-practices": 1, "performance": 0.95}
FIGURES = ("largest-contentful-paint", "cumulative-layout-shift", "total-byte-weight")
MOST_AGAIN = 100 * 1024  # bytes of a page with a list that was open before
TRIES = 3
TOOL = ROOT / "benchmarks" / "node_modules" / ".bin" / "lighthouse"
PUBLIC = ("/kios/", "/verifikasi/", "/masuk/")
STAFF, ABOVE = "panwaslu.cerme@contoh.test", "bawaslu.gresik@contoh.test"
OFFICE = (
    "/", "/kegiatan/", "/kegiatan/kalender/", "/kegiatan/templat/", "/naskah/", "/rekap/",
    "/arsip/", "/akun/kantor/",
)  # fmt: skip
OF_EVENT = (
    "", "susunan-acara/", "petugas/", "lokasi/", "peserta/", "peserta/impor/", "undangan/", "tautan/", "berkas/",
    "daftar-hadir/", "hari-h/", "tablet/", "notula/", "foto/", "log/",
)  # fmt: skip
REPORTS = "/kegiatan/laporan-masuk/"  # read by the office above
LISTS = (
    "/kegiatan/", "/naskah/", "/arsip/", "peserta/", "undangan/", "tautan/", "log/",
    "hari-h/", "susunan-acara/",
)  # fmt: skip


@contextmanager
def chromium(folder: Path):
    """The port of a Chromium of its own. Not launched by Playwright, whose settings for new tabs would be in the way."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    window = ("--headless=new", f"--remote-debugging-port={port}", f"--user-data-dir={folder / 'chromium'}")
    process = subprocess.Popen(
        [CHROMIUM, *BROWSER_ARGS, *window], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/json/version")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Chromium did not start.")


@contextmanager
def tab(port: int):
    with sync_playwright() as playwright:
        page = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}").contexts[0].new_page()
        yield page
        page.close()


def sign_in(port: int, house: House, login: str) -> None:
    """The session stays in the browser when the tab is closed; an earlier one ends."""
    with tab(port) as page:
        page.context.clear_cookies()
        page.goto(f"{house.url}/masuk/")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", house.logins[login])
        with page.expect_navigation():
            page.click("main button[type=submit]")


def first_event(port: int, house: House) -> tuple[str, str]:
    """Paths of an event of the office and of its declaration."""
    with tab(port) as page:
        page.goto(f"{house.url}/kegiatan/?status=semua")
        event = page.evaluate(f"({FIRST})(/^\\/kegiatan\\/[A-Z0-9]{{10}}\\/$/)")
        page.goto(house.url + event)
        declaration = page.evaluate(f"({FIRST})(/^\\/deklarasi\\/[0-9a-f-]+\\/$/)")
    return event, declaration


FIRST = "(pattern) => [...document.links].map((a) => a.pathname).find((path) => pattern.test(path))"


def audit(url: str, port: int, folder: Path) -> dict:
    """Scores by category, figures, and what costs points."""
    out = folder / "lighthouse.json"
    command = [
        *(TOOL, url, "--quiet", "--output=json", f"--output-path={out}", f"--port={port}"),
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    _run(command)
    report = json.loads(out.read_text())
    if report["finalDisplayedUrl"].rstrip("/") != url.rstrip("/"):
        raise SystemExit(
            f"{url} led to {report['finalDisplayedUrl']}: that page was audited, not the wanted one."
        )
    audits = report["audits"]
    return {
        "scores": {name: report["categories"][name]["score"] for name in CATEGORIES},
        "lost": _lost(report),
        **{name: audits[name]["numericValue"] for name in FIGURES},
    }


def _run(command: list) -> None:
    """A trace that Chromium lost on a busy machine is taken anew; a page that cannot be audited ends the run."""
    for _ in range(TRIES):
        ended = subprocess.run(command, check=False, timeout=300, capture_output=True, text=True)
        if not ended.returncode:
            return
    raise SystemExit(f"{command[1]} was not audited: {ended.stderr.strip()[-600:]}")


def _lost(report: dict) -> list[str]:
    """Audits of accessibility and practices without full points; of speed those that weigh, with their score."""
    costs = []
    for name, kind in report["categories"].items():
        for part in kind["auditRefs"]:
            score = report["audits"][part["id"]]["score"]
            if part["weight"] and score is not None and score < (0.9 if name == "performance" else 1):
                costs.append(part["id"])
    return costs


def steady(url: str, port: int, folder: Path) -> dict:
    found = audit(url, port, folder)
    if found["scores"]["performance"] >= CATEGORIES["performance"]:
        return found
    more = sorted(
        [found, *(audit(url, port, folder) for _ in range(2))], key=lambda each: each["scores"]["performance"]
    )
    return more[1]


def bytes_again(url: str, port: int) -> int:
    """Bytes over the wire, headers too, when the page is opened a second time in the same browser."""
    with tab(port) as page:
        page.goto(url, wait_until="networkidle")
        sizes = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto("about:blank")
        page.goto(url, wait_until="networkidle")
        if page.url != url:
            raise SystemExit(f"{url} led to {page.url}.")
    return round(sum(sizes))


def verdict(fits: bool) -> str:
    return "ok" if fits else "MISSED"


def tell(path: str, found: dict) -> bool:
    fits = all(found["scores"][kind] >= gate for kind, gate in CATEGORIES.items())
    scores = " ".join(f"{found['scores'][kind] * 100:5.0f}" for kind in CATEGORIES)
    paint, shift, size = (found[name] for name in FIGURES)
    row = f"{path:<44} {scores} {paint / 1000:6.1f} {shift:6.3f} {size / 1024:6.0f}"
    print(f"{row}  {verdict(fits)}  {', '.join(found['lost'])}".rstrip(), flush=True)
    return fits


def tell_again(path: str, size: int) -> bool:
    print(
        f"{path:<44} {size / 1024:6.1f} ≤ {MOST_AGAIN / 1024:.0f} KB  {verdict(size <= MOST_AGAIN)}",
        flush=True,
    )
    return size <= MOST_AGAIN


def measure(house: House, folder: Path, paths: list[str]) -> bool:
    with chromium(folder) as port:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; gates: 100 · 100 · 95")
        print(f"{'page':<44}  a11y    bp speed  LCP s    CLS     KB")
        public = [path for path in paths or PUBLIC if path in PUBLIC]
        good = [tell(path, steady(house.url + path, port, folder)) for path in public]
        sign_in(port, house, STAFF)
        event, declaration = first_event(port, house)
        of_event = [event + part for part in OF_EVENT]
        staff = [path for path in paths if path not in PUBLIC] if paths else [*OFFICE, *of_event, declaration]
        good += [tell(path, steady(house.url + path, port, folder)) for path in staff]
        if not paths:
            print("\nopened again, KB over the wire")
            lists = [path if path.startswith("/") else event + path for path in LISTS]
            good += [tell_again(path, bytes_again(house.url + path, port)) for path in lists]
            sign_in(port, house, ABOVE)
            print(f"\nas {ABOVE}")
            good += [
                tell(REPORTS, steady(house.url + REPORTS, port, folder)),
                tell_again(REPORTS, bytes_again(house.url + REPORTS, port)),
            ]
    return all(good)


def main(paths: list[str]) -> None:
    if not TOOL.exists():
        raise SystemExit("Lighthouse is not installed: npm ci --prefix benchmarks --ignore-scripts")
    with tempfile.TemporaryDirectory(prefix="netralitas-lighthouse-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        house = House(folder)
        house.manage("prepare")
        house.start()
        try:
            good = measure(house, folder, paths)
        finally:
            house.stop()
    if not good:
        raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
