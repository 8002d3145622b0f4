"""The page "Tablet": board, pairing, PIN, and the two ways to end a tablet's day."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from declarations.forms.tablets import free_label, next_label
from events.desks import desk_of
from events.devices import cut_off_device
from events.models import Device, DeviceHeartbeat, Event, EventSite, PairingCode
from events.pairing import LIFETIME, pair_device
from tests.accounts.factories import bawaslu_gresik, member, organizer_of
from tests.declarations import day
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return day.open_paper(2).event


@pytest.fixture
def organizer(event):
    return organizer_of(event.office)


@pytest.fixture
def staff(client, organizer):
    client.force_login(organizer)
    return client


def url(name, event, *rest):
    return reverse(f"declarations:{name}", args=[event.code, *rest])


def report(tablet: Paired, **said):
    fields = {"at": timezone.now(), "next_seq": tablet.seq, **said}
    DeviceHeartbeat.objects.update_or_create(device=tablet.row, defaults=fields)


def page(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def make_code(staff, event, **data) -> tuple[str, str]:
    """(page, the twelve characters on it)"""
    html = page(staff.post(url("tablet_pair", event), {"label": "Meja 1", **data}))
    groups = re.search(r'class="pairing-groups"[^>]*>(.*?)</p>', html)[1]
    return html, "".join(re.findall(r"<span>(\w{4})</span>", groups))


# -- board -------------------------------------------------------------------------------------------------------


def test_empty_board_says_what_to_do(staff, event):
    html = page(staff.get(url("tablets", event)))
    assert "Belum ada tablet" in html
    assert url("tablet_pair", event) in html


def test_board_shows_everything_a_tablet_reported(staff, event):
    site = EventSite.objects.create(event=event, name="Balai Desa")
    tablet = Paired(event, site=site, app="1.0.0+abc")
    said = {
        "quarantine": 1,
        "persisted": True,
        "free_mb": 5120,
        "battery": 63,
        "roster_seq": 2,
        "ready": True,
    }
    report(tablet, **said, pending=0, operator="Siti (contoh)", clock_offset_ms=5000)

    html = page(staff.get(url("tablets", event)))

    for words in (
        *("Meja 1", "Balai Desa", "Aktif", "Tersambung", "Petugas: Siti (contoh)", "63 %", "5,0 GB"),
        *("tetap", "terlambat 5 detik", "2 (terbaru", "1.0.0+abc", "Menunggu kirim", "Karantina"),
    ):
        assert words in html, words


def test_board_renews_itself_as_one_fragment(staff, event):
    Paired(event)
    assert f'hx-get="{url("tablets_board", event)}" hx-trigger="every 10s"' in page(
        staff.get(url("tablets", event))
    )
    fragment = page(staff.get(url("tablets_board", event)))
    assert "Meja 1" in fragment
    assert "<html" not in fragment
    assert fragment.count('id="papan"') == 1


def test_red_tablet_stands_above_the_board(staff, event):
    report(Paired(event, "Meja 1"))
    report(Paired(event, "Meja 7"), lost=3, next_seq=9)
    html = page(staff.get(url("tablets", event)))
    above = html.split('class="board-grid"')[0]
    assert "Perlu tindakan sekarang" in above
    assert ("Meja 7" in above, "Meja 1" in above) == (True, False)
    assert "Penyimpanan tablet terhapus: 3 catatan" in html


def test_board_is_stored_nowhere(staff, event):
    assert "no-store" in staff.get(url("tablets", event))["Cache-Control"]


def test_page_asks_as_much_for_one_tablet_as_for_ten(staff, event):
    def count(name):
        staff.get(url(name, event))  # what a process asks only once is left out
        with CaptureQueriesContext(connection) as asked:
            staff.get(url(name, event))
        return len(asked)

    site = EventSite.objects.create(event=event, name="Balai")
    report(Paired(event, site=site))
    one = {name: count(name) for name in ("tablets", "tablets_board")}
    for number in range(2, 11):
        report(Paired(event, f"Meja {number}", site=site), lost=1, next_seq=4)
    assert {name: count(name) for name in ("tablets", "tablets_board")} == one


def test_panel_leads_to_the_tablets_for_those_who_run_the_day(client, event, organizer):
    Paired(event)
    path = reverse("events:event", args=[event.code])
    client.force_login(organizer)
    assert url("tablets", event) in page(client.get(path))
    client.force_login(member(bawaslu_gresik(), Role.SUPERVISOR))
    assert url("tablets", event) not in page(client.get(path))


def test_board_leads_to_the_review_only_who_may_decide(client, event, organizer):
    operator = member(event.office, Role.OPERATOR)
    event.operators.add(operator)
    [row, _] = day.rows(event.declarations.get())
    tablet = Paired(event)
    tablet.hand_in(tablet.signs(row), tablet.signs(row, seed=2))
    review = f'href="{url("event_review", event)}"'
    for user, is_led in ((organizer, True), (operator, False)):
        client.force_login(user)
        assert client.get(url("event_review", event)).status_code == (200 if is_led else 403)
        for name in ("tablets", "tablets_board"):
            board = page(client.get(url(name, event)))
            assert "Perlu ditinjau" in board
            assert (review in board) is is_led


def test_panel_counts_what_waits_for_a_decision_for_who_may_not_take_it(client, event):
    operator = member(event.office, Role.OPERATOR)
    event.operators.add(operator)
    client.force_login(operator)
    path = reverse("events:event", args=[event.code])
    assert "Perlu ditinjau" not in page(client.get(path))
    [row, _] = day.rows(event.declarations.get())
    tablet = Paired(event)
    tablet.hand_in(tablet.signs(row), tablet.signs(row, seed=2))
    panel = page(client.get(path)).split('id="tablet"')[1]
    assert "1 data, oleh penyelenggara" in panel
    assert url("event_review", event) not in panel


def test_panel_stays_away_from_a_draft_without_tablets(staff, event):
    shown = page(staff.get(reverse("events:event", args=[event.code])))
    assert 'id="tablet"' in shown
    Event.objects.filter(pk=event.pk).update(state="draft")
    assert 'id="tablet"' not in page(staff.get(reverse("events:event", args=[event.code])))


# -- pairing -----------------------------------------------------------------------------------------------------


def test_code_is_shown_once_with_its_end_and_pairs_a_tablet(staff, event, settings):
    settings.PUBLIC_URL = "https://netralitas.example"
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        html, code = make_code(staff, event)
        made = pair_device(
            code=code,
            public_key=b"\x04" + bytes(64),
            app="1.0.0+abc",
            chain_link_for=lambda device: "ab" * 32,
        )
    assert made.device.label == "Meja 1"
    assert "Berlaku sampai pukul <strong>09.10 WIB</strong>" in html
    assert "https://netralitas.example/kios/" in html
    assert "<svg" in html
    assert code not in page(staff.get(url("tablet_pair", event)))
    assert code not in str(list(PairingCode.objects.values()) + list(AuditEntry.objects.values()))


def test_qr_holds_address_and_code_as_a_fragment(event, staff, settings, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "declarations.views.tablet_pairing.qr_svg", lambda text, title: seen.append(text) or "<svg></svg>"
    )
    settings.PUBLIC_URL = "https://netralitas.example"
    _, code = make_code(staff, event)
    assert seen == [f"https://netralitas.example/kios/#v=1&c={code}"]


def test_next_tablet_counts_the_name_up_and_keeps_the_place(staff, event):
    site = EventSite.objects.create(event=event, name="Balai")
    html, _ = make_code(staff, event, label="Meja 1", site=site.pk)
    assert '<input type="hidden" name="label" value="Meja 2">' in html
    assert f'<input type="hidden" name="site" value="{site.pk}">' in html
    assert "Kode untuk Meja 2" in html


def test_form_offers_the_first_free_name(staff, event):
    Paired(event, "Meja 1")
    make_code(staff, event, label="Meja 2")
    assert 'value="Meja 3"' in page(staff.get(url("tablet_pair", event)))


def test_same_name_twice_is_allowed_with_a_warning(staff, event):
    Paired(event, "Meja 1")
    html, _ = make_code(staff, event, label="Meja 1")
    assert "Sudah ada tablet bernama Meja 1." in html


def test_name_is_escaped(staff, event):
    html, _ = make_code(staff, event, label="<b>Meja</b>")
    assert "<b>Meja</b>" not in html


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"label": ""}, "Isi nama tablet, misalnya “Meja 1”."),
        ({"label": "x" * 61}, "60"),
        ({"label": "Meja 1", "site": "999999"}, "Lokasi tidak dikenal."),
    ],
)
def test_wrong_input_makes_no_code(staff, event, data, message):
    EventSite.objects.create(event=event, name="Balai")
    assert message in page(staff.post(url("tablet_pair", event), data))
    assert not PairingCode.objects.exists()


def test_place_of_another_event_is_unknown(staff, event):
    EventSite.objects.create(event=event, name="Balai")
    other = EventSite.objects.create(event=day.running_event(), name="Lain")
    response = staff.post(url("tablet_pair", event), {"label": "Meja 1", "site": other.pk})
    assert "Lokasi tidak dikenal." in page(response)


@pytest.mark.parametrize("state", ["draft", "closed", "archived", "cancelled"])
def test_outside_its_days_an_event_pairs_nothing_and_says_why(staff, event, state):
    Event.objects.filter(pk=event.pk).update(state=state)
    assert staff.get(url("tablet_pair", event)).status_code == 409
    assert staff.post(url("tablet_pair", event), {"label": "Meja 1"}).status_code == 409
    html = page(staff.get(url("tablets", event)))
    assert '<button class="btn btn-primary" type="button" disabled>Pasangkan tablet</button>' in html


def test_code_page_learns_when_the_tablet_has_come(staff, event):
    _, code = make_code(staff, event)
    row = PairingCode.objects.get()
    state = url("tablet_pair_state", event, row.pk)
    assert "Menunggu tablet" in page(staff.get(state))
    assert "every 3s" in page(staff.get(state))

    made = pair_device(
        code=code, public_key=b"\x04" + bytes(64), app="1", chain_link_for=lambda device: "ab" * 32
    )
    assert "Terpasang, memeriksa kesiapan" in page(staff.get(state))

    DeviceHeartbeat.objects.create(device=made.device, at=timezone.now(), ready=True)
    html = page(staff.get(state))
    assert "Terpasang, siap luring" in html
    assert "hx-get" not in html


def test_code_page_says_when_the_code_is_over(staff, event):
    make_code(staff, event)
    state = url("tablet_pair_state", event, PairingCode.objects.get().pk)
    PairingCode.objects.update(expires_at=timezone.now() - LIFETIME)
    html = page(staff.get(state))
    assert "Kode kedaluwarsa. Buat kode baru." in html
    assert "hx-get" not in html


def test_code_of_another_event_is_unknown(staff, event):
    make_code(staff, event)
    other = day.running_event(office=event.office)
    assert staff.get(url("tablet_pair_state", other, PairingCode.objects.get().pk)).status_code == 404


@pytest.mark.parametrize(
    ("label", "following"),
    [
        ("Meja 1", "Meja 2"),
        ("Meja 9", "Meja 10"),
        ("Registrasi", "Registrasi 2"),
        ("A-09", "A-10"),
        ("7", "8"),
    ],
)
def test_names_are_counted_up(label, following):
    assert next_label(label) == following


def test_first_free_name_of_a_row():
    assert free_label({"Meja 1", "Meja 2", "Pintu"}) == "Meja 3"
    assert free_label(set()) == "Meja 1"
    assert free_label({"Pintu", "Pintu 2"}, "Pintu") == "Pintu 3"


# -- PIN ---------------------------------------------------------------------------------------------------------


def test_pin_is_hidden_until_asked_for(staff, event, organizer):
    pin = desk_of(event=event, by=organizer).staff_pin
    assert pin not in page(staff.get(url("tablet_pin", event)))
    assert f"data-secret>{pin}<" in page(staff.post(url("tablet_pin", event)))


def test_looking_at_the_hidden_pin_makes_none(staff, event):
    page(staff.get(url("tablet_pin", event)))
    event.refresh_from_db()
    assert not hasattr(event, "desk")


def test_new_pin_replaces_the_old_one(staff, event, organizer):
    before = desk_of(event=event, by=organizer).staff_pin
    html = page(staff.post(url("tablet_pin_renew", event)))
    after = desk_of(event=event, by=organizer).staff_pin
    assert (after in html, before in html, before == after) == (True, False, False)


# -- the end of a tablet's day -----------------------------------------------------------------------------------


def test_drained_tablet_may_still_hand_in(staff, event):
    tablet = Paired(event)
    response = staff.post(url("tablet_drain", event, tablet.device), {"reason": "Selesai"}, follow=True)
    assert "Meja 1 dicabut. Isinya masih dapat dikirim sampai habis." in page(response)
    assert "Sedang dikosongkan" in page(response)
    device = Device.objects.get()
    assert (device.state, device.state_reason) == ("draining", "Selesai")


def test_stolen_tablet_is_cut_off_with_a_reason(staff, event):
    tablet = Paired(event)
    path = url("tablet_cut_off", event, tablet.device)
    refused = staff.post(path, {"reason": " "})
    assert (refused.status_code, Device.objects.get().state) == (409, "active")
    assert "Alasan wajib diisi." in refused.content.decode()

    response = staff.post(path, {"reason": "Dicuri di parkiran."}, follow=True)

    assert "Meja 1 diputuskan." in page(response)
    assert (Device.objects.get().state, Device.objects.get().state_reason) == (
        "revoked",
        "Dicuri di parkiran.",
    )
    assert "Putuskan Meja 1 sekarang" not in page(response)


def test_tablet_that_is_gone_cannot_be_drained(staff, event, organizer):
    tablet = Paired(event)
    cut_off_device(device=tablet.row, by=organizer, reason="Dicuri.")
    response = staff.post(url("tablet_drain", event, tablet.device))
    assert response.status_code == 409


def test_page_of_a_tablet_tells_what_each_deed_does(staff, event):
    html = page(staff.get(url("tablet", event, Paired(event).device)))
    assert "semua yang tersimpan di dalamnya masih dikirim" in html
    assert "Hanya bila tablet dicuri atau hilang." in html


def test_tablet_of_another_event_is_unknown(staff, event):
    other = Paired(day.running_event(office=event.office))
    assert staff.get(url("tablet", event, other.device)).status_code == 404
    for name in ("tablet_drain", "tablet_cut_off"):
        assert staff.post(url(name, event, other.device), {"reason": "x"}).status_code == 404
    assert Device.objects.get().state == Device.objects.get(pk=other.device).state == "active"


def test_archived_event_still_lets_a_forgotten_tablet_end(staff, event):
    tablet = Paired(event)
    Event.objects.filter(pk=event.pk).update(state="archived")
    staff.post(url("tablet_cut_off", event, tablet.device), {"reason": "Hilang."})
    assert Device.objects.get().state == "revoked"
    assert staff.post(url("tablet_pin", event)).status_code == 409
