"""Sites, agenda and people of an event."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import programme
from events.attendance import check_in
from events.models import AgendaItem, Event, EventPerson, EventSite
from events.timetable import slots

from .factories import AgendaItemFactory, AttendeeFactory, EventPersonFactory, EventSiteFactory, cerme_event

pytestmark = pytest.mark.django_db


def url(event, name, *args):
    return reverse(f"events:{name}", args=[event.code, *args])


def errors(response):
    assert response.status_code == 200
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def verbs(event):
    return list(AuditEntry.objects.filter(stream_id=event.audit_stream).values_list("verb", flat=True))


def body(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def agenda(event):
    """08.00 opening, 08.15 speeches, 08.45 signing."""
    durations = {"Pembukaan": 15, "Sambutan": 30, "Penandatanganan": 20}
    return [
        AgendaItemFactory(event=event, order=order, title=title, duration=minutes)
        for order, (title, minutes) in enumerate(durations.items(), start=1)
    ]


def titles(event):
    return [item.title for item in event.agenda.all()]


def test_agenda_shows_clock_times_with_zone(staff, event, agenda):
    page = body(staff.get(url(event, "agenda")))
    for hours in ("08.00–08.15 WIB", "08.15–08.45 WIB", "08.45–09.05 WIB", "Seluruhnya 65 menit"):
        assert hours in page


def test_longer_item_moves_what_follows(staff, event, agenda):
    data = {"title": "Pembukaan", "duration": "45"}
    assert staff.post(url(event, "agenda_edit", agenda[0].pk), data).status_code == 302
    page = body(staff.get(url(event, "agenda")))
    assert "08.45–09.15 WIB" in page
    assert verbs(event) == ["agenda.changed"]


def test_agenda_without_an_hour_shows_minutes(staff, event, agenda):
    Event.objects.update(starts_at=None, ends_at=None)
    page = body(staff.get(url(event, "agenda")))
    assert "Jam mulai kegiatan belum diisi" in page


def test_new_item_stands_at_the_end(staff, event, agenda):
    data = {"title": "Foto bersama", "duration": "10"}
    assert staff.post(url(event, "agenda_add"), data).status_code == 302
    assert titles(event) == ["Pembukaan", "Sambutan", "Penandatanganan", "Foto bersama"]


def test_items_change_places(staff, event, agenda):
    first, _, third = agenda
    assert staff.post(url(event, "agenda_up", third.pk)).status_code == 302
    assert titles(event) == ["Pembukaan", "Penandatanganan", "Sambutan"]
    staff.post(url(event, "agenda_down", first.pk))
    assert titles(event) == ["Penandatanganan", "Pembukaan", "Sambutan"]
    assert verbs(event) == ["agenda.moved", "agenda.moved"]


def test_first_item_stays_when_moved_up(staff, event, agenda):
    staff.post(url(event, "agenda_up", agenda[0].pk))
    staff.post(url(event, "agenda_down", agenda[2].pk))
    assert titles(event) == ["Pembukaan", "Sambutan", "Penandatanganan"]
    assert verbs(event) == []


def test_items_of_equal_order_still_move(event, agenda, organizer):
    AgendaItem.objects.update(order=1)
    programme.move_agenda_item(item=event.agenda.last(), by=organizer, up=True)
    assert titles(event) == ["Pembukaan", "Penandatanganan", "Sambutan"]


def test_removed_item_leaves_no_gap(staff, event, agenda):
    remove = url(event, "agenda_remove", agenda[0].pk)
    assert staff.get(remove).status_code == 405
    assert staff.post(remove).status_code == 302
    assert [item.order for item in event.agenda.all()] == [1, 2]
    assert verbs(event) == ["agenda.removed"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title": "", "duration": "10"}, "title"),
        ({"title": " \u200b", "duration": "10"}, "title"),
        ({"title": "A", "duration": "0"}, "duration"),
        ({"title": "A", "duration": "721"}, "duration"),
        ({"title": "A", "duration": "-5"}, "duration"),
        ({"title": "A", "duration": "lama"}, "duration"),
        ({"title": "A", "duration": "99999999999"}, "duration"),
        ({"title": "A", "duration": "10", "person": "0"}, "person"),
        ({}, "title"),
    ],
)
def test_bad_agenda_item_is_explained(staff, event, data, field):
    assert field in errors(staff.post(url(event, "agenda_add"), data))
    assert event.agenda.count() == 0


def test_person_of_another_event_holds_no_item(staff, event, organizer):
    foreign = EventPersonFactory()
    data = {"title": "A", "duration": "10", "person": foreign.pk}
    assert "person" in errors(staff.post(url(event, "agenda_add"), data))
    with pytest.raises(Refusal, match="bukan dari kegiatan yang sama"):
        programme.add_agenda_item(event=event, by=organizer, title="A", duration=10, person=foreign)


@given(st.lists(st.integers(1, 720), max_size=30))
def test_slots_follow_each_other_without_gaps(durations):
    start = datetime(2024, 10, 2, 1, 0, tzinfo=UTC)
    found = slots(start, [AgendaItem(duration=minutes) for minutes in durations])
    assert all(one.ends == other.starts for one, other in pairwise(found))
    assert sum(durations) == (found[-1].minute + found[-1].item.duration if found else 0)


def test_people_have_roles_and_titles(staff, event):
    data = {
        "role": "pembaca_ikrar",
        "title_prefix": "Drs.",
        "full_name": "Rudiyanto",
        "title_suffix": "M.Si.",
        "position": "Sekretaris Daerah",
    }
    assert staff.post(url(event, "person_add"), data).status_code == 302
    page = body(staff.get(url(event, "people")))
    assert "Drs. Rudiyanto, M.Si." in page
    assert "Pembaca ikrar" in page
    person = event.people.get()
    assert staff.post(url(event, "person_edit", person.pk), {**data, "full_name": "Rudi"}).status_code == 302
    assert staff.post(url(event, "person_remove", person.pk)).status_code == 302
    assert verbs(event) == ["person.added", "person.changed", "person.removed"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"role": "mc", "full_name": ""}, "full_name"),
        ({"role": "mc", "full_name": "  "}, "full_name"),
        ({"role": "mc", "full_name": "198609262015051001"}, "full_name"),
        ({"role": "raja", "full_name": "Budi"}, "role"),
        ({}, "role"),
    ],
)
def test_bad_person_is_explained(staff, event, data, field):
    assert field in errors(staff.post(url(event, "person_add"), data))
    assert event.people.count() == 0


def test_removing_a_person_keeps_the_agenda_item(staff, event):
    person = EventPersonFactory(event=event)
    item = AgendaItemFactory(event=event, person=person)
    assert staff.post(url(event, "person_remove", person.pk)).status_code == 302
    item.refresh_from_db()
    assert item.person is None


def test_sites_are_added_changed_and_removed(staff, event):
    data = {"name": "Balai Desa Dungus", "mode": "onsite", "venue": "Balai Desa", "region": "35.25.11"}
    assert staff.post(url(event, "site_add"), data).status_code == 302
    site = event.sites.get()
    assert site.region_id == "35.25.11"
    edit = url(event, "site_edit", site.pk)
    assert staff.post(edit, {**data, "officer_name": "Budi"}).status_code == 302
    assert "Budi" in body(staff.get(url(event, "sites")))
    attendee = AttendeeFactory(event=event, site=site)
    assert staff.post(url(event, "site_remove", site.pk)).status_code == 302
    attendee.refresh_from_db()
    assert attendee.site is None
    assert verbs(event) == ["site.added", "site.changed", "site.removed"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "", "mode": "onsite"}, "name"),
        ({"name": "LOKASI A", "mode": "onsite"}, "name"),
        ({"name": "B", "mode": "x"}, "mode"),
        ({"name": "B", "mode": "onsite", "region": "35.14.01"}, "region"),
        ({"name": "B", "mode": "remote", "meeting_link": "javascript:alert(1)"}, "meeting_link"),
    ],
)
def test_bad_site_is_explained(staff, event, data, field):
    EventSiteFactory(event=event, name="Lokasi A")
    assert field in errors(staff.post(url(event, "site_add"), data))
    assert event.sites.count() == 1


def test_site_where_somebody_was_present_stays(staff, event, organizer):
    Event.objects.update(state="running")
    event.refresh_from_db()
    site = EventSiteFactory(event=event)
    attendee = AttendeeFactory(event=event, site=site)
    now = datetime(2024, 10, 2, 1, 5, tzinfo=UTC)
    check_in(event=event, attendee=attendee, method="cari", by=organizer, occurred_at=now)
    response = staff.post(url(event, "site_remove", site.pk))
    assert response.status_code == 409
    assert "sudah memiliki catatan kehadiran" in body(response)
    assert event.sites.count() == 1


def test_empty_pages_say_what_to_do(staff, event):
    for name, words in {
        "sites": "Tambahkan lokasi bila",
        "agenda": "jamnya dihitung dari jam mulai",
        "people": "Tambahkan narasumber",
    }.items():
        assert words in body(staff.get(url(event, name)))


def test_no_audit_entry_no_row(event, organizer, monkeypatch):
    item, person, site = (
        AgendaItemFactory(event=event, title="Tetap"),
        EventPersonFactory(event=event),
        EventSiteFactory(event=event),
    )
    monkeypatch.setattr(audit, "record", lambda *args, **kwargs: 1 / 0)
    for deed in (
        lambda: programme.add_agenda_item(event=event, by=organizer, title="Hilang", duration=5),
        lambda: programme.change_agenda_item(item=item, by=organizer, title="Hilang"),
        lambda: programme.remove_agenda_item(item=item, by=organizer),
        lambda: programme.add_person(event=event, by=organizer, role="mc", full_name="Hilang"),
        lambda: programme.remove_person(person=person, by=organizer),
        lambda: programme.add_site(event=event, by=organizer, name="Hilang"),
        lambda: programme.remove_site(site=site, by=organizer),
    ):
        with pytest.raises(ZeroDivisionError):
            deed()
    assert (titles(event), event.people.count(), event.sites.count()) == (["Tetap"], 1, 1)


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_deeds_refuse_when_the_event_is_over(event, organizer, state):
    item = AgendaItemFactory(event=event)
    Event.objects.update(state=state)
    with pytest.raises(Refusal):
        programme.change_agenda_item(item=item, by=organizer, title="Lain")
    with pytest.raises(Refusal):
        programme.add_site(event=event, by=organizer, name="Lain")


def test_row_that_somebody_else_removed_is_named(event, organizer):
    item = AgendaItemFactory(event=event)
    AgendaItem.objects.all().delete()
    for deed in (
        lambda: programme.change_agenda_item(item=item, by=organizer, title="Lain"),
        lambda: programme.move_agenda_item(item=item, by=organizer, up=True),
        lambda: programme.remove_agenda_item(item=item, by=organizer),
    ):
        with pytest.raises(Refusal, match="baru saja dihapus"):
            deed()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (AgendaItem, {"title": "A", "duration": 0}),
        (AgendaItem, {"title": "A", "duration": 721}),
        (EventPerson, {"role": "mc", "full_name": ""}),
        (EventSite, {"name": ""}),
        (EventSite, {"name": "Ganda"}),
    ],
)
def test_database_keeps_its_promises(event, model, fields):
    EventSiteFactory(event=event, name="Ganda")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(event=event, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"state": "mimpi"},
        {"time_zone": "Europe/Berlin"},
        {"ends_at": datetime(2024, 10, 2, 0, 59, tzinfo=UTC)},
        {"state": "scheduled", "starts_at": None, "ends_at": None},
        {
            "signing_opens_at": datetime(2024, 10, 2, 3, tzinfo=UTC),
            "signing_closes_at": datetime(2024, 10, 2, 3, tzinfo=UTC),
        },
    ],
)
def test_database_keeps_events_sane(event, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**fields)


def test_two_drafts_do_not_share_a_code(event):
    other = cerme_event()
    assert len(other.code) == 10
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=other.pk).update(code=event.code)
