"""How a tablet is paired, what its PIN guards, and when it may be unpaired: never while records would be lost."""

from .stand import PIN
from .tab import CODE, IMPATIENT, rescue

# -- pairing -------------------------------------------------------------------------------------------------------


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


def test_self_test_seen_once_is_not_asked_again(paired, server):
    assert paired.news["passed"] is False
    paired.run("return engine.pass()")
    server.faults["*"] = ["always", "dead"]
    paired.open()
    assert paired.news["passed"] is True


# -- the PIN, and unpairing ----------------------------------------------------------------------------------------


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
