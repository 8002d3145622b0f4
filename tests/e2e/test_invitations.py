"""Invitations of the Cerme event in a real browser: told one after the other by taps, answered on a phone."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import LAPTOP, TABLET, follow, fresh_house, sign_in
from .test_links import PHONE, guest_page
from .test_pages import look

OFFICER = "panwaslu.cerme@contoh.test"


@pytest.fixture(scope="module")
def house():
    """Of this file alone: other files change the events of the demo."""
    yield from fresh_house()


@pytest.fixture(scope="session")
def base_url():
    return ""


@pytest.fixture(scope="module")
def desk(house, browser):
    """The officer's laptop on the handout page of fresh links; WhatsApp itself is not asked."""
    context = browser.new_context(viewport=LAPTOP, locale="id-ID")
    context.route(re.compile(r"https://wa\.me/"), lambda route: route.fulfill(body="WhatsApp"))
    page = sign_in(context, house, OFFICER)
    page.goto(f"{house.url}/kegiatan/")
    follow(page.locator("main td a").first)
    page.event = page.url
    page.goto(f"{page.event}undangan/")
    look(page, sizes=(TABLET, LAPTOP))
    follow(page.get_by_role("button", name="Undang lewat WhatsApp"))
    expect(page.locator("main")).to_contain_text("tautan dibuat")
    yield page
    context.close()


def test_officer_tells_people_one_after_the_other_and_takes_one_back(desk):
    addresses = desk.locator(".link-card-url").all_inner_texts()
    desk.people = addresses
    for number in range(3):
        with desk.context.expect_page() as opened:
            desk.locator("[data-whatsapp]").nth(number).click()
        opened.value.close()
        expect(desk.locator("[data-told=ya]")).to_have_count(number + 1)
    expect(desk.locator("[data-progress]")).to_contain_text(f"3 dari {len(addresses)} terkirim")
    expect(desk.locator("[data-whatsapp]").nth(3)).to_be_focused()
    look(desk, sizes=(TABLET, LAPTOP))
    desk.get_by_role("button", name=re.compile("^Urungkan")).first.click()
    expect(desk.locator("[data-told=ya]")).to_have_count(2)


def test_guest_answers_by_a_tap_and_names_somebody_else_later(desk, new_context):
    phone = guest_page(new_context, PHONE)
    phone.goto(desk.people[5])
    follow(phone.get_by_role("button", name="Buka"), "tap")
    expect(phone.get_by_role("heading", name="Konfirmasi kehadiran")).to_be_visible()
    look(phone)
    follow(phone.get_by_role("button", name="Hadir", exact=True), "tap")
    expect(phone.locator(".link-answered")).to_contain_text("Anda akan hadir.")
    look(phone)
    phone.get_by_text("Diwakili orang lain").tap()
    phone.fill("#nama", "Wakil Contoh")
    phone.fill("#jabatan", "Sekretaris Desa")
    follow(phone.get_by_role("button", name="Simpan perwakilan"), "tap")
    expect(phone.locator(".link-answered")).to_contain_text("diwakili oleh Wakil Contoh, Sekretaris Desa")
    look(phone)
    assert phone.problems == []
    assert [referer for referer in phone.referers if "/t/" in referer] == []


def test_desk_shows_the_answer_and_every_page_is_clean(desk):
    desk.goto(f"{desk.event}undangan/?keadaan=diwakili")
    expect(desk.locator("main tbody tr")).to_have_count(1)
    expect(desk.locator("main tbody")).to_contain_text("Wakil Contoh")
    look(desk, sizes=(TABLET, LAPTOP))
    follow(desk.get_by_role("link", name=re.compile("^Catat jawaban")))
    look(desk, sizes=(TABLET, LAPTOP))
    for address in ("undangan/?keadaan=belum-menjawab", "undangan/surel/", "undangan/surel/undangan/"):
        look(desk, f"{desk.event}{address}", sizes=(TABLET, LAPTOP))
    assert desk.problems == []
