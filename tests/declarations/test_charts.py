"""Small pictures: bars in their places, the same figures in words, nothing a screen reader misses."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from declarations import charts
from declarations.event_charts import charts_of
from declarations.models import Signatory
from tests.accounts.factories import (
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    region,
)
from tests.declarations import day, factories
from tests.declarations.test_recap import held

MORNING = datetime(2024, 10, 2, 9, 3)


def at(*minutes):
    return [MORNING + timedelta(minutes=minute) for minute in minutes]


def test_no_signature_no_picture():
    assert charts.timeline([]) is None


def test_bars_stand_in_steps_of_five_minutes():
    found = charts.timeline(at(0, 1, 4, 21))
    assert [(bar.label, bar.count) for bar in found.bars if bar.count] == [
        ("09.00", 2),
        ("09.05", 1),
        ("09.20", 1),
    ]
    assert (found.step, found.busiest, found.total) == (5, 2, 4)


def test_the_highest_bar_is_the_busiest_and_all_stand_on_the_line():
    bars = charts.timeline(at(0, 1, 6)).bars
    assert [bar.height for bar in bars if bar.count] == [charts.HEIGHT, charts.HEIGHT / 2]
    assert {bar.y + bar.height for bar in bars} == {charts.HEIGHT}


@pytest.mark.parametrize(
    ("minutes", "step"), [(235, 5), (300, 10), (60 * 24 * 3, 120), (60 * 24 * 400, 1440)]
)
def test_a_long_time_makes_wider_steps(minutes, step):
    found = charts.timeline(at(0, minutes))
    assert found.step == step
    assert len(found.bars) <= charts.MOST_BARS or step == 1440
    assert found.total == 2


def test_ticks_are_few_and_inside():
    ticks = charts.timeline(at(0, 200)).ticks
    assert 1 < len(ticks) <= 5
    assert all(0 <= x < charts.WIDTH for x, _ in ticks)


def test_everybody_signing_at_once_is_one_bar_of_an_hour():
    found = charts.timeline(at(0, 0, 1))
    assert len(found.bars) == charts.LEAST_BARS
    assert found.bars[0].width < charts.WIDTH / 10
    assert [bar.count for bar in found.bars] == [3] + [0] * 11


def test_every_share_has_its_own_scale():
    rows = [("ASN", 5, 10), ("Kepala Desa", 40, 40), ("Kosong", 0, 0)]
    assert [row.width for row in charts.shares(rows)] == [charts.WIDTH / 2, charts.WIDTH, 0]
    assert charts.shares(rows)[0].words == "5 dari 10"


def test_more_than_expected_never_leaves_the_picture():
    assert charts.shares([("x", 7, 5)])[0].width == charts.WIDTH


@pytest.fixture
def event():
    villages = [region(f"35.25.11.200{number}") for number in (1, 2, 3)]
    return held(panwaslu_cerme(), villages[:2], villages[2:], state="running")


@pytest.mark.django_db
def test_event_without_signatures_has_no_picture():
    assert charts_of(day.open_paper(2).event) is None


@pytest.mark.django_db
def test_villages_missing_are_named(event):
    found = charts_of(event)["villages"]
    assert (found["signed"], found["total"]) == (2, 3)
    assert [village.code for village in found["missing"]] == ["35.25.11.2003"]


@pytest.mark.django_db
def test_unsur_counts_signed_of_expected(event):
    [group] = charts_of(event)["groups"]
    assert (group.label, group.words) == ("Kepala Desa", "2 dari 3")


@pytest.mark.django_db
def test_a_revoked_signature_leaves_the_picture():
    paper = day.open_paper(2)
    first, _ = day.rows(paper)
    [result] = day.hand_in(paper, day.record(first))
    assert charts_of(paper.event)["timeline"].total == 1
    type(result.signature).objects.filter(pk=result.signature.pk).update(status="revoked")
    Signatory.objects.filter(pk=first.pk).update(outcome="pending")
    assert charts_of(paper.event) is None


@pytest.mark.django_db
def test_page_of_the_event_shows_pictures_with_titles_and_no_style(client, event):
    client.force_login(organizer_of(event.office))
    page = client.get(event.get_absolute_url()).content.decode()
    panel = page[page.index('id="gambar"') :]
    assert 'role="img"' in panel
    assert "2 dari 3 desa" in panel
    assert not re.search(r"<svg[^>]*style=", page)


@pytest.mark.django_db
def test_table_of_coverage_is_its_own_picture(client):
    held(panwaslu_cerme(), [region("35.25.11.2001")])
    held(panwaslu_benjeng(), [], [region("35.25.10.2001")])
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    page = client.get(reverse("declarations:recap")).content.decode()
    rows = {
        name: re.search(rf"Kecamatan {name}.*?</tr>", page, re.DOTALL).group()
        for name in ("Benjeng", "Cerme")
    }
    assert "0 dari 1 desa" in rows["Benjeng"]
    assert "1 dari 1 desa" in rows["Cerme"]
    assert all("<progress" in row for row in rows.values())


@pytest.mark.django_db
def test_pictures_cost_the_same_number_of_questions(event, django_assert_max_num_queries):
    for number in range(5):
        factories.attendee(event, full_name=f"Lain {number}")
    with django_assert_max_num_queries(7):
        charts_of(event)
