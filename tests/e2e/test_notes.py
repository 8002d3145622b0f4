"""The notula pad in a browser: without network nothing typed is lost, and it arrives by itself."""

from playwright.sync_api import expect

from .test_pages import SIZES, look


def test_what_was_typed_without_network_survives_a_reload_and_arrives(house, staff):
    made = house.stage("make_event", people=2, opened=False, title="Uji Notula")
    address = f"{house.url}/kegiatan/{made['code']}/notula/"
    look(staff, address, SIZES)
    pad, status = staff.locator("#catatan-notula"), staff.locator("[data-note-status]").first
    pad.press_sequentially("Ketua membuka kegiatan.")
    expect(status).to_contain_text("Tersimpan pukul")
    staff.context.set_offline(True)
    pad.press_sequentially(" Listrik padam.")
    expect(status).to_have_text("Tersimpan di perangkat ini, menunggu jaringan.")
    # The browser is closed and opened again before anything could be sent.
    staff.route("**/notula/notula/", lambda route: route.abort())
    staff.context.set_offline(False)
    staff.goto(address)
    expect(pad).to_have_value("Ketua membuka kegiatan. Listrik padam.")
    expect(status).to_contain_text("menunggu jaringan")
    staff.unroute("**/notula/notula/")
    expect(status).to_contain_text("Tersimpan pukul", timeout=15_000)
    staff.problems.clear()  # the browser itself reports what it could not send
    staff.goto(f"{house.url}/kegiatan/{made['code']}/berkas/notula/isian/")
    expect(staff.locator("textarea[name=discussion]")).to_have_value("Ketua membuka kegiatan. Listrik padam.")
    look(staff, f"{address}notula/riwayat/", SIZES)
