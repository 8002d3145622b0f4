"""*Perlu ditinjau* of a whole event: signatures that were held, of whom they are, and which of two counts."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import review, review_words, signing
from declarations.classification import MESSAGES
from declarations.review_list import question_about
from events.models import Attendee, Event
from tests.accounts.factories import organizer_of
from tests.declarations import day, factories
from tests.declarations.doubtful import (
    ACCEPTED,
    BY,
    HELD,
    REASON,
    attendee_removed,
    close_long_ago,
    name_of,
    not_assigned,
    page,
    resolve,
    stored,
    unknown_attendee,
    walk_in_matches_roster,
)
from tests.declarations.tablets import verdicts

pytestmark = pytest.mark.django_db


# -- every code of a held signature -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", HELD, ids=name_of)
def test_held_record_is_explained_in_words_with_choices(paper, tablet, case):
    record = case(paper, tablet)

    assert verdicts(tablet.hand_in(record)) == [("held", case.__name__)]

    paper.refresh_from_db()
    question = question_about(stored(record), paper.event)
    assert question.why == MESSAGES[case.__name__]
    assert question.advice == review_words.HELD[case.__name__]
    assert "revoke" in [choice.value for choice in question.choices]
    assert all(choice.effect.endswith(".") for choice in question.choices)


@pytest.mark.parametrize("case", ACCEPTED, ids=name_of)
def test_held_record_that_is_accepted_counts(paper, tablet, case):
    record = case(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record))

    signature = stored(record)
    assert (signature.status, signature.status_reason) == ("valid", REASON)
    row = paper.signatories.current().get(attendee=signature.signatory.attendee)
    assert (row.outcome, row.attendee.is_withdrawn) == ("signed", False)
    assert review.open_questions_of(paper.event) == 0


@pytest.mark.parametrize("case", HELD, ids=name_of)
def test_held_record_that_is_revoked_stays_and_no_longer_waits(paper, tablet, case):
    record = case(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record), "revoke")

    assert (stored(record).status, bytes(stored(record).record)) == ("revoked", record.raw)
    assert review.open_questions_of(paper.event) == 0
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 1


def test_every_code_of_intake_has_its_words():
    quarantine = {"unreadable", "invalid_record", "bad_device_signature", "id_reuse"}
    items = {"unknown_declaration", "void_too_late"}
    nothing_kept = {"unknown_key", "unsupported_version", "busy", "store_failed"}
    decided = {"voided"}
    explained = {*review_words.HELD, *review_words.CONFLICTS, *review_words.QUARANTINE}
    assert quarantine == set(review_words.QUARANTINE)
    assert set(MESSAGES) - items - nothing_kept - decided == explained


# -- who it is ---------------------------------------------------------------------------------------------------


def test_walk_in_is_joined_with_the_person_of_the_list(paper, tablet):
    record = walk_in_matches_roster(paper, tablet)
    tablet.hand_in(record)
    row = day.rows(paper)[0]
    assert question_about(stored(record), paper.event).people[0] == row.attendee

    resolve(stored(record), person=row.attendee)

    row.refresh_from_db()
    assert (stored(record).signatory, row.outcome, row.name) == (row, "signed", "Peserta A (contoh)")
    assert Attendee.objects.filter(event=paper.event).count() == 3


def test_walk_in_is_kept_apart_as_a_person_of_their_own(paper, tablet):
    record = walk_in_matches_roster(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record), "apart")

    person = Attendee.objects.get(pk=record.attendee)
    assert (person.source, stored(record).signatory.attendee) == ("walk_in", person)
    outcomes = [row.outcome for row in day.rows(paper)]
    assert sorted(outcomes) == ["pending", "pending", "pending", "signed"]


def test_second_record_of_a_walk_in_who_was_kept_apart_needs_no_choice_any_more(paper, tablet):
    other = factories.declaration(paper.event, text_version=factories.approved_text(title="Ikrar (contoh)"))
    signing.open_signing(declaration=other, by=BY)
    first = walk_in_matches_roster(paper, tablet)
    person = first.data["signatory"]
    second = tablet.walk_in(other, person["name"], attendee=str(first.attendee), signatory=person)
    tablet.hand_in(first, second)
    resolve(stored(first), "apart")

    question = question_about(stored(second), paper.event)
    assert [choice.value for choice in question.choices] == ["accept", "revoke"]
    resolve(stored(second))

    assert stored(second).signatory.attendee_id == first.attendee
    assert Attendee.objects.filter(full_name="Peserta A (contoh)").count() == 2


def test_nobody_of_the_event_is_kept_apart_from_themselves(paper, tablet):
    record = not_assigned(paper, tablet)
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="sudah ada di daftar"):
        resolve(stored(record), "apart")


def test_unknown_person_becomes_a_new_one_under_a_number_of_their_own(paper, tablet):
    record = unknown_attendee(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record), "apart")

    person = stored(record).signatory.attendee
    assert (person.event, person.pk != record.attendee) == (paper.event, True)
    assert person.full_name == "Peserta A (contoh)"


def test_unknown_person_is_not_guessed(paper, tablet):
    record = unknown_attendee(paper, tablet)
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="Pilih nama penanda tangan"):
        resolve(stored(record))


def test_nobody_is_added_to_an_archived_event(paper, tablet):
    record = walk_in_matches_roster(paper, tablet)
    tablet.hand_in(record)
    Event.objects.filter(pk=paper.event_id).update(state="archived")

    with pytest.raises(Refusal, match="diarsipkan"):
        resolve(stored(record), "apart")


def test_removed_person_is_back_on_the_list_also_after_the_event(paper, tablet):
    record = attendee_removed(paper, tablet)
    tablet.hand_in(record)
    signing.close_signing(declaration=paper, by=BY)
    Event.objects.filter(pk=paper.event_id).update(state="closed", closed_at=timezone.now())

    resolve(stored(record))

    assert not Attendee.objects.get(pk=record.attendee).is_withdrawn
    assert AuditEntry.objects.get(verb="attendee.restored").facts["reason"] == REASON


# -- text changed while offline ----------------------------------------------------------------------------------


def test_old_text_is_shown_word_for_word_by_its_hash(client, paper, tablet):
    old = factories.approved_text(title="Deklarasi lama (contoh)", points=["Butir lama yang ditandatangani."])
    record = tablet.signs(day.rows(paper)[0], text_sha256=old.sha256)
    assert verdicts(tablet.hand_in(record)) == [("held", "text_mismatch")]

    assert question_about(stored(record), paper.event).text == old
    client.force_login(organizer_of(paper.event.office))
    html = client.get(page(paper)).content.decode()
    assert "Butir lama yang ditandatangani." in html
    assert old.sha256 in html
    with pytest.raises(Refusal, match="lain bunyinya"):
        resolve(stored(record))


# -- conflicts ---------------------------------------------------------------------------------------------------


def test_signature_after_a_refusal_is_settled_with_one_click(client, paper, tablet):
    row = day.rows(paper)[0]
    refusal, signature = tablet.refuses(row), tablet.signs(row)
    assert verdicts(tablet.hand_in(refusal, signature))[1] == ("conflict", "after_refusal")
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()
    reason = review_words.CONFLICTS["after_refusal"].usual_reason
    assert f'value="{reason}"' in html
    url = reverse("declarations:review_resolve", args=[paper.pk, signature.id])
    response = client.post(url, {"keputusan": "accept", "alasan": reason, "kembali": page(paper)})

    row.refresh_from_db()
    assert (response.url, row.outcome) == (page(paper), "signed")
    assert (stored(refusal).status, stored(signature).status) == ("revoked", "valid")


@pytest.mark.parametrize("code", ["second_outcome", "after_refusal", "refusal_after_signature"])
def test_conflicts_can_keep_the_first(paper, tablet, code):
    row = day.rows(paper)[0]
    make = {
        "second_outcome": (tablet.signs, tablet.signs),
        "after_refusal": (tablet.refuses, tablet.signs),
        "refusal_after_signature": (tablet.signs, tablet.refuses),
    }
    first, second = (each(row) for each in make[code])
    assert verdicts(tablet.hand_in(first, second))[1] == ("conflict", code)
    assert "keep" in [choice.value for choice in question_about(stored(second), paper.event).choices]

    resolve(stored(second), "keep")

    assert (stored(first).status, stored(second).status) == ("valid", "conflict")
    assert review.open_questions_of(paper.event) == 0


def test_accepting_a_held_record_says_that_it_replaces_the_one_that_counts(paper, tablet):
    row = day.rows(paper)[0]
    tablet.hand_in(tablet.signs(row))
    close_long_ago(paper)
    late = tablet.signs(row, 2)
    tablet.hand_in(late)

    question = question_about(stored(late), paper.event)

    accept = next(choice for choice in question.choices if choice.value == "accept")
    assert accept.effect.endswith("Catatan yang berlaku sekarang dibatalkan.")
    assert (question.first.paper, question.now.paper) == ("Versi 1", "Versi 1")
