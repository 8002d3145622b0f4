"""*Urungkan*: the last removal comes back by one button, exactly as it was."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import programme
from events.models import AgendaItem, Event, EventPerson, EventSite
from events.removed import picture_of, restore
from tests.accounts.factories import organizer_of

from .factories import AgendaItemFactory, AttendeeFactory, EventFactory, EventPersonFactory, EventSiteFactory

pytestmark = pytest.mark.django_db


def url(event, name, *args):
    return reverse(f"events:{name}", args=[event.code, *args])


def verbs(event):
    return list(AuditEntry.objects.filter(stream_id=event.audit_stream).values_list("verb", flat=True))


def button(page):
    """(address, token) of the button beside the message, or None."""
    found = re.search(
        r'class="undo" method="post" action="([^"]+)".*?name="token" value="([^"]+)"', page, re.S
    )
    return found and found.groups()


def remove(staff, event, name, row):
    """Press *Hapus*, follow to the list, return the button there."""
    response = staff.post(url(event, f"{name}_remove", row.pk), follow=True)
    assert response.status_code == 200
    return button(response.content.decode())


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.fixture
def agenda(event):
    person = EventPersonFactory(event=event)
    return [
        AgendaItemFactory(
            event=event, order=order, title=title, person=person, notes="Catatan", duration=order * 10
        )
        for order, title in enumerate(("Pembukaan", "Sambutan", "Doa"), start=1)
    ]


def titles(event):
    return [item.title for item in event.agenda.all()]


def test_agenda_item_returns_to_its_place(staff, event, agenda):
    item = agenda[1]
    before = values(AgendaItem.objects.get(pk=item.pk))
    address, token = remove(staff, event, "agenda", item)
    assert titles(event) == ["Pembukaan", "Doa"]
    page = staff.post(address, {"token": token}, follow=True).content.decode()
    assert titles(event) == ["Pembukaan", "Sambutan", "Doa"]
    assert values(AgendaItem.objects.get(pk=item.pk)) == before
    assert [each.order for each in event.agenda.all()] == [1, 2, 3]
    assert "Sambutan dikembalikan." in page
    assert verbs(event) == ["agenda.removed", "agenda.restored"]


def test_person_returns_with_the_items_that_named_them(staff, event, agenda):
    person = agenda[0].person
    before = values(EventPerson.objects.get(pk=person.pk))
    address, token = remove(staff, event, "person", person)
    assert event.agenda.filter(person=None).count() == 3
    other = EventPersonFactory(event=event)
    programme.change_agenda_item(
        item=AgendaItem.objects.get(pk=agenda[2].pk), by=person_in_charge(event), person=other
    )
    staff.post(address, {"token": token})
    assert values(EventPerson.objects.get(pk=person.pk)) == before
    assert [item.person for item in event.agenda.all()] == [person, person, other]


def test_site_returns_with_its_attendees(staff, event):
    site = EventSiteFactory(event=event, region=event.region, meeting_link="https://rapat.contoh.id/1")
    before = values(EventSite.objects.get(pk=site.pk))
    here, elsewhere = AttendeeFactory(event=event, site=site), AttendeeFactory(event=event)
    address, token = remove(staff, event, "site", site)
    staff.post(address, {"token": token})
    assert values(EventSite.objects.get(pk=site.pk)) == before
    for attendee, expected in ((here, site), (elsewhere, None)):
        attendee.refresh_from_db()
        assert attendee.site == expected


def test_attendee_is_taken_out_by_one_click_and_comes_back_by_one(staff, event):
    attendee = AttendeeFactory(event=event, full_name="Budi (contoh)")
    withdraw = url(event, "attendee_withdraw", attendee.pk)
    page = staff.get(url(event, "attendees")).content.decode()
    assert f'formaction="{withdraw}"' in page
    assert 'id="aksi-peserta"' in page
    address, token = button(staff.post(withdraw, follow=True).content.decode())
    assert not event.attendees.expected().filter(pk=attendee.pk).exists()
    staff.post(address, {"token": token})
    assert event.attendees.expected().filter(pk=attendee.pk).exists()
    assert verbs(event) == ["attendee.withdrawn", "attendee.restored"]


def test_only_the_last_removal_comes_back(staff, event, agenda):
    first = remove(staff, event, "agenda", agenda[0])
    second = remove(staff, event, "agenda", agenda[1])
    response = staff.post(first[0], {"token": first[1]})
    assert response.status_code == 409
    assert "Yang dapat diurungkan hanya penghapusan terakhir" in response.content.decode()
    assert titles(event) == ["Doa"]
    staff.post(second[0], {"token": second[1]})
    assert titles(event) == ["Sambutan", "Doa"]


def test_second_click_changes_nothing(staff, event, agenda):
    address, token = remove(staff, event, "agenda", agenda[0])
    staff.post(address, {"token": token})
    assert staff.post(address, {"token": token}).status_code == 409
    assert titles(event) == ["Pembukaan", "Sambutan", "Doa"]
    assert verbs(event) == ["agenda.removed", "agenda.restored"]


@pytest.mark.parametrize("token", ["", "salah", "é"])
def test_wrong_token_brings_nothing_back(staff, event, agenda, token):
    address, _ = remove(staff, event, "agenda", agenda[0])
    assert staff.post(address, {"token": token}).status_code == 409
    assert titles(event) == ["Sambutan", "Doa"]


def test_removal_of_one_event_is_not_undone_in_another(staff, event, agenda):
    other = EventFactory(office=event.office)
    _, token = remove(staff, event, "agenda", agenda[0])
    assert staff.post(url(other, "undo_removal"), {"token": token}).status_code == 409
    assert other.agenda.count() == 0


def test_other_session_has_nothing_to_undo(client, event, agenda, organizer):
    client.force_login(organizer)
    address, token = remove(client, event, "agenda", agenda[0])
    client.logout()
    client.force_login(organizer_of(event.office))
    assert client.post(address, {"token": token}).status_code == 409
    assert titles(event) == ["Sambutan", "Doa"]


def test_nothing_comes_back_after_the_event_is_over(staff, event, agenda):
    address, token = remove(staff, event, "agenda", agenda[0])
    Event.objects.filter(pk=event.pk).update(state="closed")
    assert staff.post(address, {"token": token}).status_code == 409
    assert titles(event) == ["Sambutan", "Doa"]


def test_site_whose_name_is_taken_meanwhile_is_explained(staff, event):
    site = EventSiteFactory(event=event, name="Balai")
    address, token = remove(staff, event, "site", site)
    EventSiteFactory(event=event, name="Balai")
    response = staff.post(address, {"token": token})
    assert response.status_code == 409
    assert "Lokasi dengan nama ini sudah ada" in response.content.decode()


def test_item_comes_back_without_a_person_who_is_gone(event, agenda, organizer):
    person = agenda[0].person
    picture = programme.remove_agenda_item(item=agenda[0], by=organizer)
    programme.remove_person(person=person, by=organizer)
    assert restore(event=event, picture=picture, by=organizer).person is None


def test_row_that_is_there_is_not_put_back(event, agenda, organizer):
    with pytest.raises(Refusal, match="sudah kembali"):
        restore(event=event, picture=picture_of(agenda[0]), by=organizer)


def test_message_without_removal_has_no_button(staff, event):
    data = {"title": "Pembukaan", "duration": "10"}
    assert button(staff.post(url(event, "agenda_add"), data, follow=True).content.decode()) is None


def test_page_says_only_what_the_button_needs(staff, event):
    site = EventSiteFactory(event=event, officer_name="Nama Petugas (contoh)")
    response = staff.post(url(event, "site_remove", site.pk), follow=True)
    assert "Nama Petugas (contoh)" not in response.content.decode()


def person_in_charge(event):
    return organizer_of(event.office)
