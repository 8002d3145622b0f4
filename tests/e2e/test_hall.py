"""The screens for the hall in a real browser: the MC without network, the board while people sign."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from .conftest import LAPTOP, TABLET, TABLET_WIDE, follow, sign_in
from .test_pages import ENGLISH, SIDEWAYS, event_of, violations

PROJECTORS = ({"width": 1920, "height": 1080}, {"width": 1280, "height": 720})
NETWORK = re.compile(r"ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch")


def look(page, sizes):
    """axe, width, language and console of the state the page is in, at every size."""
    broken = []
    for size in sizes:
        page.set_viewport_size(size)
        page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
        where = f"{page.url} at {size['width']} px"
        broken += [f"{where}: {rule['id']} {rule['nodes'][0]['html'][:120]}" for rule in violations(page)]
        if page.evaluate(SIDEWAYS) > 0:
            broken.append(f"{where}: scrolls sideways")
    broken += [f"{page.url}: {word.group()}" for word in ENGLISH.finditer(page.inner_text("body"))]
    broken += [problem for problem in page.problems if not NETWORK.search(problem)]
    page.problems.clear()
    assert broken == []


def tablet_of(house, new_context, email, size=TABLET_WIDE):
    return sign_in(new_context(viewport=size, has_touch=True, locale="id-ID"), house, email)


def sent(page):
    expect(page.locator("body")).to_have_attribute("data-pending", "0", timeout=40000)
    expect(page.locator("body")).to_have_attribute("data-net", "idle", timeout=40000)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def now(page):
    return moment(page.evaluate("new Date().toISOString()"))


def kept_for_offline(page, address):
    """The worker has the page and its files."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _ in range(240):
        if page.evaluate("caches.match(location.pathname).then((found) => Boolean(found))"):
            return
        page.wait_for_timeout(250)
    raise AssertionError("the page is not kept for offline")


def test_mc_runs_the_day_without_network_and_reading_opens_signing(house, new_context):
    """Kota Pasuruan: the ikrar is read aloud, led by the Sekda, and nothing may be signed before."""
    page = tablet_of(house, new_context, "bawaslu.kotapasuruan@contoh.test")
    event = event_of(page, house)
    code = event.rstrip("/").rsplit("/", 1)[-1]
    page.goto(event)
    follow(page.get_by_role("link", name="Layar pembawa acara"))
    sent(page)
    look(page, (TABLET, TABLET_WIDE, LAPTOP))
    kept_for_offline(page, f"{event}mc/")

    page.context.set_offline(True)
    began = now(page)
    page.get_by_role("button", name="Mulai acara").dblclick()  # a trembling finger: the second is dropped
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Lanjut ke berikutnya").click()
    expect(page.locator("body")).to_have_attribute("data-pending", "3")
    expect(page.locator("[data-net-word]")).to_contain_text("3 menunggu kirim")
    expect(page.locator("[data-now-title]")).to_have_text("Arahan Sekretaris Daerah")
    look(page, (TABLET_WIDE,))

    page.locator("[data-prompt]").first.click()
    expect(page.locator(".cue:visible")).to_contain_text("Ikuti saya.")
    look(page, (TABLET, TABLET_WIDE))
    read_through(page)
    expect(page.locator("[data-reader]:visible")).to_have_value("Rudiyanto")
    page.get_by_label("Diikuti seluruh peserta yang hadir").locator("visible=true").check()
    look(page, (TABLET, TABLET_WIDE))
    page.get_by_role("button", name="Catat dan buka penandatanganan").locator("visible=true").click()
    expect(page.locator("[data-record-line]:visible")).to_contain_text(
        re.compile(r"Dibacakan pukul \d\d\.\d\d WIB oleh Rudiyanto, Sekretaris Daerah Kota Pasuruan")
    )
    expect(page.locator("[data-record-state]:visible")).to_contain_text("begitu jaringan kembali")
    look(page, (TABLET_WIDE,))
    ended = now(page)

    page.reload()  # the tablet was put to sleep and dropped the page
    expect(page.locator("body")).to_have_attribute("data-pending", "4")
    expect(page.locator("[data-now-title]")).to_have_text("Arahan Sekretaris Daerah")
    assert house.stage("hall_of", code=code)["taps"] == 0
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    online = now(page)
    sent(page)

    found = house.stage("hall_of", code=code)
    first, second = found["items"][:2]
    ikrar = found["papers"][0]
    assert (found["event"], found["taps"], found["audit_whole"]) == ("running", 4, True)
    for text in (first["started_at"], first["ended_at"], second["started_at"], ikrar["read_at"]):
        assert began <= moment(text) <= ended < online
    assert (ikrar["state"], ikrar["read_by"], ikrar["followed"]) == ("open", "Rudiyanto", True)
    expect(page.locator("[data-paper]").first).to_contain_text("Penandatanganan dibuka")
    look(page, (TABLET_WIDE,))


