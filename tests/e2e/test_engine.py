"""The tablet's engine in a real browser against a stand-in server: nothing is lost, doubled or taken for sent."""

import json

import pytest

from .engine_stand import PIN, Stand

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
WITHOUT_LOCKS = 'Object.defineProperty(navigator, "locks", { value: undefined });'


@pytest.fixture(scope="session")
def stand():
    stand = Stand()
    yield stand
    stand.close()


@pytest.fixture(scope="session")
def base_url(stand):
    return stand.url


@pytest.fixture
def server(stand):
    stand.reset()
    yield stand
    assert stand.problems == []


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

    def rows(self, store):
        work = "return store.read((s) => store.ask(s[value].getAll()))"
        return self.run(work, store)

    def meta(self, key):
        return self.run("return store.getMeta(value)", key)


@pytest.fixture
def tablet(server, new_context):
    return Tab(new_context(), server)


@pytest.fixture
def paired(tablet):
    return tablet.pair()


# -- pairing -----------------------------------------------------------------------------------------------------


def test_pairing_sends_the_probe_and_brings_the_roster(paired, server):
    news = paired.news
    assert (news["paired"], news["blocked"], news["rows"], news["sent"]) == (True, "", 12, 1)
    assert (news["device"]["label"], news["event"]["code"], news["signing"]) == (
        "Meja 2",
        "cerme-2026",
        "open",
    )
    assert [record.kind for record in server.records("")] == ["probe"]
    assert server.records("")[0].data["app"] == "1.0.0+abcdef1"
    assert server.chain_is_whole()


def test_selftest_names_only_what_a_bare_page_lacks(paired):
    paired.run(f"{IMPATIENT} return engine.selftest()")
    wrong = {line["label"] for line in paired.news["readiness"] if not line["ok"]}
    assert wrong - {"Data dilindungi dari penghapusan"} == {"Kios tersimpan untuk luring"}
    assert paired.news["ready"] is False


def test_pair_reply_lost_is_repeated_with_the_same_key(tablet, server):
    server.faults["pair"] = ["die"]
    assert tablet.outcome("engine.pair(value)", CODE)["code"] == "offline"
    first = server.public
    tablet.open()  # the app was killed meanwhile
    tablet.pair()
    assert server.public == first
    assert server.chain_is_whole()


def test_code_single_use_says_so(tablet, server):
    server.codes[CODE] = "another tablet's key"
    found = tablet.outcome("engine.pair(value)", CODE)
    assert found == {"code": "code_used", "message": "Kode sudah dipakai."}
    assert tablet.news["paired"] is False


def test_paired_tablet_does_not_use_up_a_second_code(paired, server):
    server.codes["AAAAAAAAAAAA"] = None
    assert paired.outcome("engine.pair(value)", "AAAAAAAAAAAA")["code"] == "paired"
    assert server.codes["AAAAAAAAAAAA"] is None


def test_pairing_cut_short_before_the_probe_is_finished_at_the_next_start(tablet, server):
    server.faults["sync"] = ["always", "dead"]
    tablet.outcome("engine.pair(value)", CODE)
    tablet.run(
        "return store.write(async ({meta, outbox}) => { outbox.clear();"
        " const {link} = await store.ask(meta.get('head')); meta.put({seq: 0, link: value}, 'head'); })",
        server.link_of({}),
    )
    tablet.open()
    tablet.until("engine.snapshot().pending === 1")
    server.faults.clear()
    tablet.until("engine.snapshot().sent === 1")
    assert server.chain_is_whole()


# -- saving and sending ------------------------------------------------------------------------------------------


def test_records_arrive_signed_sealed_and_chained(paired, server):
    saved = [paired.save(n) for n in range(3)]
    person = server.people[3]
    arrived = {
        "kind": "attendance",
        "attendee": person["id"],
        "source": "roster",
        "signatory": {"name": person["name"], "category": "pns"},
        "found_by": "qr",
    }
    assert "code" not in paired.outcome("engine.save(value)", arrived)
    paired.sent()
    assert [record.sha256 for record in server.records()] == [row["record_sha256"] for row in saved]
    assert [record.kind for record in server.records("")] == ["probe", *["signature"] * 3, "attendance"]
    assert server.chain_is_whole()
    assert paired.meta("head") == {"seq": 5, "link": server.link_of(hashes(server))}


