"""After the first visit a page is its HTML alone; styles and scripts stay in the browser. Full lists, uncompressed."""

import pytest
from django.urls import reverse

from events.models import Event
from tests.accounts.factories import organizer_of
from tests.declarations import day
from tests.events.factories import AttendeeFactory, villages_of_cerme

pytestmark = pytest.mark.django_db
MOST = 100 * 1024  # bytes over a phone's hotspot (issue: planning); a proxy that compresses sends a tenth
PEOPLE = 60  # more than any page of a list shows


@pytest.fixture
def full_event():
    event = day.running_event()
    villages = villages_of_cerme()
    for number in range(PEOPLE):
        AttendeeFactory(
            event=event,
            full_name=f"Raden Mas Suryaningrat Kusumawardhana {number:02}",
            position="Kepala Seksi Ketenteraman dan Ketertiban Umum Kecamatan",
            agency="Kantor Kecamatan Cerme Kabupaten Gresik",
            village=villages[number % len(villages)],
            on_behalf_of_name="Hj. Nur Aini Rahmawati",
            on_behalf_of_position="Camat Cerme",
        )
    Event.objects.update(state="scheduled")
    event.refresh_from_db()
    return event


@pytest.mark.parametrize(
    "name",
    [
        "events:event",
        "events:attendees",
        "events:invitations",
        "events:papers",
        "declarations:links",
        "declarations:day",
    ],
)
def test_page_with_a_full_list_stays_light(client, full_event, name):
    client.force_login(organizer_of(full_event.office))
    response = client.get(reverse(name, args=[full_event.code]))
    assert response.status_code == 200
    assert len(response.content) <= MOST