def read_through(page):
    """Turn by key, button, tap and swipe until the last slide; the text is said whole."""
    stage = page.locator("[data-stage]:visible")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Lanjut", exact=True).locator("visible=true").click()
    stage.click(position={"x": 800, "y": 200})
    seen = set()
    for _ in range(80):
        if page.locator("[data-record-slide]:visible").count():
            break
        seen.add(page.locator(".slide:visible [data-text]").inner_text())
        page.keyboard.press("PageDown")
    assert any(text.startswith("Menolak politik uang") for text in seen)


@pytest.mark.parametrize("fault", ["error500", "portal", "unavailable"])
def test_mc_keeps_the_screen_when_the_answer_is_not_ours(rough_house, new_context, fault):
    """The tablet was dropped in the middle of the day while the server restarts, or on a guest network."""
    made = rough_house.stage("make_event", people=2, title="Deklarasi di Balik Portal")
    page = tablet_of(rough_house, new_context, "panwaslu.cerme@contoh.test")
    address = f"{rough_house.url}/kegiatan/{made['code']}/mc/"
    kept_for_offline(page, address)
    try:
        rough_house.spoil(fault, path="/mc/")
        for _ in range(2):  # what came in between was not kept in its place either
            page.reload()
            expect(page.locator("h1")).to_have_text("Deklarasi di Balik Portal")
    finally:
        rough_house.spoil()
    page.context.clear_cookies()
    page.reload()
    expect(page).to_have_url(re.compile("/masuk/"))


def test_mc_of_an_event_without_a_rundown_says_that_it_is_on(house, new_context):
    made = house.stage("make_event", people=2, title="Deklarasi tanpa Susunan Acara")
    page = tablet_of(house, new_context, "panwaslu.cerme@contoh.test")
    page.goto(f"{house.url}/kegiatan/{made['code']}/mc/")
    expect(page.locator("[data-now-title]")).to_have_text("Kegiatan berlangsung")
    look(page, (TABLET, TABLET_WIDE))


def test_text_size_and_way_of_reading_stay_on_the_device(house, new_context):
    page = tablet_of(house, new_context, "bawaslu.kotapasuruan@contoh.test")
    event = event_of(page, house)
    page.goto(f"{event}mc/")
    page.locator("[data-prompt]").first.click()
    page.keyboard.press("ArrowRight")
    size = "getComputedStyle(document.querySelector('.slide:not([hidden])')).fontSize"
    before = page.evaluate(f"parseFloat({size})")
    page.get_by_role("button", name="Perbesar huruf").locator("visible=true").click()
    page.get_by_role("button", name="Ikuti saya", exact=True).locator("visible=true").click()
    larger = page.evaluate(f"parseFloat({size})")
    assert larger > before
    page.keyboard.press("Escape")
    expect(page.locator("[data-prompt]").first).to_be_focused()
    page.reload()
    page.locator("[data-prompt]").first.click()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"parseFloat({size})") == larger
    expect(page.locator("[data-phrases]:visible")).to_have_attribute("aria-pressed", "false")


def test_tap_that_is_undone_leaves_no_time(house, new_context):
    page = tablet_of(house, new_context, "bawaslu.parepare@contoh.test")
    event = event_of(page, house)
    code = event.rstrip("/").rsplit("/", 1)[-1]
    page.goto(f"{event}mc/")
    page.locator("[data-item]").nth(1).get_by_role("button", name="Mulai").click()
    page.locator("[data-undo]").click()
    sent(page)
    assert [item["started_at"] for item in house.stage("hall_of", code=code)["items"]] == [""] * 5


