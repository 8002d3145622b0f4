"""The list of who is expected: filled at one go, searched, withdrawn from and restored to, whole or not changed at all."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import audit
from accounts.refusals import Refusal
from events import attendees
from events.attendees import (
    add_attendee,
    add_attendees,
    change_attendee,
    generate_from_region,
    restore_attendee,
    withdraw_attendee,
)
from events.models import Attendee, Event

from .factories import NIP_PNS, AttendeeFactory, villages_of_cerme
from .traces import entries

pytestmark = pytest.mark.django_db


def test_many_people_come_in_one_insert_or_not_at_all(event, organizer):
    rows = [{"full_name": f"Peserta {n}", "category": "asn"} for n in range(5)]
    added = add_attendees(event=event, rows=rows, by=organizer, source="import")
    assert (len(added), event.attendees.count()) == (5, 6)
    assert entries(event).get().facts == {"count": 5, "origin": "import"}
    with pytest.raises(Refusal):
        add_attendees(event=event, rows=[*rows, {"category": "asn"}], by=organizer, source="import")
    with pytest.raises(Refusal):
        add_attendees(
            event=event, rows=[{"full_name": "A", "category": "raja"}], by=organizer, source="import"
        )
    assert (event.attendees.count(), entries(event).count()) == (6, 1)


def test_bulk_insert_does_not_ask_per_row(event, organizer, django_assert_max_num_queries):
    rows = [{"full_name": f"Peserta {n}", "category": "asn"} for n in range(60)]
    with django_assert_max_num_queries(15):
        add_attendees(event=event, rows=rows, by=organizer, source="import")


def test_withdrawn_person_stays_as_a_row_and_comes_back(staff, event):
    attendee = AttendeeFactory(event=event)
    url = reverse("events:attendee_withdraw", args=[event.code, attendee.pk])
    assert staff.post(url, {"reason": "Pindah tugas"}).status_code == 302
    attendee.refresh_from_db()
    assert (attendee.is_withdrawn, event.attendees.expected().count()) == (True, 1)
    assert staff.post(url).status_code == 404
    assert staff.post(reverse("events:attendee_restore", args=[event.code, attendee.pk])).status_code == 302
    assert event.attendees.expected().count() == 2
    verbs = list(entries(event).values_list("verb", flat=True))
    assert verbs == ["attendee.withdrawn", "attendee.restored"]
    assert entries(event).first().facts == {"reason": "Pindah tugas"}


def test_withdrawing_twice_changes_nothing_the_second_time(event, organizer):
    attendee = AttendeeFactory(event=event)
    first = withdraw_attendee(attendee=attendee, by=organizer).withdrawn_at
    assert withdraw_attendee(attendee=attendee, by=organizer).withdrawn_at == first
    assert entries(event).count() == 1
    with pytest.raises(Refusal, match="Pulihkan dulu"):
        change_attendee(attendee=attendee, by=organizer, full_name="Lain")
    restore_attendee(attendee=attendee, by=organizer)
    assert restore_attendee(attendee=attendee, by=organizer).withdrawn_at is None
    assert entries(event).count() == 2


def test_rooms_above_may_keep_a_person_on_the_list(staff, event):
    def refuse(attendee, by):
        raise Refusal("Peserta ini sudah menandatangani.")

    attendees.before_withdraw.register(refuse)
    attendee = AttendeeFactory(event=event)
    response = staff.post(reverse("events:attendee_withdraw", args=[event.code, attendee.pk]))
    assert response.status_code == 409
    assert "Peserta ini sudah menandatangani." in response.content.decode()
    assert event.attendees.expected().count() == 2


def test_list_is_searched_filtered_and_masked(staff, event, organizer):
    add_attendee(event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS)
    AttendeeFactory(event=event, full_name="", position="Kepala Desa Dungus")
    withdrawn = AttendeeFactory(event=event, full_name="Sudah Pindah")
    withdraw_attendee(attendee=withdrawn, by=organizer)
    url = reverse("events:attendees", args=[event.code])

    def names(**query):
        return {row.record.label for row in staff.get(url, query).context["table"].rows}

    everybody = {"Camat Contoh (contoh)", "Ani", "Kepala Desa Dungus"}
    assert names() == everybody
    assert names(q="dungus") == {"Kepala Desa Dungus"}
    assert names(unsur="asn") == {"Camat Contoh (contoh)", "Ani"}
    assert names(nama="belum") == {"Kepala Desa Dungus"}
    assert names(keluar="on") == {"Sudah Pindah"}
    assert names(unsur="raja") == everybody
    body = staff.get(url).content.decode()
    assert "1986************01" in body
    assert NIP_PNS not in body


def test_supervisor_sees_masks_and_no_actions(client, event, supervisor, organizer):
    add_attendee(event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS)
    client.force_login(supervisor)
    body = client.get(reverse("events:attendees", args=[event.code])).content.decode()
    assert "1986************01" in body
    assert ("Keluarkan" in body, NIP_PNS in body) == (False, False)


@pytest.mark.parametrize(
    "query", ["sort=-full_name", "sort=identity_number", "page=77", "q=%00", "sort=village"]
)
def test_list_answers_any_address(staff, event, query):
    assert staff.get(reverse("events:attendees", args=[event.code]) + f"?{query}").status_code == 200


def test_no_audit_entry_no_attendee(event, organizer, monkeypatch):
    villages_of_cerme()
    attendee = AttendeeFactory(event=event, full_name="Semula")
    monkeypatch.setattr(audit, "record", lambda *args, **kwargs: 1 / 0)
    for deed in (
        lambda: add_attendee(event=event, by=organizer, full_name="Hilang"),
        lambda: add_attendees(event=event, by=organizer, rows=[{"full_name": "Hilang"}], source="import"),
        lambda: change_attendee(attendee=attendee, by=organizer, full_name="Hilang"),
        lambda: withdraw_attendee(attendee=attendee, by=organizer),
        lambda: generate_from_region(event=event, region=event.region, roles=["kades"], by=organizer),
    ):
        with pytest.raises(ZeroDivisionError):
            deed()
    kept = Attendee.objects.get(pk=attendee.pk)
    assert (event.attendees.count(), kept.full_name, kept.withdrawn_at) == (2, "Semula", None)


def test_deeds_refuse_when_the_event_is_over(event, organizer):
    attendee = AttendeeFactory(event=event)
    Event.objects.update(state="closed")
    for deed in (
        lambda: add_attendee(event=event, by=organizer, full_name="Ani"),
        lambda: change_attendee(attendee=attendee, by=organizer, full_name="Ani"),
        lambda: withdraw_attendee(attendee=attendee, by=organizer),
        lambda: generate_from_region(event=event, region=event.region, roles=["kades"], by=organizer),
    ):
        with pytest.raises(Refusal, match="sudah selesai"):
            deed()


def test_database_wants_a_name_or_a_post(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendeeFactory(event=event, full_name="", position="")
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendeeFactory(event=event, category="raja")
