"""Photos from a phone: chosen and taken ones wait in a list, go one after the other, and come back after *Hapus*."""

import io
import json
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from .conftest import follow, fresh_house, sign_in

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def house():
    """An installation of its own: an event gets photos."""
    yield from fresh_house()


@pytest.fixture(scope="session")
def base_url():
    return ""


@pytest.fixture
def phone(house, new_context):
    """The page of photos of the event in Cerme on a phone; console errors fail the test."""
    context = new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    page = sign_in(context, house, "panwaslu.cerme@contoh.test")
    page.goto(f"{house.url}/kegiatan/?status=semua")
    code = re.search(r"/kegiatan/([A-Z0-9]{10})/", page.content())[1]
    page.goto(f"{house.url}/kegiatan/{code}/foto/")
    yield page
    assert page.problems == []


def jpeg(*, tone) -> bytes:
    """Bytes that differ with ``tone``."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (tone, 90, 140)).save(out, "JPEG")
    return out.getvalue()


def file(name, data):
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def rows(page):
    return page.locator(".photo-queue li")


def state(row):
    return row.locator("[data-state]:visible")


def test_photos_go_one_after_the_other_and_a_removed_one_comes_back(phone):
    before = phone.locator(".photo-card").count()
    expect(phone.locator("label[for=kamera]")).to_be_visible()
    assert phone.locator("#kamera").get_attribute("capture") == "environment"
    phone.set_input_files("#id_photos", [file("satu.jpg", jpeg(tone=61)), file("dua.jpg", jpeg(tone=62))])
    phone.set_input_files("#kamera", [file("kamera.jpg", jpeg(tone=63))])
    expect(rows(phone)).to_have_count(3)
    expect(phone.locator(".photo-told")).to_contain_text("3 foto dipilih")
    rows(phone).nth(1).get_by_role("button").tap()
    expect(rows(phone)).to_have_count(2)
    phone.fill("#id_caption", "Foto dari ponsel")
    follow(phone.get_by_role("button", name="Simpan foto"), "tap")
    cards = phone.locator(".photo-card")
    expect(cards).to_have_count(before + 2)
    follow(cards.last.get_by_role("button", name="Hapus"), "tap")
    expect(cards).to_have_count(before + 1)
    expect(phone.locator(".messages")).to_contain_text("dihapus.")
    follow(phone.get_by_role("button", name="Urungkan"), "tap")
    expect(cards).to_have_count(before + 2)


def test_a_bad_file_is_named_and_what_has_no_network_goes_at_the_next_press(phone):
    phone.set_input_files("#id_photos", [file("satu.jpg", jpeg(tone=64)), file("teks.jpg", b"bukan foto")])
    phone.route("**/foto/kirim/", lambda route: route.abort())
    button = phone.get_by_role("button", name="Simpan foto")
    button.tap()
    expect(state(rows(phone).first)).to_have_text("Belum terkirim")
    expect(state(rows(phone).last)).to_have_text("Menunggu")
    expect(button).to_be_enabled()
    phone.unroute("**/foto/kirim/")
    phone.problems.clear()  # the browser tells of the broken network
    button.tap()
    expect(state(rows(phone).first)).to_have_text("Tersimpan")
    expect(state(rows(phone).last)).to_have_text("Tidak disimpan")
    expect(rows(phone).last).to_contain_text("bukan foto JPEG")
    expect(phone.get_by_role("link", name="Lihat foto yang tersimpan")).to_be_visible()


def test_a_slow_photo_shows_its_bar(phone):
    """The clock of the page is ours: the bar comes after a second of sending, not before."""
    held = []
    phone.route("**/foto/kirim/", lambda route: held.append(route))
    phone.clock.install()
    phone.clock.pause_at("2030-01-01")
    phone.set_input_files("#id_photos", [file("satu.jpg", jpeg(tone=65))])
    phone.get_by_role("button", name="Simpan foto").tap()
    expect(state(rows(phone).first)).to_have_text("Sedang dikirim")
    bar = phone.locator(".photo-queue progress")
    phone.clock.run_for(900)
    expect(bar).to_be_hidden()
    phone.clock.run_for(200)
    expect(bar).to_be_visible()
    phone.clock.resume()
    for _ in range(400):
        if held:
            break
        phone.wait_for_timeout(50)
    answer = json.dumps({"state": "refused", "text": "uji"})
    held[0].fulfill(status=200, content_type="application/json", body=answer)
    expect(bar).to_be_hidden()
    expect(state(rows(phone).first)).to_have_text("Tidak disimpan")
