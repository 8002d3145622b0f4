"""The tablet's screens for everybody: left-handed, on small screens, with a screen reader, by keyboard alone."""

import re

from playwright.sync_api import expect

from .conftest import TABLET, TABLET_WIDE, draw, scribble
from .kios import tablet
from .kios_steps import LINE, at_the_paper, finish, open_menu, press, rows_on_server, tick
from .test_pages import violations

SMALL_WIDE = {"width": 1024, "height": 600}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_left_handed(kios):
    page = at_the_paper(kios)

    def edges():
        return [
            page.get_by_role("button", name=name, exact=True).bounding_box()["x"]
            for name in ("Selesai", "Urungkan")
        ]

    done, undo = edges()
    assert done > undo
    press(page, "Kidal")
    done, undo = edges()
    assert done < undo
    expect(page.get_by_role("button", name="Kidal")).to_have_attribute("aria-pressed", "true")
    tick(page)
    draw(page, "[data-pad]", scribble())
    finish(kios, page)
    at_the_paper(kios, 1)
    done, undo = edges()
    assert done > undo  # forgotten at reset


def test_everything_on_one_screen_in_landscape(kios):
    page = at_the_paper(kios)
    for name in (".paper h1", "#agree + label", "[data-pad]", "[data-saves]", "[data-do=other]"):
        box = page.locator(name).bounding_box()
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= TABLET_WIDE["height"], name
    assert page.locator("[data-pad]").bounding_box()["height"] >= 320
    assert page.locator(".paper").evaluate("p => parseFloat(getComputedStyle(p).fontSize)") >= 22
    for size in (SMALL_WIDE, TABLET):
        page.set_viewport_size(size)
        for name in ("#agree + label", "[data-saves]"):
            box = page.locator(name).bounding_box()
            assert box["y"] + box["height"] <= size["height"], (size, name)


CONTROLS = """() => Array.from(document.querySelectorAll("button, input, select, summary, [role=button]"))
    .filter((item) => item.offsetParent && !item.matches(".tick"))
    .map((item) => [item.textContent.trim() || item.name, item.getBoundingClientRect().height])
    .filter(([, height]) => height < 56)"""


def fit_for_all(page, where):
    """axe finds nothing, every control is large, nothing scrolls sideways, one heading."""
    broken = []
    for size in (TABLET_WIDE, TABLET):
        page.set_viewport_size(size)
        broken += [f"{where}: {rule['id']} {rule['nodes'][0]['html'][:120]}" for rule in violations(page)]
        broken += [f"{where}: {name} is {height} px high" for name, height in page.evaluate(CONTROLS)]
        if page.evaluate(SIDEWAYS) > 0:
            broken.append(f"{where}: scrolls sideways at {size['width']}")
    if page.locator("h1:visible").count() != 1:
        broken.append(f"{where}: {page.locator('h1:visible').count()} h1")
    return broken


def test_axe_every_state(kios, house, new_context, scene):
    fresh = tablet(house, new_context).open()
    fresh.state("unpaired")
    broken = fit_for_all(fresh.page, "unpaired")
    fresh.context.close()
    page = kios.page
    broken += fit_for_all(page, "idle")
    kios.find(kios.people[0][:3])
    broken += fit_for_all(page, "search")
    page.get_by_role("searchbox").fill("tidak ada orangnya")
    press(page, "Nama saya tidak ada")
    kios.state("walk_in")
    press(page, "Lanjut")
    broken += fit_for_all(page, "walk_in")
    press(page, "Kembali")
    press(page, "Batal")
    at_the_paper(kios)
    press(page, "Selesai")
    broken += fit_for_all(page, "sign")
    page.get_by_label("Saya mewakili pejabat ini").check()
    broken += fit_for_all(page, "on behalf")
    page.get_by_label("Saya mewakili pejabat ini").uncheck()
    for way in ("Ketik nama", "Cap jempol (bersama petugas)", "Diwakili dengan saksi (bersama petugas)"):
        press(page, "Cara lain")
        broken += fit_for_all(page, "other")
        press(page, way)
        broken += fit_for_all(page, way)
    page.get_by_label("Alasan").fill("Cedera")
    tick(page)
    press(page, "Lanjut")
    broken += fit_for_all(page, "witness")
    press(page, "Cara lain")
    press(page, "Saya tidak menandatangani")
    broken += fit_for_all(page, "refuse")
    press(page, "Kembali")
    press(page, "Tanda tangan di kotak")
    draw(page, "[data-pad]", LINE)
    press(page, "Selesai")
    press(page, "Selesai")
    broken += fit_for_all(page, "weak")
    press(page, "Ya, pakai ini")
    kios.state("thanks")
    broken += [f"thanks: {rule['id']}" for rule in violations(page)]
    kios.state("idle")
    open_menu(kios, house)
    broken += fit_for_all(page, "staff")
    panels = (
        "Daftar urutan",
        "Salah orang",
        "Petugas:",
        "Uji kotak tanda tangan",
        "Uji koneksi dan jam",
        "Lepas tablet",
    )
    for panel in panels:
        page.locator(".tiles").get_by_role("button", name=re.compile(panel)).click()
        broken += fit_for_all(page, panel)
        press(page, "Kembali")
    page.get_by_role("button", name="Tutup penandatanganan").click()
    press(page, "Tutup menu")
    kios.state("closed")
    broken += fit_for_all(page, "closed")
    assert broken == []


def test_keyboard_only(kios, house):
    """From the welcome to the thanks with Tab, Space and Enter; the typed name is the way without drawing."""
    page, name = kios.page, kios.people[0]

    def reach(words, key="Enter"):
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                """() => { const e = document.activeElement;
                    return e.labels && e.labels.length ? e.labels[0].textContent : e.textContent }"""
            )
            if re.search(words, focused or ""):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", words
                return page.keyboard.press(key)
        raise AssertionError(f"{words} cannot be reached with Tab")

    kios.state("idle")
    reach("Sentuh untuk mulai")
    kios.state("search")
    page.keyboard.type(name)
    expect(page.get_by_role("button", name=re.compile(re.escape(name)))).to_be_visible()
    reach(re.escape(name))
    kios.state("sign")
    reach("Cara lain")
    reach("Ketik nama")
    page.keyboard.type(name)
    for _ in range(30):  # back to the statement above the field
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.id") == "agree":
            break
    page.keyboard.press("Space")
    reach("^Selesai$")
    kios.state("thanks")
    assert rows_on_server(kios, house, 1)[0]["method"] == "typed"
