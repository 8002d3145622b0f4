"""What Bawaslu takes home: the whole dossier in one click, and papers anybody can check, in a real browser."""

import hashlib
import re
import zipfile

import pytest
from playwright.sync_api import expect

from .conftest import LAPTOP, TABLET, follow, sign_in
from .test_pages import look

SIZES = (TABLET, LAPTOP)


@pytest.fixture(scope="module")
def closed(house):
    """A closed event whose one paper is sealed."""
    made = house.stage("make_event", people=4, title="Deklarasi untuk Arsip")
    house.stage("sign_some", paper=made["papers"][0], count=3)
    house.stage("close", event=made["event"])
    return made | house.stage("seal", event=made["event"])


@pytest.fixture(scope="module")
def bundle(house, closed, browser, tmp_path_factory):
    """The ZIP that one click brings, laid out in a folder."""
    context = browser.new_context(viewport=LAPTOP, locale="id-ID", accept_downloads=True)
    staff = sign_in(context, house, "panwaslu.cerme@contoh.test")
    staff.goto(f"{house.url}/kegiatan/{closed['code']}/berkas/")
    look(staff, sizes=SIZES)
    with staff.expect_download(timeout=120_000) as download:
        staff.get_by_role("button", name="Unduh berkas lengkap").click()
        staff.wait_for_url("**/berkas-lengkap/kemajuan/")
        look_at_rest(context.new_page(), staff.url)
    expect(staff.get_by_text("Unduhan dimulai sendiri")).to_be_visible()
    look(staff, sizes=SIZES)
    folder = tmp_path_factory.mktemp("arsip")
    download.value.save_as(folder / "arsip.zip")
    zipfile.ZipFile(folder / "arsip.zip").extractall(folder)
    context.close()
    return folder


def look_at_rest(page, address):
    """A page that looks again by itself every other second, without that: nothing turns while it is looked at."""

    def without_refresh(route):
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
        route.fulfill(response=answer, headers=headers)

    page.problems = []
    page.route(address, without_refresh)
    look(page, address)
    page.close()


def test_one_click_brings_every_sealed_paper_and_the_cover(bundle, closed):
    papers = {hashlib.sha256(path.read_bytes()).hexdigest() for path in bundle.rglob("*.pdf")}
    listed = (bundle / "manifest.csv").read_text()
    assert closed["sha256"] in papers
    assert len(papers) == 2
    assert [digest for digest in papers if digest not in listed] == []


def test_page_in_the_zip_checks_files_without_network(bundle, new_context):
    context = new_context(viewport=TABLET, locale="id-ID")
    context.set_offline(True)
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((bundle / "verifikasi.html").as_uri())
    [first, second] = sorted(bundle.rglob("*.pdf"))
    changed = bundle / "diubah.pdf"
    changed.write_bytes(first.read_bytes() + b"\n")

    page.set_input_files("#berkas", [first, second])
    expect(page.locator(".cocok")).to_have_count(2)
    page.set_input_files("#berkas", changed)
    expect(page.locator(".asing")).to_have_text("✘ TIDAK DIKENAL")
    drop(page, "#tempat", first.name, first.read_bytes())
    expect(page.locator(".cocok")).to_have_count(3)
    changed.unlink()
    assert problems == []


def test_anybody_checks_a_file_that_never_leaves_the_browser(house, bundle, closed, new_context):
    page = new_context(viewport=TABLET, locale="id-ID").new_page()
    page.problems, bodies = [], []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.on("request", lambda request: bodies.append((request.method, request.post_data_buffer)))
    page.goto(house.url + closed["verify_path"])
    look(page, sizes=SIZES)
    [sealed] = [
        p for p in bundle.rglob("*.pdf") if hashlib.sha256(p.read_bytes()).hexdigest() == closed["sha256"]
    ]

    page.locator("[data-verify-file]").set_input_files(sealed)
    expect(page.get_by_role("heading", name="SESUAI")).to_be_visible()
    expect(page.get_by_text("Cocok dengan kode QR ini.")).to_be_visible()
    look(page, sizes=SIZES)
    drop(page, "[data-verify]", "lain.pdf", sealed.read_bytes() + b" ")
    expect(page.get_by_role("heading", name="TIDAK COCOK")).to_be_visible()
    look(page)
    assert {method for method, _ in bodies} == {"GET"}

    page.goto(f"{house.url}/verifikasi/")
    page.locator("summary", has_text="Periksa isi berkas").click()
    page.locator("input[name=berkas]").set_input_files(sealed)
    follow(page.get_by_role("button", name="Kirim dan periksa"))
    expect(page.get_by_role("heading", name="SESUAI")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile("Bukti 4 penanda tangan cocok dengan halaman"))
    look(page, sizes=SIZES)


def drop(page, selector, name, content):
    """A file let go over the page."""
    data = page.evaluate_handle(
        """([name, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([Uint8Array.from(bytes)], name, { type: "application/pdf" }));
            return data;
        }""",
        [name, list(content)],
    )
    page.dispatch_event(selector, "drop", {"dataTransfer": data})
