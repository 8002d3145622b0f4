"""Decisions about held records: who came late, who was not on the paper, and what never counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.refusals import Refusal
from declarations import review, signing
from declarations.models import Declaration
from events.attendees import withdraw_attendee
from events.models import AttendanceRecord, Event
from tests.declarations import day, factories
from tests.declarations.conflicts import BY, resolve, resolve_state

pytestmark = pytest.mark.django_db


def test_accepted_latecomer_counts():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    Declaration.objects.filter(pk=paper.pk).update(state="draft")
    [held] = day.hand_in(paper, day.record(row))
    Declaration.objects.filter(pk=paper.pk).update(state="open")

    resolve(held.signature, "accept")

    row.refresh_from_db()
    assert (resolve_state(held.signature), row.outcome) == ("valid", "signed")


def late(paper):
    """A signature that came in after closing and waits."""
    signing.close_signing(declaration=paper, by=BY)
    Declaration.objects.filter(pk=paper.pk).update(closed_at=timezone.now() - timedelta(hours=1))
    paper.refresh_from_db()
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0]))
    return held.signature


def test_accepted_latecomer_is_in_the_attendance():
    paper = day.open_paper(1)
    signature = late(paper)
    assert (signature.status, AttendanceRecord.objects.count()) == ("held", 0)

    resolve(signature, "accept")

    arrival = AttendanceRecord.objects.get()
    assert (arrival.pk, arrival.method, arrival.occurred_at, arrival.successful) == (
        signature.pk,
        "tanda_tangan",
        signature.signed_at,
        True,
    )
    assert arrival.attendee.first_seen_at == signature.signed_at


def test_signature_accepted_again_is_the_same_arrival():
    paper = day.open_paper(1)
    [result] = day.hand_in(paper, day.record(day.rows(paper)[0]))

    resolve(result.signature, "revoke")
    resolve(result.signature, "accept")

    assert AttendanceRecord.objects.get().pk == result.id


@pytest.mark.parametrize("state", ["draft", "scheduled", "cancelled"])
def test_decision_neither_starts_an_event_nor_fails_on_one_that_never_was(state):
    paper = day.open_paper(1)
    signature = late(paper)
    Event.objects.filter(pk=paper.event_id).update(state=state)

    resolve(signature, "accept")

    assert resolve_state(signature) == "valid"
    assert (Event.objects.get().state, AttendanceRecord.objects.count()) == (state, 0)


def test_accepted_guest_gets_a_row_on_the_paper():
    paper = day.open_paper(1)
    guest = factories.attendee(paper.event, full_name="Tamu (contoh)")
    person = {"name": "Tamu (contoh)", "category": "pns"}
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0], attendee=guest.pk, signatory=person))

    resolve(held.signature, "accept")

    row = paper.signatories.get(attendee=guest)
    assert (row.name, row.outcome) == ("Tamu (contoh)", "signed")


def test_unknown_person_is_accepted_as_somebody_of_the_list_only():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")
    [held] = day.hand_in(paper, day.record(row, attendee=stranger.pk))

    with pytest.raises(Refusal, match="Pilih nama penanda tangan"):
        resolve(held.signature, "accept")
    resolve(held.signature, "accept", signatory=row)

    row.refresh_from_db()
    assert row.outcome == "signed"


def test_person_of_the_event_never_counts_as_somebody_else():
    paper = day.open_paper(2)
    listed, other = day.rows(paper)
    guest = factories.attendee(paper.event, full_name="Tamu (contoh)")
    person = {"name": "Tamu (contoh)", "category": "pns"}
    [held] = day.hand_in(paper, day.record(listed, attendee=guest.pk, signatory=person))

    with pytest.raises(Refusal, match="milik Tamu"):
        resolve(held.signature, "accept", signatory=other)

    other.refresh_from_db()
    assert (resolve_state(held.signature), other.outcome) == ("held", "pending")
    assert not paper.signatories.filter(attendee=guest).exists()


def test_signature_under_another_text_never_counts_on_this_paper():
    paper = day.open_paper(1)
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0], text_sha256="0" * 64))

    with pytest.raises(Refusal, match="lain bunyinya"):
        resolve(held.signature, "accept")
    resolve(held.signature, "revoke")

    assert (resolve_state(held.signature), review.open_questions(paper)) == ("revoked", 0)


def test_row_of_another_paper_is_no_answer():
    paper = day.open_paper(1)
    other = day.rows(day.open_paper(1))[0]
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0], attendee=stranger.pk))

    with pytest.raises(Refusal):
        resolve(held.signature, "accept", signatory=other)


def test_removed_person_is_accepted_after_all():
    paper = day.open_paper(2)
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=BY)
    [held] = day.hand_in(paper, day.record(row))

    resolve(held.signature, "accept")

    row.refresh_from_db()
    assert row.outcome == "signed"
