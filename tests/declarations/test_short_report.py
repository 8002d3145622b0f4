"""The short report says numbers, places and naskah, and never a person's name or number."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from declarations import short_report
from events.attendees import change_attendee
from events.models import Event
from tests.accounts.factories import organizer_of, panwaslu_benjeng
from tests.declarations import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    paper = day.open_paper(3)
    first, second, _ = day.rows(paper)
    day.hand_in(paper, day.record(first), day.record(second, 1))
    return paper


def test_report_counts_who_came_and_who_signed_per_unsur(paper):
    said = short_report.whatsapp_of(paper.event)
    assert f"*{paper.event.title}*" in said
    assert "Hari, tanggal: " in said
    assert f"Tempat: {paper.event.venue}" in said
    assert "Hadir: 2" in said
    assert "Menandatangani: 2 dari 3" in said
    assert said.count("dari 3") == 2  # all together, and their one unsur


def test_draft_for_the_press_says_what_happened(paper):
    said = short_report.press_of(paper.event)
    assert said.startswith(f"{paper.event.office.name} menyelenggarakan {paper.event.title} pada ")
    assert "Kegiatan dihadiri 2 peserta." in said
    assert "Sebanyak 2 orang menandatangani " in said


def test_neither_names_nor_numbers_of_people_stand_in_the_texts_or_the_link(client, paper):
    event, person = paper.event, day.rows(paper)[0].attendee
    organizer = organizer_of(event.office)
    change_attendee(attendee=person, by=organizer, identity_number="198609262015051001", phone="081234567890")
    client.force_login(organizer)
    page = client.get(reverse("declarations:short_report", args=[event.code]))
    said = page.content.decode()
    people = [row.attendee.full_name for row in day.rows(paper)]
    assert len(people) == 3
    assert [secret for secret in (*people, "198609262015051001", "81234567890") if secret in said] == []
    link = urlsplit(page.context["share_url"])
    assert (link.scheme, link.netloc) == ("https", "wa.me")
    assert parse_qs(link.query) == {"text": [page.context["text"]]}


def test_another_kecamatan_does_not_find_the_report(client, paper):
    client.force_login(organizer_of(panwaslu_benjeng()))
    assert client.get(reverse("declarations:short_report", args=[paper.event.code])).status_code == 404


def test_link_carries_blanks_that_every_telephone_reads(client, paper):
    client.force_login(organizer_of(paper.event.office))
    url = client.get(reverse("declarations:short_report", args=[paper.event.code])).context["share_url"]
    assert "+" not in url
    assert "%20" in url


def test_nothing_is_reported_before_the_day(client, paper):
    Event.objects.update(state="scheduled")
    client.force_login(organizer_of(paper.event.office))
    response = client.get(reverse("declarations:short_report", args=[paper.event.code]))
    assert response.status_code == 409
    assert "Kegiatan belum berlangsung." in response.content.decode()


def test_paper_that_nobody_signed_is_no_news():
    assert "Sebanyak 0" not in short_report.press_of(day.open_paper(2).event)
