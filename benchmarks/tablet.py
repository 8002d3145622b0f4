"""Measures one tablet in Debian's Chromium; a slow tablet is the same one with its CPU throttled. See kiosk.py."""

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Playwright

from declarations.sample_strokes import sample_capture
from tests.e2e.conftest import BROWSER_ARGS, CHROMIUM, TABLET_WIDE, House
from tests.e2e.kios import Kios

PAGE = (Path(__file__).parent / "kiosk_page.js").read_text()
SLOW = 6
MODULES = ("chain", "pad", "strokes")
# Set before the app starts: when *idle* was reached, and how long each letter took until the page had answered.
WATCH = """
new MutationObserver(() => {
  if (!window.idleAt && document.body && document.body.dataset.state === "idle") window.idleAt = performance.now();
}).observe(document, { attributes: true, subtree: true, childList: true });
window.answers = [];
addEventListener("keydown", (event) => (window.pressed = event.timeStamp), true);
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  if (!window.pressed || document.body.dataset.state !== "search") return;
  window.answers.push(performance.now() - window.pressed);
  window.pressed = 0;
}).observe(document.body, { subtree: true, childList: true, characterData: true }));
"""
QUERIES = ("prasetyo k1999", "ahmad qom", "zulkarnain k0", "rtono wib", "kepala seksi 77", "tidakadasiapa")


class TabletAtWork:
    """A tablet whose browser can be closed and started again; what it stores survives."""

    def __init__(self, playwright: Playwright, house: House, folder: Path):
        self.playwright, self.house, self.folder = playwright, house, folder
        self.foreign: list[str] = []

    @contextmanager
    def browser(self):
        """A browser process of its own over the tablet's storage."""
        context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            args=BROWSER_ARGS,
            viewport=TABLET_WIDE,
            has_touch=True,
            locale="id-ID",
        )
        context.add_init_script(WATCH)
        context.on("request", self._note)
        try:
            yield context
        finally:
            context.close()

    def _note(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(self.house.url).netloc:
            self.foreign.append(request.url)

    def pair(self, event: str):
        with self.browser() as context:
            Kios(self.house, context).pair(event).state("idle")

    def cold_start(self, slower: int) -> float:
        """Seconds from opening the app to *idle*, in a new browser process without network."""
        with self.browser() as context:
            context.set_offline(True)
            kios = Kios(self.house, context)
            throttle(kios.page, slower)
            kios.open().state("idle")
            return kios.page.evaluate("window.idleAt") / 1000

    def search(self) -> list[float]:
        """ms from each key press to the answer on the page, on the slow tablet."""
        waits = []
        with self.browser() as context:
            context.set_offline(True)
            kios = Kios(self.house, context).open()
            throttle(kios.page, SLOW)
            for query in QUERIES:
                kios.find("")
                kios.page.evaluate("window.answers.length = 0")
                kios.page.get_by_role("searchbox").press_sequentially(query, delay=250)
                kios.page.wait_for_timeout(300)
                waits += kios.page.evaluate("window.answers")[2:]  # before the third letter nothing is asked
                kios.open()
        return waits

    def people(self, names: list[str]) -> list[float]:
        """Seconds from the first touch to *Terima kasih* for each, drawing by 8 ms a point, on the tablet as it is."""
        with self.browser() as context:
            kios = Kios(self.house, context).open()
            times = []
            for name in names:
                kios.state("idle")
                started = kios.page.evaluate("performance.now()")
                kios.sign(name)
                times.append((kios.page.evaluate("performance.now()") - started) / 1000)
            return times

    def pad(self, count: int) -> dict:
        with self.browser() as context:
            kios = Kios(self.house, context).open()
            kios.state("idle")
            throttle(kios.page, SLOW)
            return inside(kios.page, "pad", modules=self.modules(), captures=captures(count))

    def queue(self, day: dict, quick: int, slow: int) -> dict:
        """Everybody signs without network, ``quick`` and ``slow`` of them timed; then the network comes back.

        ms in ``quick`` and ``slow``; bytes in ``s1`` and ``items``; ``upload`` in bytes, ``requests``, ``seconds``.
        """
        with self.browser() as context:
            kios = Kios(self.house, context).open()
            kios.state("idle")
            for module in self.modules().values():
                kios.page.evaluate("(url) => import(url).then(() => 0)", module)
            context.set_offline(True)
            found = self._sign_all(kios.page, day, quick, slow)
            kios.open()
            kios.pending(len(day["people"]))
            bodies = []
            context.on("requestfinished", lambda each: "/kiosk/sync" in each.url and bodies.append(each))
            kios.page.evaluate(f"window.drained = {PAGE}.drained(); 0")
            context.set_offline(False)
            kios.page.evaluate("dispatchEvent(new Event('online')); 0")  # emulation does not always say so
            found["seconds"] = kios.page.evaluate("window.drained") / 1000
            found["upload"] = sum(len(each.post_data_buffer or b"") for each in bodies)
            found["requests"] = len(bodies)
            return found

    def _sign_all(self, page, day: dict, quick: int, slow: int) -> dict:
        drawings = captures(len(day["people"]))
        parts, at = [], 0
        for slower, count in ((1, quick), (SLOW, slow), (1, len(drawings) - quick - slow)):
            throttle(page, slower)
            given = {"people": day["people"][at : at + count], "captures": drawings[at : at + count]}
            parts.append(inside(page, "keep", modules=self.modules(), paper=day["paper"], **given))
            at += count
        whole = {key: [value for part in parts for value in part[key]] for key in ("s1", "items")}
        return {"quick": parts[0]["times"], "slow": parts[1]["times"], **whole}

    def modules(self) -> dict[str, str]:
        """Addresses of the app's single modules; the app itself runs the same code as one script."""
        names = json.loads((self.house.folder / "static" / "staticfiles.json").read_text())["paths"]
        return {name: f"/static/{names[f'js/kiosk/{name}.js']}" for name in MODULES}


def throttle(page, slower: int):
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})


def inside(page, function: str, **value):
    return page.evaluate(f"(value) => ({PAGE}).{function}(value)", value)


def captures(count: int) -> list[dict]:
    """Drawings of invented hands, in CSS px of the box."""
    return [
        {"box": list(box), "strokes": strokes}
        for box, strokes in (sample_capture(seed) for seed in range(count))
    ]


@contextmanager
def tablet(playwright: Playwright, house: House, event: str):
    """A freshly paired tablet."""
    with tempfile.TemporaryDirectory(prefix="netralitas-tablet-", ignore_cleanup_errors=True) as folder:
        made = TabletAtWork(playwright, house, Path(folder))
        made.pair(event)
        yield made
