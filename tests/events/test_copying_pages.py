"""The pages that start an event from an earlier one or from a template, and the bar that leads through a draft."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.roles import Role
from events.copying import save_as_template
from events.models import Attendee, Event
from events.plan_steps import STEPS, next_of, progress
from tests.accounts.factories import (
    bawaslu_gresik,
    bawaslu_parepare,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
    region,
)

from .factories import (
    AgendaItemFactory,
    AttendeeFactory,
    EventFactory,
    EventPersonFactory,
    cerme_event,
    villages_of_cerme,
)

pytestmark = pytest.mark.django_db

PARTS = ["info", "agenda", "people"]


def url(name, event):
    return reverse(f"events:{name}", args=[event.code])


def template_of(office, **fields) -> Event:
    fields = {"title": "Pola deklarasi", "is_template": True, "expected_roles": ["kades"], **fields}
    return EventFactory(office=office, **fields)


def newest(response) -> Event:
    assert response.status_code == 302, response.context["form"].errors
    return Event.objects.latest("created_at")


def typed(event, **fields):
    facts = {"title": "Kegiatan baru", "region": event.region_id, "date": "2029-02-06", "start_time": "09:30"}
    return {**facts, "parts": PARTS, **fields}


# -- from an event -----------------------------------------------------------------------------------------------


def test_a_copy_is_a_draft_at_the_new_hour(staff, event):
    AgendaItemFactory(event=event, title="Pembukaan")
    new = newest(staff.post(url("copy", event), typed(event)))
    assert (new.title, new.state, new.starts_at) == (
        "Kegiatan baru",
        "draft",
        datetime(2029, 2, 6, 2, 30, tzinfo=UTC),
    )
    assert (new.ends_at - new.starts_at, new.venue) == (event.ends_at - event.starts_at, event.venue)
    assert [item.title for item in new.agenda.all()] == ["Pembukaan"]
    assert new.attendees.count() == 0


def test_the_list_of_people_is_not_ticked_at_first(staff, event):
    page = staff.get(url("copy", event))
    ticks = page.context["form"]["parts"].value()
    assert "attendees" not in ticks
    assert {"info", "sites", "people", "agenda", "texts"} <= set(ticks)
    assert "Dalam WIB, menurut wilayahnya." in page.content.decode()


def test_the_list_is_copied_when_it_is_ticked(staff, event):
    new = newest(staff.post(url("copy", event), typed(event, parts=[*PARTS, "attendees"])))
    assert [row.full_name for row in new.attendees.all()] == ["Camat Contoh (contoh)"]


def test_the_date_may_wait(staff, event):
    new = newest(staff.post(url("copy", event), typed(event, date="")))
    assert (new.starts_at, new.ends_at) == (None, None)


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"title": " "}, "title", ""),
        ({"start_time": ""}, "start_time", "Isi jam mulai, atau kosongkan tanggalnya."),
        ({"date": "0024-10-02"}, "date", "Tahun harus antara 2000 dan 2100."),
        ({"parts": ["tanda_tangan"]}, "parts", "tanda_tangan"),
        ({"region": "73.72"}, "region", ""),
    ],
)
def test_bad_input_is_explained_and_kept(staff, event, fields, name, words):
    region("73.72")
    response = staff.post(url("copy", event), typed(event, **fields))
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert set(errors) == {name}
    assert words in str(errors[name])
    assert response.context["form"]["date"].value() == fields.get("date", "2029-02-06")
    assert Event.objects.count() == 1


def test_what_stays_behind_is_said(client, event):
    """Bawaslu Gresik copies its event of one kecamatan for another one."""
    office = bawaslu_gresik()
    villages_of_cerme()
    other = panwaslu_benjeng().region
    source = cerme_event(office=office, region=event.region)
    client.force_login(organizer_of(office))
    facts = typed(source, region=other.pk, parts=["info", "attendees"])
    response = client.post(url("copy", source), facts, follow=True)
    assert "1 peserta yang diketik atau diimpor tidak disalin" in response.content.decode()
    assert Event.objects.latest("created_at").venue == ""


def test_zone_of_the_new_region_counts(client):
    office = bawaslu_parepare()
    source = EventFactory(office=office)
    client.force_login(organizer_of(office))
    assert "Dalam WITA" in client.get(url("copy", source)).content.decode()
    new = newest(client.post(url("copy", source), typed(source)))
    assert new.starts_at == datetime(2029, 2, 6, 1, 30, tzinfo=UTC)


def test_an_archived_event_may_be_copied(staff, event):
    Event.objects.update(state="archived")
    assert newest(staff.post(url("copy", event), typed(event))).state == "draft"


def test_a_supervisor_may_look_but_not_copy(client, event, supervisor):
    client.force_login(supervisor)
    assert client.get(url("copy", event)).status_code == 403
    assert "Salin kegiatan" not in client.get(event.get_absolute_url()).content.decode()


def test_a_foreign_event_is_no_source(client, event, stranger):
    client.force_login(stranger)
    assert client.post(url("copy", event), typed(event)).status_code == 404
    assert Event.objects.count() == 1


def test_the_empty_form_offers_earlier_events_and_templates(staff, event):
    pattern = template_of(bawaslu_gresik(), title="Pola Gresik")
    foreign = EventFactory(office=panwaslu_purwodadi(), title="Kegiatan Purwodadi")
    page = staff.get("/kegiatan/baru/").content.decode()
    assert [text in page for text in (url("copy", event), url("copy", pattern), url("copy", foreign))] == [
        True,
        True,
        False,
    ]


def test_a_source_is_found_by_its_title(staff, event):
    EventFactory(office=event.office, title="Rapat koordinasi")
    page = staff.get("/kegiatan/baru/dari/?q=koordinasi").content.decode()
    assert ("Rapat koordinasi" in page, event.title in page) == (True, False)
    assert "Tidak ada kegiatan yang cocok" in staff.get("/kegiatan/baru/dari/?q=zzz").content.decode()


# -- templates ---------------------------------------------------------------------------------------------------


def test_an_event_is_kept_as_a_template(staff, event):
    [village, *_] = villages_of_cerme()
    AttendeeFactory(event=event, full_name="Kades Contoh", village=village, post_key=f"kades:{village.pk}")
    facts = {"title": "Pola kecamatan", "parts": ["info", "attendees"]}
    response = staff.post(url("keep_as_template", event), facts, follow=True)
    body = response.content.decode()
    pattern = Event.objects.templates().get()
    assert (pattern.title, pattern.expected_roles, pattern.attendees.count()) == (
        "Pola kecamatan",
        ["kades"],
        0,
    )
    assert "Kepala Desa tiap desa" in body
    assert "Kades Contoh" not in body
    verbs = AuditEntry.objects.filter(stream_id=pattern.audit_stream).values_list("verb", flat=True)
    assert set(verbs) == {"event.created", "event.kept_as_template"}


def test_offices_below_read_it_and_start_from_it(client):
    pattern = template_of(bawaslu_gresik())
    cerme = panwaslu_cerme()
    villages_of_cerme()
    client.force_login(organizer_of(cerme))
    page = client.get(pattern.get_absolute_url())
    body = page.content.decode()
    assert (page.status_code, "hanya dapat dibaca" in body) == (200, True)
    assert [words in body for words in ("Ubah templat", "Jangan tawarkan lagi")] == [False, False]
    new = newest(
        client.post(url("copy", pattern), typed(pattern, region=cerme.region_id, parts=["info", "attendees"]))
    )
    assert (new.office, new.is_template) == (cerme, False)
    assert sorted(new.attendees.values_list("village__name", flat=True)) == [
        "Dampaan",
        "Dungus",
        "Iker-iker Geger",
    ]


@pytest.mark.parametrize("name", ["edit", "template_roles", "agenda", "people", "sites", "log", "event"])
def test_offices_below_change_nothing_of_it(client, name):
    pattern = template_of(bawaslu_gresik())
    client.force_login(organizer_of(panwaslu_cerme()))
    assert client.get(url(name, pattern)).status_code == 404
    assert client.post(url("template_retire", pattern)).status_code == 404


@pytest.mark.parametrize("office", [panwaslu_purwodadi, bawaslu_parepare])
def test_a_foreign_regency_does_not_see_it(client, office):
    pattern = template_of(bawaslu_gresik())
    client.force_login(organizer_of(office()))
    assert client.get(pattern.get_absolute_url()).status_code == 404
    assert client.get(url("copy", pattern)).status_code == 404
    assert pattern.title not in client.get("/kegiatan/templat/").content.decode()


def test_a_sibling_does_not_see_it_but_the_supervisor_does(client, neighbour, supervisor):
    pattern = template_of(panwaslu_cerme())
    for user, status in ((neighbour, 404), (supervisor, 200)):
        client.force_login(user)
        assert client.get(pattern.get_absolute_url()).status_code == status


def test_the_own_office_changes_it(client):
    office = bawaslu_gresik()
    pattern = template_of(office)
    client.force_login(organizer_of(office))
    assert client.post(url("template_roles", pattern), {"roles": ["camat", "kades"]}).status_code == 302
    pattern.refresh_from_db()
    assert pattern.expected_roles == ["camat", "kades"]
    added = client.post(url("agenda_add", pattern), {"title": "Doa", "duration": "5"})
    assert (added.status_code, pattern.agenda.get().title) == (302, "Doa")
    assert client.get(url("event", pattern)).url == pattern.get_absolute_url()
    assert client.get(url("edit", pattern)).status_code == 200


def test_it_is_never_held(client):
    """Nobody is asked, invited, photographed or scheduled in a template."""
    office = bawaslu_gresik()
    pattern = template_of(office)
    client.force_login(organizer_of(office))
    for name in (
        "attendees",
        "generate",
        "papers",
        "photos",
        "sheets",
        "schedule",
        "cancel",
        "keep_as_template",
    ):
        response = client.get(url(name, pattern))
        assert (name, response.status_code) == (name, 409)
        assert "Ini templat kegiatan." in response.content.decode()


def test_it_stands_in_no_list_of_events(client, supervisor):
    pattern = template_of(panwaslu_cerme(), title="Pola yang tidak diselenggarakan")
    cerme_event()
    client.force_login(supervisor)
    for address in ("/kegiatan/", "/"):
        assert pattern.title not in client.get(address).content.decode()
    assert pattern.title in client.get("/kegiatan/templat/").content.decode()


def test_a_retired_template_is_offered_no_longer(client):
    office = bawaslu_gresik()
    pattern = template_of(office)
    client.force_login(organizer_of(office))
    for _ in range(2):
        client.post(url("template_retire", pattern))
    assert client.get(pattern.get_absolute_url()).status_code == 404
    entries = AuditEntry.objects.filter(stream_id=pattern.audit_stream, verb="event.template_retired")
    assert entries.count() == 1


def test_an_event_is_not_retired(staff, event):
    assert staff.post(url("template_retire", event)).status_code == 404
    assert staff.get(url("template_roles", event)).status_code == 404


@pytest.mark.parametrize("address", ["/kegiatan/templat/", "/kegiatan/baru/dari/"])
def test_lists_ask_as_often_for_one_as_for_three(client, address):
    office = panwaslu_cerme()
    client.force_login(organizer_of(office))

    def asked(count):
        for number in range(count):
            template_of(office, title=f"Pola {Event.objects.count()} {number}")
            cerme_event(office=office)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    one, three = asked(1), asked(2)
    assert (one, three <= 12) == (three, True)


def test_copying_many_people_is_few_questions(event, organizer, django_assert_max_num_queries):
    Attendee.objects.bulk_create(
        Attendee(event=event, full_name=f"Orang {n}", category="pns", position="Staf") for n in range(300)
    )
    from events.copying import clone_event

    with django_assert_max_num_queries(60):
        clone_event(event=event, parts=["attendees"], starts_at=None, by=organizer)


# -- the bar above a draft ---------------------------------------------------------------------------------------


@pytest.fixture
def own_steps(monkeypatch):
    """Steps of the rooms above have their tests there."""
    names = {"what", "when", "where", "agenda", "people", "attendees"}
    monkeypatch.setattr("events.plan_steps.STEPS", [step for step in STEPS if step.name in names])


def done(event):
    return {shown.step.name for shown in progress(event) if shown.is_done}


@pytest.mark.usefixtures("own_steps")
def test_steps_say_what_is_done():
    bare = EventFactory(starts_at=None, ends_at=None, venue="", elections=[])
    assert done(bare) == set()
    event = cerme_event()
    assert done(event) == {"what", "when", "where", "attendees"}
    AgendaItemFactory(event=event)
    EventPersonFactory(event=event)
    assert done(event) == {"what", "when", "where", "attendees", "agenda", "people"}


@pytest.mark.usefixtures("own_steps")
def test_withdrawn_people_are_nobody_and_open_doors_are_enough():
    event = cerme_event()
    event.attendees.update(withdrawn_at=datetime(2024, 10, 1, tzinfo=UTC))
    assert "attendees" not in done(event)
    event.open_invitation = True
    event.save()
    assert "attendees" in done(event)


@pytest.mark.usefixtures("own_steps")
def test_the_next_step_is_the_first_that_is_missing_after_this_page():
    event = EventFactory(starts_at=None, ends_at=None)
    shown = progress(event)
    assert next_of(shown).step.name == "when"
    assert next_of(shown, "agenda").step.name == "attendees"
    assert next_of(shown, "attendees").step.name == "when"


@pytest.mark.usefixtures("own_steps")
def test_all_steps_cost_one_query(django_assert_num_queries):
    event = cerme_event()
    with django_assert_num_queries(1):
        progress(event)


def test_a_draft_is_taken_up_where_it_was_left(staff, event):
    event.elections.clear()
    assert staff.get(url("resume", event)).url == url("edit", event) + "#kegiatan"
    home = staff.get("/").content.decode()
    assert url("resume", event) in home
    page = staff.get(url("agenda", event)).content.decode()
    assert "Langkah persiapan" in page


def test_a_scheduled_event_has_no_bar(staff, event):
    Event.objects.update(state="scheduled")
    assert "Langkah persiapan" not in staff.get(url("agenda", event)).content.decode()


def test_who_only_reads_has_no_bar(client, event):
    client.force_login(member(event.office, Role.OPERATOR))
    assert "Langkah persiapan" not in client.get(url("agenda", event)).content.decode()


def test_a_template_made_of_an_event_keeps_its_hours(event):
    pattern = save_as_template(event=event, parts=["info"], title="Pola", by=audit.SYSTEM).event
    assert (pattern.starts_at, pattern.ends_at) == (event.starts_at, event.ends_at)
