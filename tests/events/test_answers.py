"""Invitations: told, taken back, answered; a representative takes the place on the list and leaves it again."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import answers, calendar_entry, links
from events.answers import StandIn, answer_invitation, mark_told, take_back_told
from events.attendees import add_attendee, withdraw_attendee
from events.copying import clone_event
from events.invitation_list import NO_ANSWER, STALE, counts, invited
from events.models import Attendee, Event, OutgoingMail, Representation
from events.planning import change_event
from events.scheduling import cancel_event, schedule_event

from .factories import NIP_PNS, AttendeeFactory, EventFactory

pytestmark = pytest.mark.django_db
SEKCAM = StandIn("Sekretaris Contoh (contoh)", "Sekretaris Kecamatan", "800/12/2024")


@pytest.fixture
def event(organizer_event):
    return organizer_event


@pytest.fixture
def organizer_event():
    return EventFactory(state="scheduled", calendar_sequence=1)


@pytest.fixture
def camat(event, organizer):
    return person(
        event, organizer, full_name="Camat Contoh", title_prefix="Drs.", position="Camat", rank="Pembina"
    )


def person(event, by, **fields):
    return add_attendee(
        event=event, by=by, category="pns", identity_number=NIP_PNS, phone="081234567890", **fields
    )


def again(attendee) -> Attendee:
    return Attendee.objects.get(pk=attendee.pk)


def verbs(event):
    return list(
        AuditEntry.objects.filter(stream=f"event:{event.pk}").order_by("seq").values_list("verb", flat=True)
    )


# -- answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["coming", "excused"])
def test_answer_is_noted_with_its_author(event, camat, organizer, answer):
    link = links.make_link(attendee=camat, by=organizer).link
    answer_invitation(attendee=camat, answer=answer, by=link)
    assert again(camat).invitation == answer
    entry = AuditEntry.objects.get(verb="invitation.answered")
    assert entry.actor_kind == "link"
    assert entry.facts["changes"]["invitation"] == ["none", answer]


def test_same_answer_twice_is_noted_once(event, camat, organizer):
    for _ in range(2):
        answer_invitation(attendee=camat, answer="coming", by=organizer)
    assert verbs(event).count("invitation.answered") == 1


def test_representative_takes_the_place_without_number_title_and_rank(event, camat, organizer):
    answer_invitation(attendee=camat, answer="represented", by=organizer, stand_in=SEKCAM)
    row = again(camat)
    assert (row.printed_name, row.position, row.letter_no) == SEKCAM._replace()
    assert (row.on_behalf_of_name, row.on_behalf_of_position) == ("Drs. Camat Contoh", "Camat")
    assert (row.identity_number, row.identity_index, row.identity_masked, row.rank) == ("", "", "", "")
    assert row.identity_opening is None
    assert row.phone == "+6281234567890"  # where the invitation went
    assert event.attendees.count() == 1


def test_who_comes_after_all_is_back_with_everything(event, camat, organizer):
    before = {name: getattr(camat, name) for name in answers.PERSONAL}
    answer_invitation(attendee=camat, answer="represented", by=organizer, stand_in=SEKCAM)
    answer_invitation(attendee=again(camat), answer="coming", by=organizer)
    assert {name: getattr(again(camat), name) for name in answers.PERSONAL} == before
    assert not Representation.objects.exists()


def test_second_representative_stands_for_who_was_invited(event, camat, organizer):
    answer_invitation(attendee=camat, answer="represented", by=organizer, stand_in=SEKCAM)
    answer_invitation(
        attendee=again(camat),
        answer="represented",
        by=organizer,
        stand_in=StandIn("Kasi Contoh", "Kepala Seksi"),
    )
    row = again(camat)
    assert (row.full_name, row.letter_no) == ("Kasi Contoh", "")
    assert row.on_behalf_of_name == "Drs. Camat Contoh"
    answer_invitation(attendee=row, answer="excused", by=organizer)
    assert again(camat).printed_name == "Drs. Camat Contoh"


def test_post_without_a_name_is_represented_too(event, organizer):
    post = AttendeeFactory(event=event, full_name="", position="Danramil Cerme", category="tni")
    answer_invitation(attendee=post, answer="represented", by=organizer, stand_in=StandIn("Sertu Contoh"))
    row = again(post)
    assert (row.full_name, row.on_behalf_of_name, row.on_behalf_of_position) == (
        "Sertu Contoh",
        "",
        "Danramil Cerme",
    )


def test_number_of_the_invited_person_is_kept_encrypted(event, camat, organizer, django_db_blocker):
    answer_invitation(attendee=camat, answer="represented", by=organizer, stand_in=SEKCAM)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT original FROM events_representation")
        [(stored,)] = cursor.fetchall()
    assert NIP_PNS not in stored
    assert "Camat" not in stored
    assert NIP_PNS in Representation.objects.get().original
    facts = [entry.facts for entry in AuditEntry.objects.filter(stream=f"event:{event.pk}")]
    assert NIP_PNS not in str(facts)


@pytest.mark.parametrize("stand_in", [None, StandIn("  "), StandIn("12345 67890 1234567")])
def test_representative_needs_a_name(event, camat, organizer, stand_in):
    with pytest.raises(Refusal):
        answer_invitation(attendee=camat, answer="represented", by=organizer, stand_in=stand_in)
    assert again(camat).printed_name == "Drs. Camat Contoh"
    assert again(camat).invitation == "none"


@pytest.mark.parametrize("state", ["draft", "running", "closed", "archived", "cancelled"])
def test_answers_only_while_scheduled(event, camat, organizer, state):
    Event.objects.filter(pk=event.pk).update(state=state)
    with pytest.raises(Refusal):
        answer_invitation(attendee=camat, answer="coming", by=organizer)
    assert again(camat).invitation == "none"


def test_withdrawn_and_unknown_answers_are_refused(event, camat, organizer):
    with pytest.raises(Refusal, match="Pilih salah satu"):
        answer_invitation(attendee=camat, answer="opened", by=organizer)
    withdraw_attendee(attendee=camat, by=organizer)
    with pytest.raises(Refusal, match="dikeluarkan"):
        answer_invitation(attendee=camat, answer="coming", by=organizer)


def test_copy_of_the_event_has_who_was_invited(event, camat, organizer):
    answer_invitation(attendee=camat, answer="represented", by=organizer, stand_in=SEKCAM)
    copy = clone_event(
        event=event, parts=("info", "attendees"), starts_at=event.starts_at, by=organizer
    ).event
    assert [row.printed_name for row in copy.attendees.all()] == ["Drs. Camat Contoh"]


# -- told ----------------------------------------------------------------------------------------------------------


def test_told_and_taken_back(event, camat, organizer):
    assert mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp") == 1
    assert (again(camat).invitation, again(camat).told_sequence) == ("sent", 1)
    assert mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp") == 0
    take_back_told(attendee=again(camat), by=organizer)
    assert (again(camat).invitation, again(camat).told_sequence) == ("none", None)
    assert verbs(event)[-2:] == ["invitation.told", "invitation.untold"]


def test_taking_back_brings_back_what_was_told_before(event, camat, organizer):
    mark_told(event=event, attendees=[camat], by=organizer, channel="diserahkan")
    Event.objects.filter(pk=event.pk).update(calendar_sequence=2)
    event.refresh_from_db()
    assert mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp") == 1
    assert again(camat).told_sequence == 2
    take_back_told(attendee=again(camat), by=organizer)
    assert (again(camat).invitation, again(camat).told_sequence) == ("sent", 1)
    take_back_told(attendee=again(camat), by=organizer)
    assert (again(camat).invitation, again(camat).told_sequence) == ("none", None)


def test_told_without_a_note_of_what_stays_told(event, camat, organizer):
    Attendee.objects.filter(pk=camat.pk).update(invitation="sent", told_sequence=None)
    mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp")
    take_back_told(attendee=again(camat), by=organizer)
    assert again(camat).invitation == "sent"
    assert again(camat).told_sequence < 1


def test_many_are_taken_back_each_to_their_own_state(event, organizer):
    told, new = AttendeeFactory(event=event, invitation="sent", told_sequence=0), AttendeeFactory(event=event)
    mark_told(event=event, attendees=[told, new], by=organizer, channel="diserahkan")
    for person in (told, new):
        assert again(person).told_sequence == 1
        take_back_told(attendee=again(person), by=organizer)
    assert (again(told).invitation, again(told).told_sequence) == ("sent", 0)
    assert (again(new).invitation, again(new).told_sequence) == ("none", None)


def test_who_answered_knows_and_is_not_made_to_forget(event, camat, organizer):
    mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp")
    answer_invitation(attendee=again(camat), answer="coming", by=organizer)
    take_back_told(attendee=again(camat), by=organizer)
    assert (again(camat).invitation, again(camat).told_sequence) == ("coming", 1)


def test_page_takes_back_to_the_earlier_state(staff, event, organizer):
    told = AttendeeFactory(event=event, invitation="sent", told_sequence=0)
    staff.post(reverse("events:invitation_told", args=[event.code]), {"satu": told.pk, "lewat": "whatsapp"})
    assert again(told).told_sequence == 1
    staff.post(reverse("events:invitation_untold", args=[event.code, told.pk]))
    assert (again(told).invitation, again(told).told_sequence) == ("sent", 0)


def test_answer_is_not_overwritten_by_telling(event, camat, organizer):
    answer_invitation(attendee=camat, answer="coming", by=organizer)
    mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp")
    take_back_told(attendee=again(camat), by=organizer)
    assert again(camat).invitation == "coming"


def test_many_are_one_line_of_the_log(event, organizer):
    people = [AttendeeFactory(event=event) for _ in range(3)]
    assert mark_told(event=event, attendees=people, by=organizer, channel="diserahkan") == 3
    assert verbs(event)[-1] == "invitation.told_many"


def test_nobody_is_told_of_a_draft(organizer):
    draft = EventFactory()
    with pytest.raises(Refusal):
        mark_told(event=draft, attendees=[AttendeeFactory(event=draft)], by=organizer, channel="WhatsApp")


def test_people_of_another_event_are_not_touched(event, organizer):
    stranger = AttendeeFactory(event=EventFactory(state="scheduled"))
    assert mark_told(event=event, attendees=[stranger], by=organizer, channel="WhatsApp") == 0
    assert again(stranger).invitation == "none"


def test_change_makes_the_told_ones_stale_and_telling_heals(organizer):
    event = EventFactory()
    told, untold = AttendeeFactory(event=event), AttendeeFactory(event=event)
    schedule_event(event=event, by=organizer, accept_warnings=True)
    mark_told(event=event, attendees=[told], by=organizer, channel="WhatsApp")
    assert list(invited(event, STALE)) == []

    change_event(event=event, by=organizer, venue="Balai Desa Dungus")
    assert list(invited(event, STALE)) == [told]
    assert counts(event)[STALE] == 1
    mark_told(event=event, attendees=[told], by=organizer, channel="WhatsApp")
    assert list(invited(event, STALE)) == []

    cancel_event(event=event, by=organizer, reason="Banjir.")
    assert list(invited(event, STALE)) == [told]
    assert untold in invited(event)


def test_who_opened_knows_what_stands_there(organizer):
    event = EventFactory(state="scheduled", calendar_sequence=4)
    link = links.make_link(attendee=AttendeeFactory(event=event), by=organizer).link
    links.open_link(link=link)
    assert again(link.attendee).told_sequence == 4
    assert list(invited(event, STALE)) == []


def test_counts_and_filters_agree(event, organizer):
    for state in Attendee.Invitation.values:
        AttendeeFactory(event=event, invitation=state)
    found = counts(event)
    assert {
        key: len(invited(event, key)) for key in ("", NO_ANSWER, "belum", "hadir", "diwakili", "berhalangan")
    } == {key: found[key] for key in ("", NO_ANSWER, "belum", "hadir", "diwakili", "berhalangan")}
    assert found[NO_ANSWER] == 3


# -- archived ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        lambda event, person: Attendee.objects.filter(pk=person.pk).update(told_sequence=9),
        lambda event, person: OutgoingMail.objects.filter(event=event).update(attempts=9),
        lambda event, person: OutgoingMail.objects.filter(event=event).delete(),
        lambda event, person: OutgoingMail.objects.create(event=event, attendee=person, kind="change"),
        lambda event, person: Representation.objects.filter(event=event).update(original="{}"),
        lambda event, person: Event.objects.filter(pk=event.pk).update(calendar_sequence=9),
    ],
)
def test_nothing_of_an_archived_event_changes(event, camat, write):
    OutgoingMail.objects.create(event=event, attendee=camat, kind="invitation")
    Representation.objects.create(event=event, attendee=camat, original='{"a": 1}')
    Event.objects.filter(pk=event.pk).update(state="archived")
    with pytest.raises(IntegrityError, match="archived events"), transaction.atomic():
        write(event, camat)


def test_kept_person_may_be_forgotten_after_archiving(event, camat):
    Representation.objects.create(event=event, attendee=camat, original='{"a": 1}')
    Event.objects.filter(pk=event.pk).update(state="archived")
    Representation.objects.filter(event=event).delete()
    assert not Representation.objects.exists()


# -- pages ---------------------------------------------------------------------------------------------------------


def page(event, chosen=""):
    return reverse("events:invitations", args=[event.code]) + (f"?keadaan={chosen}" if chosen else "")


def test_list_of_who_has_not_answered(staff, event, organizer, camat):
    AttendeeFactory(event=event, full_name="Sudah Menjawab (contoh)", invitation="coming")
    html = staff.get(page(event, NO_ANSWER)).content.decode()
    assert "Camat Contoh" in html
    assert "Sudah Menjawab" not in html


def test_unknown_filter_shows_everybody(staff, event, camat):
    response = staff.get(page(event, "apa-saja"))
    assert "Camat Contoh" in response.content.decode()


def test_reminder_by_whatsapp_holds_no_token(staff, event, organizer, camat):
    token = links.make_link(attendee=camat, by=organizer).token
    mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp")
    html = staff.get(page(event)).content.decode()
    assert "wa.me/6281234567890?text=Yth." in html
    assert token not in html


def test_change_is_suggested_after_a_change_and_cancellation_after_cancelling(staff, event, organizer, camat):
    mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp")
    assert "Kirim perubahan" not in staff.get(page(event)).content.decode()
    change_event(event=event, by=organizer, venue="Balai Desa Dungus")
    assert "Kirim perubahan" in staff.get(page(event)).content.decode()
    cancel_event(event=event, by=organizer, reason="Banjir.")
    html = staff.get(page(event)).content.decode()
    assert "Kirim pembatalan" in html
    assert "Kirim perubahan" not in html


def test_one_tap_marks_and_another_takes_back(staff, event, organizer, camat):
    told = reverse("events:invitation_told", args=[event.code])
    htmx = {"HX-Request": "true"}
    html = staff.post(told, {"satu": camat.pk, "lewat": "whatsapp"}, headers=htmx).content.decode()
    assert "Terkirim" in html
    assert "<html" not in html
    assert again(camat).invitation == "sent"
    untold = reverse("events:invitation_untold", args=[event.code, camat.pk])
    html = staff.post(untold, {"sebelum": ""}, headers=htmx).content.decode()
    assert "Tandai terkirim" in html
    assert again(camat).invitation == "none"


def test_ticked_people_are_marked_without_script(staff, event, organizer):
    people = [AttendeeFactory(event=event) for _ in range(2)]
    response = staff.post(
        reverse("events:invitation_told", args=[event.code]),
        {"pilih": [person.pk for person in people] + ["bukan-id"], "keadaan": NO_ANSWER},
        follow=True,
    )
    assert "2 peserta ditandai terkirim." in response.content.decode()
    assert response.request["QUERY_STRING"] == f"keadaan={NO_ANSWER}"


def test_nobody_ticked_is_said(staff, event):
    response = staff.post(reverse("events:invitation_told", args=[event.code]), follow=True)
    assert "Belum ada peserta yang dipilih" in response.content.decode()


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "²"])
def test_odd_value_of_what_was_known_is_no_error(staff, event, camat, organizer, before):
    mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp")
    untold = reverse("events:invitation_untold", args=[event.code, camat.pk])
    assert staff.post(untold, {"sebelum": before}).status_code == 302
    assert again(camat).invitation == "none"


def test_answer_by_telephone_names_the_representative(staff, event, camat):
    url = reverse("events:invitation_answer", args=[event.code, camat.pk])
    wrong = staff.post(url, {"answer": "represented", "position": "Sekretaris Kecamatan"})
    assert "Tuliskan nama yang mewakili." in wrong.content.decode()
    assert "Sekretaris Kecamatan" in wrong.content.decode()
    staff.post(url, {"answer": "represented", "name": SEKCAM.name, "position": SEKCAM.position})
    assert again(camat).full_name == SEKCAM.name
    assert "mewakili Drs. Camat Contoh, Camat" in staff.get(page(event)).content.decode()


def test_answer_after_the_start_is_refused_beside_the_form(staff, event, camat):
    Event.objects.filter(pk=event.pk).update(state="running")
    url = reverse("events:invitation_answer", args=[event.code, camat.pk])
    response = staff.post(url, {"answer": "coming"})
    assert answers.TOO_LATE in response.content.decode()


def test_operator_reads_but_finds_no_telephone_number(client, event, operator, camat, organizer):
    mark_told(event=event, attendees=[camat], by=organizer, channel="WhatsApp")
    client.force_login(operator)
    html = client.get(page(event)).content.decode()
    assert "Camat Contoh" in html
    assert "6281234567890" not in html


def test_calendar_number_is_what_was_told(event):
    assert calendar_entry.sequence_of(event) == 1
    assert calendar_entry.sequence_of(Event()) == 0
