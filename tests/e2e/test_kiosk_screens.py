"""The tablet as the people in the pendopo meet it: find, read, sign or not sign, and leave without a trace."""

import re
import time

import pytest
from playwright.sync_api import expect

from .conftest import TABLET, TABLET_WIDE, draw, scribble
from .kios import tablet
from .test_pages import violations

PHONE = {"width": 390, "height": 844}
SMALL_WIDE = {"width": 1024, "height": 600}
LINE = [[(0.2, 0.5), (0.35, 0.5), (0.5, 0.5)]]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def scene(house):
    return house.stage("make_event", people=12)


@pytest.fixture
def kios(house, new_context, scene):
    """A paired tablet, ready for the first person; errors in its page fail the test."""
    found = tablet(house, new_context).pair(scene["event"])
    found.people = [person["name"] for person in scene["people"]]
    found.event = scene["event"]
    yield found
    assert found.problems == []


def at_the_paper(kios, number=0):
    kios.find(kios.people[number]).choose(kios.people[number])
    return kios.page


def tick(page):
    page.get_by_label(re.compile("Saya telah membaca")).check()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def finish(kios, page):
    press(page, "Selesai")
    kios.state("thanks")
    kios.state("idle")


def strokes(page) -> int:
    label = page.locator("[data-pad]").get_attribute("aria-label")
    found = re.search(r"berisi (\d+)", label)
    return int(found[1]) if found else 0


def ink(page) -> int:
    """Painted pixels of the box."""
    return page.locator("[data-pad]").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length"
    )


def type_pin(kios, house):
    kios.page.get_by_label("PIN petugas, 6 angka").fill(house.stage("staff_pin", event=kios.event))
    kios.page.locator("dialog[open]").get_by_role("button", name="Lanjut").click()


def tap_five_times(kios):
    """Within three seconds, as the officers do it, however slow the machine is."""
    kios.page.get_by_role("button", name="Netralitas").click(click_count=5)


def open_menu(kios, house):
    tap_five_times(kios)
    type_pin(kios, house)
    kios.state("staff")


def rows_on_server(kios, house, count):
    kios.pending(0)
    state = house.stage("state_of", event=kios.event)
    assert len(state["signatures"]) == count, state
    return state["signatures"]


# -- the day without a network -------------------------------------------------------------------------------------


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


# -- the box -------------------------------------------------------------------------------------------------------


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


# -- who cannot or will not draw -----------------------------------------------------------------------------------


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


# -- time ----------------------------------------------------------------------------------------------------------


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


# -- for everybody -------------------------------------------------------------------------------------------------


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


# -- the other ways in ---------------------------------------------------------------------------------------------


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


# -- staff ---------------------------------------------------------------------------------------------------------


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
