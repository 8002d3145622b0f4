"""A tablet and its server agree on its state: token lost, draining, revoked, restored from a backup, reported, rescued."""

from .tab import hashes, queue, rescue


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