def hashes(server):
    return {record.data["device_seq"]: record.sha256 for record in server.records("")}


def test_offline_tablet_keeps_everything_over_restarts(paired, server):
    server.faults["*"] = ["always", "dead"]
    for number in range(4):
        paired.save(number)
    assert paired.news["pending"] == 4
    paired.open()
    paired.save(4)
    news = paired.until("engine.snapshot().sync.kind === 'offline'")
    assert (news["pending"], news["sent"]) == (5, 1)
    server.faults.clear()
    paired.run("return engine.sendNow()")
    paired.sent()
    assert len(server.records()) == 5
    assert server.chain_is_whole()


def test_empty_outbox_does_not_hide_that_the_network_is_gone(paired, server):
    server.faults["*"] = ["always", "dead"]
    paired.run("return engine.sendNow()")
    paired.until("engine.snapshot().sync.kind === 'offline'")
    paired.run("return engine.sender.drain({ now: true })")
    assert paired.news["sync"]["kind"] == "offline"
    server.faults.clear()
    paired.run("return engine.sendNow()")
    paired.until("engine.snapshot().sync.kind === 'idle'")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (500, "error"),
        ("busy", "error"),
        ("truncated", "error"),
        ("cut", "error"),
        ("dead", "offline"),
        ("die", "offline"),
        ("foreign", "error"),
        ("foreign410", "error"),
        ("portal", "portal"),
        ("redirect", "portal"),
        (429, "error"),
        (403, "error"),
    ],
)
def test_no_answer_keeps_the_record_until_there_is_one(paired, server, fault, kind):
    server.faults["sync"] = ["always", fault]
    paired.save()
    news = paired.until("!['sending', 'idle'].includes(engine.snapshot().sync.kind)")
    assert (news["sync"]["kind"], news["pending"], news["blocked"]) == (kind, 1, "")
    server.faults.clear()
    paired.sent()
    assert (len(server.records()), paired.news["quarantine"], server.chain_is_whole()) == (1, 0, True)


def test_server_dies_after_commit_before_reply_and_holds_one_row(paired, server):
    server.faults["sync"] = ["die"]
    paired.save()
    paired.sent()
    assert len(server.records()) == 1
    assert [batch for batch in server.batches if batch == [1]] == [[1], [1]]


def test_partial_results_move_only_what_is_listed(paired, server):
    queue(paired, server, 10)
    server.rules["partial"] = True
    resume(paired, server)
    assert server.batches[-2:] == [list(range(1, 11)), [2, 4, 6, 8, 10]]
    assert len(server.records()) == 10


def queue(tab, server, count, **more):
    """Records that wait; the sender sits in a pause until it is told to go."""
    server.faults["*"] = ["always", "dead"]
    for number in range(count):
        tab.save(number, **more)


def resume(tab, server):
    server.faults.clear()
    tab.run("return engine.sendNow()")
    tab.sent()


def test_receipt_mismatch_keeps_the_item_and_alerts(paired, server):
    server.rules["mismatch"] = [1]
    paired.save(0)
    paired.save(1)
    paired.until("engine.snapshot().sent === 2")
    assert [row["seq"] for row in paired.rows("outbox")] == [1]
    paired.until("engine.snapshot().alerts.mismatch === 1")
    server.rules.clear()
    paired.sent()


def test_wrong_server_unknown_kid_leaves_the_outbox_intact(paired, server):
    server.rules["unknown_key"] = range(1, 99)
    for number in range(3):
        paired.save(number)
    paired.until("engine.snapshot().alerts.unknown_key > 0")
    assert [row["seq"] for row in paired.rows("outbox")] == [1, 2, 3]
    server.rules.clear()
    paired.sent()
    assert len(server.records()) == 3


