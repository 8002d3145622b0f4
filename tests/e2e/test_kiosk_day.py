"""Odd things of a day: two tablets, wrong clocks, lists and events that change behind an offline tablet."""

import os
import signal

import pytest
from playwright.sync_api import expect

from .conftest import TABLET_WIDE
from .kios import Kios, tablet

SHIFTED = """
(() => {{
  const real = Date, shift = {ms};
  class Shifted extends real {{
    constructor(...a) {{ if (a.length) super(...a); else super(real.now() + shift); }}
    static now() {{ return real.now() + shift; }}
  }}
  globalThis.Date = Shifted;
}})();
"""
HOUR = 3_600_000


@pytest.fixture
def day(rough_house):
    rough_house.spoil()
    return rough_house.stage("make_event", people=6)


def rows(house, day):
    return house.stage("state_of", event=day["event"])["signatures"]


def test_two_tablets_same_person(rough_house, new_context, day):
    person = day["people"][0]["name"]
    one = tablet(rough_house, new_context).pair(day["event"], "Meja 1")
    two = tablet(rough_house, new_context).pair(day["event"], "Meja 2")
    one.context.set_offline(True)
    two.context.set_offline(True)
    one.sign(person)
    two.sign(person)
    one.context.set_offline(False)
    one.pending(0, timeout=60_000)
    two.context.set_offline(False)
    two.pending(0, timeout=60_000)
    assert sorted(row["status"] for row in rows(rough_house, day)) == ["conflict", "valid"]


def test_taken_name_shows_the_hour_on_the_other_tablet(rough_house, new_context, day):
    person = day["people"][0]["name"]
    one = tablet(rough_house, new_context).pair(day["event"], "Meja 1")
    one.sign(person)
    one.pending(0)
    two = tablet(rough_house, new_context).pair(day["event"], "Meja 2")
    two.find(person)
    expect(two.page.locator("[data-results]")).to_contain_text("Sudah tercatat pukul")
    expect(two.page.get_by_role("button", name=person)).to_be_disabled()


@pytest.mark.parametrize("hours", [-26, 5, -490_000])
def test_wrong_clock(rough_house, new_context, day, hours):
    """A tablet that lives in another year signs anyway; the server takes its own estimate."""
    context = new_context(viewport=TABLET_WIDE, has_touch=True, locale="id-ID")
    context.add_init_script(SHIFTED.format(ms=hours * HOUR))
    kios = Kios(rough_house, context).pair(day["event"])
    kios.sign(day["people"][0]["name"])
    kios.pending(0, timeout=60_000)
    assert [row["status"] for row in rows(rough_house, day)] == ["valid"]


def test_roster_changed_while_offline(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    rough_house.stage("withdraw", attendee=day["people"][0]["id"])
    kios.sign(day["people"][0]["name"])
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    assert [(row["status"], row["code"]) for row in rows(rough_house, day)] == [("held", "attendee_removed")]


def test_event_closed_while_offline(rough_house, new_context, day):
    """Signed before the closing and handed in after it: counts; signed long after it: waits for a person."""
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    kios.sign(day["people"][0]["name"])
    rough_house.stage("close", event=day["event"])
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    assert [row["status"] for row in rows(rough_house, day)] == ["valid"]


def test_signed_long_after_the_closing_is_held(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    rough_house.stage("close", event=day["event"], minutes_ago=50)
    kios.sign(day["people"][0]["name"])
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    assert [(row["status"], row["code"]) for row in rows(rough_house, day)] == [("held", "after_close")]


def test_token_draining_then_revoked_with_queue(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    kios.sign_all(day["people"][:2])
    rough_house.stage("change_device", event=day["event"], deed="drain")
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    assert len(rows(rough_house, day)) == 2


def test_cut_off_tablet_keeps_its_queue(rough_house, new_context, day):
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.context.set_offline(True)
    kios.sign_all(day["people"][:2])
    rough_house.stage("change_device", event=day["event"], deed="cut_off")
    kios.context.set_offline(False)
    kios.state("blocked", timeout=60_000)
    kios.pending(2)
    expect(kios.page.locator("main")).to_contain_text("2 tanda tangan masih aman di tablet ini")
    kios.page.reload()
    kios.pending(2)


def test_sigkill_of_browser_keeps_queue(rough_house, playwright, browser_type_launch_args, tmp_path, day):
    """Battery out right after *tersimpan*: the record is there at the next start and the chain goes on."""
    options = {"viewport": TABLET_WIDE, "has_touch": True, "locale": "id-ID", **browser_type_launch_args}
    context = playwright.chromium.launch_persistent_context(str(tmp_path / "profil"), **options)
    kios = Kios(rough_house, context).pair(day["event"])
    context.set_offline(True)
    kios.sign(day["people"][0]["name"])
    session = context.browser.new_browser_cdp_session() if context.browser else None
    if session is None:
        session = context.new_cdp_session(kios.page)
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    [browser] = [process["id"] for process in processes if process["type"] == "browser"]
    os.kill(browser, signal.SIGKILL)
    context = playwright.chromium.launch_persistent_context(str(tmp_path / "profil"), **options)
    kios = Kios(rough_house, context).open()
    kios.state("idle", timeout=60_000)
    kios.pending(0, timeout=60_000)
    kios.sign(day["people"][1]["name"])
    kios.pending(0, timeout=60_000)
    state = rough_house.stage("state_of", event=day["event"])
    assert [row["status"] for row in state["signatures"]] == ["valid", "valid"]
    assert [(d["chain_seq"], d["broken"]) for d in state["devices"]] == [(3, None)]
    context.close()


def test_two_tabs_one_chain(rough_house, new_context, day):
    """The second tab is offered the tablet; whoever writes, the chain stays one."""
    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.sign(day["people"][0]["name"])
    other = Kios(rough_house, kios.context).open()
    other.state("blocked")
    expect(other.page.locator("main")).to_contain_text("Kios sudah terbuka di tab lain")
    other.page.get_by_role("button", name="Pakai di sini").click()
    other.state("idle")
    kios.state("blocked")
    other.sign(day["people"][1]["name"])
    other.pending(0, timeout=60_000)
    state = rough_house.stage("state_of", event=day["event"])
    assert len(state["signatures"]) == 2
    assert [(d["chain_seq"], d["broken"]) for d in state["devices"]] == [(3, None)]


def test_double_tap_on_finish_makes_one_record(rough_house, new_context, day):
    from .conftest import draw, scribble

    kios = tablet(rough_house, new_context).pair(day["event"])
    kios.find(day["people"][0]["name"]).choose(day["people"][0]["name"])
    kios.page.get_by_label("Saya telah membaca").check()
    draw(kios.page, "[data-pad]", scribble())
    kios.page.get_by_role("button", name="Selesai").dblclick()
    kios.state("thanks")
    kios.pending(0, timeout=60_000)
    assert len(rows(rough_house, day)) == 1
