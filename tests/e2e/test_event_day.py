"""One event from plan to archive, as its users do it: laptop, tablet with real touch, sealed PDF, public check."""

import re
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from .conftest import ROOT, TABLET, TABLET_WIDE, draw, follow, scribble, sign_in

WIB = ZoneInfo("Asia/Jakarta")
TITLE = "Deklarasi Netralitas Uji Peramban"
PEOPLE = {
    "Camat Cerme": "Endah Wulandari (contoh)",
    "Danramil Cerme": "Bagus Prakoso (contoh)",
    "Kepala Desa Cerme Kidul": "Kartolo Sastro (contoh)",
}


def plan_event(page, house):
    page.goto(f"{house.url}/kegiatan/baru/")
    page.get_by_label("Nama kegiatan").fill(TITLE)
    page.get_by_label("Pemilihan Serentak Tahun 2024").check()
    page.locator("input[name=date]").fill(datetime.now(WIB).date().isoformat())
    page.get_by_label("Jam mulai").fill("09:00")
    page.get_by_label("Jam selesai").fill("08:00")
    page.get_by_label("Tempat", exact=True).fill("Pendopo Kecamatan Cerme")
    follow(page.get_by_role("button", name="Simpan kegiatan"))
    expect(page.locator("main")).to_contain_text("Waktu selesai harus setelah waktu mulai.")
    page.get_by_label("Jam selesai").fill("12:00")
    follow(page.get_by_role("button", name="Simpan kegiatan"))
    expect(page.locator("h1")).to_have_text(TITLE)
    return page.url


def list_attendees(page, event_url):
    page.goto(f"{event_url}peserta/dari-wilayah/")
    follow(page.get_by_role("button", name=re.compile("Tambahkan 28 peserta")))
    expect(page.locator("main")).to_contain_text("25 dari 25 desa")
    for position, name in PEOPLE.items():
        page.goto(f"{event_url}peserta/?q={position}")
        follow(page.get_by_role("link", name="Ubah").first)
        page.get_by_label("Nama lengkap").fill(name)
        follow(page.get_by_role("button", name=re.compile("^Simpan")))
        expect(page.locator("main")).to_contain_text(name)


def add_text(page, event_url):
    page.goto(event_url)
    follow(page.get_by_role("link", name="Tambah naskah").first)
    choice = page.locator("select[name=text_version]")
    wanted = choice.locator("option", has_text="Deklarasi Netralitas ASN, TNI, Polri, Kades").first
    choice.select_option(wanted.get_attribute("value"))
    page.get_by_label("Ambil nomor berikutnya").check()
    follow(page.get_by_role("button", name="Tambahkan"))
    expect(page).to_have_url(re.compile(r"/deklarasi/"))
    return page.url


def take_step(page, event_url, label):
    """Press the next step and tick what Kesiapan kegiatan only warns about."""
    page.goto(event_url)
    follow(page.get_by_role("link", name=label))
    tick = page.locator("input[name=accept_warnings]")
    if tick.count():
        tick.check()
    follow(page.get_by_role("button", name=label))
    expect(page).to_have_url(event_url)


def sign(tablet, paper_url, name):
    tablet.goto(f"{paper_url}tanda-tangan/")
    tablet.locator("input[type=search], input[name=q]").first.fill(name[:5])
    follow(tablet.get_by_role("link", name=re.compile(re.escape(name))).first)
    tablet.get_by_label(re.compile("Saya telah membaca")).check()
    expect(tablet.locator("[data-pad]")).to_be_visible()
    draw(tablet, "[data-pad]", scribble())
    tablet.get_by_role("button", name="Selesai").click()
    expect(tablet.locator("body")).to_have_attribute("data-state", "thanks")
    expect(tablet.locator("main, body").first).to_contain_text("Terima kasih")


def test_event_from_plan_to_sealed_paper(staff, house, new_context, tmp_path):
    event_url = plan_event(staff, house)
    list_attendees(staff, event_url)
    paper_url = add_text(staff, event_url)
    take_step(staff, event_url, "Jadwalkan")
    take_step(staff, event_url, "Mulai")
    staff.goto(paper_url)
    follow(staff.get_by_role("button", name="Buka penandatanganan"))
    expect(staff.locator("main")).to_contain_text("Dapat ditandatangani.")

    sizes = [TABLET, TABLET_WIDE, TABLET]
    for (_position, name), size in zip(PEOPLE.items(), sizes, strict=True):
        tablet = sign_in(
            new_context(viewport=size, has_touch=True, locale="id-ID"), house, "panwaslu.cerme@contoh.test"
        )
        sign(tablet, paper_url, name)
        assert tablet.problems == []
        tablet.context.close()

    take_step(staff, event_url, "Tutup kegiatan")
    staff.goto(paper_url)
    follow(staff.get_by_role("button", name="Segel dokumen"))
    for _ in range(180):
        staff.goto(paper_url)
        if staff.get_by_role("link", name="Unduh PDF").count():
            break
        staff.wait_for_timeout(1000)
    with staff.expect_download() as download:
        staff.get_by_role("link", name="Unduh PDF").click()
    pdf = tmp_path / "naskah.pdf"
    download.value.save_as(pdf)

    check = subprocess.run(
        [sys.executable, "manage.py", "verify_document", str(pdf)],
        cwd=ROOT,
        env=house.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert [name for name in PEOPLE.values() if name in text] == list(PEOPLE.values())
    assert "Tidak hadir" in text  # the 25 who did not sign are printed, not hidden
    images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, text=True, check=True).stdout
    assert images.strip().splitlines()[2:] == []

    public = new_context(locale="id-ID").new_page()
    staff.goto(paper_url)
    public.goto(house.url + staff.get_by_role("link", name="Halaman verifikasi").get_attribute("href"))
    expect(public.locator("main")).to_contain_text("Panwaslu Kecamatan Cerme")
    page_text = public.locator("main").inner_text()
    assert [name for name in PEOPLE.values() if name in page_text] == []
    public.locator("input[type=file]").first.set_input_files(pdf)
    expect(public.locator("main")).to_contain_text(re.compile("sesuai", re.I))