def test_unreadable_item_is_quarantined_and_resent(paired, server):
    server.rules["unreadable"] = [1]
    paired.save(0)
    paired.save(1)
    paired.until("engine.snapshot().quarantine === 1 && engine.snapshot().pending === 0")
    [row] = paired.rows("quarantine")
    assert (row["seq"], row["reason"], row["receipt"]) == (1, "unreadable", True)
    server.rules.clear()
    paired.run("return engine.retryQuarantine()")
    paired.until("engine.snapshot().quarantine === 0 && engine.snapshot().pending === 0")
    assert len(server.records()) == 2


@pytest.mark.parametrize("status", [422, 413])
def test_poison_item_is_isolated_and_set_aside_without_receipt(paired, server, status):
    queue(paired, server, 12)
    server.rules |= {"poison": 7, "poison_status": status}
    resume(paired, server)
    [row] = paired.rows("quarantine")
    assert (row["seq"], row["reason"], row["receipt"]) == (7, str(status), False)
    assert len(server.records()) == 11


def test_item_that_breaks_the_server_is_tried_last(paired, server):
    queue(paired, server, 12)
    server.rules |= {"poison": 7, "poison_status": 500}
    server.faults.clear()
    paired.run("engine.sendNow(); return 0")
    paired.until("engine.snapshot().pending === 1", timeout=30_000)
    assert ([row["seq"] for row in paired.rows("outbox")], paired.news["quarantine"]) == ([7], 0)
    server.rules.clear()
    paired.sent()
    assert server.chain_is_whole()


def test_slow_line_halves_the_batch_but_not_below_five(paired, server):
    queue(paired, server, 12)
    server.faults = {"sync": ["slow"] * 3}
    paired.run(f"{IMPATIENT} engine.sendNow(); return 0")
    paired.until("engine.sender.size === 5", timeout=30_000)
    server.faults.clear()
    paired.sent()
    assert len(server.records()) == 12


def test_five_hundred_records_go_in_ten_requests(paired, server):
    queue(paired, server, 1)
    # The same bytes under other numbers would be another record: make real ones, quickly, in the page.
    paired.run(
        "return (async () => { for (let i = 0; i < 499; i += 1) await engine.save({...value,"
        " attendee: uuid7(), source: 'walk_in', kind: 'attendance', found_by: 'typed'}); })()",
        {"signatory": {"name": "Tamu (contoh)", "category": "pns"}},
    )
    before = len(server.batches)
    resume(paired, server)
    assert (len(server.batches) - before, len(server.items)) == (10, 501)
    assert server.chain_is_whole()


# -- states of the device ----------------------------------------------------------------------------------------


def test_lost_token_keeps_the_queue_and_asks_again_every_five_minutes(paired, server):
    server.faults["*"] = ["always", 401]
    paired.save()
    paired.until("engine.snapshot().sync.kind === 'unauthorised'")
    paired.page.wait_for_timeout(500)  # what was on its way has arrived
    asked = len(server.calls)
    paired.page.wait_for_timeout(2500)
    assert len(server.calls) == asked
    assert (paired.news["pending"], paired.news["blocked"], paired.news["rows"]) == (1, "", 12)
    server.faults.clear()
    paired.run("return engine.sendNow()")
    paired.sent()


def test_token_draining_then_revoked_with_queue(paired, server):
    server.state = "draining"
    paired.run("return engine.sendNow()")
    paired.until("engine.snapshot().rows === 0 && engine.snapshot().signing === 'closed'")
    server.faults["sync"] = ["always", "dead"]
    paired.outcome("engine.save(value)", paired_signature(paired, server))
    server.state = "revoked"
    server.faults.clear()
    paired.run("return engine.sendNow()")
    news = paired.until("engine.snapshot().blocked === 'revoked' && engine.snapshot().rows === 0")
    assert (news["pending"], news["rows"], news["sync"]["kind"]) == (1, 0, "revoked")
    file = rescue(paired)
    assert [(item["seq"], item["store"]) for item in file["items"]] == [(0, "sent"), (1, "outbox")]


def paired_signature(tab, server):
    server.state, before = "active", server.state
    fields = tab.signature(0)
    server.state = before
    return fields


