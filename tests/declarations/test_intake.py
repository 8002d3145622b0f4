"""What signing pages hand over is stored and classified; nothing stored ever changes (KIOSK §8)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.canonical import canonical_bytes, parse_canonical
from accounts.models import AuditEntry
from declarations import intake, signing
from declarations.evidence import MAX_BYTES
from declarations.models import Declaration, InboxItem, Signatory, Signature
from declarations.sample_strokes import sample_signature
from events.attendees import withdraw_attendee
from events.models import AttendanceRecord, Event
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db


def verdict(result):
    return result.status, result.code


def broken(record, **changes) -> bytes:
    """The bytes of a record with some fields changed behind the schema's back."""
    return canonical_bytes({**parse_canonical(record.raw), **changes})


# -- what counts -------------------------------------------------------------------------------------------------


def test_signature_counts_and_marks_the_person_as_signed():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    record = day.record(row)

    [result] = day.hand_in(paper, record)

    row.refresh_from_db()
    assert verdict(result) == ("stored", "")
    assert result.message == "Tersimpan."
    assert result.record_sha256 == record.sha256
    assert bytes(Signature.objects.get(pk=record.id).record) == record.raw
    assert (row.outcome, row.outcome_at) == ("signed", record.signed_at_device)


def test_signature_also_notes_that_the_person_is_here():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    record = day.record(row)

    day.hand_in(paper, record)

    arrival = AttendanceRecord.objects.get()
    assert (arrival.pk, arrival.attendee_id, arrival.method) == (record.id, row.attendee_id, "tanda_tangan")


def test_refusal_counts_like_a_signature_and_carries_no_ink():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]

    [result] = day.hand_in(paper, day.refusal(row))

    row.refresh_from_db()
    assert (result.status, row.outcome) == ("stored", "refused")
    assert result.signature.strokes is None


def test_person_marked_absent_may_still_sign():
    paper = day.open_paper(1)
    row = signing.mark_outcome(signatory=day.rows(paper)[0], outcome="absent", by=factories.audit.SYSTEM)

    [result] = day.hand_in(paper, day.record(row))

    row.refresh_from_db()
    assert (result.status, row.outcome) == ("stored", "signed")


def test_one_audit_entry_tells_what_became_of_the_batch():
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    records = [day.record(first), day.record(second, text_sha256="0" * 64)]

    day.hand_in(paper, *records)

    entry = AuditEntry.objects.get(verb="signature.received")
    assert [(item["id"], item["status"], item["code"]) for item in entry.facts["items"]] == [
        (str(records[0].id), "stored", ""),
        (str(records[1].id), "held", "text_mismatch"),
    ]


def test_representative_is_recorded_with_both_names():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    record = day.record(
        row,
        capacity="on_behalf_of",
        signatory={
            "name": "Wakil (contoh)",
            "category": "pns",
            "position": "Sekretaris Desa",
            "agency": "Desa Betiting",
        },
        on_behalf_of={"name": row.name, "position": row.position, "letter_no": "094/12/2024"},
    )

    [result] = day.hand_in(paper, record)

    row.refresh_from_db()
    assert (row.name, row.position, row.capacity) == ("Wakil (contoh)", "Sekretaris Desa", "on_behalf_of")
    assert (row.agency, result.signature.flags) == ("Desa Betiting", [])
    assert row.on_behalf_of_name == "Peserta A (contoh)"
    assert (row.on_behalf_of_position, row.letter_no) == ("Kepala Seksi", "094/12/2024")


