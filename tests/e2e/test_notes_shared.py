"""One browser, several accounts and tabs: what waits on a pad stays with its writer, and no tab loses another's text."""

import pytest
from playwright.sync_api import expect

from .conftest import fresh_house

WRITER, NEXT = "panwaslu.cerme@contoh.test", "bawaslu.parepare@contoh.test"
WAITING = "menunggu jaringan"


@pytest.fixture(scope="session")
def house():
    yield from fresh_house()


@pytest.fixture(scope="session")
def base_url(house):
    return house.url


@pytest.fixture
def pads(house):
    return f"{house.url}/kegiatan/{house.stage('make_event', people=1, opened=False)['code']}/notula/"


def pad_of(page):
    return page.locator("#catatan-notula"), page.locator("[data-note-status]").first


def sign_out_and_in(house, page, email):
    page.context.clear_cookies()
    page.goto(f"{house.url}/masuk/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", house.logins[email])
    with page.expect_navigation(url=f"{house.url}/"):
        page.click("main button[type=submit]")


def test_text_of_one_account_is_neither_sent_nor_shown_under_the_next(house, staff, pads):
    staff.goto(pads)
    pad, status = pad_of(staff)
    staff.route("**/notula/notula/", lambda route: route.abort())
    pad.press_sequentially("Rahasia penyelenggara.")
    expect(status).to_contain_text(WAITING)
    other = staff.context.new_page()
    sign_out_and_in(house, other, NEXT)
    staff.unroute("**/notula/notula/")
    expect(status).to_contain_text("masuk akun lain")
    expect(status).to_contain_text("Tulisan tetap tersimpan di perangkat ini.")
    expect(pad).to_be_hidden()
    sign_out_and_in(house, other, WRITER)
    expect(status).to_contain_text("Tersimpan pukul")
    expect(pad).to_be_visible()
    other.goto(pads)
    expect(other.locator("#catatan-notula")).to_have_value("Rahasia penyelenggara.")
    staff.problems.clear()  # the browser itself reports what was refused


def test_texts_of_two_tabs_that_were_closed_without_network_both_come_back(house, staff, pads):
    context = staff.context
    for text in ("Dari tab satu.", "Dari tab dua."):
        tab = context.new_page()
        tab.goto(pads)
        pad, status = pad_of(tab)
        tab.route("**/notula/notula/", lambda route: route.abort())
        pad.press_sequentially(text)
        expect(status).to_contain_text(WAITING)
    for tab in context.pages[1:]:
        tab.close()
    staff.goto(pads)
    pad, status = pad_of(staff)
    # The first copy is sent at once; the second is looked for when the page looks what others wrote (15 seconds).
    both = staff.locator("[data-note-use=both]").first
    expect(both).to_be_visible(timeout=60_000)
    both.click()
    expect(status).to_contain_text("Tersimpan pukul")
    assert sorted(pad.input_value().split("\n\n")) == ["Dari tab dua.", "Dari tab satu."]
    staff.problems.clear()  # the conflict is an answer 409


def test_page_that_has_everything_on_the_device_closes_without_a_question(staff, pads):
    asked = []
    staff.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    staff.goto(pads)
    pad, status = pad_of(staff)
    staff.route("**/notula/notula/", lambda route: route.abort())
    pad.press_sequentially("Ketua")
    expect(status).to_contain_text(WAITING)
    staff.reload()
    expect(pad).to_have_value("Ketua")
    expect(status).to_contain_text(WAITING)
    assert asked == []
    staff.evaluate("localStorage.clear()")
    staff.reload()
    expect(pad).to_have_value("")
    assert asked == ["beforeunload"]
    staff.problems.clear()  # the browser itself reports what it could not send
