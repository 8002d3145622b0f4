"""Decisions about two outcomes of one person: with a reason, in the log, and nothing is deleted."""

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import review
from declarations.models import Declaration, InboxItem, Signature
from events.attendees import change_attendee
from tests.declarations import day, factories
from tests.declarations.conflicts import BY, conflict, resolve, resolve_state

pytestmark = pytest.mark.django_db


# -- two outcomes of one person ----------------------------------------------------------------------------------


def test_accepting_the_later_one_revokes_the_first():
    paper = day.open_paper(1)
    row, first, later = conflict(paper, day.refusal, day.record)

    resolve(later, "accept")

    for item in (row, first, later):
        item.refresh_from_db()
    assert (first.status, later.status, row.outcome) == ("revoked", "valid", "signed")
    assert (first.status_reason, later.status_reason) == ("Diperiksa dengan orangnya",) * 2
    assert review.open_questions(paper) == 0


def test_keeping_the_first_leaves_both_as_they_are():
    paper = day.open_paper(1)
    row, first, later = conflict(paper)

    resolve(later, "keep")

    for item in (row, first, later):
        item.refresh_from_db()
    assert (first.status, later.status, row.outcome) == ("valid", "conflict", "signed")
    assert later.decided_at is not None
    assert review.open_questions(paper) == 0


def test_revoking_the_later_one_settles_the_question():
    paper = day.open_paper(1)
    _, first, later = conflict(paper)

    resolve(later, "revoke")

    assert (resolve_state(first), resolve_state(later)) == ("valid", "revoked")
    assert review.open_questions(paper) == 0


def test_revoking_what_counts_sets_the_person_back():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))

    resolve(result.signature, "revoke", "Salah orang")

    row.refresh_from_db()
    assert (row.outcome, row.outcome_at) == ("pending", None)
    [again] = day.hand_in(paper, day.record(row))
    assert again.status == "stored"


def test_content_of_a_signature_survives_every_decision():
    paper = day.open_paper(1)
    _, first, later = conflict(paper)
    before = {s.pk: (bytes(s.record), s.record_sha256) for s in Signature.objects.all()}

    resolve(later, "accept")
    resolve(first, "accept")

    assert {s.pk: (bytes(s.record), s.record_sha256) for s in Signature.objects.all()} == before


# -- who stood in goes with the signature ------------------------------------------------------------------------


def stood_in(row):
    """A signature that somebody else made for the person of the row."""
    return day.record(
        row,
        capacity="on_behalf_of",
        signatory={"name": "Wakil (contoh)", "category": "pns", "position": "Sekretaris Desa"},
        on_behalf_of={"name": row.name, "position": row.position, "letter_no": "094/12/2024"},
    )


def printed(row) -> tuple:
    row.refresh_from_db()
    return row.name, row.position, row.capacity, row.on_behalf_of_name, row.letter_no, row.outcome


def test_stand_in_is_gone_when_the_signature_is_revoked():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, stood_in(row))

    resolve(result.signature, "revoke", "Pejabatnya datang sendiri")

    assert printed(row) == ("Peserta A (contoh)", "Kepala Seksi", "self", "", "", "pending")
    [own] = day.hand_in(paper, day.record(row))
    assert printed(row) == ("Peserta A (contoh)", "Kepala Seksi", "self", "", "", "signed")
    assert own.signature.flags == []


def test_own_signature_accepted_instead_of_the_stand_in_bears_the_own_name():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    _, own = day.hand_in(paper, stood_in(row), day.record(row))

    resolve(own.signature, "accept")

    assert printed(row) == ("Peserta A (contoh)", "Kepala Seksi", "self", "", "", "signed")


def test_name_that_came_with_a_revoked_signature_is_taken_off_the_post():
    event = day.running_event()
    factories.attendee(event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    paper = day.open_paper(0, event=event)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row, signatory={"name": "Keliru", "category": "kepala_desa"}))

    resolve(result.signature, "revoke", "Salah orang")

    row.refresh_from_db()
    assert (row.name, row.outcome) == ("", "pending")


def test_name_printed_under_a_signature_survives_a_later_rename_and_a_decision():
    paper = day.open_paper(1)
    row, _, later = conflict(paper, day.refusal, day.record)
    change_attendee(attendee=row.attendee, full_name="Nama Baru (contoh)", by=BY)

    resolve(later, "accept")

    row.refresh_from_db()
    assert (row.name, row.outcome) == ("Peserta A (contoh)", "signed")


# -- what refuses ------------------------------------------------------------------------------------------------


def test_decision_without_a_reason_is_refused():
    _, _, later = conflict(day.open_paper(1))

    with pytest.raises(Refusal, match="Tuliskan alasan"):
        resolve(later, "accept", "  ")
    assert resolve_state(later) == "conflict"


def test_only_doubles_can_keep_the_first():
    paper = day.open_paper(1)
    [result] = day.hand_in(paper, day.record(day.rows(paper)[0]))

    with pytest.raises(Refusal, match="ganda"):
        resolve(result.signature, "keep")


@pytest.mark.parametrize(
    ("decision", "words"),
    [("accept", "sudah berlaku"), ("revoke", "sudah dibatalkan"), ("keep", "sudah dipertahankan")],
)
def test_same_decision_twice_is_refused(decision, words):
    _, _, later = conflict(day.open_paper(1))
    resolve(later, decision)

    with pytest.raises(Refusal, match=words):
        resolve(later, decision)


def test_nothing_is_decided_while_the_paper_is_being_sealed():
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    Declaration.objects.filter(pk=paper.pk).update(state="sealing")

    with pytest.raises(Refusal, match="sedang disegel"):
        resolve(later, "accept")


def test_every_decision_is_in_the_log():
    _, first, later = conflict(day.open_paper(1))

    resolve(later, "accept", "Benar orangnya")

    entry = AuditEntry.objects.get(verb="signature.reviewed")
    assert entry.facts == {
        "decision": "accept",
        "reason": "Benar orangnya",
        "counts_for": str(later.signatory_id),
        "changes": {"status": ["conflict", "valid"]},
    }
    assert AuditEntry.objects.get(verb="signature.replaced").object_id == str(first.pk)


def test_unreadable_body_is_settled_once_and_stays():
    paper = day.open_paper(1)
    day.hand_in(paper, b"?")
    item = InboxItem.objects.get()

    review.settle_item(item=item, reason="Percobaan jaringan", by=BY)
    review.settle_item(item=item, reason="Lagi", by=BY)

    item.refresh_from_db()
    assert (item.resolution, bytes(item.body)) == ("Percobaan jaringan", b"?")
    assert review.open_questions(paper) == 0