def test_session_that_ended_keeps_taps_until_somebody_signs_in(house, new_context):
    page = tablet_of(house, new_context, "bawaslu.parepare@contoh.test")
    event = event_of(page, house)
    code = event.rstrip("/").rsplit("/", 1)[-1]
    page.goto(f"{event}mc/")
    sent(page)
    before = house.stage("hall_of", code=code)["taps"]
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sesi")
    page.locator("[data-item]").first.get_by_role("button", name="Mulai").click()
    expect(page.locator("body")).to_have_attribute("data-net", "login", timeout=20000)
    expect(page.get_by_role("link", name="Masuk lagi untuk mengirim")).to_be_visible()
    expect(page.locator("[data-net-word]")).to_contain_text("1 menunggu kirim")
    look(page, (TABLET,))
    page.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sent(page)
    assert house.stage("hall_of", code=code)["taps"] == before + 1


def test_board_shows_signatures_as_they_arrive(house, new_context):
    event = house.stage("make_event", people=12)
    [paper] = event["papers"]
    page = sign_in(new_context(viewport=PROJECTORS[0], locale="id-ID"), house, "panwaslu.cerme@contoh.test")
    page.goto(f"{house.url}/kegiatan/{event['code']}/layar/")
    expect(page.locator("[data-empty-words]")).to_contain_text("Penandatanganan dibuka.")
    expect(page.locator(".total")).to_have_text(re.compile(r"0\s*dari 12 orang"))
    look(page, PROJECTORS)

    [late] = house.stage("sign_some", paper=paper, count=1, last=True)
    expect(page.locator(".card-name")).to_have_text([late], timeout=15000)
    expect(page.locator(".card .ink path")).to_have_attribute("d", re.compile("^M"))
    house.stage("sign_some", paper=paper, count=2)
    expect(page.locator(".card-name")).to_have_count(3, timeout=15000)
    assert page.locator(".card-name").all_inner_texts()[-1] == late
    expect(page.locator(".total")).to_have_text(re.compile(r"3\s*dari 12 orang"))
    look(page, (*PROJECTORS, TABLET))

    page.context.set_offline(True)
    expect(page.locator("[data-net-word]")).to_contain_text("Jaringan terputus", timeout=30000)
    expect(page.locator(".card-name")).to_have_count(3)
    look(page, PROJECTORS[:1])
    page.context.set_offline(False)
    expect(page.locator("[data-net-word]")).to_have_text("", timeout=40000)


def test_board_names_people_while_their_drawings_are_still_on_the_way(house, new_context):
    event = house.stage("make_event", people=5)
    house.stage("sign_some", paper=event["papers"][0], count=3)
    page = sign_in(new_context(viewport=PROJECTORS[1], locale="id-ID"), house, "panwaslu.cerme@contoh.test")
    page.route("**/layar/goresan/**", lambda route: route.abort())
    page.goto(f"{house.url}/kegiatan/{event['code']}/layar/")
    expect(page.locator(".card-name")).to_have_count(3)
    expect(page.locator(".card .ink")).to_have_count(0)
    page.unroute("**/layar/goresan/**")
    expect(page.locator(".card .ink path")).to_have_count(3, timeout=30000)


def test_board_turns_its_pages_and_hides_the_way_out(house, new_context):
    event = house.stage("make_event", people=20)
    house.stage("sign_some", paper=event["papers"][0], count=20)
    page = sign_in(
        new_context(viewport=PROJECTORS[1], locale="id-ID", reduced_motion="reduce"),
        house,
        "panwaslu.cerme@contoh.test",
    )
    page.goto(f"{house.url}/kegiatan/{event['code']}/layar/")
    expect(page.locator("[data-page]")).to_have_text("1 / 3")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-page]")).to_have_text("2 / 3")
    expect(page.locator("[data-page]")).to_have_text("3 / 3", timeout=20000)
    page.mouse.move(5, 5)
    page.mouse.move(50, 50)
    expect(page.locator("body")).to_have_class(re.compile("with-controls"))
    look(page, PROJECTORS)
    page.mouse.move(60, 60)
    follow(page.get_by_role("link", name="Keluar"))
    expect(page).to_have_url(f"{house.url}/kegiatan/{event['code']}/")
