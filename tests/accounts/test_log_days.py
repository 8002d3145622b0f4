"""The log by days, with long runs folded and a filter that fits in the address bar."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.http import urlencode

from accounts import audit
from accounts.audit import Actor, record
from accounts.log import LogFilterForm, by_day
from accounts.models import AuditEntry

from .factories import member, panwaslu_cerme

pytestmark = pytest.mark.django_db
MOMENT = datetime(2024, 10, 2, 2, 14, tzinfo=UTC)


class Tablet:
    audit_actor = Actor("device", "00000000-0000-7000-8000-000000000001", "Tablet 1")


class Link:
    audit_actor = Actor("link", "9", "Siti Rahayu")


@pytest.fixture
def office():
    return panwaslu_cerme()


@pytest.fixture
def budi(office):
    return member(office, "organizer", user__full_name="Budi")


def tell(by, office, *, at=MOMENT, verb="office.updated", **facts):
    with time_machine.travel(at, tick=False):
        return record(by, verb, office, **facts)


def told(office, zone="Asia/Jakarta"):
    days = by_day(AuditEntry.objects.of(office).order_by("-seq"), zone)
    return [(day.heading, [line.text for line in day.lines]) for day in days]


def test_entries_stand_under_the_days_of_the_place(office, budi):
    tell(budi, office, at=datetime(2024, 10, 2, 16, 30, tzinfo=UTC))
    tell(budi, office, at=datetime(2024, 10, 2, 17, 30, tzinfo=UTC))
    assert [day for day, _ in told(office)] == ["Kamis, 3 Oktober 2024", "Rabu, 2 Oktober 2024"]
    assert [day for day, _ in told(office, "Asia/Jayapura")] == ["Kamis, 3 Oktober 2024"]


def test_a_run_of_like_deeds_is_one_line_with_the_single_ones_behind_it(office, budi):
    for minute in range(25):
        tell(budi, office, at=MOMENT + timedelta(minutes=minute), number=minute)
    ((_, lines),) = told(office)
    assert lines == [
        f"Antara pukul 09.14 WIB dan pukul 09.38 WIB, Budi 25 kali mengubah data kantor {office}."
    ]
    (day,) = by_day(AuditEntry.objects.of(office).order_by("-seq"), "Asia/Jakarta")
    assert len(day.lines[0].sentences) == 25
    assert day.lines[0].numbers == "1–25"


def test_a_run_names_the_first_three_and_counts_the_rest(office, budi):
    people = [
        member(office, "operator", user__full_name=name) for name in ("Ani", "Cici", "Dedi", "Edi", "Fafa")
    ]
    for user in people:
        with time_machine.travel(MOMENT, tick=False):
            record(budi, "user.created", user)
    entries = AuditEntry.objects.filter(verb="user.created").order_by("-seq")
    (day,) = by_day(entries, "Asia/Jakarta")
    assert [line.text for line in day.lines] == [
        "Pukul 09.14 WIB, Budi 5 kali membuat akun Ani, Cici, Dedi, dan 2 lainnya."
    ]


def test_three_alike_are_read_one_by_one(office, budi):
    for _ in range(3):
        tell(budi, office)
    ((_, lines),) = told(office)
    assert len(lines) == 3


def test_a_run_ends_where_somebody_else_or_another_deed_stands_between(office, budi):
    other = member(office, "administrator", user__full_name="Ani")
    for by, verb in (
        [(budi, "office.updated")] * 4 + [(other, "office.updated")] + [(budi, "office.logo_removed")] * 4
    ):
        tell(by, office, verb=verb)
    ((_, lines),) = told(office)
    assert [("4 kali" in line) for line in lines] == [True, False, True]


def filtered(office, **query):
    form = LogFilterForm(query, entries=AuditEntry.objects.of(office), zone=office.time_zone)
    return [entry.facts.get("reason") for entry in form.found]


def test_the_log_is_filtered_by_person_kind_and_day(office, budi):
    tell(budi, office, reason="a")
    tell(Tablet(), office, reason="b")
    tell(Link(), office, reason="c")
    tell(audit.SYSTEM, office, reason="d")
    tell(budi, office, verb="table.exported", reason="e", at=MOMENT + timedelta(days=1))
    assert filtered(office, oleh=f"pengguna-{budi.pk}") == ["e", "a"]
    assert filtered(office, oleh=f"tablet-{Tablet.audit_actor.id}") == ["b"]
    assert filtered(office, oleh="tautan") == ["c"]
    assert filtered(office, oleh="sistem") == ["d"]
    assert filtered(office, jenis="unduhan") == ["e"]
    assert filtered(office, jenis="kantor", dari="2024-10-02", sampai="2024-10-02") == ["d", "c", "b", "a"]
    assert filtered(office, oleh=f"pengguna-{budi.pk}", jenis="kantor", sampai="2024-10-02") == ["a"]


def test_days_are_those_of_the_place_not_of_the_server(office, budi):
    tell(budi, office, at=datetime(2024, 10, 2, 17, 30, tzinfo=UTC), reason="sesudah tengah malam")
    assert filtered(office, dari="2024-10-03") == ["sesudah tengah malam"]
    assert filtered(office, sampai="2024-10-02") == []


@pytest.mark.parametrize(
    "query",
    [
        {"oleh": "pengguna-999999"},
        {"oleh": "entah"},
        {"jenis": "entah"},
        {"dari": "0001-01-01", "oleh": "' OR 1=1"},
        {"dari": "9999-12-31", "sampai": "0001-01-01"},
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_filters_nothing(client, office, budi, query):
    tell(budi, office, reason="masih terbaca")
    client.force_login(budi)
    page = client.get(reverse("accounts:office_log", args=[office.pk]), query)
    assert page.status_code == 200
    assert "masih terbaca" in page.content.decode()
    assert page.context["form"].errors


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_error(client, office, budi, day):
    tell(budi, office)
    client.force_login(budi)
    url = reverse("accounts:office_log", args=[office.pk])
    assert client.get(url, {"dari": day}).status_code == 200
    assert client.get(url, {"sampai": day}).status_code == 200


def test_names_stand_in_the_list_of_the_filter_but_not_in_the_address(client, office, budi):
    tell(budi, office)
    tell(Link(), office)
    client.force_login(budi)
    form = client.get(reverse("accounts:office_log", args=[office.pk])).context["form"]
    choices = dict(form.fields["oleh"].choices)
    assert choices[f"pengguna-{budi.pk}"] == "Budi"
    assert choices["tautan"] == "Lewat tautan pribadi"
    assert "Siti Rahayu" not in str(choices)
    assert "Budi" not in urlencode({"oleh": next(key for key in choices if key)})


def test_pages_keep_the_filter(client, office, budi):
    for number in range(60):
        tell(budi, office, number=number)
    client.force_login(budi)
    page = client.get(
        reverse("accounts:office_log", args=[office.pk]), {"oleh": f"pengguna-{budi.pk}", "jenis": "kantor"}
    ).content.decode()
    assert f"oleh=pengguna-{budi.pk}&amp;jenis=kantor&amp;hal=2" in page


def test_nothing_found_says_so(client, office, budi):
    tell(budi, office)
    client.force_login(budi)
    page = client.get(
        reverse("accounts:office_log", args=[office.pk]), {"dari": "2030-01-01"}
    ).content.decode()
    assert "Tidak ada catatan yang cocok" in page


def test_the_file_holds_what_the_filter_left(client, office, budi):
    tell(budi, office, reason="ikut")
    tell(audit.SYSTEM, office, reason="tidak ikut")
    client.force_login(budi)
    url = reverse("accounts:office_log_export", args=[office.pk, "csv"])
    made = client.get(url, {"oleh": f"pengguna-{budi.pk}"})
    rows = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Rincian"] for row in rows] == ["alasan: ikut"]
    assert rows[0]["Waktu"] == "Rabu, 2 Oktober 2024 pukul 09.14 WIB"
