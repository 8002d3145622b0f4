"""A tablet in a real Chromium, driven as its people do: staff pairs it, attendees find their name, read and sign."""

import re

from playwright.sync_api import expect

from .conftest import TABLET_WIDE, draw, scribble

BODY = "body"
# *Terima kasih* goes by itself after three seconds; a busy machine may look too late, so the page says what was before.
REMEMBER = """new MutationObserver((changes) => {
  for (const { oldValue, target } of changes)
    if (oldValue && oldValue !== target.dataset.state) target.dataset.before = oldValue;
}).observe(document, { subtree: true, attributeFilter: ["data-state"], attributeOldValue: true });"""


class Kios:
    """One page of the kiosk; a context is a tablet, two pages of one context are two tabs."""

    def __init__(self, house, context):
        self.house, self.context = house, context
        context.add_init_script(REMEMBER)
        self.page = context.new_page()
        self.problems = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    # -- life of the tablet

    def open(self):
        self.page.goto(f"{self.house.url}/kios/")
        return self

    def pair(self, event: str, label: str = "Meja 1"):
        """Pair with a fresh code and wait for *Siap luring*."""
        self.open()
        self.state("unpaired")
        self.page.get_by_label("Kode 12 karakter dari petugas").fill(
            self.house.stage("pairing_code", event=event, label=label)
        )
        self.page.get_by_role("button", name="Pasangkan").click()
        self.state("selftest", "closed", "idle")
        self.ready()
        self.leave_selftest()
        return self

    def ready(self):
        """*Siap luring*; the tablet checks again by itself until all is well."""
        try:
            expect(self.page.locator(BODY)).to_have_attribute("data-ready", "1", timeout=90_000)
        except AssertionError as error:
            failed = self.page.locator("[data-checks] li[data-ok=false]").all_inner_texts()
            raise AssertionError(f"not ready: {failed}") from error

    def leave_selftest(self):
        if self.page.locator(BODY).get_attribute("data-state") == "selftest":
            self.page.get_by_role("button", name="Lanjut", exact=True).click()
        self.state("idle", "closed")

    def state(self, *names: str, timeout: int = 30_000):
        """Wait for one of them; *thanks* counts as well when the tablet just went from it to rest."""
        wanted = [f"body[data-state={name}]" for name in names]
        if "thanks" in names:
            wanted.append("body[data-state=idle][data-before=thanks]")
        found = self.page.locator(", ".join(wanted))
        expect(found, f"the tablet should be at {' or '.join(names)}").to_have_count(1, timeout=timeout)

    def pending(self, count: int, timeout: int = 30_000):
        expect(self.page.locator(BODY)).to_have_attribute("data-pending", str(count), timeout=timeout)

    @property
    def data(self) -> dict:
        return self.page.evaluate("({...document.body.dataset})")

    # -- one person

    def find(self, typed: str):
        self.state("idle")
        self.page.get_by_text("Sentuh untuk mulai").click()
        self.state("search")
        self.page.get_by_role("searchbox").fill(typed)
        return self

    def choose(self, name: str):
        self.page.get_by_role("button", name=re.compile(re.escape(name))).first.click()
        self.state("sign")
        return self

    def sign(self, name: str, strokes=None):
        """Find the name, tick, draw, finish; ends at *Terima kasih*."""
        self.find(name).choose(name)
        self.page.get_by_label(re.compile("Saya telah membaca")).check()
        draw(self.page, "[data-pad]", strokes or scribble())
        self.page.get_by_role("button", name="Selesai").click()
        self.state("thanks")
        return self

    def sign_all(self, people):
        for person in people:
            self.sign(person["name"])
            self.state("idle")
        return self


def tablet(house, new_context, **options) -> Kios:
    return Kios(house, new_context(viewport=TABLET_WIDE, has_touch=True, locale="id-ID", **options))