def rescue(tab):
    work = "return engine.rescueFile().then(async (file) => ({name: file.name, text: await file.text()}))"
    found = tab.run(work)
    assert found["name"].startswith("penyelamat-cerme-2026-Meja-2-")
    return json.loads(found["text"])


def test_rescue_file_carries_every_record_in_a_form_the_server_can_open(paired, server):
    server.rules["unreadable"] = [1]
    paired.save(0)
    paired.until("engine.snapshot().quarantine === 1")
    server.rules.clear()
    queue(paired, server, 2)
    file = rescue(paired)
    stores = [(item["seq"], item["store"]) for item in file["items"]]
    assert stores == [(0, "sent"), (1, "quarantine"), (2, "outbox"), (3, "outbox")]
    assert (file["format"], file["next_seq"]) == ("netralitas-rescue/1", 4)
    for item in file["items"]:
        assert server.take(item)["status"] in ("stored", "duplicate")
    assert file["link"] == server.link_of(hashes(server))
    assert paired.news["pending"] == 2  # making it deletes nothing


def test_server_restored_from_old_backup_gets_what_it_lost(paired, server):
    for number in range(3):
        paired.save(number)
    paired.sent()
    server.items = dict(list(server.items.items())[:2])
    server.commands = [{"do": "message", "text": "Mohon sabar."}]
    paired.run("return engine.sendNow()")
    while len(server.items) < 4:
        paired.page.wait_for_timeout(50)
    paired.until("engine.snapshot().message === 'Mohon sabar.' && engine.snapshot().pending === 0")
    assert server.chain_is_whole()


def test_report_that_was_passed_by_the_records_sends_none_of_them_again(paired, server):
    paired.until("!engine.beating")
    server.faults["sync"] = ["always", "dead"]
    paired.save(0)
    server.faults["heartbeat"] = ["late"]
    before = len(server.heartbeats)
    paired.run("window.beat = engine.beat()")
    while len(server.heartbeats) == before:
        paired.page.wait_for_timeout(50)
    del server.faults["sync"]
    paired.run("return engine.drain()")
    paired.sent()
    server.may_answer.set()  # "1 is missing": true when it was asked
    paired.run("return window.beat")
    paired.run("return engine.sendNow()")
    assert server.batches.count([1]) == 1
    assert paired.news["pending"] == 0


# -- storage -----------------------------------------------------------------------------------------------------

FAIL_NEXT = """
window.failures = value;
const real = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...how) {
  if (window.failures-- > 0) throw new DOMException("The database connection is closing.", "InvalidStateError");
  return real.apply(this, how);
};
"""


def test_idb_connection_lost_reopens(paired, server):
    paired.run(FAIL_NEXT, 1)
    paired.save()
    paired.sent()
    assert server.chain_is_whole()


def test_storage_that_fails_twice_reloads_once_then_blocks(paired, server):
    fields = paired.signature()
    server.faults["sync"] = ["always", "dead"]
    with paired.page.expect_navigation():
        paired.run(FAIL_NEXT + "engine.save(window.fields = value).catch(() => {}); return 0", 9)
    paired.page.wait_for_selector("body[data-open='1']", state="attached")
    assert paired.news["blocked"] == ""
    paired.run(FAIL_NEXT, 10**6)
    found = paired.outcome("engine.save(value)", fields)
    assert found["code"] == "broken"
    assert "Jangan hapus data" in found["message"]
    assert paired.news["blocked"] == "broken"
    paired.page.wait_for_timeout(500)
    assert paired.run("return window.failures") > 0  # not loaded anew a second time
    assert len(server.records()) == 0


def test_record_committed_by_a_dying_connection_is_not_stored_twice(paired, server):
    """The answer of the first attempt is lost, the second finds the record in place."""
    paired.run(
        "const real = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'oncomplete');"
        "let lost = 0;"
        "Object.defineProperty(IDBTransaction.prototype, 'oncomplete', { ...real, set(work) {"
        "  const strict = this.mode === 'readwrite';"
        "  real.set.call(this, strict && !lost ? () => { lost = 1; this.onabort(); } : work); } });"
    )
    server.faults["*"] = ["always", "dead"]
    paired.save()
    assert [row["seq"] for row in paired.rows("outbox")] == [1]
    resume(paired, server)
    assert server.chain_is_whole()


