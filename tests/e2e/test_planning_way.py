"""From idea to *Terjadwal*: the secretary of Panwaslu Kecamatan Cerme plans next year's event, each click counted.

Nobody types a village: 25 Kades come from the region data. Machine time is printed, clicks and typing are judged.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from .conftest import follow, fresh_house


@pytest.fixture(scope="module")
def house():
    """Of this file alone: other files change the events of the demo."""
    yield from fresh_house()


@pytest.fixture(scope="session")
def base_url():
    return ""


# Every click of the mouse and every letter typed, kept over all pages of the tab; a key that presses a button counts.
WATCH = """
(() => {
  const note = (name, value) => {
    const kept = JSON.parse(sessionStorage.getItem(name) || "[]");
    kept.push(value);
    sessionStorage.setItem(name, JSON.stringify(kept));
  };
  addEventListener("click", (event) => {
    if (event.isTrusted) note("clicks", (event.target.textContent || event.target.name || "").trim().slice(0, 60));
  }, true);
  addEventListener("input", (event) => {
    if (!["checkbox", "radio"].includes(event.target.type)) note("typed", `${event.target.name}=${event.target.value}`);
  }, true);
})();
"""
MOST_CLICKS = 25
VILLAGES = {"Dampaan", "Iker-iker Geger", "Cerme Kidul"}  # three of the twenty-five, by their real names


class Secretary:
    """The page of a signed-in officer, watched from the home page on."""

    def __init__(self, page, house):
        self.page, self.began = page, time.monotonic()
        page.add_init_script(WATCH)
        page.goto(f"{house.url}/")

    def kept(self, name) -> list[str]:
        return self.page.evaluate(f"JSON.parse(sessionStorage.getItem('{name}') || '[]')")

    def link(self, name, **options):
        follow(self.page.get_by_role("link", name=name, **options).first)

    def button(self, name):
        follow(self.page.get_by_role("button", name=name).first)

    def judge(self, way):
        clicks, typed = self.kept("clicks"), self.kept("typed")
        seconds = time.monotonic() - self.began
        print(f"\n{way}: {len(clicks)} clicks, {seconds:.1f} s: {clicks}")
        assert 0 < len(clicks) <= MOST_CLICKS
        words = " ".join(typed).casefold()
        assert typed, "the watch must see what is typed"
        villages = self.page.request.get(f"{self.page.url}peserta/?unsur=kepala_desa").text()
        names = re.findall(r"Kepala Desa ([A-Z][\w'\- ]+)", villages)
        assert len(set(names)) == 25
        assert set(names) >= VILLAGES
        assert [name for name in set(names) if name.casefold() in words] == []


def schedule(her):
    """Through *Kesiapan kegiatan* to Terjadwal: what blocks is nothing, what warns is read and ticked."""
    page = her.page
    expect(page.locator(".checklist .blocks")).to_have_count(0)
    her.link("Jadwalkan kegiatan")
    tick = page.locator("input[name=accept_warnings]")
    if tick.count():
        tick.click()
    her.button("Jadwalkan kegiatan")
    expect(page.locator(".heading-status")).to_contain_text("Terjadwal")


def add_items(page):
    """Three agenda items in the row below the list, by keyboard."""
    for title, minutes in (("Pembukaan", "15"), ("Pembacaan deklarasi", "20"), ("Penandatanganan", "40")):
        page.get_by_label("Mata acara baru").fill(title)
        page.get_by_label("Lama (menit)").fill(minutes)
        page.get_by_label("Lama (menit)").press("Enter")
        expect(page.locator("tbody")).to_contain_text(title)


def test_cerme_from_a_copy(staff, house):
    her, page = Secretary(staff, house), staff
    her.link("Buat kegiatan")
    her.link(re.compile("^Salin Sosialisasi dan Deklarasi Netralitas ASN, TNI, Polri"))
    page.get_by_label("Nama kegiatan").fill("Deklarasi Netralitas Kecamatan Cerme 2029")
    page.locator("input[name=date]").fill("2029-02-06")
    page.locator("input[name=start_time]").fill("09:00")
    page.locator("input[value=agenda]").click()  # her agenda will be another one
    her.button("Buat kegiatan")
    expect(page.locator("h1")).to_have_text("Deklarasi Netralitas Kecamatan Cerme 2029")
    expect(page.locator(".lead").first).to_contain_text("Selasa, 6 Februari 2029, pukul 09.00 WIB")
    her.link(re.compile("^Lanjut: susunan acara"))
    add_items(page)
    expect(page.locator("tbody tr").last).to_contain_text("09.35–10.15 WIB")
    her.link(re.compile("^Lanjut: peserta"))
    her.link("Isi dari data wilayah")
    her.button(re.compile("^Tambahkan 28 peserta"))
    expect(page.locator("main")).to_contain_text("25 dari 25 desa")
    her.link(re.compile("^Lanjut: ringkasan"))
    expect(page.locator("#naskah .task-list li")).to_have_count(1)
    schedule(her)
    her.judge("Cerme from a copy")


def test_cerme_from_a_template(staff, house):
    """Kept once, used every year: the posts of the region come with it."""
    page = staff
    page.goto(f"{house.url}/kegiatan/?q=Polri")
    follow(page.get_by_role("link", name=re.compile("^Sosialisasi dan Deklarasi Netralitas ASN")).first)
    follow(page.get_by_role("link", name="Simpan sebagai templat"))
    page.get_by_label("Nama templat").fill("Pola deklarasi kecamatan")
    follow(page.get_by_role("button", name="Simpan templat"))
    her = Secretary(page, house)
    her.link("Buat kegiatan")
    her.link("Pakai Pola deklarasi kecamatan")
    page.get_by_label("Nama kegiatan").fill("Deklarasi Netralitas Cerme 2030")
    page.locator("input[name=date]").fill("2030-02-05")
    her.button("Buat kegiatan")
    expect(page.locator("main")).to_contain_text("25 dari 25 desa")
    schedule(her)
    her.judge("Cerme from a template")


def titles(page) -> list[str]:
    return page.locator("tr[data-key] td:nth-child(3)").all_inner_texts()


def test_the_agenda_is_dragged_into_order(staff, house):
    """By mouse; the hours come from the server. Escape puts everything back and sends nothing."""
    page = staff
    page.goto(f"{house.url}/kegiatan/?q=Polri")
    follow(page.get_by_role("link", name=re.compile("^Sosialisasi dan Deklarasi Netralitas ASN")).first)
    follow(page.get_by_role("link", name="Susunan acara", exact=True))
    before = titles(page)
    first, last = (page.locator("[data-grip]").nth(place) for place in (0, len(before) - 1))

    def drag():
        top, bottom = first.bounding_box(), last.bounding_box()
        page.mouse.move(bottom["x"] + 5, bottom["y"] + 5)
        page.mouse.down()
        page.mouse.move(bottom["x"] + 5, top["y"] + 30, steps=8)
        page.mouse.move(bottom["x"] + 5, top["y"] - 10, steps=4)

    drag()
    page.keyboard.press("Escape")
    page.mouse.up()
    assert titles(page) == before
    drag()
    with page.expect_response(re.compile("/urutan/$")):
        page.mouse.up()
    wanted = [before[-1], *before[:-1]]
    expect(page.locator("tr[data-key]").first).to_contain_text("09.00–")
    assert titles(page) == wanted
    page.reload()
    assert titles(page) == wanted
