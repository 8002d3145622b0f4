"""The home page: what needs me now, for each role, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event
from tests.accounts.factories import UserFactory, bawaslu_gresik, member, organizer_of, panwaslu_cerme
from tests.declarations import factories as papers
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
    assert counts[0] == counts[1] <= 15
