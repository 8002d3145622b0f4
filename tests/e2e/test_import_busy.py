"""A list that takes a while to check says so on the page, and is silent again when one comes back to it."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import TABLET, follow, sign_in
from .test_pages import event_of, look

PASTED = "Nama\tJabatan\tUnsur\nSiti Aminah (contoh)\tKepala Seksi\tPNS\n"


@pytest.fixture
def page_of_import(house, new_context):
    page = sign_in(new_context(viewport=TABLET, locale="id-ID"), house, "panwaslu.cerme@contoh.test")
    page.goto(f"{event_of(page, house)}peserta/impor/")
    return page


def check(page):
    return page.get_by_role("button", name="Periksa berkas")


def test_form_on_its_way_says_what_the_server_does(page_of_import):
    page = page_of_import
    busy = page.locator(".busy")
    expect(busy).to_be_hidden()
    # The form stays: a browser that is leaving a page answers no questions about it.
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    check(page).click()
    expect(busy).to_be_visible()
    expect(busy).to_have_text("Berkas sedang dibaca dan semua barisnya diperiksa …")
    expect(busy.locator("progress")).to_be_visible()
    look(page)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(busy).to_be_hidden()


def test_nothing_is_busy_any_more_once_the_answer_is_there_or_after_going_back(page_of_import):
    page = page_of_import
    page.fill("textarea[name=pasted]", PASTED)
    follow(check(page))
    expect(page).to_have_url(re.compile(r"/peserta/impor/berkas/"))
    expect(page.locator(".busy")).to_be_hidden()
    page.go_back()
    expect(check(page)).to_be_visible()
    expect(page.locator(".busy")).to_be_hidden()


def test_answer_that_refuses_leaves_no_bar_behind(page_of_import):
    follow(check(page_of_import))
    expect(page_of_import.locator("main .invalid-feedback, main .alert").first).to_be_visible()
    expect(page_of_import.locator(".busy")).to_be_hidden()
