"""Every list page asks the database the same number of questions for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.planning import change_event
from tests.accounts.factories import bawaslu_gresik, member, panwaslu

from .factories import (
    AgendaItemFactory,
    AttendeeFactory,
    EventFactory,
    EventPersonFactory,
    EventSiteFactory,
    villages_of_cerme,
)

pytestmark = pytest.mark.django_db


def questions(client, url):
    client.get(url)  # labels and content types are remembered after the first time
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def grown(client, url, add):
    """Questions with one row and with three."""
    add(0)
    one = questions(client, url)
    add(1)
    add(2)
    return one, questions(client, url)


def test_list_of_events(client):
    client.force_login(member(bawaslu_gresik(), "supervisor"))

    def add(number):
        office = panwaslu(f"35.25.1{number}")
        AttendeeFactory(event=EventFactory(office=office))

    one, three = grown(client, reverse("events:events"), add)
    assert (one, three) == (one, one)
    assert one <= 12


ROWS = {
    "attendees": lambda event, number: AttendeeFactory(event=event, village=villages_of_cerme()[number]),
    "agenda": lambda event, number: AgendaItemFactory(event=event, person=EventPersonFactory(event=event)),
    "people": lambda event, number: EventPersonFactory(event=event),
    "sites": lambda event, number: EventSiteFactory(event=event, region=event.region),
    "log": lambda event, number: change_event(event=event, by=event.created_by, venue=f"Tempat {number}"),
}


@pytest.mark.parametrize("name", ROWS)
def test_list_of_one_event(staff, event, organizer, name):
    event.created_by = organizer
    event.save()
    one, three = grown(staff, reverse(f"events:{name}", args=[event.code]), lambda n: ROWS[name](event, n))
    assert three == one
    assert one <= 18


def test_event_page_with_everything(staff, event):
    def add(number):
        for name in ("attendees", "agenda", "people", "sites"):
            ROWS[name](event, number)

    one, three = grown(staff, event.get_absolute_url(), add)
    assert three == one
    assert one <= 28


def test_preview_of_generated_rows(staff, event):
    villages = villages_of_cerme()
    url = reverse("events:generate", args=[event.code])
    one, three = grown(staff, url, lambda n: AttendeeFactory(event=event, village=villages[n]))
    assert three == one
