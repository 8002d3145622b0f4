"""What tablets hand in and a person must decide: held records, second outcomes and clocks that differ (KIOSK §8)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import audit
from declarations import kiosk_batch, signing
from declarations.models import Declaration, KioskItem, Signature
from events.attendees import withdraw_attendee
from events.models import AttendanceRecord, Device, Event
from tests.declarations import day, factories
from tests.declarations.tablets import Paired, verdicts

pytestmark = pytest.mark.django_db


# -- held --------------------------------------------------------------------------------------------------------


def test_paper_of_another_event_is_held_with_its_record(paper, tablet):
    stranger = day.open_paper(1)
    record = tablet.signs(day.rows(paper)[0], declaration=stranger.pk)

    [result] = tablet.hand_in(record)

    kept = KioskItem.objects.get(item_id=record.id)
    assert (result.status, result.codes, bytes(kept.record)) == ("held", ["unknown_declaration"], record.raw)
    assert Signature.objects.count() == 0
    assert list(KioskItem.objects.open_questions(paper.event)) == [kept]


def test_text_changed_while_offline_is_held_with_the_hash_of_the_old_one(paper, tablet):
    row = day.rows(paper)[0]

    [result] = tablet.hand_in(tablet.signs(row, text_sha256="f" * 64))

    row.refresh_from_db()
    assert (result.status, result.codes, row.outcome) == ("held", ["text_mismatch"], "pending")
    assert Signature.objects.get().text_sha256 == "f" * 64
    assert KioskItem.objects.open_questions(paper.event).count() == 0  # asked beside the signature


def test_unknown_person_is_held(paper, tablet):
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")

    assert verdicts(tablet.hand_in(tablet.signs(day.rows(paper)[0], attendee=stranger.pk))) == [
        ("held", "unknown_attendee")
    ]


def test_person_removed_while_offline_is_held(paper, tablet):
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=audit.SYSTEM)

    assert verdicts(tablet.hand_in(tablet.signs(row))) == [("held", "attendee_removed")]


def test_person_who_is_not_on_this_paper_is_held(paper, tablet):
    other = factories.attendee(paper.event, full_name="Tamu (contoh)")

    assert verdicts(tablet.hand_in(tablet.signs(day.rows(paper)[0], attendee=other.pk))) == [
        ("held", "not_assigned")
    ]


def test_cancelled_event_holds_everything_but_the_probe(paper, tablet):
    row = day.rows(paper)[0]
    records = [tablet.signs(row), tablet.arrives(row.attendee), tablet.probe()]
    Event.objects.filter(pk=paper.event_id).update(state="cancelled")

    assert verdicts(tablet.hand_in(*records)) == [
        ("held", "event_cancelled"),
        ("held", "event_cancelled"),
        ("stored", ""),
    ]


def test_event_closed_while_offline_counts_by_the_time_of_signing(paper, tablet):
    first, second = day.rows(paper)[:2]
    closed = signing.close_signing(declaration=paper, by=audit.SYSTEM).closed_at
    early, late = closed + timedelta(minutes=14), closed + timedelta(minutes=16)

    results = tablet.hand_in(
        tablet.signs(first, at=early), tablet.signs(second, at=late), now=closed + timedelta(hours=5)
    )

    assert verdicts(results) == [("stored", "offline"), ("held", "after_close")]


def test_after_the_seal_everything_is_held(paper, tablet):
    Declaration.objects.filter(pk=paper.pk).update(state="sealing")

    assert verdicts(tablet.hand_in(tablet.signs(day.rows(paper)[0]))) == [("held", "after_seal")]


@pytest.mark.parametrize("column", ["draining_at", "cut_off_at"])
def test_what_was_signed_after_the_tablet_was_withdrawn_is_held(paper, tablet, column):
    first, second = day.rows(paper)[:2]
    moment = timezone.now()
    Device.objects.filter(pk=tablet.device).update(**{column: moment})
    records = [
        tablet.signs(first, at=moment - timedelta(minutes=1)),
        tablet.signs(second, at=moment + timedelta(minutes=1)),
    ]

    results = tablet.hand_in(*records, now=moment + timedelta(minutes=2))

    assert verdicts(results) == [("stored", "offline"), ("held", "after_revocation")]


def test_sequence_number_used_by_another_record_is_held(paper, tablet):
    first, second = day.rows(paper)[:2]
    tablet.hand_in(tablet.signs(first))
    tablet.seq -= 1

    assert verdicts(tablet.hand_in(tablet.signs(second))) == [("held", "seq_reuse")]


def test_sequence_number_used_twice_in_one_batch_is_held(paper, tablet):
    first, second = day.rows(paper)[:2]
    record = tablet.signs(first)
    tablet.seq -= 1

    assert verdicts(tablet.hand_in(record, tablet.signs(second))) == [("stored", ""), ("held", "seq_reuse")]


# -- a second outcome --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("signs", "signs", "second_outcome"),
        ("refuses", "signs", "after_refusal"),
        ("signs", "refuses", "refusal_after_signature"),
    ],
)
def test_two_tablets_same_person(paper, tablet, first, second, code):
    row, other = day.rows(paper)[0], Paired(paper.event, "Meja 2")
    kept = getattr(tablet, first)(row)
    tablet.hand_in(kept)

    [result] = other.hand_in(getattr(other, second)(row))

    assert (result.status, result.codes) == ("conflict", [code])
    assert [signature.pk for signature in paper.signatures.valid()] == [kept.id]
    assert AttendanceRecord.objects.count() == 1


def test_person_who_signed_online_and_at_a_tablet_waits_for_a_decision(paper, tablet):
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row))

    assert verdicts(tablet.hand_in(tablet.signs(row))) == [("conflict", "second_outcome")]


def test_writer_past_the_lock_makes_the_slower_one_a_conflict(paper, tablet, monkeypatch):
    """Behind the locks stands the constraint; who loses the race is classified once more."""
    row = day.rows(paper)[0]
    real, slipped = kiosk_batch.admit, []

    def admit_while_another_writes(*args, **options):
        if not slipped:
            slipped.append(day.hand_in(paper, day.record(row, 2)))
        return real(*args, **options)

    monkeypatch.setattr(kiosk_batch, "admit", admit_while_another_writes)

    assert verdicts(tablet.hand_in(tablet.signs(row))) == [("conflict", "second_outcome")]
    assert paper.signatures.valid().count() == 1


# -- clocks ------------------------------------------------------------------------------------------------------


def test_both_offsets_agree_and_the_one_at_signing_decides(paper, tablet):
    now = timezone.now()
    device_clock = now - timedelta(hours=3)  # the tablet is three hours slow and knows it
    record = tablet.signs(day.rows(paper)[0], at=device_clock, clock=3 * 3600 * 1000)

    [result] = tablet.hand_in(
        record, sent=device_clock + timedelta(seconds=30), now=now + timedelta(seconds=30)
    )

    signature = Signature.objects.get()
    assert result.codes == []
    assert signature.signed_at == record.signed_at_device + timedelta(hours=3)
    assert signature.sync_offset_ms == 3 * 3600 * 1000


def test_clock_changed_midday_is_estimated_by_the_batch_and_flagged(paper, tablet):
    now = timezone.now()
    record = tablet.signs(day.rows(paper)[0], at=now - timedelta(minutes=40))

    [result] = tablet.hand_in(record, sent=now - timedelta(minutes=10), now=now)

    signature = Signature.objects.get()
    assert result.codes == ["clock_uncertain", "offline", "before_open"]
    assert signature.signed_at == record.signed_at_device + timedelta(minutes=10)


def test_impossible_estimate_does_not_count(paper, tablet):
    """The clock stood in 1970 while signing and was put right before sending."""
    now = timezone.now()
    in_1970 = now.replace(year=1970)
    record = tablet.signs(day.rows(paper)[0], at=in_1970, clock=round((now - in_1970).total_seconds() * 1000))

    [result] = tablet.hand_in(record, sent=now, now=now)

    assert (result.status, result.codes) == ("stored", ["clock_uncertain"])
    assert abs(Signature.objects.get().signed_at - now) < timedelta(seconds=1)


def test_after_close_needs_both_estimates_too_late(paper, tablet):
    first, second = day.rows(paper)[:2]
    closed = signing.close_signing(declaration=paper, by=audit.SYSTEM).closed_at
    now = closed + timedelta(hours=2)
    one_early = tablet.signs(first, at=closed + timedelta(minutes=5))
    both_late = tablet.signs(second, at=closed + timedelta(minutes=30))

    results = tablet.hand_in(one_early, both_late, sent=now - timedelta(minutes=20), now=now)

    assert verdicts(results) == [("stored", "clock_uncertain"), ("held", "after_close")]
