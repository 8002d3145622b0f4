"""Every list page asks at most twelve questions, the same number for one row and for three (EVENTS §10).

One table of list pages; a page that lists rows belongs into it.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from declarations.models import LegalBasis, Signatory
from events.models import EventSubmission, OutgoingMail
from events.planning import change_event
from tests.accounts.factories import bawaslu_gresik, member, organizer_of, panwaslu
from tests.declarations import day, factories
from tests.documents.factories import sealed_document
from tests.events.factories import (
    AttendeeFactory,
    EventFactory,
    EventPersonFactory,
    EventSiteFactory,
    villages_of_cerme,
)

pytestmark = pytest.mark.django_db
MOST = 12


def an_event(number, event):
    AttendeeFactory(event=EventFactory(office=panwaslu(f"35.25.1{number}")))


def an_attendee(number, event):
    AttendeeFactory(event=event, village=villages_of_cerme()[number])


def an_entry(number, event):
    change_event(event=event, by=event.created_by, venue=f"Tempat {number}")


def a_signatory(number, event):
    attendee = AttendeeFactory(event=event)
    paper = event.declarations.get()
    Signatory.objects.create(declaration=paper, attendee=attendee, name=attendee.full_name)


def a_paper(number, event):
    sealed_document(office=event.office)


def a_text(number, event):
    factories.published_text(event.office, title=f"Naskah {number} (contoh)")


def an_office(number, event):
    organizer_of(panwaslu(f"35.25.1{number}"))


def a_basis(number, event):
    old = factories.basis(f"uu-lama-{number}")
    LegalBasis.objects.filter(pk=old.pk).update(superseded_by=factories.basis(f"uu-baru-{number}"))


def a_letter(number, event):
    OutgoingMail.objects.create(
        event=event,
        attendee=AttendeeFactory(event=event, email=f"orang{number}@contoh.test"),
        kind="invitation",
        subject="Undangan",
    )


def someone_present(number, event):
    AttendeeFactory(event=event, full_name=f"Orang {number} (contoh)", first_seen_at=timezone.now())


def a_report(number, event):
    office = panwaslu(f"35.25.1{number}")
    reported = EventFactory(office=office, title=f"Dilaporkan {number} (contoh)")
    EventSubmission.objects.create(
        event=reported, to_office=bawaslu_gresik(), at=timezone.now(), digest="0" * 64
    )


# name of the URL → (role, what one more row is)
LISTS = {
    "events:events": ("supervisor", an_event),
    "events:calendar": ("supervisor", an_event),
    "events:submissions": ("supervisor", a_report),
    "events:attendees": ("organizer", an_attendee),
    "events:sites": ("organizer", lambda number, event: EventSiteFactory(event=event)),
    "events:people": ("organizer", lambda number, event: EventPersonFactory(event=event)),
    "events:mails": ("organizer", a_letter),
    "events:invitations": ("organizer", an_attendee),
    "events:paper_parts": ("organizer", someone_present),
    "events:log": ("organizer", an_entry),
    "declarations:signatories": ("organizer", a_signatory),
    "declarations:texts": ("organizer", a_text),
    "declarations:legal_bases": ("organizer", a_basis),
    "declarations:recap": ("supervisor", an_event),
    "documents:archive": ("organizer", a_paper),
    "accounts:offices": ("administrator", an_office),
    "accounts:office_log": ("organizer", an_entry),
}


@pytest.fixture
def event():
    paper = day.open_paper(1)
    event = paper.event
    event.state, event.created_by = "draft", organizer_of(event.office)
    event.save()
    return event


def address(name, event):
    if name == "events:paper_parts":
        return reverse(name, args=[event.code, "sertifikat"])
    of_event = name.removeprefix("events:") in ("attendees", "log", "people", "sites", "mails", "invitations")
    own = {"declarations:signatories": lambda: event.declarations.get().pk}
    own |= {"accounts:office_log": lambda: event.office.pk}
    arguments = [event.code] if of_event else [own[name]()] if name in own else []
    return reverse(name, args=arguments)


def questions(client, url):
    client.get(url)  # what a process remembers is asked once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in asked]


@pytest.mark.parametrize("name", LISTS)
def test_list_asks_the_same_few_questions(client, event, name):
    role, add = LISTS[name]
    office = bawaslu_gresik() if role != "organizer" else event.office
    client.force_login(member(office, role))
    url = address(name, event)
    add(0, event)
    one = questions(client, url)
    add(1, event)
    add(2, event)
    three = questions(client, url)
    assert len(three) == len(one), "\n".join(three)
    assert len(one) <= MOST, "\n".join(one)
