"""*Perlu ditinjau* in a real browser: what waits is read, decided with a reason, and gone from the list."""

from playwright.sync_api import expect

from .conftest import LAPTOP, TABLET, TABLET_WIDE, follow
from .test_pages import look, violations

SIZES = (TABLET, TABLET_WIDE, LAPTOP)


def article(page, name):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", level=3, name=name))


def test_officer_decides_what_waits_and_the_list_is_empty(house, staff):
    made = house.stage("make_event", people=3, title="Deklarasi dengan Keraguan")
    people = house.stage("doubts", event=made["event"])
    address = f"{house.url}/kegiatan/{made['code']}/"

    staff.goto(address)
    expect(staff.locator("#tinjau")).to_contain_text("3 catatan atau kiriman")
    follow(staff.locator("#tinjau").get_by_role("link", name="Tinjau"))
    expect(staff.get_by_role("heading", level=2, name="Perlu ditinjau: 3")).to_be_visible()
    look(staff, sizes=SIZES)

    double, removed = article(staff, people["double"]), article(staff, people["removed"])
    expect(double).to_contain_text("Tercatat dua kali")
    expect(double.get_by_role("heading", name="Yang berlaku sekarang")).to_be_visible()
    expect(double.get_by_role("heading", name="Yang datang kemudian")).to_be_visible()
    expect(double.get_by_role("img", name=f"Tanda tangan {people['double']}")).to_be_visible()
    expect(removed).to_contain_text("Ditahan")
    expect(removed).to_contain_text("dikeluarkan dari daftar")

    double.get_by_label("Alasan").fill("")  # proposed, and still the officer's to say
    double.get_by_role("button").first.click()
    expect(double.get_by_label("Alasan")).to_be_focused()  # the browser asks for the reason
    double.get_by_label("Alasan").fill("Sudah ditanya: berubah pikiran")
    follow(double.get_by_role("button", name="tanda tangan", exact=False).first)
    expect(staff.get_by_role("heading", level=2, name="Perlu ditinjau: 2")).to_be_visible()
    expect(staff.get_by_text("Keputusan tersimpan.")).to_be_visible()
    look(staff, sizes=SIZES)

    removed.get_by_label("Alasan").fill("Dikeluarkan karena keliru")
    follow(removed.get_by_role("button", name="Kembalikan ke daftar dan pakai"))
    unread = article(staff, "Kiriman yang tidak dapat dibaca")
    unread.get_by_label("Alasan").fill("Uji jaringan panitia")
    follow(unread.get_by_role("button"))

    expect(staff.get_by_text("Tidak ada yang perlu ditinjau.")).to_be_visible()
    decided = staff.get_by_role("region", name="Sudah diputuskan")
    expect(decided).to_contain_text("Sudah ditanya: berubah pikiran")
    look(staff, sizes=SIZES)
    staff.goto(address)
    expect(staff.locator("#tinjau")).to_have_count(0)
    found = house.stage("decisions_of", event=made["event"])
    assert found["log"] == [
        ["signature.reviewed", "accept", "Sudah ditanya: berubah pikiran"],
        ["signature.reviewed", "accept", "Dikeluarkan karena keliru"],
        ["inbox.settled", "", "Uji jaringan panitia"],
    ]
    assert len(found["by"]) == 1
    assert found["outcomes"] == {people["double"]: "signed", people["removed"]: "signed"}
    assert found["audit_whole"]


def test_two_officers_with_the_same_page_read_each_others_decision(house, staff):
    made = house.stage("make_event", people=3, title="Deklarasi dengan Dua Petugas")
    people = house.stage("doubts", event=made["event"])
    review = f"{house.url}/kegiatan/{made['code']}/tinjau/"
    colleague = staff.context.new_page()
    for page in (staff, colleague):
        page.goto(review)

    first = article(staff, people["removed"])
    first.get_by_label("Alasan").fill("Dikeluarkan karena keliru")
    follow(first.get_by_role("button", name="Kembalikan ke daftar dan pakai"))
    second = article(colleague, people["removed"])
    second.get_by_label("Alasan").fill("Tidak diundang")
    follow(second.get_by_role("button", name="Batalkan", exact=False))

    expect(colleague.get_by_text("baru saja diputuskan")).to_contain_text("Dikeluarkan karena keliru")
    assert violations(colleague) == []
    assert house.stage("decisions_of", event=made["event"])["outcomes"][people["removed"]] == "signed"
