"""Every main page at tablet and laptop size: axe finds nothing, nothing scrolls sideways, the console stays empty."""

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error as PageGone
from playwright.sync_api import expect

from .conftest import LAPTOP, TABLET, TABLET_WIDE, House, draw, follow, scribble, sign_in

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = (TABLET, LAPTOP)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ENGLISH = re.compile(r"\b(the|and|next|previous|search|page|password|required|invalid|submit)\b|-----", re.I)
STAFF = [
    "/",
    "/kegiatan/",
    "/kegiatan/baru/",
    "/kegiatan/baru/dari/",
    "/kegiatan/templat/",
    "/naskah/",
    "/naskah/baru/",
    "/rekap/",
    "/arsip/",
    "/arsip/antrean/",
    "/akun/kantor/",
    "/akun/kantor/log/",
    "/akun/kantor/token/",
    "/akun/2fa/",
    "/akun/sessions/",
    "/akun/password/change/",
]
OF_EVENT = [
    "",
    "peserta/",
    "peserta/?q=tidak-ada",
    "peserta/tambah/",
    "peserta/dari-wilayah/",
    "susunan-acara/",
    "salin/",
    "jadikan-templat/",
    "petugas/",
    "lokasi/",
    "naskah/tambah/",
    "mulai/",
    "batalkan/",
    "log/",
]
PUBLIC = [
    "/masuk/",
    "/verifikasi/",
    "/akun/password/reset/",
    "/akun/password/reset/key/1-abc/",
    "/akun/inactive/",
]


@pytest.fixture(scope="session")
def house():
    """An installation of its own: other modules start the events whose page of starting is looked at here."""
    folder = Path(tempfile.mkdtemp(prefix="netralitas-pages-"))
    house = House(folder)
    house.manage("prepare")
    house.start()
    yield house
    house.stop()
    shutil.rmtree(folder, ignore_errors=True)


def look(page, address="", sizes=()):
    """Go there, turn it to every size and fail with all reasons at once."""
    if address:
        answer = page.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
    page.wait_for_load_state()
    broken = []
    page.emulate_media(reduced_motion="reduce")  # a button on its way to another colour is neither of both
    for size in sizes or [page.viewport_size]:
        page.set_viewport_size(size)
        where = f"{page.url} at {size['width']} px"
        broken += [f"{where}: {rule['id']} {rule['nodes'][0]['html'][:120]}" for rule in violations(page)]
        if page.evaluate(SIDEWAYS) > 0:
            broken.append(f"{where}: scrolls sideways")
    if page.locator("h1").count() != 1:
        broken.append(f"{page.url}: {page.locator('h1').count()} h1")
    if page.locator("main .btn-primary").count() > 1:
        broken.append(f"{page.url}: more than one main action")
    broken += [f"{page.url}: {word.group()}" for word in ENGLISH.finditer(page.inner_text("main"))]
    broken += page.problems
    page.problems.clear()
    assert broken == []


def violations(page):
    """The script of axe goes in once per page; running it again is quick.

    After a click the old page may give way while it is looked at: then the new one is looked at.
    """
    try:
        return _violations(page)
    except PageGone:
        page.wait_for_load_state()
        return _violations(page)


def _violations(page):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)


def event_of(page, house):
    page.goto(f"{house.url}/kegiatan/")
    return house.url + page.locator("td a[href^='/kegiatan/']").last.get_attribute("href")


def test_pages_of_the_public(house, new_context):
    page = new_context(viewport=TABLET, locale="id-ID").new_page()
    page.problems = []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    for path in PUBLIC:
        look(page, house.url + path, SIZES)
    page.goto(f"{house.url}/tidak-ada/")
    page.problems.clear()  # the browser itself reports the 404 of the page
    look(page, sizes=SIZES)
    assert page.request.get(f"{house.url}/favicon.ico").ok


def test_pages_of_staff(house, new_context):
    """419 villages, so the long list is among them."""
    page = sign_in(new_context(viewport=TABLET, locale="id-ID"), house, "bakesbangpol.bojonegoro@contoh.test")
    event = event_of(page, house)
    for address in [house.url + path for path in STAFF] + [event + path for path in OF_EVENT]:
        look(page, address, SIZES)
    page.goto(event)
    follow(page.locator("#naskah .task-title").first)
    look(page, sizes=SIZES)
    for link in ("Ubah", "Atur saksi"):
        follow(page.get_by_role("link", name=link, exact=True))
        look(page, sizes=SIZES)
        page.go_back()


def test_pages_of_a_supervisor(house, new_context):
    page = sign_in(new_context(viewport=TABLET, locale="id-ID"), house, "bawaslu.gresik@contoh.test")
    event = event_of(page, house)
    for address in [house.url + path for path in ("/", "/rekap/", "/akun/kantor/")]:
        look(page, address)
    for path in ("", "peserta/", "susunan-acara/", "log/"):
        look(page, event + path)


def test_forms_with_errors(house, new_context):
    page = sign_in(new_context(viewport=TABLET, locale="id-ID"), house, "bakesbangpol.bojonegoro@contoh.test")
    event = event_of(page, house)
    forms = (f"{house.url}/kegiatan/baru/", f"{event}peserta/tambah/", f"{event}petugas/tambah/")
    for address in forms:
        page.goto(address)
        page.locator("main form").evaluate("form => { form.noValidate = true }")
        follow(page.locator("main form button.btn-primary"))
        expect(page.locator("main .invalid-feedback, main .alert").first).to_be_visible()
        look(page)


def test_signing_pages(house, new_context):
    """The demo event of Parepare is started and its paper opened, unless an earlier run did it."""
    staff = sign_in(new_context(viewport=LAPTOP, locale="id-ID"), house, "bawaslu.parepare@contoh.test")
    event = event_of(staff, house)
    staff.goto(event)
    if staff.get_by_role("link", name="Mulai kegiatan").count():
        follow(staff.get_by_role("link", name="Mulai kegiatan"))
        if staff.locator("input[name=accept_warnings]").count():
            staff.check("input[name=accept_warnings]")
        follow(staff.locator("main button.btn-primary"))
    staff.goto(event)
    follow(staff.locator("#naskah .task-title").first)
    if staff.get_by_role("button", name="Buka penandatanganan").count():
        follow(staff.get_by_role("button", name="Buka penandatanganan"))
    expect(staff.locator("main")).to_contain_text("Dapat ditandatangani.")
    look(staff)
    paper = staff.url

    for size in (TABLET, TABLET_WIDE):
        tablet = sign_in(
            new_context(viewport=size, has_touch=True, locale="id-ID"), house, "bawaslu.parepare@contoh.test"
        )
        look(tablet, f"{paper}tanda-tangan/")
        tablet.locator("input[name=q]").fill("contoh")
        follow(tablet.get_by_role("button", name="Cari"))
        look(tablet)
        name = staff.locator("#penanda-tangan td strong").first.inner_text()
        tablet.locator("input[name=q]").fill(name)
        follow(tablet.get_by_role("button", name="Cari"))
        follow(tablet.get_by_role("link", name=re.compile(re.escape(name))).first)
        expect(tablet.locator("[data-pad]")).to_be_visible()
        expect(tablet.locator("[data-scroll-hint]")).to_contain_text("Geser naskah")
        look(tablet)
        draw(tablet, "[data-pad]", scribble())
        look(tablet)
