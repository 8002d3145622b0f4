"""Offices, their people and their log as files; the list of offices filtered and sorted."""

import csv
import io

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.staff import end_membership
from tests.accounts.factories import (
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
)

pytestmark = pytest.mark.django_db


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def administrator(client):
    user = member(bawaslu_gresik(), "administrator")
    organizer_of(panwaslu_cerme())
    panwaslu_benjeng()
    panwaslu_purwodadi()
    client.force_login(user)
    return client


def test_offices_as_a_file(administrator):
    found = rows(
        administrator.get(reverse("accounts:offices_export", args=["csv"]) + "?sort=-staff_count&q=cerme")
    )
    assert [(row["Kantor"], row["Bertugas"]) for row in found] == [("Panwaslu Kecamatan Cerme", "1")]
    assert AuditEntry.objects.get(verb="table.exported").object_id == str(bawaslu_gresik().pk)


@pytest.mark.parametrize(
    ("query", "first", "count"),
    [
        ("", "Bawaslu Kabupaten Gresik", 3),
        ("?sort=-name", "Panwaslu Kecamatan Cerme", 3),
        ("?jenis=panwaslu", "Panwaslu Kecamatan Benjeng", 2),
        ("?masa=berakhir", None, 0),
        ("?jenis=%00&masa=x&sort=%00", "Bawaslu Kabupaten Gresik", 3),
    ],
)
def test_offices_are_filtered_and_sorted(administrator, query, first, count):
    page = administrator.get(reverse("accounts:offices") + query)
    listed = [row.record.name for row in page.context["table"].rows]
    assert (listed[:1], len(listed)) == ([first] if first else [], count)


def test_log_of_an_office_is_itself_logged(administrator):
    office = bawaslu_gresik()
    url = reverse("accounts:office_log_export", args=[office.pk, "csv"])
    administrator.get(url)
    again = rows(administrator.get(url))
    assert again[0]["Perbuatan"] == f"mengunduh daftar dari {office}"
    assert "jumlah baris: " in again[0]["Rincian"]


def test_people_of_an_office_as_a_file(administrator):
    office = panwaslu_cerme()
    gone = member(office, "viewer", user__full_name="Sri Wahyuni (contoh)").memberships.get()
    end_membership(membership=gone, by=gone.user)
    found = rows(administrator.get(reverse("accounts:staff_export", args=[office.pk, "csv"])))
    assert {row["Nama"]: (row["Peran"], row["Status"]) for row in found}[str(gone.user)] == (
        "Pembaca",
        "Dihentikan",
    )
    assert len(found) == office.memberships.count() == 2
    assert AuditEntry.objects.get(verb="table.exported").stream_id == office.audit_stream


def test_people_of_an_office_go_only_to_who_manages_them(client):
    client.force_login(organizer_of(panwaslu_cerme()))
    for office, status in ((panwaslu_cerme(), 403), (panwaslu_purwodadi(), 404)):
        assert client.get(reverse("accounts:staff_export", args=[office.pk, "xlsx"])).status_code == status


def test_wrong_days_filter_nothing_and_break_nothing(administrator):
    url = reverse("accounts:office_log_export", args=[bawaslu_gresik().pk, "xlsx"])
    assert administrator.get(f"{url}?dari=kapan").status_code == 200


def test_foreign_log_is_not_found(administrator):
    url = reverse("accounts:office_log_export", args=[panwaslu_purwodadi().pk, "csv"])
    assert administrator.get(url).status_code == 404
