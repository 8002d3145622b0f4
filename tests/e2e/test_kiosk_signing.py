"""The tablet as the people in the pendopo meet it: read, sign or not sign, in any way, and leave without a trace."""

import re
import time

from playwright.sync_api import expect

from .conftest import TABLET, TABLET_WIDE, draw, scribble
from .kios import tablet
from .kios_steps import LINE, at_the_paper, finish, press, rows_on_server, tick, type_pin

PHONE = {"width": 390, "height": 844}


def strokes(page) -> int:
    label = page.locator("[data-pad]").get_attribute("aria-label")
    found = re.search(r"berisi (\d+)", label)
    return int(found[1]) if found else 0


def ink(page) -> int:
    """Painted pixels of the box."""
    return page.locator("[data-pad]").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length"
    )


# -- the day without a network --------------------------------------------------------------------------------------


def test_offline_cold_start(kios, house):
    """Browser closed and opened again without any network: the tablet rests as it did, and a person can sign."""
    kios.pending(0)
    kios.context.set_offline(True)
    kios.page.close()
    kios.page = kios.context.new_page()
    kios.page.on("pageerror", lambda error: kios.problems.append(str(error)))
    kios.open()
    kios.sign(kios.people[0])
    expect(kios.page.locator("[data-status]")).to_contain_text("menunggu kirim – aman di tablet ini")
    kios.context.set_offline(False)
    kios.pending(0, timeout=60_000)
    assert [row["status"] for row in rows_on_server(kios, house, 1)] == ["valid"]


# -- the box --------------------------------------------------------------------------------------------------------


def test_rotation_keeps_drawing(kios, house):
    page = at_the_paper(kios)
    draw(page, "[data-pad]", scribble())
    drawn = strokes(page)
    for size in (TABLET, PHONE, TABLET_WIDE):
        page.set_viewport_size(size)
        page.wait_for_timeout(200)
        assert strokes(page) == drawn == 2
        assert ink(page) > 500
    tick(page)
    finish(kios, page)
    assert rows_on_server(kios, house, 1)[0]["flags"] == []


def test_undo_clear(kios):
    page = at_the_paper(kios)
    undo, clear = (page.get_by_role("button", name=name) for name in ("Urungkan", "Hapus coretan"))
    expect(undo).to_be_disabled()
    expect(clear).to_be_disabled()
    draw(page, "[data-pad]", scribble())
    undo.click()
    assert strokes(page) == 1
    page.set_viewport_size(TABLET)
    draw(page, "[data-pad]", [[(0.3, 0.3), (0.4, 0.5)]])
    assert strokes(page) == 2
    clear.click()
    assert (strokes(page), ink(page)) == (0, 0)
    expect(undo).to_be_disabled()


def test_dot_rejected_weak_confirmed(kios, house):
    page = at_the_paper(kios)
    message = page.locator("main [data-message]")
    press(page, "Selesai")
    expect(message).to_have_text("Centang pernyataan dahulu.")
    tick(page)
    draw(page, "[data-pad]", [[(0.5, 0.5)]])
    press(page, "Selesai")
    expect(message).to_contain_text("Tanda tangan belum terbaca.")
    assert strokes(page) == 1  # the drawing stays
    press(page, "Selesai")
    expect(message).to_contain_text("Cara lain")  # a dot cannot be confirmed
    expect(page.locator("dialog[open]")).to_have_count(0)
    press(page, "Hapus coretan")
    draw(page, "[data-pad]", LINE)
    press(page, "Selesai")
    expect(page.get_by_role("heading", name="Apakah ini tanda tangan Anda?")).to_be_visible()
    press(page, "Ulangi")
    expect(page.locator("[data-pad]")).to_have_attribute("aria-label", "Kotak tanda tangan, masih kosong")
    draw(page, "[data-pad]", LINE)
    press(page, "Selesai")
    press(page, "Ya, pakai ini")
    kios.state("thanks")
    row = rows_on_server(kios, house, 1)[0]
    assert (row["status"], "weak" in row["flags"]) == ("valid", True)


# -- who cannot or will not draw ------------------------------------------------------------------------------------


def test_typed_thumb_represented(kios, house):
    page = at_the_paper(kios, 0)
    tick(page)
    press(page, "Cara lain")
    kios.state("other")
    press(page, "Ketik nama")
    kios.state("sign")
    press(page, "Selesai")
    expect(page.locator("main [data-message]")).to_have_text("Ketik nama lengkap Anda dahulu.")
    page.get_by_label("Nama lengkap Anda, diketik").fill(kios.people[0])
    finish(kios, page)

    at_the_paper(kios, 1)
    tick(page)
    press(page, "Cara lain")
    press(page, "Cap jempol (bersama petugas)")
    page.get_by_label("Nomor lembar dan baris").fill("L-3 baris 7")
    page.locator("#witness_name").fill("Saksi Jempol")
    press(page, "Selesai")
    page.get_by_label("PIN petugas, 6 angka").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_contain_text("PIN salah.")
    type_pin(kios, house)
    kios.state("thanks")
    kios.state("idle")

    at_the_paper(kios, 2)
    tick(page)
    press(page, "Cara lain")
    press(page, "Diwakili dengan saksi (bersama petugas)")
    page.get_by_label("Alasan").fill("Tangan kanan cedera")
    press(page, "Lanjut")
    for number in (1, 2):
        expect(page.get_by_text(f"Saksi {number} dari 2")).to_be_visible()
        page.locator("#helper_name").fill(f"Saksi {number}")
        page.locator("#helper_position").fill("Kepala Seksi")
        draw(page, "[data-pad]", scribble())
        press(page, "Lanjut" if number == 1 else "Selesai")
    type_pin(kios, house)
    kios.state("thanks")
    assert [row["method"] for row in rows_on_server(kios, house, 3)] == ["typed", "thumb", "represented"]


