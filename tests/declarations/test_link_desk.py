"""Staff pages of remote signing: addresses are shown once, states are told in words, the room code has its screen."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.roles import Role
from declarations.views import link_desk
from events import links, rooms
from events.attendees import withdraw_attendee
from events.models import Attendee, Event, PersonalLink, SigningDesk
from tests.accounts.factories import member, organizer_of
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(paper):
    return paper.event


@pytest.fixture
def desk(client, event):
    client.force_login(organizer_of(event.office))
    return client


def url(name, event):
    return reverse(f"declarations:{name}", args=[event.code])


def remote(event, name="Jauh (contoh)", **fields):
    return factories.attendee(event, full_name=name, **{"presence": "remote", **fields})


def html(response):
    return response.content.decode()


def addresses(response):
    return sorted(set(re.findall(r"https?://[^\s\"<%?]+/t/[\w-]{22}/", unescape(html(response)))))


def token_in(address):
    return address.rstrip("/").rpartition("/")[2]


# -- making --------------------------------------------------------------------------------------------------------


def test_links_for_everybody_from_afar_are_shown_once(desk, event):
    people = [remote(event, f"Jauh {letter} (contoh)") for letter in "AB"]

    response = desk.post(url("links_make", event), {"siapa": "daring"})

    found = addresses(response)
    assert len(found) == 2
    assert {PersonalLink.objects.find(token_in(address)).attendee for address in found} == set(people)
    assert html(response).count("<svg") >= 2
    again = desk.post(url("links_make", event), {"siapa": "daring"}, follow=True)
    assert addresses(again) == []
    assert link_desk.ALL_LINKED in html(again)
    assert PersonalLink.objects.count() == 2


def test_ticked_people_get_links_and_others_do_not(desk, event):
    first, second, third = event.attendees.all()
    response = desk.post(url("links_make", event), {"pilih": [str(first.pk), str(third.pk), "bukan-id"]})
    assert len(addresses(response)) == 2
    assert not second.links.exists()


def test_button_of_one_row_ignores_the_ticks(desk, event):
    first, second, _ = event.attendees.all()
    desk.post(url("links_make", event), {"pilih": str(first.pk), "satu": str(second.pk)})
    assert [link.attendee for link in PersonalLink.objects.all()] == [second]


def test_nobody_chosen_says_what_to_do(desk, event):
    for name in ("links_make", "links_renew", "links_revoke"):
        response = desk.post(url(name, event), {"pilih": "0" * 36}, follow=True)
        assert link_desk.CHOOSE_FIRST in html(response), name
    assert not PersonalLink.objects.exists()


def test_people_of_another_event_cannot_be_chosen(desk, event):
    stranger = factories.attendee(factories.event(title="Lain"))
    desk.post(url("links_make", event), {"pilih": str(stranger.pk)})
    assert not stranger.links.exists()


def test_guest_written_down_after_opening_is_on_the_list_of_signers(desk, event, paper):
    late = remote(event)
    desk.post(url("links_make", event), {"satu": str(late.pk)})
    assert paper.signatories.filter(attendee=late).exists()


def test_share_text_names_person_event_and_address(desk, event):
    person = remote(event, phone="+6281234567890")
    response = desk.post(url("links_make", event), {"satu": str(person.pk)})
    [address] = addresses(response)

    [card] = response.context["cards"]

    assert card.whatsapp.startswith("https://wa.me/6281234567890?text=")
    shared = unquote(card.whatsapp.partition("text=")[2])
    for part in (person.printed_name, event.title, "Rabu, 2 Oktober 2024, pukul 09.00 WIB", address):
        assert part in shared, part
    assert f"{person.printed_name}\tCamat\t{address}" in response.context["text"]


def test_person_without_a_phone_can_still_be_written_to(desk, event):
    response = desk.post(url("links_make", event), {"satu": str(remote(event).pk)})
    assert response.context["cards"][0].whatsapp.startswith("https://wa.me/?text=")


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
def test_wrong_state_of_the_event_is_told_instead_of_a_button(desk, event, state):
    person = remote(event)
    Event.objects.filter(pk=event.pk).update(state=state)
    assert links.NOT_LINKABLE[state] in html(desk.get(url("links", event)))
    response = desk.post(url("links_make", event), {"satu": str(person.pk)})
    assert (response.status_code, PersonalLink.objects.count()) == (409, 0)


# -- renewing and revoking -----------------------------------------------------------------------------------------


def test_renewed_link_replaces_the_old_one_once_per_page(desk, event):
    old, token = links.make_link(attendee=remote(event), by=audit.SYSTEM)
    body = {"satu": str(old.attendee_id), "versi": str(old.pk)}

    first = desk.post(url("links_renew", event), body)
    second = desk.post(url("links_renew", event), body, follow=True)

    [address] = addresses(first)
    assert PersonalLink.objects.find(token) is None
    assert PersonalLink.objects.find(token_in(address)) is not None
    assert addresses(second) == []
    assert link_desk.RENEWED_ALREADY in html(second)


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40, "١٢"])
def test_renewing_with_a_spoilt_page_renews_nothing(desk, event, version):
    link, token = links.make_link(attendee=remote(event), by=audit.SYSTEM)
    response = desk.post(url("links_renew", event), {"satu": str(link.attendee_id), "versi": version})
    assert response.status_code == 302
    assert PersonalLink.objects.find(token) is not None


def test_revoked_link_leads_nowhere(desk, event):
    link, token = links.make_link(attendee=remote(event), by=audit.SYSTEM)
    response = desk.post(url("links_revoke", event), {"satu": str(link.attendee_id)}, follow=True)
    assert "1 tautan dicabut" in html(response)
    assert Client().get(f"/t/{token}/").status_code == 404


# -- the list ------------------------------------------------------------------------------------------------------


def states(response):
    return {row["person"].full_name: row["label"] for row in response.context["rows"]}


def test_list_tells_the_state_of_every_link(desk, event):
    people = {name: remote(event, name) for name in ("Belum", "Dibuat", "Dibuka", "Dicabut")}
    made = {
        name: links.make_link(attendee=people[name], by=audit.SYSTEM).link
        for name in ("Dibuat", "Dibuka", "Dicabut")
    }
    links.open_link(link=made["Dibuka"])
    links.revoke_link(link=made["Dicabut"], by=audit.SYSTEM)

    found = states(desk.get(url("links", event)))

    assert found == {"Belum": "Belum dibuat", "Dibuat": "Dibuat", "Dibuka": "Dibuka", "Dicabut": "Dicabut"}
    for key, name in (("belum", "Belum"), ("dibuat", "Dibuat"), ("dibuka", "Dibuka"), ("dicabut", "Dicabut")):
        assert list(states(desk.get(url("links", event), {"tautan": key}))) == [name]


def test_renewed_person_stands_once_in_the_list(desk, event):
    link = links.make_link(attendee=remote(event), by=audit.SYSTEM).link
    links.renew_links(event=event, attendees=[link.attendee], newest=link.pk, by=audit.SYSTEM)
    assert states(desk.get(url("links", event))) == {"Jauh (contoh)": "Dibuat"}


def test_list_tells_who_signed_but_of_a_refusal_only_that_it_is_recorded(desk, event, paper):
    signed, refused, _ = day.rows(paper)
    day.hand_in(paper, day.record(signed), day.refusal(refused))

    page = html(desk.get(url("links", event), {"hadir": "semua"}))

    assert page.count("Sudah menandatangani") == 1
    assert page.count("Sudah tercatat</span>") == 1
    done = desk.get(url("links", event), {"hadir": "semua", "tanda": "sudah"})
    assert set(states(done)) == {signed.attendee.full_name, refused.attendee.full_name}


def test_withdrawn_people_are_not_listed(desk, event):
    gone = remote(event)
    withdraw_attendee(attendee=gone, by=audit.SYSTEM)
    assert states(desk.get(url("links", event))) == {}


def test_name_is_looked_for_in_the_body_of_a_post(desk, event):
    remote(event, "Suparno (contoh)")
    remote(event, "Kartini (contoh)")
    response = desk.post(url("links", event) + "?hadir=semua", {"cari": "suparno"})
    assert list(states(response)) == ["Suparno (contoh)"]
    assert "cari=" not in html(response)


@pytest.mark.parametrize("query", [{"hadir": "x"}, {"tautan": "x"}, {"page": "x"}, {"page": "999"}])
def test_senseless_filter_is_no_error(desk, event, query):
    remote(event)
    assert desk.get(url("links", event), query).status_code == 200


def test_list_costs_the_same_for_one_row_and_for_ten(desk, event):
    counts = []
    for size in (1, 10):
        for number in range(size):
            person = remote(event, f"Jauh {size} {number}")
            links.open_link(link=links.make_link(attendee=person, by=audit.SYSTEM).link)
        desk.get(url("links", event))
        with CaptureQueriesContext(connection) as queries:
            desk.get(url("links", event))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_no_page_of_staff_repeats_an_address(desk, event):
    person = remote(event)
    [address] = addresses(desk.post(url("links_make", event), {"satu": str(person.pk)}))
    for page in (
        url("links", event),
        event.get_absolute_url(),
        f"/kegiatan/{event.code}/log/",
        url("room_code", event),
    ):
        assert token_in(address) not in html(desk.get(page)), page
    assert token_in(address) not in str(
        list(AuditEntry.objects.values()) + list(PersonalLink.objects.values())
    )


def test_operator_sees_states_and_is_told_why_not_to_make(client, event):
    operator = member(event.office, Role.OPERATOR)
    event.operators.add(operator)
    client.force_login(operator)
    remote(event)

    page = client.get(url("links", event))

    assert page.status_code == 200
    assert "tidak mencakup hak merencanakan kegiatan" in html(page)
    assert url("links_make", event) not in html(page)
    assert client.post(url("links_make", event), {"siapa": "daring"}).status_code == 403


# -- room code -----------------------------------------------------------------------------------------------------


def test_room_code_is_opened_shown_and_revoked(desk, event):
    desk.post(url("room_code_open", event), {"minutes": "30", "limit": "40"})
    code = SigningDesk.objects.get(event=event).room_code_grouped
    assert code in html(desk.get(url("links", event)))
    assert code in html(desk.get(url("room_code", event)))

    desk.post(url("room_code_revoke", event))

    assert code not in html(desk.get(url("room_code", event)))
    assert "Kode ruang belum dibuka." in html(desk.get(url("room_code", event)))
    assert rooms.asks_room_code(event)
    desk.post(url("room_code_drop", event))
    assert not rooms.asks_room_code(event)


@pytest.mark.parametrize(
    "body",
    [{}, {"minutes": "0", "limit": "5"}, {"minutes": "abc", "limit": "5"}, {"minutes": "5", "limit": "9999"}],
)
def test_room_code_with_senseless_bounds_comes_back(desk, event, body):
    response = desk.post(url("room_code_open", event), body)
    assert response.status_code == 422
    assert "invalid-feedback" in html(response)
    assert not SigningDesk.objects.filter(room_code_limit__gt=0).exists()


def test_spent_code_is_not_shown_on_the_screen(desk, event):
    opened = rooms.open_room_code(event=event, minutes=5, limit=1, by=audit.SYSTEM)
    rooms.admit(link=links.make_link(attendee=remote(event), by=audit.SYSTEM).link, code=opened.room_code)
    page = html(desk.get(url("room_code", event)))
    assert opened.room_code_grouped not in page
    assert "Kode ruang sudah habis." in page


def test_room_code_waits_for_the_event_to_begin(desk, event):
    Event.objects.filter(pk=event.pk).update(state="scheduled")
    response = desk.post(url("room_code_open", event), {"minutes": "30", "limit": "40"})
    assert "Mulai kegiatan lebih dahulu" in html(response)


# -- the page of the event -----------------------------------------------------------------------------------------


def test_event_page_leads_there_when_somebody_is_far_away(desk, event):
    assert url("links", event) not in html(desk.get(event.get_absolute_url()))
    remote(event)
    page = html(desk.get(event.get_absolute_url()))
    assert url("links", event) in page
    assert "1 peserta daring belum memiliki tautan" in page
    assert Attendee.objects.filter(presence="remote").count() == 1


def test_nobody_is_told_of_missing_links_once_the_event_is_over(desk, event):
    remote(event)
    Event.objects.filter(pk=event.pk).update(state="closed")
    page = html(desk.get(event.get_absolute_url()))
    assert "1 peserta daring" in page
    assert "belum memiliki tautan" not in page
