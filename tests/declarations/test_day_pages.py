"""The page "Hari-H": the desk, the state of the day, and the agenda as it goes."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from events.models import AgendaItem, Attendee, Event, EventSite
from tests.accounts.factories import member, organizer_of
from tests.declarations import day
from tests.events.factories import AttendeeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return day.open_paper(2)


@pytest.fixture
def event(paper):
    return paper.event


@pytest.fixture
def staff(client, event):
    client.force_login(organizer_of(event.office))
    return client


def url(name, event, *rest):
    return reverse(f"declarations:{name}", args=[event.code, *rest])


def page(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def kades(event, **fields) -> Attendee:
    return AttendeeFactory(
        event=event,
        full_name="Wahyuni Suparno",
        position="Kepala Desa Jono",
        category="kepala_desa",
        **fields,
    )


def find(staff, event, query: str, **headers) -> str:
    return page(staff.post(url("day_search", event), {"q": query}, **headers))


# -- the desk ----------------------------------------------------------------------------------------------------


def test_person_is_found_noted_and_shown_as_present(staff, event):
    person = kades(event)
    html = find(staff, event, "suparno")
    number = re.search(r'name="nomor" value="([0-9a-f-]{36})"', html)[1]

    response = staff.post(url("day_arrive", event, person.pk), {"nomor": number}, follow=True)

    assert "Wahyuni Suparno tercatat hadir." in page(response)
    assert Attendee.objects.get(pk=person.pk).is_present
    assert "Urungkan" in find(staff, event, "wahyuni")


def test_village_finds_its_head(staff, event):
    kades(event)
    assert "Wahyuni Suparno" in find(staff, event, "jono")


def test_two_letters_list_nobody(staff, event):
    kades(event)
    html = find(staff, event, "wa")
    assert "Ketik minimal 3 huruf." in html
    assert "Wahyuni" not in html


def test_more_than_eight_are_counted_not_listed(staff, event):
    for number in range(9):
        AttendeeFactory(event=event, full_name=f"Slamet Riyadi {number}")
    html = find(staff, event, "slamet")
    assert "9 orang cocok. Ketik lebih lengkap." in html
    assert "Riyadi" not in html


def test_withdrawn_people_are_not_found(staff, event):
    kades(event, withdrawn_at=event.created_at)
    assert "Tidak ada yang cocok" in find(staff, event, "suparno")


def test_search_while_typing_answers_with_the_list_alone(staff, event):
    kades(event)
    html = find(staff, event, "suparno", headers={"HX-Request": "true"})
    assert html.strip().startswith('<div id="hasil">')


def test_wrong_tap_is_undone_by_one_button(staff, event):
    person = kades(event)
    staff.post(url("day_arrive", event, person.pk), {"nomor": uuid.uuid4()})
    html = page(staff.post(url("day_take_back", event, person.pk), follow=True))
    assert "Kehadiran Wahyuni Suparno dibatalkan." in html
    assert not Attendee.objects.get(pk=person.pk).is_present


def test_button_number_that_is_none_counts_as_a_tap(staff, event):
    person = kades(event)
    staff.post(url("day_arrive", event, person.pk), {"nomor": "bukan nomor"})
    assert Attendee.objects.get(pk=person.pk).is_present


def test_draft_says_what_to_do_first(staff, event):
    person = kades(event)
    Event.objects.update(state="draft")
    html = page(staff.post(url("day_arrive", event, person.pk), {"nomor": uuid.uuid4()}, follow=True))
    assert "Kehadiran baru dapat dicatat setelah kegiatan dijadwalkan." in html


# -- guests ------------------------------------------------------------------------------------------------------

GUEST = {
    "full_name": "Tamu Baru (contoh)",
    "category": "pns",
    "position": "Sekretaris",
    "agency": "Kecamatan",
}


def test_guest_is_present_and_may_sign_at_once(staff, event, paper):
    html = page(staff.post(url("walk_in", event), {**GUEST, "number": uuid.uuid4()}, follow=True))
    assert "Tamu Baru (contoh) tercatat hadir tanpa undangan." in html
    guest = event.attendees.get(full_name="Tamu Baru (contoh)")
    assert guest.is_present
    assert paper.signatories.filter(attendee=guest).exists()
    assert "1 datang tanpa undangan" in html


def test_guest_without_name_gets_a_sentence_and_keeps_the_rest(staff, event):
    response = staff.post(url("walk_in", event), {**GUEST, "full_name": " ", "number": uuid.uuid4()})
    html = response.content.decode()
    assert response.status_code == 400
    assert "Isi nama orang yang datang." in html
    assert 'value="Sekretaris"' in html


def test_guest_without_unsur_is_asked_for_it(staff, event):
    response = staff.post(url("walk_in", event), {**GUEST, "category": "", "number": uuid.uuid4()})
    assert "Pilih unsurnya, misalnya PNS atau Kepala Desa." in response.content.decode()


# -- the board ---------------------------------------------------------------------------------------------------


def test_board_counts_invited_present_and_signed(staff, event, paper):
    day.everybody_signs(paper)
    html = page(staff.get(url("day_board", event)))
    assert re.search(r"<th scope=\"row\">Jumlah</th><td class=\"num\">2</td><td class=\"num\">2</td>", html)


def test_board_tells_the_places_apart(staff, event):
    site = EventSite.objects.create(event=event, name="Balai Desa Jono", venue="Balai Desa")
    kades(event, site=site)
    html = page(staff.get(url("day_board", event)))
    assert re.search(r"Balai Desa Jono</th><td class=\"num\">1</td><td class=\"num\">0</td>", html)


def test_agenda_item_begins_and_ends_by_taps(staff, event):
    item = AgendaItem.objects.create(event=event, title="Pembukaan", order=1)
    staff.post(url("day_tap", event, item.pk, "mulai"))
    staff.post(url("day_tap", event, item.pk, "selesai"))
    item.refresh_from_db()
    assert item.started_at
    assert item.ended_at >= item.started_at


def test_unknown_kind_of_tap_and_item_of_another_event(staff, event):
    item = AgendaItem.objects.create(event=event, title="Pembukaan", order=1)
    foreign = AgendaItem.objects.create(event=day.running_event(), title="Doa", order=1)
    assert staff.post(url("day_tap", event, item.pk, "lompat")).status_code == 404
    html = page(staff.post(url("day_tap", event, foreign.pk, "mulai"), follow=True))
    assert "sudah dihapus dari susunan acara" in html
    foreign.refresh_from_db()
    assert foreign.started_at is None


def test_person_of_another_event_is_unknown_here(staff, event):
    foreign = AttendeeFactory(event=day.running_event())
    assert staff.post(url("day_arrive", event, foreign.pk)).status_code == 404
    assert not Attendee.objects.get(pk=foreign.pk).is_present


def test_operator_of_the_day_works_here_and_another_does_not(client, event):
    operator = member(event.office, Role.OPERATOR)
    client.force_login(operator)
    assert client.get(url("day", event)).status_code == 403
    event.operators.add(operator)
    assert client.get(url("day", event)).status_code == 200


def test_page_asks_as_often_for_many_as_for_one(staff, event):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            staff.get(url("day", event))
        return len(caught)

    AgendaItem.objects.create(event=event, title="Pembukaan", order=1)
    EventSite.objects.create(event=event, name="Satu", venue="Balai")
    queries()
    one = queries()
    for number in range(3):
        kades(event)
        AgendaItem.objects.create(event=event, title=f"Acara {number}", order=number + 2)
        EventSite.objects.create(event=event, name=f"Tempat {number}", venue="Balai")
    assert queries() == one <= 16