def test_refuse_leaves_no_trace_on_screen(kios, house):
    page = at_the_paper(kios)
    press(page, "Cara lain")
    press(page, "Saya tidak menandatangani")
    buttons = page.locator("dialog[open] .button")
    sizes = {(round(box["width"]), round(box["height"])) for box in (b.bounding_box() for b in buttons.all())}
    colours = {b.evaluate("b => getComputedStyle(b).backgroundColor") for b in buttons.all()}
    assert (len(sizes), len(colours)) == (1, 1)  # no button is the better answer
    press(page, "Kembali")
    kios.state("other")
    press(page, "Saya tidak menandatangani")
    press(page, "Ya, catat")
    kios.state("thanks")
    expect(page.get_by_text("Pilihan Anda tercatat.")).to_be_visible()
    kios.state("idle")
    kios.find(kios.people[0])
    hit = page.get_by_role("button", name=re.compile(re.escape(kios.people[0])))
    expect(hit).to_be_disabled()
    expect(hit).to_contain_text(
        re.compile(r"Sudah tercatat pukul \d\d\.\d\d\. Bukan Anda\? Panggil petugas\.")
    )
    assert re.search(r"menolak|tidak menandatangani", page.locator("main").inner_text(), re.I) is None
    assert rows_on_server(kios, house, 1)[0]["outcome"] == "refused"


def test_nothing_of_previous_person_in_dom(kios):
    page = at_the_paper(kios)
    name = kios.people[0]
    length = page.evaluate("history.length")
    page.get_by_label("Saya mewakili pejabat ini").check()
    page.get_by_label("Nama Anda sendiri").fill("Wakil Rahasia")
    tick(page)
    draw(page, "[data-pad]", scribble())
    finish(kios, page)
    shown = page.evaluate(
        """() => [document.documentElement.outerHTML, location.href, JSON.stringify(history.state), document.title,
            JSON.stringify({...sessionStorage}), JSON.stringify({...localStorage}),
            ...Array.from(document.querySelectorAll("input, select")).map((field) => field.value)].join("\\n")"""
    )
    words = [*name.split(), "Wakil", "Rahasia"]
    assert [word for word in words if word in shown] == []
    assert page.locator("canvas").count() == 0
    assert page.url.endswith("/kios/")
    assert page.evaluate("history.length") == length
    page.go_back()
    kios.state("idle")
    assert name not in page.content()


def test_two_documents_one_after_the_other(house, new_context):
    scene = house.stage("make_event", people=2, papers=2)
    kios = tablet(house, new_context).pair(scene["event"])
    kios.event, kios.people = scene["event"], [person["name"] for person in scene["people"]]
    page = at_the_paper(kios)
    for step in ("Dokumen 1 dari 2", "Dokumen 2 dari 2"):
        expect(page.get_by_text(step)).to_be_visible()
        assert not page.locator("#agree").is_checked()  # never ticked before
        assert strokes(page) == 0
        tick(page)
        draw(page, "[data-pad]", scribble())
        press(page, "Selesai")
    kios.state("thanks")
    assert [row["status"] for row in rows_on_server(kios, house, 2)] == ["valid", "valid"]


# -- time -----------------------------------------------------------------------------------------------------------

SECONDS_BY_HAND = """(() => { const every = setInterval, watches = [];
    window.setInterval = (work, ms, ...rest) => ms === 1000 ? watches.push(work) : every(work, ms, ...rest);
    window.pass = (seconds) => { while (seconds--) watches.forEach((work) => work()); }; })()"""


def test_idle_reset(kios):
    """The seconds of the idle watch pass when the test says so; everything else keeps its time."""
    page = kios.page
    page.add_init_script(SECONDS_BY_HAND)
    kios.open()
    kios.find(kios.people[0][:6])
    assert state_after(page, 44) == "search"
    assert state_after(page, 1) == "still_there"
    expect(page.get_by_role("heading", name="Masih di sini?")).to_be_visible()
    expect(page.locator("[data-seconds]")).to_have_text("20")
    press(page, "Ya, lanjutkan")
    kios.state("search")
    assert state_after(page, 64) == "still_there"
    assert state_after(page, 1) == "idle"
    assert kios.people[0][:6] not in page.content()
    at_the_paper(kios)
    draw(page, "[data-pad]", scribble())
    assert state_after(page, 119) == "sign"  # people read longer than they search
    assert state_after(page, 20) == "still_there"
    assert state_after(page, 1) == "idle"
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("canvas")).to_have_count(0)


def state_after(page, seconds) -> str:
    page.evaluate("(seconds) => window.pass(seconds)", seconds)
    return page.locator("body").get_attribute("data-state")


def test_scripted_person(kios, capsys):
    """Machine time of one person; the number is printed, benchmarks hold the gate."""
    name, page = kios.people[0], kios.page
    kios.state("idle")
    began = time.monotonic()
    page.get_by_text("Sentuh untuk mulai").click()
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("button", name=re.compile(re.escape(name))).first.click()
    tick(page)
    draw(page, "[data-pad]", scribble())
    press(page, "Selesai")
    kios.state("thanks")
    with capsys.disabled():
        print(f"\n  one person: {time.monotonic() - began:.2f} s of machine time")
