"""The storage of a tablet closes, fills up or loses its key, and two tabs share it: the chain stays whole."""

from .tab import HURRY, Tab, queue, resume

WITHOUT_LOCKS = 'Object.defineProperty(navigator, "locks", { value: undefined });'


# -- storage -------------------------------------------------------------------------------------------------------

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


# -- tabs ----------------------------------------------------------------------------------------------------------


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
