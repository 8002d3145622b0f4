"""The home page: what needs me now, for each role, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import seal_settings
from events.models import Event
from tests.accounts.factories import (
    UserFactory,
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
)
from tests.declarations import day
from tests.declarations import factories as papers
from tests.declarations.tablets import Paired
from tests.documents.factories import sealed_document
from tests.events.factories import cerme_event, purwodadi_event

pytestmark = pytest.mark.django_db


def furnish(office, count):
    for number in range(count):
        papers.declaration(papers.event(office, title=f"Kegiatan tutup {number}"))
        sealed_document(office=office)
        cerme_event(office=office, title=f"Kegiatan draf {number}", state="draft")
        cerme_event(office=office, title=f"Kegiatan jalan {number}", state="running")
    office.events.first().declarations.model.objects.update(state="closed", closed_at=timezone.now())


def test_organizer_sees_running_coming_waiting_and_sealed(client):
    office = panwaslu_cerme()
    furnish(office, 1)
    foreign = purwodadi_event(state="running", starts_at=timezone.now() + timedelta(days=1))
    client.force_login(organizer_of(office))
    page = client.get("/").content.decode()
    assert [
        text in page
        for text in (
            "Sedang berlangsung",
            "Kegiatan jalan 0",
            "Kegiatan draf 0",
            "Buat kegiatan",
            foreign.title,
        )
    ] == [True, True, True, True, False]


@pytest.mark.parametrize("role", ["viewer", "administrator"])
def test_menu_shows_only_what_the_role_may_open(client, role):
    client.force_login(member(bawaslu_gresik(), role))
    response = client.get("/")
    links = [item["url"] for item in response.context["menu"]]
    assert [client.get(url).status_code for url in links] == [200] * len(links)
    assert "/kegiatan/" not in [str(url) for url in links]


def test_user_without_office_is_told_what_to_do(client):
    client.force_login(UserFactory())
    page = client.get("/").content.decode()
    assert "Akun ini belum terhubung dengan kantor. Hubungi administrator." in page


def test_home_asks_the_database_the_same_for_one_and_three_rows(client):
    office = panwaslu_cerme()
    client.force_login(organizer_of(office))
    counts = []
    for wanted in (1, 3):
        Event.objects.filter(title__startswith="Kegiatan").exclude(declarations__isnull=False).delete()
        furnish(office, wanted)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def steps_on(client):
    return {step.title: step for step in client.get("/").context["first_steps"]}


def test_fresh_office_is_led_from_letterhead_to_tablet(client):
    office = panwaslu_cerme(letter_code="")
    client.force_login(organizer_of(office))
    steps = steps_on(client)
    assert [title for title, step in steps.items() if step.done] == ["Petugas"]
    assert steps["Kegiatan pertama"].url == "/kegiatan/baru/"
    assert steps["Kop surat dan pejabat"] == (
        "Kop surat dan pejabat",
        "Nama kantor, alamat, ketua, dan kode surat dicetak pada setiap berkas.",
        False,
        "",
        "Dilakukan oleh administrator kantor.",
    )


def test_administrator_of_a_fresh_office_may_do_what_the_organizer_may_not(client):
    office = panwaslu_cerme(letter_code="")
    client.force_login(member(office, "administrator"))
    steps = steps_on(client)
    assert steps["Kop surat dan pejabat"].url == f"/akun/kantor/{office.pk}/kop/"
    assert steps["Petugas"].url == f"/akun/kantor/{office.pk}/tugaskan/"
    assert (steps["Naskah"].url, steps["Naskah"].action) == ("", "Dilakukan oleh penyelenggara.")


def test_first_steps_are_ticked_as_they_are_done(client):
    office = panwaslu_cerme()
    client.force_login(organizer_of(office))
    paper = papers.declaration(papers.event(office))
    seal_settings.run_test_seal(office=office, by=organizer_of(office))
    steps = steps_on(client)
    assert [title for title, step in steps.items() if not step.done] == ["Tablet"]
    assert steps["Tablet"].url == f"/kegiatan/{paper.event.code}/tablet/"
    page = client.get("/").content.decode()
    assert "5 dari 6 selesai" in page


def test_first_steps_go_away_once_all_are_done(client):
    office = panwaslu_cerme()
    event = day.running_event(office=office)
    papers.declaration(papers.event(office))
    seal_settings.run_test_seal(office=office, by=organizer_of(office))
    Paired(event)
    client.force_login(organizer_of(office))
    assert steps_on(client) == {}


def test_office_with_a_past_event_is_no_beginner(client):
    office = panwaslu_cerme(letter_code="")
    cerme_event(office=office, state="closed")
    client.force_login(organizer_of(office))
    assert steps_on(client) == {}


@pytest.mark.parametrize("role", ["operator", "viewer", "supervisor"])
def test_who_sets_nothing_up_is_not_led(client, role):
    client.force_login(member(panwaslu_cerme(), role))
    assert steps_on(client) == {}


def test_first_superuser_sets_up_the_installation(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    steps = steps_on(client)
    assert [step.done for step in steps.values()] == [False] * 4
    assert client.get(steps["Kantor pertama"].url).status_code == 200
    member(panwaslu_cerme(), "administrator")
    papers.published_text(None)
    assert steps_on(client) == {}


def test_steps_of_one_office_know_nothing_of_another(client):
    cerme_event(office=panwaslu_benjeng(), state="closed")
    papers.draft_text(panwaslu_benjeng())
    client.force_login(organizer_of(panwaslu_cerme()))
    steps = steps_on(client)
    assert (steps["Kegiatan pertama"].done, steps["Naskah"].done) == (False, False)


def test_help_says_the_ways_the_roles_and_the_keys(client):
    assert client.get("/bantuan/").status_code == 302
    client.force_login(organizer_of(panwaslu_cerme()))
    page = client.get("/bantuan/").content.decode()
    for words in (
        "Rencanakan",
        "Hari-H",
        "Lapor",
        "Papan tik",
        "Istilah",
        "Penyelenggara",
        'href="/kegiatan/baru/"',
    ):
        assert words in page
    assert 'href="/bantuan/"' in client.get("/kegiatan/").content.decode()
    client.force_login(member(bawaslu_gresik(), "viewer"))
    assert 'href="/kegiatan/baru/"' not in client.get("/bantuan/").content.decode()