FILL = """
return (async () => {
  const block = () => crypto.getRandomValues(new Uint8Array(value));
  for (let i = 0; i < 300; i += 1) if ((await outcome(() => store.putMeta(`fill${value}.${i}`, block()))).code) return i;
})()
"""


def test_storage_full_refuses_the_record_and_goes_on_sending(tablet, server):
    session = tablet.page.context.new_cdp_session(tablet.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 900_000})
    paired = tablet.pair()
    queue(paired, server, 2)
    assert paired.run(FILL, 20_000) < 50
    assert paired.run(FILL, 500) < 50
    found = paired.outcome("engine.save(value)", paired.signature(2))
    assert found["code"] == "storage"
    assert (paired.news["blocked"], paired.news["pending"]) == ("storage", 2)
    assert len(rescue_items(paired)) == 3
    server.faults.clear()
    paired.run("return engine.sendNow()")
    assert len(server.records()) == 2  # handed in, whether or not there is room to note it
    session.send("Storage.overrideQuotaForOrigin", {"origin": server.url})
    paired.run("return engine.sendNow()")
    paired.until("engine.snapshot().blocked === '' && engine.snapshot().pending === 0")
    paired.save(2)
    paired.sent()
    assert server.chain_is_whole()


def rescue_items(tab):
    """Without noting it: there is no room."""
    return tab.rows("outbox") + tab.rows("sent")


def test_dead_key_blocks_signing_not_sending(paired, server):
    queue(paired, server, 2)
    paired.run("return store.write(({meta}) => store.ask(meta.delete('keys')))")
    server.faults.clear()
    paired.open()
    paired.sent()
    assert paired.news["blocked"] == "key"
    assert paired.outcome("engine.save(value)", paired.signature(3))["code"] == "key"
    assert len(server.records()) == 2


def test_key_cannot_be_taken_out_of_the_tablet(paired):
    found = paired.outcome(
        "store.getMeta('keys').then((keys) => crypto.subtle.exportKey('pkcs8', keys.privateKey))"
    )
    assert found["code"] == "InvalidAccessError"


# -- tabs --------------------------------------------------------------------------------------------------------


def test_two_tabs_one_chain_without_any_lock(server, new_context):
    context = new_context()
    one = Tab(context, server, (HURRY, WITHOUT_LOCKS)).pair()
    two = Tab(context, server, (HURRY, WITHOUT_LOCKS))
    start = (
        "window.all = Promise.all(Array.from({length: 25}, (_, i) => engine.save({...value, typed_name: `Tab ${i}`})))"
        ".then(() => (window.ended = true)); return 0"
    )
    for number, tab in enumerate((one, two)):
        tab.run(start, tab.signature(number))
    for tab in (one, two):
        tab.until("window.ended", timeout=30_000)
    one.run("return engine.sendNow()")
    one.until("engine.snapshot().pending === 0")
    assert len(server.records()) == 50
    assert server.chain_is_whole()


def test_second_tab_waits_and_can_take_over(server, new_context):
    context = new_context()
    one = Tab(context, server).pair()
    two = Tab(context, server)
    assert (one.news["blocked"], two.news["blocked"]) == ("", "tab")
    assert two.outcome("engine.save(value)", two.signature())["code"] == "tab"
    two.run("engine.takeOver(); engine.takeOver(); return 0")
    two.until("engine.snapshot().blocked === ''")
    one.until("engine.snapshot().blocked === 'tab'")
    two.save()
    two.sent()
    two.page.close()
    one.until("engine.snapshot().blocked === '' && engine.snapshot().sent === 2")


def test_reload_of_the_only_tab_keeps_the_tablet(paired):
    for _ in range(3):
        paired.open()
        paired.until("engine.snapshot().blocked === ''")


# -- people ------------------------------------------------------------------------------------------------------


