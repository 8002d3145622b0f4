"""Remote signing of the Bojonegoro event: links, room code, a phone that loses its network, receipts."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import LAPTOP, TABLET, draw, follow, scribble, sign_in
from .test_pages import look

PHONE = {"width": 360, "height": 740}
OFFICER = "bakesbangpol.bojonegoro@contoh.test"
STATE = "body[data-state={}]"


@pytest.fixture(scope="module")
def desk(house, browser):
    """The officer's laptop, the event running, its paper open and the links of everybody from afar made."""
    context = browser.new_context(viewport=LAPTOP, locale="id-ID")
    page = sign_in(context, house, OFFICER)
    page.goto(f"{house.url}/kegiatan/")
    follow(page.locator("main td a").first)
    page.event = page.url
    if page.get_by_role("link", name="Mulai kegiatan").count():
        follow(page.get_by_role("link", name="Mulai kegiatan"))
        if page.locator("input[name=accept_warnings]").count():
            page.check("input[name=accept_warnings]")
        follow(page.locator("main button.btn-primary"))
        expect(page.get_by_text("Berlangsung", exact=True).first).to_be_visible()
    page.goto(page.event)
    follow(page.locator("#naskah .task-title").first)
    page.paper = page.url
    if page.get_by_role("button", name="Buka penandatanganan").count():
        follow(page.get_by_role("button", name="Buka penandatanganan"))
    expect(page.locator("main")).to_contain_text("Dapat ditandatangani.")
    page.people = make_links(page)
    yield page
    context.close()


def make_links(page):
    """Everybody's fresh address; an earlier run may have made some, so these are renewed."""
    page.goto(f"{page.event}tautan/?tanda=belum")
    look(page, sizes=(TABLET, LAPTOP))
    if page.get_by_role("button", name=re.compile("Buat tautan untuk")).count():
        follow(page.get_by_role("button", name=re.compile("Buat tautan untuk")))
    else:
        for tick in page.locator("input[name=pilih]").all():
            tick.check()
        follow(page.get_by_role("button", name="Perbarui yang dicentang"))
    look(page, sizes=(TABLET, LAPTOP))
    lines = page.locator("#semua").input_value().splitlines()
    return [(line.split("\t")[0], line.split("\t")[-1]) for line in lines]


def room_code(page):
    page.goto(f"{page.event}tautan/")
    page.locator("#kode-ruang summary").click()
    follow(page.get_by_role("button", name=re.compile("^(Buka|Ganti) kode")))
    look(page, sizes=(TABLET, LAPTOP))
    code = page.locator(".room-code").inner_text()
    look(page, f"{page.event}kode-ruang/", sizes=(TABLET, LAPTOP))
    expect(page.locator("main")).to_contain_text(code)
    return code


def guest_page(new_context, size, **options):
    page = new_context(viewport=size, has_touch=True, locale="id-ID", **options).new_page()
    page.problems, page.referers = [], []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda request: page.referers.append(request.headers.get("referer", "")))
    return page


def come_in(page, address, code, looked=False):
    page.goto(address)
    if looked:
        look(page)
    follow(page.get_by_role("button", name="Buka"))
    page.wait_for_selector(STATE.format("room"))
    if looked:
        look(page)
    page.fill("#kode", code.replace(" ", "-").lower())
    follow(page.get_by_role("button", name="Masuk"))
    page.wait_for_selector(STATE.format("papers"))
    if looked:
        look(page)
    follow(page.get_by_role("link", name="Baca dan tanda tangani").first)
    page.wait_for_selector(STATE.format("sign"))


def test_phone_signs_over_a_network_that_breaks_while_sending(house, new_context, desk):
    name, address = desk.people[0]
    code = room_code(desk)
    phone = guest_page(new_context, PHONE)
    come_in(phone, address, code, looked=True)
    look(phone)
    phone.get_by_label(re.compile("Saya telah membaca")).check()
    phone.locator("[data-pad]").scroll_into_view_if_needed()
    draw(phone, "[data-pad]", scribble())

    phone.context.set_offline(True)
    phone.get_by_role("button", name="Selesai").click()
    expect(phone.locator(".hand [data-message]")).to_contain_text("Belum terkirim.")
    phone.context.set_offline(False)

    phone.wait_for_selector(STATE.format("receipt"), timeout=20000)
    phone.problems.clear()  # the browser's own line about the missing network
    expect(phone.locator("main")).to_contain_text("Tanda tangan Anda telah tersimpan.")
    expect(phone.locator("main")).to_contain_text(name)
    expect(phone.locator(".link-code")).to_have_text(re.compile(r"^[0-9A-F]{8}$"))
    look(phone)
    look(phone, f"{address}data-saya/")
    assert [referer for referer in phone.referers if "/t/" in referer] == []
    assert address not in (house.folder / "serve.log").read_text()

    phone.goto(address)
    expect(phone.locator("main")).to_contain_text("Sudah tercatat pukul")
    assert phone.get_by_role("link", name="Baca dan tanda tangani").count() == 0
    look(phone)
    desk.goto(f"{desk.event}tautan/")
    expect(desk.get_by_role("row", name=re.compile(re.escape(name)))).to_contain_text("Sudah menandatangani")


def test_tablet_of_somebody_far_away_signs_as_well(house, new_context, desk):
    _, address = desk.people[1]
    tablet = guest_page(new_context, TABLET)
    come_in(tablet, address, room_code(desk))
    expect(tablet.locator("[data-pad]")).to_be_visible()
    look(tablet)
    tablet.get_by_label(re.compile("Saya telah membaca")).check()
    draw(tablet, "[data-pad]", scribble())
    with tablet.expect_request("**/kirim/") as sent:
        tablet.get_by_role("button", name="Selesai").click()
    tablet.wait_for_selector(STATE.format("receipt"), timeout=20000)
    assert {"x-device-key", "x-device-signature"} <= set(sent.value.headers)
    look(tablet)


def test_phone_without_javascript_types_a_name(house, new_context, desk):
    name, address = desk.people[2]
    phone = guest_page(new_context, PHONE, java_script_enabled=False)
    come_in(phone, address, room_code(desk))
    phone.get_by_label(re.compile("Nama lengkap Anda")).fill(name)
    follow(phone.get_by_role("button", name="Selesai"))
    expect(phone.locator("[data-message]").first).to_have_text("Centang pernyataan dahulu.")
    phone.get_by_label(re.compile("Saya telah membaca")).check()
    follow(phone.get_by_role("button", name="Selesai"))
    phone.wait_for_selector(STATE.format("receipt"))
    expect(phone.locator("main")).to_contain_text("nama diketik")


def test_refusing_by_phone_is_quiet(house, new_context, desk):
    _, address = desk.people[3]
    phone = guest_page(new_context, PHONE)
    come_in(phone, address, room_code(desk))
    phone.get_by_role("button", name="Cara lain").click()
    phone.get_by_role("button", name="Saya tidak menandatangani").click()
    look(phone)
    phone.get_by_role("button", name="Ya, catat").click()
    phone.wait_for_selector(STATE.format("receipt"))
    expect(phone.locator("main")).to_contain_text("Pilihan Anda tercatat.")


def test_unknown_address_is_calm(house, new_context):
    phone = guest_page(new_context, PHONE)
    assert phone.goto(f"{house.url}/t/abcdefghijklmnopqrstuv/").status == 404
    phone.problems.clear()
    look(phone)
    expect(phone.locator("main")).to_contain_text("Minta tautan baru kepada panitia")
