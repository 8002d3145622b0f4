"""A tablet whose network is bad, lying or gone: nothing is lost, nothing counts twice (KIOSK.md §11, §13)."""

import pytest
from playwright.sync_api import expect

from .kios import tablet


@pytest.fixture
def day(rough_house):
    """An open event with a handful of people; the server answers honestly until a test says otherwise."""
    rough_house.spoil()
    made = rough_house.stage("make_event", people=6)
    yield made
    rough_house.spoil()


def stored(house, day):
    """(records that count, all signature rows) as the server holds them."""
    state = house.stage("state_of", event=day["event"])
    return [row["status"] for row in state["signatures"]].count("valid"), len(state["signatures"])


def names(day, count):
    return day["people"][:count]


@pytest.mark.parametrize("fault", ["error500", "truncated", "cut", "portal", "wrong_server", "unavailable"])
def test_spoilt_answer_keeps_the_record_until_an_honest_one(rough_house, new_context, day, fault):
    kios = tablet(rough_house, new_context).pair(day["event"])
    rough_house.spoil(fault)
    kios.sign_all(names(day, 2))
    kios.pending(2)
    rough_house.spoil()
    kios.pending(0, timeout=60_000)
    assert stored(rough_house, day) == (2, 2)
    assert kios.problems == []


def test_captive_portal_is_named_on_the_header(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    rough_house.spoil("portal", path="/kiosk/")
    kios.sign(day["people"][0]["name"])
    expect(kios.page.locator("[data-status]")).to_contain_text("Wi-Fi ini minta masuk dahulu", timeout=30_000)
    kios.pending(1)


def test_server_dies_after_commit_before_reply(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    rough_house.spoil("die", times=1)
    kios.sign(day["people"][0]["name"])
    kios.pending(0, timeout=60_000)
    assert stored(rough_house, day) == (1, 1)


def test_partial_results_move_only_listed_ids(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    kios.sign_all(names(day, 4))
    kios.pending(4)
    rough_house.spoil("partial", times=1)
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    assert stored(rough_house, day) == (4, 4)


def test_receipt_mismatch_keeps_item(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    rough_house.spoil("wrong_receipt")
    kios.sign(day["people"][0]["name"])
    kios.page.wait_for_timeout(2500)
    kios.pending(1)
    rough_house.spoil()
    kios.pending(0, timeout=60_000)
    assert stored(rough_house, day) == (1, 1)


def test_pair_reply_lost(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).open()
    kios.state("unpaired")
    code = rough_house.stage("pairing_code", event=day["event"])
    rough_house.spoil("cut", path="/kiosk/pair", times=1)
    kios.page.get_by_label("Kode 12 karakter dari petugas").fill(code)
    kios.page.get_by_role("button", name="Pasangkan").click()
    kios.page.wait_for_timeout(1500)
    if kios.data["state"] == "unpaired":
        kios.page.get_by_role("button", name="Pasangkan").click()
    kios.state("selftest", "idle")
    kios.ready()
    kios.leave_selftest()
    assert len(rough_house.stage("state_of", event=day["event"])["devices"]) == 1


def test_code_single_use(rough_house, new_context, day):
    first = tablet(rough_house, new_context).open()
    code = rough_house.stage("pairing_code", event=day["event"])
    first.state("unpaired")
    first.page.get_by_label("Kode 12 karakter dari petugas").fill(code)
    first.page.get_by_role("button", name="Pasangkan").click()
    first.state("selftest", "idle")
    second = tablet(rough_house, new_context).open()
    second.state("unpaired")
    second.page.get_by_label("Kode 12 karakter dari petugas").fill(code)
    second.page.get_by_role("button", name="Pasangkan").click()
    expect(second.page.locator("main [data-message]")).to_contain_text("Kode sudah dipakai")
    second.state("unpaired")


def test_no_network_from_opening_to_closing_then_one_hand_in(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    kios.page.reload()
    kios.state("idle")
    kios.sign_all(day["people"])
    kios.pending(6)
    assert stored(rough_house, day) == (0, 0)
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    state = rough_house.stage("state_of", event=day["event"])
    assert [row["status"] for row in state["signatures"]] == ["valid"] * 6
    assert [row["name"] for row in state["signatures"]] == [person["name"] for person in day["people"]]
    assert (state["present"], state["audit_whole"]) == (6, True)
    assert [(d["chain_seq"], d["broken"]) for d in state["devices"]] == [(7, None)]


def test_header_never_says_sent_while_a_record_waits(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    kios.sign(day["people"][0]["name"])
    kios.state("idle")
    line = kios.page.locator("[data-status]").inner_text().lower()
    assert "1 menunggu kirim" in line or "tidak ada internet" in line
    assert "terkirim ✓" not in line
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    expect(kios.page.locator("[data-status]")).to_contain_text("Semua terkirim")
