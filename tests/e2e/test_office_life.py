"""Office life in a real browser: what waits, the calendar, drafts, undo, the letterhead while it is typed, the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import LAPTOP, TABLET, follow, fresh_house, sign_in
from .test_pages import SIZES, look

ADMINISTRATOR = "admin.gresik@contoh.test"
ORGANIZER = "panwaslu.cerme@contoh.test"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def house():
    """Of this file alone: other files change the events of the demo."""
    yield from fresh_house()


@pytest.fixture(scope="session")
def base_url():
    return ""


@pytest.fixture
def page_of(house, new_context):
    """A page of somebody; console errors fail the test."""
    pages = []

    def make(email, **options):
        pages.append(sign_in(new_context(viewport=LAPTOP, locale="id-ID", **options), house, email))
        return pages[-1]

    yield make
    assert [page.problems for page in pages if page.problems] == []


def event_of(page, house):
    page.goto(f"{house.url}/kegiatan/")
    return house.url + page.locator("td a[href^='/kegiatan/']").last.get_attribute("href")


def test_pages_of_office_life_are_whole(house, page_of):
    page = page_of(ORGANIZER)
    paths = (
        "/",
        "/kegiatan/",
        "/kegiatan/?dari=2024-01-01",
        "/kegiatan/kalender/?bulan=2024-10",
        "/bantuan/",
    )
    for path in paths:
        look(page, house.url + path, SIZES)
    look(page, f"{house.url}/kegiatan/kalender/?bulan=2024-10", [PHONE])
    expect(page.get_by_text("Rabu, 2 Oktober 2024").first).to_be_visible()


def test_pages_of_an_administrator_are_whole(house, page_of):
    page = page_of(ADMINISTRATOR)
    for path in ("/", "/akun/kantor/"):
        look(page, house.url + path, SIZES)
    office = office_of(page, house)
    look(page, f"{office}kop/", SIZES)
    page.goto(office)
    follow(page.get_by_role("link", name=re.compile("Ubah penugasan")).first)
    expect(page.get_by_role("heading", name="Ubah penugasan")).to_be_visible()
    look(page, sizes=SIZES)


def office_of(page, house):
    page.goto(f"{house.url}/akun/kantor/daftar/")
    return house.url + page.get_by_role("link", name="Panwaslu Kecamatan Cerme").get_attribute("href")


def test_what_waits_is_counted_on_every_page(house, page_of):
    page = page_of(ORGANIZER)
    count = page.locator("#tugas .badge-count").inner_text()
    page.goto(f"{house.url}/kegiatan/")
    expect(page.locator(".duty-bell .badge-count")).to_have_text(count)
    page.locator(".duty-bell").click()
    expect(page.locator("#tugas")).to_be_in_viewport()


def test_calendar_is_walked_by_keyboard(house, page_of):
    page = page_of(ORGANIZER)
    page.goto(f"{house.url}/kegiatan/kalender/?bulan=2024-10&status=scheduled")
    page.get_by_role("link", name="September 2024").focus()
    for _ in range(3):  # the month before, this month, the month after, then the event
        page.keyboard.press("Tab")
    expect(page.locator(".entry")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Sosialisasi dan Deklarasi Netralitas")
    page.go_back()
    follow(page.get_by_role("link", name="Daftar"))
    expect(page.locator("select[name=status]")).to_have_value("scheduled")


def test_typed_text_survives_a_closed_page_and_goes_once_saved(house, page_of):
    page = page_of(ORGANIZER)
    event = event_of(page, house)
    page.goto(f"{event}ubah/")
    page.fill("[name=notes]", "Parkir di halaman SD.")
    wait_for_draft(page)
    page.goto(f"{house.url}/")  # the tab was closed, the battery went …

    page.goto(f"{event}ubah/")
    look(page)
    expect(page.locator("[name=notes]")).not_to_have_value("Parkir di halaman SD.")
    page.get_by_role("button", name="Pulihkan isian").click()
    expect(page.locator("[name=notes]")).to_have_value("Parkir di halaman SD.")
    follow(page.get_by_role("button", name="Simpan"))
    expect(page.locator(".messages")).to_contain_text("disimpan")
    assert drafts(page) == []
    page.goto(f"{event}ubah/")
    expect(page.locator("[data-draft-offer]")).to_have_count(0)


def drafts(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('netralitas:isian:'))")


def wait_for_draft(page):
    """The page keeps what was typed a moment later; its policy forbids the waiting script of the browser driver."""
    for _ in range(300):
        if drafts(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing was kept")


def test_form_that_is_refused_keeps_the_draft(house, page_of):
    page = page_of(ORGANIZER)
    page.goto(f"{house.url}/kegiatan/baru/")
    page.fill("[name=notes]", "Belum lengkap")
    follow(page.get_by_role("button", name="Simpan kegiatan"))
    expect(page.locator(".is-invalid").first).to_be_visible()
    assert len(drafts(page)) == 1
    expect(page.locator("[data-draft-offer]")).to_have_count(0)


def test_next_person_at_the_laptop_sees_no_draft(house, new_context):
    context = new_context(viewport=LAPTOP, locale="id-ID")
    page = sign_in(context, house, ORGANIZER)
    page.goto(f"{house.url}/kegiatan/baru/")
    page.fill("[name=title]", "Rencana rahasia")
    wait_for_draft(page)
    page.close()
    context.clear_cookies()  # the session ran out without signing out

    other = sign_in(context, house, "bawaslu.parepare@contoh.test")
    other.goto(f"{house.url}/kegiatan/baru/")
    expect(other.locator("[data-draft-offer]")).to_have_count(0)
    other.close()
    context.clear_cookies()

    page = sign_in(context, house, ORGANIZER)
    page.goto(f"{house.url}/kegiatan/baru/")
    expect(page.locator("[data-draft-offer]")).to_have_count(1)
    page.locator(".account-menu summary").click()
    follow(page.get_by_role("button", name="Keluar"))
    page.wait_for_url(re.compile("/masuk/"))
    assert drafts(page) == []


def test_removed_item_comes_back_by_one_button(house, page_of):
    page = page_of(ORGANIZER)
    event = event_of(page, house)
    page.goto(f"{event}susunan-acara/")
    rows = page.locator("tbody tr")
    before = rows.all_inner_texts()
    follow(page.get_by_role("button", name=re.compile("^Hapus")).nth(1))
    expect(rows).to_have_count(len(before) - 1)
    look(page)
    follow(page.get_by_role("button", name="Urungkan"))
    expect(page.locator(".messages")).to_contain_text("dikembalikan")
    assert rows.all_inner_texts() == before


def test_letterhead_is_shown_while_it_is_typed(house, page_of, tmp_path):
    from PIL import Image

    Image.new("RGB", (40, 40), "red").save(tmp_path / "logo.png")
    page = page_of(ADMINISTRATOR)
    page.goto(f"{office_of(page, house)}kop/")
    shown = page.locator(".sheet-top")
    page.fill("[name=letterhead_lines]", "PANITIA UJI COBA")
    expect(shown).to_contain_text("PANITIA UJI COBA")
    page.set_input_files("[name=logo_file]", tmp_path / "logo.png")
    expect(page.locator("#pratinjau-logo img")).to_be_visible()
    page.select_option("[name=paper_size]", "F4")
    expect(page.locator(".sheet-f4 #pratinjau-logo img")).to_be_visible()  # the picture stays
    page.fill("[name=number_template]", "{seq}/{nomor}")
    expect(shown).to_contain_text("Isian {nomor} tidak dikenal")
    look(page)
    page.fill("[name=number_template]", "{seq:03}/{class}")
    expect(page.locator("[data-number]")).to_have_text(re.compile(r"^\d{3}/PM\.00\.02$"))


def test_search_field_by_keyboard_and_menu_closed_by_escape(house, page_of):
    page = page_of(ORGANIZER)
    page.goto(f"{house.url}/kegiatan/")
    page.keyboard.press("Control+/")
    expect(page.locator("main input[type=search]")).to_be_focused()
    page.keyboard.type("a/b")  # a plain slash is a letter
    expect(page.locator("main input[type=search]")).to_have_value("a/b")
    page.locator(".account-menu summary").click()
    page.keyboard.press("Escape")
    expect(page.locator(".account-menu summary")).to_be_focused()
    expect(page.locator(".account-panel")).to_be_hidden()


def test_lists_print_without_what_nobody_can_press(house, page_of):
    page = page_of(ORGANIZER)
    page.set_viewport_size(TABLET)
    page.emulate_media(media="print")
    for path in ("/kegiatan/", "/kegiatan/kalender/?bulan=2024-10", "/"):
        page.goto(house.url + path)
        expect(page.locator("h1")).to_be_visible()
        for gone in (".site-header", ".site-footer", ".filter-bar"):
            for each in page.locator(gone).all():
                expect(each).to_be_hidden()
