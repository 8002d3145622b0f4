"""One page of a tablet that has only the engine: what a test tells it to do, and what it says about itself."""

import json

CODE = "K7QF3M9T2XAB"
# Pauses of the sender pass ten times as fast; what is measured in them is not what is tested here. Its patience with
# the server stays (this machine may be busy) until a test takes it away.
HURRY = """
window.patience = 15000;
const quick = (real, wait) => (work, ms = 0, ...more) => real(work, wait(ms), ...more);
window.setInterval = quick(setInterval.bind(window), (ms) => ms / 10);
window.setTimeout = quick(setTimeout.bind(window), (ms) => (ms === 15000 ? window.patience : ms / 10));
"""
IMPATIENT = "window.patience = 1500;"


class Tab:
    """One page of a tablet; pages of the same context share its storage."""

    def __init__(self, context, server, scripts=(HURRY,)):
        self.server = server
        self.page = context.new_page()
        self.heard = []
        self.page.on("console", lambda message: self.heard.append(message.text))
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        for script in scripts:
            self.page.add_init_script(script)
        self.open()

    def open(self):
        self.page.goto(self.server.url)
        self.page.wait_for_selector("body[data-open]", state="attached")
        return self

    def run(self, work, value=None):
        return self.page.evaluate(f"(value) => {{ {work} }}", value)

    def outcome(self, call, value=None):
        return self.run(f"return outcome(() => {call})", value)

    def pair(self, code=CODE):
        found = self.outcome("engine.pair(value)", code)
        assert "code" not in found, found
        self.until("engine.snapshot().pending === 0 && engine.snapshot().rows > 0")
        return self

    def save(self, number=0, **more):
        found = self.outcome("engine.save(value)", self.signature(number, **more))
        assert "code" not in found, found
        return found["value"]

    def signature(self, number=0, **more):
        person = self.server.people[number]
        keys = ("name", "category", "position", "agency")
        return {
            "kind": "signature",
            "declaration": self.server.paper,
            "text_sha256": self.paper["text_sha256"],
            "attendee": person["id"],
            "source": "roster",
            "signatory": {key: person[key] for key in keys},
            "capacity": "self",
            "outcome": "signed",
            "agree": True,
            "method": "typed",
            "typed_name": person["name"],
            **more,
        }

    @property
    def paper(self):
        return self.server.answer("roster", None, self.server.token)[1]["declarations"][0]

    @property
    def news(self):
        return self.run("return engine.snapshot()")

    def until(self, condition, timeout=30_000):
        """Wait until it holds; the news of that very moment, for a moment later they may be others."""
        work = f"() => ({condition}) && engine.snapshot()"
        return self.page.wait_for_function(work, timeout=timeout, polling=50).json_value()

    def sent(self, **options):
        self.until("engine.snapshot().pending === 0", **options)

    def shows(self, typed, done):
        """Wait until the first name found is marked so: a report may fetch the list beside the test, and lands late."""
        for _ in range(100):
            if self.run("return engine.search(value)", typed)["hits"][0]["done"] == done:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{typed} is never marked {done!r}")

    def rows(self, store):
        work = "return store.read((s) => store.ask(s[value].getAll()))"
        return self.run(work, store)

    def meta(self, key):
        return self.run("return store.getMeta(value)", key)


def queue(tab, server, count, **more):
    """Records that wait; the sender sits in a pause until it is told to go."""
    server.faults["*"] = ["always", "dead"]
    for number in range(count):
        tab.save(number, **more)


def resume(tab, server):
    server.faults.clear()
    tab.run("return engine.sendNow()")
    tab.sent()


def hashes(server):
    return {record.data["device_seq"]: record.sha256 for record in server.records("")}


def rescue(tab):
    work = "return engine.rescueFile().then(async (file) => ({name: file.name, text: await file.text()}))"
    found = tab.run(work)
    assert found["name"].startswith("penyelamat-cerme-2026-Meja-2-")
    return json.loads(found["text"])