def test_name_is_taken_by_a_time_and_freed_by_a_correction(paired, server):
    saved = paired.save(4)
    person = server.people[4]["id"]
    hit = paired.run("return engine.search('nomor04')")["hits"][0]
    assert hit["done"].count(".") == 1
    assert paired.run("return engine.person(value)", person)["papers"] == []
    [mine] = paired.run("return engine.voidable()")
    assert (mine["id"], mine["name"], mine["title"]) == (
        saved["id"],
        server.people[4]["name"],
        "Ikrar Netralitas",
    )
    paired.sent()
    server.faults["sync"] = ["always", "dead"]
    paired.run("return engine.void(value, 'wrong_person')", saved["id"])
    # The server still counts it; the tablet knows better until the correction has arrived.
    server.done = [{"declaration": server.paper, "attendee": person, "at": "09.41"}]
    server.seq += 1
    paired.run("return engine.refreshRoster()")
    assert paired.run("return engine.search('nomor04')")["hits"][0]["done"] == ""
    assert len(paired.run("return engine.person(value)", person)["papers"]) == 1
    server.faults.clear()
    server.done, server.undone = [], [{"declaration": server.paper, "attendee": person}]
    paired.sent()
    assert [record.data["target"] for record in server.records("void")] == [saved["id"]]
    assert paired.rows("done") == []


def test_signature_taken_back_on_the_server_frees_the_name_here(paired, server):
    paired.save(4)
    paired.sent()
    pair = {"declaration": server.paper, "attendee": server.people[4]["id"]}
    server.done, server.seq = [{**pair, "at": "10.02"}], server.seq + 1
    paired.run("return engine.refreshRoster()")
    assert paired.run("return engine.search('nomor04')")["hits"][0]["done"] == "10.02"
    assert len(paired.run("return engine.voidable()")) == 1
    server.done, server.undone, server.seq = [], [pair], server.seq + 1
    paired.run("return engine.refreshRoster()")
    assert paired.run("return engine.search('nomor04')")["hits"][0]["done"] == ""


def test_waiting_and_held_records_keep_their_names_taken(paired, server):
    server.rules["status"] = "held"
    paired.save(4)
    paired.sent()
    server.faults["sync"] = ["always", "dead"]
    paired.save(5)
    server.rules["full"], server.seq = True, server.seq + 1
    paired.run("return engine.refreshRoster()")
    for name in ("nomor04", "nomor05"):
        assert paired.run("return engine.search(value)", name)["hits"][0]["done"] != ""


def test_roster_changes_and_fetches_the_whole_when_the_count_differs(paired, server):
    server.gone, server.seq = [server.people.pop()["id"]], server.seq + 1
    paired.run("return engine.sendNow()")
    paired.until("engine.register.rows.length === 11")
    server.people.append(server.person(77))  # a change the server forgot to mention
    server.gone, server.seq = [], server.seq + 1
    paired.run("return engine.sendNow()")
    paired.until("engine.register.rows.length === 12")
    assert paired.run("return engine.search('nomor77')")["count"] == 1


def test_roster_with_a_text_that_does_not_fit_its_hash_is_not_taken(tablet, server):
    real = server.do_roster
    server.do_roster = lambda since: (200, spoil(real(since)[1]))
    tablet.outcome("engine.pair(value)", CODE)
    tablet.until("engine.snapshot().pending === 0")
    assert tablet.run("return engine.refreshRoster()") == "server"
    assert (tablet.news["papers"], tablet.news["rows"]) == ([], 0)
    del server.do_roster


def spoil(roster):
    roster["declarations"][0]["text"]["title"] += "!"
    return roster


