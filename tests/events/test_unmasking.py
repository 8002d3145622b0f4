"""Opening an identity number: only with a reason, only with the right, always with a trace."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from tests.accounts.factories import bawaslu_gresik, member

from .factories import NIP_PNS, AttendeeFactory, purwodadi_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(event, organizer):
    from events.attendees import change_attendee

    attendee = AttendeeFactory(event=event, full_name="Sutrisno", category="pns")
    return change_attendee(attendee=attendee, by=organizer, identity_kind="nip", identity_number=NIP_PNS)


def url_of(attendee):
    return reverse("events:attendee_number", args=[attendee.event.code, attendee.pk])


def test_number_opens_with_a_reason_and_is_logged(client, event, organizer, person):
    client.force_login(organizer)
    response = client.post(url_of(person), {"reason": "Mencocokkan dengan surat tugas"})
    entry = AuditEntry.objects.filter(verb="number.unmasked").get()
    assert "19860926 201505 1 001" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert (entry.stream_id, entry.facts["reason"]) == (event.audit_stream, "Mencocokkan dengan surat tugas")
    assert NIP_PNS not in str(entry.facts)


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_reason_no_number(client, organizer, person, reason):
    client.force_login(organizer)
    response = client.post(url_of(person), {"reason": reason})
    assert (response.status_code, "19860926" in response.content.decode().replace(" ", "")) == (200, False)
    assert not AuditEntry.objects.filter(verb="number.unmasked").exists()


def test_asking_alone_reveals_nothing(client, organizer, person):
    client.force_login(organizer)
    page = client.get(url_of(person)).content.decode()
    assert (person.identity_masked in page, NIP_PNS in page.replace(" ", "")) == (True, False)


def test_person_without_number_has_nothing_to_open(client, event, organizer):
    client.force_login(organizer)
    response = client.post(url_of(AttendeeFactory(event=event)), {"reason": "Uji"})
    assert "tidak memiliki nomor identitas" in response.content.decode()


def test_supervisor_of_the_regency_may_open(client, person):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    assert "19860926" in client.post(url_of(person), {"reason": "Pemeriksaan"}).content.decode()


def test_operator_may_not_and_a_foreign_person_is_not_found(client, event, organizer, person):
    operator = member(event.office, "operator")
    event.operators.add(operator)
    client.force_login(operator)
    assert client.post(url_of(person), {"reason": "Uji"}).status_code == 403
    client.force_login(organizer)
    stranger = AttendeeFactory(event=purwodadi_event())
    assert client.post(url_of(stranger), {"reason": "Uji"}).status_code == 404
