"""Who comes to the tablet in another way: namesakes, walk-ins, by QR, a post without a name; and what staff do there."""

import re

from playwright.sync_api import expect

from .conftest import draw, scribble
from .kios import tablet
from .kios_steps import at_the_paper, finish, open_menu, press, rows_on_server, tap_five_times, tick

# -- the other ways in ----------------------------------------------------------------------------------------------


def test_namesakes_told_apart(house, new_context):
    scene = house.stage("make_event", people=2)
    house.stage("add_namesakes", event=scene["event"])
    kios = tablet(house, new_context).pair(scene["event"])
    kios.find("Sutrisno Kembar")
    hits = kios.page.get_by_role("button", name=re.compile("Sutrisno Kembar"))
    expect(hits).to_have_count(2)
    assert sorted(re.findall(r"…(\d{3})", hits.all_inner_texts()[0] + hits.all_inner_texts()[1])) == [
        "017",
        "025",
    ]
    kios.page.get_by_role("searchbox").fill(scene["people"][0]["name"])
    hit = kios.page.locator(".person")
    expect(hit).to_have_count(1)
    assert "…" not in hit.inner_text()


def test_walk_in_signs(kios, house):
    kios.find("Pendatang Baru")
    page = kios.page
    expect(page.locator("main [data-message]")).to_have_text("Nama tidak ditemukan. Periksa ejaan.")
    press(page, "Nama saya tidak ada")
    press(page, "Lanjut")
    expect(page.locator("main [data-message]")).to_have_text(
        "Isi nama, unsur, jabatan, dan instansi atau desa."
    )
    page.get_by_label("Nama lengkap").fill("Pendatang Baru, S.H.")
    page.get_by_label("Unsur").select_option(label="TNI")
    page.get_by_label("Jabatan").fill("Danramil")
    page.get_by_label("Instansi atau desa").fill("Koramil Cerme")
    press(page, "Lanjut")
    kios.state("sign")
    tick(page)
    draw(page, "[data-pad]", scribble())
    finish(kios, page)
    row = rows_on_server(kios, house, 1)[0]
    assert (row["outcome"], "walk_in" in row["flags"]) == ("signed", True)


def test_attendance_on_the_same_tablet(kios, house):
    open_menu(kios, house)
    press(kios.page, "Daftar hadir")
    kios.state("idle")
    kios.page.get_by_role("button", name="Sentuh untuk mencatat kehadiran").click()
    kios.page.get_by_role("searchbox").fill(kios.people[3])
    kios.page.get_by_role("button", name=re.compile(re.escape(kios.people[3]))).click()
    kios.state("arrive")
    press(kios.page, "Saya hadir")
    expect(kios.page.get_by_text("Kehadiran Anda tercatat.")).to_be_visible()
    kios.state("idle")
    kios.pending(0)
    state = house.stage("state_of", event=kios.event)
    assert (state["present"], state["signatures"]) == (1, [])


CAMERA = """token => {
    window.BarcodeDetector = class { async detect() { return [{ rawValue: `https://contoh.test/t/${token}/` }]; } };
    navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement("canvas");
        const stream = canvas.captureStream();
        setInterval(() => canvas.getContext("2d").fillRect(0, 0, 9, 9), 100);
        return stream;
    };
}"""


def test_attendance_by_the_qr_of_the_invitation(kios, house, scene):
    """The camera of this machine is a drawing; what it reads is the link of a real invitation."""
    page = kios.page
    page.evaluate(CAMERA, house.stage("invitation", attendee=scene["people"][4]["id"]))
    open_menu(kios, house)
    press(page, "Muat ulang peserta")
    expect(page.locator("main [data-message]")).to_have_text("Daftar peserta dimuat ulang.")
    press(page, "Daftar hadir")
    page.get_by_role("button", name="Sentuh untuk mencatat kehadiran").click()
    press(page, "Pindai undangan")
    kios.state("arrive")
    expect(page.get_by_role("heading", level=1)).to_have_text(kios.people[4])
    press(page, "Saya hadir")
    kios.state("thanks")
    kios.pending(0)
    assert house.stage("state_of", event=kios.event)["present"] == 1


def test_strange_qr_leads_back_to_typing(kios):
    page = kios.page
    page.evaluate(CAMERA, "x" * 43)
    page.get_by_text("Sentuh untuk mulai").click()
    press(page, "Pindai undangan")
    expect(page.locator("main [data-message]")).to_contain_text("Undangan ini tidak dikenal")
    press(page, "Kembali")
    kios.state("search")
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_post_without_a_name_is_asked_for_it(house, new_context):
    scene = house.stage("make_event", people=2)
    house.stage("add_post", event=scene["event"], position="Kepala Desa Betiting")
    kios = tablet(house, new_context).pair(scene["event"])
    kios.event = scene["event"]
    page = kios.page
    kios.find("betiting")
    page.get_by_role("button", name=re.compile("Kepala Desa Betiting")).click()
    kios.state("name")
    press(page, "Lanjut")
    expect(page.locator("main [data-message]")).to_have_text("Isi nama lengkap Anda.")
    page.get_by_label("Nama lengkap dengan gelar").fill("Kartolo Sastro, S.Sos.")
    press(page, "Lanjut")
    kios.state("sign")
    expect(page.locator(".bar-title")).to_contain_text("Kartolo Sastro, S.Sos.")
    tick(page)
    draw(page, "[data-pad]", scribble())
    finish(kios, page)
    assert [row["status"] for row in rows_on_server(kios, house, 1)] == ["valid"]


# -- staff ----------------------------------------------------------------------------------------------------------


def test_wrong_pin_opens_nothing(kios):
    tap_five_times(kios)
    pin = kios.page.get_by_label("PIN petugas, 6 angka")
    for _ in range(5):
        pin.fill("000000")
        kios.page.keyboard.press("Enter")
        expect(kios.page.locator("dialog[open] [data-note]")).not_to_be_empty()
        expect(pin).to_have_value("")
    expect(kios.page.locator("dialog[open]")).to_contain_text("Terlalu banyak percobaan.")
    press(kios.page, "Batal")
    kios.state("idle")


def test_wrong_person_is_taken_back(kios, house):
    kios.sign(kios.people[0])
    kios.state("idle")
    open_menu(kios, house)
    page = kios.page
    press(page, "Salah orang")
    page.get_by_role("button", name="Batalkan").first.click()
    expect(page.locator("main [data-message]")).to_have_text("Pilih alasannya dahulu.")
    page.get_by_label("Alasan pembatalan").select_option("wrong_person")
    page.get_by_role("button", name="Batalkan").first.click()
    expect(page.locator("main [data-message]")).to_contain_text("Nama itu dapat dipilih lagi.")
    press(page, "Tutup menu")
    at_the_paper(kios)
    kios.pending(0)
    assert house.stage("state_of", event=kios.event)["voids"] == 1


def test_rescue_file_holds_what_waits(kios, house):
    kios.context.set_offline(True)
    kios.sign(kios.people[0])
    kios.state("idle")
    open_menu(kios, house)
    with kios.page.expect_download() as download:
        press(kios.page, "Unduh berkas penyelamat")
    assert re.fullmatch(r"penyelamat-.+\.json", download.value.suggested_filename)
    expect(kios.page.locator("main [data-message]")).to_contain_text("tidak dihapus")
    assert kios.data["pending"] != "0"