def test_staff_open_signing_offline_and_the_server_has_the_later_word(tablet, server):
    server.signing = server.paper_state = "closed"
    server.paper_state = "draft"
    tablet.pair()
    assert tablet.news["signing"] == "closed"
    person = server.people[0]["id"]
    assert tablet.run("return engine.person(value)", person)["papers"] == []
    server.faults["*"] = ["always", "dead"]
    tablet.run("return engine.setSigning('open')")
    tablet.open()
    assert (tablet.news["signing"], tablet.news["papers"][0]["state"]) == ("open", "open")
    assert len(tablet.run("return engine.person(value)", person)["papers"]) == 1
    server.faults.clear()
    server.signing, server.seq = "open", server.seq + 1
    tablet.run("return engine.sendNow()")
    tablet.until("engine.serverSigning === 'open'")
    server.signing, server.paper_state, server.seq = "closed", "closed", server.seq + 1
    tablet.run("return engine.sendNow()")
    tablet.until("engine.serverSigning === 'closed'")
    assert tablet.run("return engine.person(value)", person)["papers"] == []


def test_absurd_clock_signs_and_keeps_the_roster(server, new_context):
    ahead = "const real = Date.now; Date.now = () => real() + 3 * 365 * 864e5;"
    tab = Tab(new_context(), server, (HURRY, ahead)).pair()
    tab.until("Math.abs(engine.snapshot().clockOffsetMs + 3 * 365 * 864e5) < 60000")
    server.faults["roster"] = ["always", "dead"]
    tab.run("return engine.sendNow()")
    tab.save()
    tab.sent()
    assert tab.news["rows"] == 12
    assert abs(server.records()[0].data["clock_offset_ms"] + 3 * 365 * 86_400_000) < 60_000


def test_clock_changed_midday_does_not_wipe_the_roster(paired, server):
    server.faults["roster"] = ["always", "dead"]  # what is wiped stays wiped
    paired.run("const real = Date.now; Date.now = () => real() + 30 * 864e5; return 0")
    paired.run("return engine.sendNow()")
    paired.save()
    paired.sent()
    assert paired.news["rows"] == 12


def test_names_go_when_their_time_is_over_and_the_queue_stays(paired, server):
    queue(paired, server, 2)
    server.faults.clear()
    server.offset = (server.wipe_at - server_now()) * 2
    server.faults["sync"] = ["always", "dead"]
    paired.run("engine.unmeasured = true; return engine.sendNow()")
    server.faults["roster"] = ["always", "dead"]
    paired.run("return engine.sendNow()")
    paired.until("engine.snapshot().rows === 0")
    assert (paired.news["pending"], paired.news["sent"]) == (2, 1)


def server_now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_walk_in_is_found_again_on_the_tablet(paired, server):
    fields = paired.signature(0)
    fields |= {
        "source": "walk_in",
        "attendee": paired.run("return uuid7()"),
        "signatory": {"name": "Wulan Tamu (contoh)", "category": "pns"},
    }
    assert "code" not in paired.outcome("engine.save(value)", fields)
    hit = paired.run("return engine.search('wulan')")["hits"][0]
    assert hit["done"] != ""
    paired.sent()
    server.rules["full"], server.seq = True, server.seq + 1
    paired.run("return engine.refreshRoster()")
    assert paired.run("return engine.search('wulan')")["count"] == 1


def test_text_that_has_no_spelling_is_refused_in_words(paired):
    fields = paired.signature(0) | {"typed_name": None}
    found = paired.outcome("engine.save({...value, typed_name: 'A\\ud83d'})", fields)
    assert (found["code"], paired.news["blocked"]) == ("record", "")
    assert "Periksa" in found["message"]


# -- staff -------------------------------------------------------------------------------------------------------


def test_pin_locks_after_five_tries_and_a_restart_does_not_help(paired):
    check = "return engine.checkPin(value)"
    assert paired.run(check, PIN) == {"ok": True, "lockedUntil": 0}
    for _ in range(4):
        assert paired.run(check, "000000") == {"ok": False, "lockedUntil": 0}
    assert paired.run(check, "000000")["lockedUntil"] > 0
    paired.open()
    assert paired.run(check, PIN)["ok"] is False


def test_unpair_waits_until_the_server_holds_the_whole_chain(paired, server):
    paired.save(0)
    paired.sent()
    server.items = dict(list(server.items.items())[:1])
    assert paired.outcome("engine.unpair({})")["code"] == "missing_records"
    paired.until("engine.snapshot().pending === 0 && engine.snapshot().sent === 2")
    assert "code" not in paired.outcome("engine.unpair({})")
    assert paired.news["paired"] is False
    for store in ("meta", "roster", "outbox", "sent", "quarantine", "done"):
        assert paired.rows(store) == []
    paired.pair(next_code(server))


