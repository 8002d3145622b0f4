"""*Salah orang*: a tablet takes back its own record, in whatever order things arrive (KIOSK §8.2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import audit
from declarations import review, signing
from declarations.models import Declaration, KioskItem, Signature
from events.models import AttendanceRecord, Attendee
from tests.declarations import day, factories, tablets
from tests.declarations.tablets import Paired, statuses, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return day.open_paper(2)


def standing(*records) -> list[str]:
    return [Signature.objects.get(pk=record.id).status for record in records]


def outcome(row) -> str:
    row.refresh_from_db()
    return row.outcome


def test_void_frees_name(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(row)
    tablet.hand_in(wrong)

    assert statuses(tablet.hand_in(tablet.void(wrong))) == ["stored"]

    signature = Signature.objects.get(pk=wrong.id)
    assert (signature.status, signature.code, outcome(row)) == ("revoked", "voided", "pending")
    assert bytes(signature.record) == wrong.raw
    assert statuses(tablet.hand_in(tablet.signs(row))) == ["stored"]


def test_void_takes_the_arrival_back_with_it(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(row)
    tablet.hand_in(wrong, tablet.arrives(day.rows(paper)[1].attendee))

    tablet.hand_in(tablet.void(wrong))

    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at is None
    assert [record.kind for record in AttendanceRecord.objects.filter(attendee=row.attendee_id)] == [
        "masuk",
        "koreksi",
    ]
    assert Attendee.objects.exclude(first_seen_at=None).count() == 1


def test_voided_record_that_staff_accept_after_all_counts_as_an_arrival_again(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(row)
    tablet.hand_in(wrong)
    tablet.hand_in(tablet.void(wrong))

    review.resolve(
        signature=Signature.objects.get(pk=wrong.id), decision="accept", reason="Keliru", by=audit.SYSTEM
    )
    person = Attendee.objects.get(pk=row.attendee_id)
    assert person.first_seen_at == Signature.objects.get(pk=wrong.id).signed_at

    tablet.hand_in(tablet.void(wrong))
    person.refresh_from_db()
    assert (outcome(row), person.first_seen_at) == ("pending", None)


def test_void_leaves_an_arrival_at_the_desk_alone(paper, tablet):
    row = day.rows(paper)[0]
    arrival, wrong = tablet.arrives(row.attendee), tablet.signs(row)
    tablet.hand_in(arrival, wrong)

    tablet.hand_in(tablet.void(wrong))

    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at == arrival.signed_at_device


def test_void_before_target(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(row)
    void = tablet.void(wrong)
    assert statuses(tablet.hand_in(void)) == ["stored"]
    assert KioskItem.objects.get(item_id=void.id).applied_at is None

    assert statuses(tablet.hand_in(wrong)) == ["stored"]

    assert (standing(wrong), outcome(row)) == (["revoked"], "pending")
    assert KioskItem.objects.get(item_id=void.id).applied_at is not None
    assert AttendanceRecord.objects.count() == 0


def test_void_and_the_right_signature_in_one_batch(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(row)
    void, right = tablet.void(wrong), tablet.signs(row, 2)

    results = tablet.hand_in(right, void, wrong)

    assert statuses(results) == ["stored", "stored", "stored"]
    assert (standing(wrong, right), outcome(row)) == (["revoked", "valid"], "signed")


def test_void_lets_the_one_waiting_record_of_the_tablet_count(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(row)
    void, right = tablet.void(wrong), tablet.refuses(row)
    tablet.hand_in(wrong)
    assert verdicts(tablet.hand_in(right)) == [("conflict", "refusal_after_signature")]

    tablet.hand_in(void)

    assert (standing(wrong, right), outcome(row)) == (["revoked", "valid"], "refused")
    assert Signature.objects.get(pk=right.id).code == ""
    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at == right.signed_at_device
    assert review.open_questions(paper) == 0


def test_two_voids_in_one_batch_leave_nothing_of_a_record_that_counted_only_in_between(paper, tablet):
    row = day.rows(paper)[0]
    first, second = tablet.signs(row), tablet.signs(row, 2)
    tablet.hand_in(first)
    tablet.hand_in(second)

    tablet.hand_in(tablet.void(first), tablet.void(second))

    assert standing(first, second) == ["revoked", "revoked"]
    assert outcome(row) == "pending"
    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at is None


def test_two_voids_and_the_right_signature_in_one_batch_keep_its_own_hour(paper, tablet):
    row = day.rows(paper)[0]
    first, second = tablet.signs(row), tablet.signs(row, 2)
    tablet.hand_in(first)
    tablet.hand_in(second)
    right = tablet.signs(row, 3)

    tablet.hand_in(tablet.void(first), tablet.void(second), right)

    assert standing(first, second, right) == ["revoked", "revoked", "valid"]
    signed_at = Signature.objects.get(pk=right.id).signed_at
    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at == signed_at


def test_void_does_not_choose_between_two_waiting_records(paper, tablet):
    row = day.rows(paper)[0]
    wrong, one, two = (tablet.signs(row, seed) for seed in (1, 2, 3))
    tablet.hand_in(wrong, one, two)

    tablet.hand_in(tablet.void(wrong))

    assert (standing(wrong, one, two), outcome(row)) == (["revoked", "conflict", "conflict"], "pending")


def test_void_lets_an_earlier_record_count_that_arrived_after_the_voided_one(paper, tablet):
    row = day.rows(paper)[0]
    right, wrong = tablet.signs(row), tablet.signs(row, 2)
    tablet.hand_in(wrong)
    tablet.hand_in(right)

    tablet.hand_in(tablet.void(wrong))

    assert (standing(right, wrong), outcome(row)) == (["valid", "revoked"], "signed")


def test_void_does_not_bring_back_what_a_person_has_decided(paper, tablet):
    row = day.rows(paper)[0]
    wrong, second = tablet.signs(row), tablet.signs(row, 2)
    tablet.hand_in(wrong, second)
    conflict = Signature.objects.get(pk=second.id)
    review.resolve(signature=conflict, decision="keep", reason="Sudah ada", by=tablets.officer())

    tablet.hand_in(tablet.void(wrong))

    assert (standing(wrong, second), outcome(row)) == (["revoked", "conflict"], "pending")


def test_void_leaves_the_record_of_another_tablet_to_people(paper, tablet):
    row, other = day.rows(paper)[0], Paired(paper.event, "Meja 2")
    wrong, theirs = tablet.signs(row), other.signs(row)
    tablet.hand_in(wrong)
    other.hand_in(theirs)

    tablet.hand_in(tablet.void(wrong))

    assert standing(wrong, theirs) == ["revoked", "conflict"]


def test_void_of_another_tablets_record_is_held(paper, tablet):
    row, other = day.rows(paper)[0], Paired(paper.event, "Meja 2")
    record = tablet.signs(row)
    tablet.hand_in(record)

    void = other.void(record)

    assert verdicts(other.hand_in(void)) == [("held", "void_too_late")]
    assert (standing(record), outcome(row)) == (["valid"], "signed")
    assert [item.item_id for item in KioskItem.objects.open_questions(paper.event)] == [void.id]


def test_void_of_an_arrival_is_held(paper, tablet):
    arrival = tablet.arrives(day.rows(paper)[0].attendee)
    tablet.hand_in(arrival)

    assert verdicts(tablet.hand_in(tablet.void(arrival))) == [("held", "void_too_late")]
    assert AttendanceRecord.objects.count() == 1


def test_void_of_an_arrival_is_held_also_when_it_comes_first(paper, tablet):
    arrival = tablet.arrives(day.rows(paper)[0].attendee)
    void = tablet.void(arrival)
    tablet.hand_in(void)

    tablet.hand_in(arrival)

    kept = KioskItem.objects.get(item_id=void.id)
    assert (kept.status, kept.code, AttendanceRecord.objects.count()) == ("held", "void_too_late", 1)


def test_void_after_closing_is_held(paper, tablet):
    row = day.rows(paper)[0]
    record = tablet.signs(row)
    tablet.hand_in(record)
    closed = signing.close_signing(declaration=paper, by=audit.SYSTEM).closed_at
    late = tablet.record(
        {"kind": "void", "target": record.id, "reason": "test"}, at=closed + timedelta(minutes=16)
    )

    assert verdicts(tablet.hand_in(late, now=closed + timedelta(hours=1))) == [("held", "void_too_late")]
    assert (standing(record), outcome(row)) == (["valid"], "signed")


def test_void_made_before_closing_counts_when_it_comes_later(paper, tablet):
    """The signature it takes back counts by the same clock."""
    row = day.rows(paper)[0]
    record = tablet.signs(row)
    void = tablet.void(record)
    closed = signing.close_signing(declaration=paper, by=audit.SYSTEM).closed_at

    results = tablet.hand_in(record, void, now=closed + timedelta(hours=5))

    assert statuses(results) == ["stored", "stored"]
    assert (standing(record), outcome(row)) == (["revoked"], "pending")


def test_void_of_a_sealed_paper_is_held(paper, tablet):
    record = tablet.signs(day.rows(paper)[0])
    tablet.hand_in(record)
    Declaration.objects.filter(pk=paper.pk).update(state="sealing")

    assert verdicts(tablet.hand_in(tablet.void(record))) == [("held", "void_too_late")]
    assert standing(record) == ["valid"]


def test_void_of_a_held_record_settles_the_question(paper, tablet):
    record = tablet.signs(day.rows(paper)[0], text_sha256="0" * 64)
    tablet.hand_in(record)
    assert review.open_questions(paper) == 1

    tablet.hand_in(tablet.void(record))

    assert (standing(record), review.open_questions(paper)) == (["revoked"], 0)


def test_void_gives_a_post_its_namelessness_back():
    event = day.running_event()
    factories.attendee(event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    paper = day.open_paper(0, event=event)
    row, tablet = day.rows(paper)[0], Paired(event)
    person = {"name": "Orang Lain (contoh)", "category": "kepala_desa", "position": row.position}
    wrong = tablet.signs(row, signatory=person)
    tablet.hand_in(wrong)
    row.refresh_from_db()
    assert row.name == "Orang Lain (contoh)"

    tablet.hand_in(tablet.void(wrong))

    row.refresh_from_db()
    assert (row.name, row.outcome) == ("", "pending")


def test_void_gives_back_whom_a_representative_stood_for(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(
        row,
        capacity="on_behalf_of",
        signatory={"name": "Wakil (contoh)", "category": "pns"},
        on_behalf_of={"name": row.name},
    )
    tablet.hand_in(wrong)

    tablet.hand_in(tablet.void(wrong))

    row.refresh_from_db()
    assert (row.name, row.capacity, row.on_behalf_of_name) == ("Peserta A (contoh)", "self", "")


def test_void_sent_twice_changes_nothing_more(paper, tablet):
    row = day.rows(paper)[0]
    wrong = tablet.signs(row)
    items = tablet.sealed(wrong, tablet.void(wrong))
    tablet.hand_in(*items)
    right = tablet.signs(row, 2)
    tablet.hand_in(right)

    assert statuses(tablet.hand_in(*items)) == ["duplicate", "duplicate"]
    assert (standing(wrong, right), outcome(row)) == (["revoked", "valid"], "signed")
    assert timezone.now() > Signature.objects.get(pk=wrong.id).decided_at
