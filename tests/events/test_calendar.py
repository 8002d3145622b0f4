"""The events of one month in a table, with the filters of the list."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.month import Month, month_of, parse_month
from tests.accounts.factories import bawaslu_gresik, member, panwaslu, panwaslu_benjeng, region

from .factories import ElectionFactory, EventFactory, cerme_event
from .test_queries import questions

pytestmark = pytest.mark.django_db
OCTOBER = {"bulan": "2024-10"}


def calendar(client, **query):
    return client.get(reverse("events:calendar"), query)


def days(response):
    """{day: titles} of the days that have events."""
    cells = [cell for week in response.context["weeks"] for cell in week]
    return {cell["day"].isoformat(): [str(e) for e in cell["events"]] for cell in cells if cell["events"]}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2024-10", Month(2024, 10)),
        ("2024-13", None),
        ("2024-00", None),
        ("24-10", None),
        ("0001-01", None),
        ("9999-12", None),
        ("2024-1", None),
        ("٢٠٢٤-10", None),
        ("2024-10\n", None),
        ("", None),
    ],
)
def test_month_of_the_address_bar(text, month):
    assert parse_month(text) == month


def test_weeks_run_from_monday_to_sunday():
    weeks = Month(2024, 10).weeks
    assert (weeks[0][0], weeks[-1][-1]) == (date(2024, 9, 30), date(2024, 11, 3))
    assert {week[0].weekday() for week in weeks} == {0}


def test_months_follow_each_other_over_the_year():
    assert (Month(2024, 1).before, Month(2024, 12).after) == (Month(2023, 12), Month(2025, 1))
    assert (Month(2024, 2).last, Month(2024, 2).title) == (date(2024, 2, 29), "Februari 2024")


def test_event_stands_on_its_day_with_hour_and_zone(staff, event):
    response = calendar(staff, **OCTOBER)
    assert days(response) == {"2024-10-02": [event.title]}
    page = " ".join(response.content.decode().split())
    assert "08.00 WIB" in page
    assert '<th scope="col">Senin</th>' in page
    assert "Rabu, 2 Oktober 2024" in page


def test_hour_and_day_are_those_of_the_event_not_of_the_reader(client, supervisor):
    """22.30 UTC is the next morning everywhere, but only in WIT it is already half past seven."""
    parepare = EventFactory(
        office=bawaslu_gresik(),
        title="Di timur",
        region=region("35.25"),
        time_zone="Asia/Jayapura",
        starts_at=datetime(2024, 9, 30, 15, 30, tzinfo=UTC),
        ends_at=None,
    )
    client.force_login(supervisor)
    response = calendar(client, **OCTOBER)
    assert days(response) == {"2024-10-01": [parepare.title]}
    assert "00.30 WIT" in response.content.decode()
    assert days(calendar(client, bulan="2024-09")) == {}


def test_event_of_several_days_stands_on_each(staff, event):
    event.ends_at = datetime(2024, 10, 4, 5, 0, tzinfo=UTC)
    event.save()
    response = calendar(staff, **OCTOBER)
    assert list(days(response)) == ["2024-10-02", "2024-10-03", "2024-10-04"]
    assert response.content.decode().count("lanjutan") == 2


def test_event_that_runs_into_the_month_stands_on_its_first_days(staff, event):
    event.starts_at = datetime(2024, 9, 29, 1, 0, tzinfo=UTC)
    event.ends_at = datetime(2024, 10, 1, 5, 0, tzinfo=UTC)
    event.save()
    assert list(days(calendar(staff, **OCTOBER))) == ["2024-10-01"]
    assert list(days(calendar(staff, bulan="2024-09"))) == ["2024-09-29", "2024-09-30"]


def test_month_without_events_names_the_nearest_with_some(staff, event):
    page = calendar(staff, bulan="2024-08").content.decode()
    assert "Tidak ada kegiatan" in page
    assert "bulan=2024-10" in page


@pytest.mark.parametrize(
    ("zone", "offset", "short"),
    [("Asia/Jakarta", 7, "WIB"), ("Asia/Makassar", 8, "WITA"), ("Asia/Jayapura", 9, "WIT")],
)
@pytest.mark.parametrize(
    ("day", "hour", "month", "before_and_after"),
    [
        (date(2024, 9, 30), 23, "2024-09", ("2024-08", "2024-10")),
        (date(2024, 10, 1), 0, "2024-10", ("2024-09", "2024-11")),
        (date(2024, 10, 31), 23, "2024-10", ("2024-09", "2024-11")),
        (date(2024, 12, 31), 23, "2024-12", ("2024-11", "2025-01")),
    ],
)
def test_event_at_the_edge_stands_in_its_own_month_only(
    client, supervisor, zone, offset, short, day, hour, month, before_and_after
):
    """Half past eleven at night on the last day, half past midnight on the first."""
    local = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
    at_night = EventFactory(
        office=bawaslu_gresik(),
        title="Malam (contoh)",
        region=region("35.25"),
        time_zone=zone,
        starts_at=local - timedelta(hours=offset),
        ends_at=None,
    )
    client.force_login(supervisor)
    shown = calendar(client, bulan=month)
    assert (shown.context["count"], days(shown)) == (1, {day.isoformat(): [at_night.title]})
    assert f"{hour:02}.30 {short}" in shown.content.decode()
    for other in before_and_after:
        empty = calendar(client, bulan=other)
        assert (empty.context["count"], days(empty)) == (0, {})
        body = empty.content.decode()
        assert "Tidak ada kegiatan" in body
        assert f"bulan={month}" in body  # the way to the month that has it


def test_event_that_ended_before_midnight_of_its_place_is_not_of_the_next_month(client, supervisor):
    EventFactory(
        office=bawaslu_gresik(),
        region=region("35.25"),
        time_zone="Asia/Jakarta",
        starts_at=datetime(2024, 9, 30, 12, 0, tzinfo=UTC),
        ends_at=datetime(2024, 9, 30, 16, 30, tzinfo=UTC),
    )
    client.force_login(supervisor)
    assert calendar(client, **OCTOBER).context["count"] == 0
    assert calendar(client, bulan="2024-09").context["count"] == 1


def test_this_month_is_shown_when_none_is_asked(staff, event):
    assert calendar(staff).context["month"] == month_of(timezone.localdate())


@pytest.mark.parametrize(
    "query", ["bulan=2024-13", "bulan=x", "bulan=", "bulan=%00", "dari=kapan", "kantor=x"]
)
def test_nonsense_in_the_address_bar_is_answered_calmly(staff, event, query):
    assert staff.get(f"{reverse('events:calendar')}?{query}").status_code == 200


def test_unknown_month_is_said(staff, event):
    assert "Bulan pada alamat tidak dikenal" in calendar(staff, bulan="2024-13").content.decode()


def test_filters_are_those_of_the_list_and_go_along(staff, event):
    other = EventFactory(office=event.office, title="Bimtek PKD", state="cancelled")
    query = {"status": "cancelled", "q": "bimtek", **OCTOBER}
    response = calendar(staff, **query)
    assert days(response) == {"2024-10-02": [other.title]}
    page = response.content.decode().replace("&amp;", "&")
    [to_list] = re.findall(r'href="(/kegiatan/\?[^"]*)"[^>]*><svg', page)
    assert {row.record for row in staff.get(to_list).context["table"].rows} == {other}
    [to_calendar] = re.findall(
        r'href="(/kegiatan/kalender/\?[^"]*)"[^>]*><svg',
        staff.get("/kegiatan/", query).content.decode().replace("&amp;", "&"),
    )
    assert days(staff.get(to_calendar)) == {"2024-10-02": [other.title]}


def test_months_next_door_keep_the_filters(staff, event):
    page = calendar(staff, status="draft", **OCTOBER).content.decode().replace("&amp;", "&")
    for month in ("2024-09", "2024-11"):
        assert re.search(rf'href="\?status=draft&bulan={month}"', page)


def test_full_day_links_to_the_list_of_the_day(staff, event):
    for number in range(5):
        EventFactory(office=event.office, title=f"Acara {number}")
    page = calendar(staff, status="draft", **OCTOBER).content.decode().replace("&amp;", "&")
    [url] = re.findall(r'class="entry-more" href="([^"]*)"', page)
    assert len(staff.get(url).context["table"].rows) == 6


def test_templates_and_foreign_events_never_appear(staff, event):
    EventFactory(office=event.office, title="Templat", is_template=True)
    cerme_event(office=panwaslu_benjeng(), title="Milik Benjeng")
    assert days(calendar(staff, **OCTOBER)) == {"2024-10-02": [event.title]}


def test_who_sees_no_events_gets_the_reason(client, viewer):
    client.force_login(viewer)
    response = calendar(client)
    assert response.status_code == 403
    assert "tidak mencakup hak melihat kegiatan" in response.content.decode()


def test_one_and_three_events_cost_the_same(client):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    url = f"{reverse('events:calendar')}?bulan=2024-10"
    counts = []
    for numbers in ([0], [1, 2]):
        for number in numbers:
            EventFactory(office=panwaslu(f"35.25.1{number}"))
        counts.append(questions(client, url))
    assert counts[0] == counts[1] <= 12


# -- filters of the list -----------------------------------------------------------------------------------------------


def titles(client, **query):
    return {row.record.title for row in client.get(reverse("events:events"), query).context["table"].rows}


def test_list_finds_what_is_ahead_and_what_is_over(staff, event):
    now = timezone.now()
    ahead = EventFactory(office=event.office, title="Depan", starts_at=now + timedelta(days=2), ends_at=None)
    going = EventFactory(
        office=event.office,
        title="Berjalan",
        starts_at=now - timedelta(days=2),
        ends_at=now + timedelta(days=1),
    )
    undated = EventFactory(office=event.office, title="Tanpa tanggal", starts_at=None, ends_at=None)
    assert titles(staff, waktu="akan") == {ahead.title, going.title, undated.title}
    assert titles(staff, waktu="lewat") == {event.title}


def test_list_finds_a_regency_and_its_kecamatan(client, supervisor, event):
    cerme_event(office=panwaslu_benjeng(), title="Benjeng")
    client.force_login(supervisor)
    assert titles(client, wilayah="35.25") == {event.title, "Benjeng"}
    assert titles(client, wilayah="35.25.10") == {"Benjeng"}
    labels = [label for _, label in client.get("/kegiatan/").context["filter"].form.fields["wilayah"].choices]
    assert labels == ["Semua wilayah", "Kabupaten Gresik", "Kecamatan Benjeng", "Kecamatan Cerme"]


def test_list_finds_the_events_of_an_election(staff, event):
    other = ElectionFactory(name="Pemilu Tahun 2024", kind="pemilu")
    EventFactory(office=event.office, title="Untuk Pemilu", elections=[other, event.elections.get()])
    assert titles(staff, pemilu=str(other.pk)) == {"Untuk Pemilu"}
    assert titles(staff, pemilu=str(event.elections.get().pk)) == {event.title, "Untuk Pemilu"}


def test_filters_without_a_choice_are_left_out(staff, event):
    names = list(staff.get("/kegiatan/").context["filter"].form.fields)
    assert names == ["q", "status", "dari", "sampai", "waktu"]


def test_other_filters_are_open_once_one_is_used(staff, event):
    assert '<details class="filter-more">' in staff.get("/kegiatan/").content.decode()
    page = staff.get("/kegiatan/", {"dari": "2024-10-02"}).content.decode()
    assert '<details class="filter-more" open>' in page