def next_code(server):
    server.codes["BBBBBBBBBBBB"] = None
    return "BBBBBBBBBBBB"


def test_unpair_is_refused_while_something_waits_or_lies_aside(paired, server):
    server.rules |= {"poison": 1, "poison_status": 422}
    paired.save(0)
    paired.until("engine.snapshot().quarantine === 1")
    assert paired.outcome("engine.unpair({})")["code"] == "unsent"
    server.faults["sync"] = ["always", "dead"]
    paired.save(1)
    assert paired.outcome("engine.unpair({})")["code"] == "unsent"
    assert paired.news["paired"] is True


def test_revoked_tablet_is_not_wiped_without_an_export(paired, server):
    paired.save(0)
    paired.sent()
    server.state = "revoked"
    assert paired.outcome("engine.unpair({})")["code"] == "revoked"
    assert paired.news["sent"] == 2


def test_forced_end_needs_file_word_and_reason(paired, server):
    server.faults["*"] = ["always", "dead"]
    paired.save(0)
    end = "engine.unpair({force: true, word: value, reason: 'Tablet rusak'})"
    assert paired.outcome(end, "HAPUS")["code"] == "confirm"
    rescue(paired)
    assert paired.outcome(end, "hapus semua")["code"] == "confirm"
    paired.save(1)
    assert paired.outcome(end, "HAPUS")["code"] == "confirm"  # the file is older than the last record
    assert paired.news["paired"] is True
    rescue(paired)
    assert "code" not in paired.outcome(end, "HAPUS")
    assert (paired.news["paired"], paired.news["pending"]) == (False, 0)


def test_screen_that_stumbles_does_not_make_a_stored_record_look_unstored(paired, server):
    paired.run("engine.subscribe(() => { throw new Error('layar'); })")
    paired.save()
    paired.sent()
    assert len(server.records()) == 1


def test_new_build_reports_its_own_version(paired, server):
    paired.run(
        "return store.getMeta('cfg').then((cfg) => store.putMeta('cfg', {...cfg, app: '0.9.0+0000000'}))"
    )
    paired.open()
    paired.save()
    paired.sent()
    assert server.records()[0].data["app"] == "1.0.0+abcdef1"
    paired.until("engine.snapshot().sync.kind === 'idle'")
    assert server.heartbeats[-1]["app"] == "1.0.0+abcdef1"


def test_heartbeat_tells_the_state_of_the_tablet(paired, server):
    queue(paired, server, 2)
    paired.run("return engine.setOperator(value)", "  Bu Rina\n(contoh) ")
    server.faults = {"sync": ["always", "dead"]}
    server.heartbeats.clear()
    for _ in range(20):  # one may be under way that knows nothing of it yet
        paired.run("return engine.sendNow()")
        if any("operator" in beat for beat in server.heartbeats):
            break
    beat = server.heartbeats[-1]
    assert (beat["pending"], beat["quarantine"], beat["next_seq"]) == (2, 0, 3)
    assert (beat["operator"], beat["signing"]) == ("Bu Rina (contoh)", "open")
    assert beat["link"] == paired.meta("head")["link"]
    assert beat["oldest_pending_at"][:2] == "20"


def test_nothing_of_a_person_is_left_in_console_address_or_session(paired, server):
    paired.save(4)
    paired.run("return engine.search('nomor04')")
    paired.sent()
    name = server.people[4]["name"]
    kept = paired.run("return JSON.stringify([{...sessionStorage}, {...localStorage}, location.href])")
    assert name not in kept + "".join(paired.heard)
    for row in [*paired.rows("sent"), *paired.rows("done")]:
        assert name not in json.dumps(row)


def test_self_test_seen_once_is_not_asked_again(paired, server):
    assert paired.news["passed"] is False
    paired.run("return engine.pass()")
    server.faults["*"] = ["always", "dead"]
    paired.open()
    assert paired.news["passed"] is True