def test_post_without_a_name_takes_the_name_from_the_record():
    event = day.running_event()
    factories.attendee(event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    paper = day.open_paper(0, event=event)
    row = day.rows(paper)[0]
    person = {"name": "Nur Aini (contoh)", "category": "kepala_desa", "position": row.position}

    day.hand_in(paper, day.record(row, signatory=person))

    row.refresh_from_db()
    assert row.name == "Nur Aini (contoh)"


def test_remarks_never_change_the_verdict():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    late = day.record(
        row,
        at=timezone.now() - timedelta(minutes=10),
        signatory={"name": "Nama Lain (contoh)", "category": "pns"},
    )

    [result] = day.hand_in(paper, late)

    assert result.status == "stored"
    assert result.signature.flags == ["clock_uncertain", "offline", "name_differs"]
    assert row.attendee.attendance_records.get().offline


def test_far_clock_is_replaced_by_the_hour_of_arrival():
    paper = day.open_paper(1)
    before = timezone.now()

    [result] = day.hand_in(paper, day.record(day.rows(paper)[0], at=before - timedelta(days=400)))

    assert before <= result.signature.signed_at <= timezone.now()
    assert result.signature.signed_at_device < before - timedelta(days=399)


# -- the same again ----------------------------------------------------------------------------------------------


def test_same_bytes_again_give_the_first_receipt_and_change_nothing():
    paper = day.open_paper(1)
    record = day.record(day.rows(paper)[0])
    [first] = day.hand_in(paper, record)
    entries = AuditEntry.objects.count()

    [second] = day.hand_in(paper, record)

    assert second == first._replace(status="duplicate", message="Sudah tersimpan sebelumnya.")
    assert (Signature.objects.count(), AttendanceRecord.objects.count()) == (1, 1)
    assert AuditEntry.objects.count() == entries


def test_same_bytes_twice_in_one_batch_are_stored_once():
    paper = day.open_paper(1)
    record = day.record(day.rows(paper)[0])

    results = day.hand_in(paper, record, record)

    assert [result.status for result in results] == ["stored", "duplicate"]
    assert Signature.objects.count() == 1


def test_number_used_again_with_other_bytes_is_kept_aside():
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    record = day.record(first)
    other = day.record(second, id=record.id)
    day.hand_in(paper, record)

    [result] = day.hand_in(paper, other)

    second.refresh_from_db()
    assert verdict(result) == ("quarantined", "id_reuse")
    assert bytes(InboxItem.objects.get().body) == other.raw
    assert bytes(Signature.objects.get().record) == record.raw
    assert second.outcome == "pending"


def test_number_used_twice_within_one_batch_is_kept_aside():
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    record = day.record(first)

    results = day.hand_in(paper, record, day.record(second, id=record.id))

    assert [verdict(result) for result in results] == [("stored", ""), ("quarantined", "id_reuse")]


# -- a second outcome --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (day.record, day.record, "second_outcome"),
        (day.refusal, day.refusal, "second_outcome"),
        (day.refusal, day.record, "after_refusal"),
        (day.record, day.refusal, "refusal_after_signature"),
    ],
)
def test_second_outcome_waits_beside_the_first(first, second, code):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    kept = first(row)
    day.hand_in(paper, kept)
    row.refresh_from_db()
    outcome = row.outcome

    [result] = day.hand_in(paper, second(row))

    row.refresh_from_db()
    assert verdict(result) == ("conflict", code)
    assert result.message == "Tersimpan. Petugas akan meninjau."
    assert row.outcome == outcome
    assert [s.pk for s in paper.signatures.valid()] == [kept.id]
    assert AttendanceRecord.objects.count() == 1


def test_second_outcome_in_the_same_batch_waits_as_well():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]

    results = day.hand_in(paper, day.record(row), day.refusal(row))

    assert [verdict(result) for result in results] == [
        ("stored", ""),
        ("conflict", "refusal_after_signature"),
    ]


# -- held --------------------------------------------------------------------------------------------------------


def test_forged_text_is_held_and_counts_for_nothing():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]

    [result] = day.hand_in(paper, day.record(row, text_sha256="f" * 64))

    row.refresh_from_db()
    assert verdict(result) == ("held", "text_mismatch")
    assert (row.outcome, AttendanceRecord.objects.count()) == ("pending", 0)


def test_unknown_person_is_held_without_a_row():
    paper = day.open_paper(1)
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")

    [result] = day.hand_in(paper, day.record(day.rows(paper)[0], attendee=stranger.pk))

    assert verdict(result) == ("held", "unknown_attendee")
    assert result.signature.signatory is None


def test_person_taken_off_the_list_of_attendees_is_held():
    paper = day.open_paper(2)
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=factories.audit.SYSTEM)

    [result] = day.hand_in(paper, day.record(row))

    assert verdict(result) == ("held", "attendee_removed")


def test_person_of_the_event_who_is_not_on_this_paper_is_held():
    paper = day.open_paper(1)
    other = factories.attendee(paper.event, full_name="Tamu (contoh)")

    [result] = day.hand_in(paper, day.record(day.rows(paper)[0], attendee=other.pk))

    assert verdict(result) == ("held", "not_assigned")


def test_signature_before_opening_is_held():
    paper = factories.declaration(day.running_event())
    day.people(paper.event, 1)
    signing.enroll_signatories(declaration=paper, by=factories.audit.SYSTEM)

    [result] = day.hand_in(paper, day.record(day.rows(paper)[0]))

    assert verdict(result) == ("held", "before_open")


@pytest.mark.parametrize(("minutes", "expected"), [(14, ("stored", "")), (16, ("held", "after_close"))])
def test_queue_has_fifteen_minutes_after_closing(time_machine, minutes, expected):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    signing.close_signing(declaration=paper, by=factories.audit.SYSTEM)
    time_machine.move_to(timezone.now() + timedelta(minutes=minutes))

    [result] = day.hand_in(paper, day.record(row))

    assert verdict(result) == expected


def test_clock_set_back_does_not_sneak_in_after_closing(time_machine):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    signing.close_signing(declaration=paper, by=factories.audit.SYSTEM)
    closed = timezone.now()
    time_machine.move_to(closed + timedelta(hours=2))

    [result] = day.hand_in(paper, day.record(row, at=closed - timedelta(minutes=1)))

    assert verdict(result) == ("held", "after_close")


