"""Steps at a tablet that several files of tests take: to the paper, tick, press, finish, the officers' menu."""

import re

LINE = [[(0.2, 0.5), (0.35, 0.5), (0.5, 0.5)]]


def at_the_paper(kios, number=0):
    kios.find(kios.people[number]).choose(kios.people[number])
    return kios.page


def tick(page):
    page.get_by_label(re.compile("Saya telah membaca")).check()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def finish(kios, page):
    press(page, "Selesai")
    kios.state("thanks")
    kios.state("idle")


def type_pin(kios, house):
    kios.page.get_by_label("PIN petugas, 6 angka").fill(house.stage("staff_pin", event=kios.event))
    kios.page.locator("dialog[open]").get_by_role("button", name="Lanjut").click()


def tap_five_times(kios):
    """Within three seconds, as the officers do it, however slow the machine is."""
    kios.page.get_by_role("button", name="Netralitas").click(click_count=5)


def open_menu(kios, house):
    tap_five_times(kios)
    type_pin(kios, house)
    kios.state("staff")


def rows_on_server(kios, house, count):
    kios.pending(0)
    state = house.stage("state_of", event=kios.event)
    assert len(state["signatures"]) == count, state
    return state["signatures"]
