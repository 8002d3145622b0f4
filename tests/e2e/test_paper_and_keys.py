"""Lists on paper hold what is read and nothing that is pressed; a list is searched and sorted by keys alone."""

import re

from playwright.sync_api import expect

# What has no use on paper, wherever it stands.
PRESSED = (
    ".site-header, .site-footer, .filter-bar, .nav-tabs, .nav-pills, .export, .list-order, .quick-row, .grip,"
    " main .btn, main input, main select"
)
VISIBLE = "found => found.filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 90))"
CUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAPER = {"width": 690, "height": 980}  # A4 within its margins, in pixels of CSS
LISTS = ("/kegiatan/", "/kegiatan/kalender/?bulan=2024-10", "/naskah/", "/naskah/dasar-hukum/", "/arsip/")
OF_EVENT = ("", "peserta/", "susunan-acara/", "petugas/", "lokasi/", "undangan/", "berkas/sertifikat/orang/")


def event_of(staff, house):
    staff.goto(f"{house.url}/kegiatan/")
    return house.url + staff.locator("td a[href^='/kegiatan/']").last.get_attribute("href")


def test_on_paper_stands_what_is_read_and_nothing_that_is_pressed(staff, house):
    event = event_of(staff, house)
    staff.emulate_media(media="print")
    staff.set_viewport_size(PAPER)
    broken = []
    for address in [*(house.url + path for path in LISTS), *(event + path for path in OF_EVENT)]:
        assert staff.goto(address).status == 200
        expect(staff.locator("h1")).to_be_visible()
        broken += [f"{address}: {one}" for one in staff.locator(PRESSED).evaluate_all(VISIBLE)]
        if "Tindakan" in staff.locator("main").inner_text():
            broken.append(f"{address}: an empty column")
        if staff.evaluate(CUT) > 0:
            broken.append(f"{address}: cut off at the right")
    assert broken == [], "\n".join(broken)


def tab_to(page, selector):
    """Press Tab until something of the selector has the focus; what has it shows a ring."""
    page.wait_for_load_state()  # Enter led here a moment ago
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_list_is_searched_sorted_and_opened_by_keys_alone(staff, house):
    staff.goto(f"{house.url}/kegiatan/")
    tab_to(staff, "main input[type=search]")
    staff.keyboard.type("Netralitas")
    staff.keyboard.press("Enter")
    expect(staff).to_have_url(re.compile(r"[?&]q=Netralitas"))
    tab_to(staff, "th a")
    staff.keyboard.press("Enter")
    expect(staff).to_have_url(re.compile(r"[?&]sort=title"))
    expect(staff).to_have_url(re.compile(r"[?&]q=Netralitas"))
    expect(staff.locator("th[aria-sort=ascending]")).to_have_count(1)
    tab_to(staff, "td a")
    staff.keyboard.press("Enter")
    expect(staff.locator(".nav-tabs")).to_be_visible()