def test_signature_after_the_seal_is_held():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    Declaration.objects.filter(pk=paper.pk).update(state="sealing")

    [result] = day.hand_in(paper, day.record(row))

    assert verdict(result) == ("held", "after_seal")


def test_signature_for_a_cancelled_event_is_held():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    Event.objects.filter(pk=paper.event_id).update(state="cancelled")

    [result] = day.hand_in(paper, day.record(row))

    assert verdict(result) == ("held", "event_cancelled")


# -- bytes that are no record ------------------------------------------------------------------------------------


def unreadable_bodies():
    yield "no JSON", lambda row: b"\x00\xff not json", "unreadable"
    yield "empty", lambda row: b"", "unreadable"
    yield "a list", lambda row: b"[1,2]", "unreadable"
    yield "white space", lambda row: day.record(row).raw + b" ", "unreadable"
    yield "one key twice", lambda row: b'{"v":1,"v":1}', "unreadable"
    yield "a float", lambda row: b'{"v":1.5}', "unreadable"
    yield "unknown field", lambda row: broken(day.record(row), photo="x"), "invalid_record"
    yield "no consent", lambda row: broken(day.record(row), agree=False), "invalid_record"
    yield "trailing bytes", lambda row: broken(day.record(row), strokes=trailing()), "invalid_record"
    yield "too many points", lambda row: broken(day.record(row), strokes="A" * 50_000), "invalid_record"
    yield (
        "text hash of another shape",
        lambda row: broken(day.record(row), text_sha256="xyz"),
        "invalid_record",
    )
    yield "another paper", lambda row: day.record(row, declaration=row.pk).raw, "invalid_record"
    yield "another event", lambda row: day.record(row, event=row.pk).raw, "invalid_record"


def trailing() -> str:
    from accounts.canonical import b64u

    return b64u(sample_signature(1) + b"\x00")


@pytest.mark.parametrize(
    ("make", "code"), [pytest.param(make, code, id=name) for name, make, code in unreadable_bodies()]
)
def test_bytes_that_are_no_record_are_kept_with_a_reason(make, code):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    body = make(row)

    [result] = day.hand_in(paper, body)

    item = InboxItem.objects.get()
    row.refresh_from_db()
    assert verdict(result) == ("quarantined", code)
    assert (result.signature, result.record_sha256) == (None, "")
    assert (bytes(item.body), item.code, item.message) == (body, code, result.message)
    assert (row.outcome, Signature.objects.count()) == ("pending", 0)


def test_unreadable_bytes_again_are_kept_once():
    paper = day.open_paper(1)
    day.hand_in(paper, b"x")
    entries = AuditEntry.objects.count()

    [result] = day.hand_in(paper, b"x")

    assert result.status == "quarantined"
    assert (InboxItem.objects.count(), AuditEntry.objects.count()) == (1, entries)


def test_one_bad_body_does_not_hold_up_the_others():
    paper = day.open_paper(2)
    first, second = day.rows(paper)

    results = day.hand_in(paper, day.record(first), b"?", day.record(second))

    assert [result.status for result in results] == ["stored", "quarantined", "stored"]


def test_two_megabytes_never_get_as_far_as_the_parser():
    paper = day.open_paper(1)

    with pytest.raises(ValueError, match="64 KB"):
        day.hand_in(paper, b"0" * (MAX_BYTES + 1))


# -- the database keeps its promises -----------------------------------------------------------------------------


def test_second_valid_signature_of_a_person_is_impossible():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row), day.record(row))
    conflict = paper.signatures.get(status="conflict")

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=conflict.pk).update(status="valid")


def test_query_count_same_for_1_and_50():
    asked = {}
    for count in (1, 50):
        event = day.running_event()
        for number in range(count):
            factories.attendee(event, full_name=f"Peserta {number} (contoh)")
        paper = day.open_paper(0, event=event)
        records = [day.record(row) for row in day.rows(paper)]
        with CaptureQueriesContext(connection) as queries:
            results = day.hand_in(paper, *records)
        assert [result.status for result in results] == ["stored"] * count
        assert event.attendees.exclude(first_seen_at=None).count() == count
        asked[count] = len(queries)

    assert asked[50] == asked[1]


def test_only_records_of_this_paper_decide_about_its_people():
    event = day.running_event()
    first = day.open_paper(1, event=event)
    second = day.open_paper(0, event=event)
    day.hand_in(first, day.record(day.rows(first)[0]))

    [result] = day.hand_in(second, day.record(day.rows(second)[0]))

    assert result.status == "stored"
    assert Signatory.objects.signed().count() == 2


def test_answers_exist_for_every_code():
    codes = {"second_outcome", "after_refusal", "refusal_after_signature", "before_open", "after_seal"}
    assert codes <= set(intake.MESSAGES)
