"""Records on their way to a server that fails in every manner: nothing is lost, doubled or taken for sent."""

import pytest

from .tab import IMPATIENT, hashes, queue, resume


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


def test_screen_that_stumbles_does_not_make_a_stored_record_look_unstored(paired, server):
    paired.run("engine.subscribe(() => { throw new Error('layar'); })")
    paired.save()
    paired.sent()
    assert len(server.records()) == 1
