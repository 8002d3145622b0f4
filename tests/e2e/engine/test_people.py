"""Names, papers and times as a tablet knows them: taken, freed, brought anew, forgotten in time, left nowhere."""

import json

from .tab import CODE, HURRY, Tab, queue


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
    paired.shows("nomor04", "10.02")
    assert len(paired.run("return engine.voidable()")) == 1
    server.done, server.undone, server.seq = [], [pair], server.seq + 1
    paired.run("return engine.refreshRoster()")
    paired.shows("nomor04", "")


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


def test_nothing_of_a_person_is_left_in_console_address_or_session(paired, server):
    paired.save(4)
    paired.run("return engine.search('nomor04')")
    paired.sent()
    name = server.people[4]["name"]
    kept = paired.run("return JSON.stringify([{...sessionStorage}, {...localStorage}, location.href])")
    assert name not in kept + "".join(paired.heard)
    for row in [*paired.rows("sent"), *paired.rows("done")]:
        assert name not in json.dumps(row)
