"""What tablets hand in: opened, checked, stored and classified; the receipt says so (KIOSK §8)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.canonical import b64u, unb64u
from accounts.models import AuditEntry
from declarations import kiosk_batch, signing
from declarations.evidence import sha256_hex
from declarations.kiosk_intake import take_in_items
from declarations.models import Declaration, KioskItem, Signature
from events.attendees import withdraw_attendee
from events.keys import destroy_event_key
from events.models import AttendanceRecord, Attendee, Device, Event
from tests.declarations import day, factories, tablets
from tests.declarations.tablets import Paired, statuses, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return day.open_paper(3)


@pytest.fixture
def tablet(paper):
    return Paired(paper.event)


# -- what counts -------------------------------------------------------------------------------------------------


def test_sealed_signature_counts_and_its_receipt_proves_that_it_was_read(paper, tablet):
    row = day.rows(paper)[0]
    record = tablet.signs(row)
    [item] = tablet.sealed(record)

    [result] = tablet.hand_in(item)

    row.refresh_from_db()
    signature = Signature.objects.get(pk=record.id)
    kept = KioskItem.objects.get(item_id=record.id)
    assert (result.id, result.status, result.codes, result.was) == (str(record.id), "stored", [], "")
    assert result.receipt == {
        "sealed_sha256": sha256_hex(unb64u(item["c"])),
        "record_sha256": record.sha256,
        "received_at": result.receipt["received_at"],
        "n": kept.n,
    }
    assert (row.outcome, signature.status, signature.channel) == ("signed", "valid", "kiosk")
    assert (signature.device, signature.device_seq) == (tablet.device, 1)
    assert signature.prev_hash == record.data["prev_hash"]
    assert bytes(signature.record) == record.raw
    assert (bytes(kept.sealed), kept.record, kept.status) == (unb64u(item["c"]), None, "stored")


def test_device_signature_is_kept_and_speaks_for_the_record(paper, tablet):
    from declarations.envelope import is_signed

    record = tablet.signs(day.rows(paper)[0])
    tablet.hand_in(record)

    signature = Signature.objects.get(pk=record.id)

    assert is_signed(bytes(signature.record), bytes(signature.device_signature), tablet.public)


def test_signature_of_a_tablet_also_notes_the_arrival(paper, tablet):
    row = day.rows(paper)[0]
    record = tablet.signs(row)

    tablet.hand_in(record)

    arrival = AttendanceRecord.objects.get()
    assert (arrival.pk, arrival.attendee_id, arrival.method) == (record.id, row.attendee_id, "tanda_tangan")
    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at == arrival.occurred_at


def test_refusal_counts_like_a_signature(paper, tablet):
    row = day.rows(paper)[0]

    [result] = tablet.hand_in(tablet.refuses(row))

    row.refresh_from_db()
    assert (result.status, row.outcome) == ("stored", "refused")


def test_probe_turns_a_paired_tablet_active():
    tablet = Paired(day.running_event(), probed=False)

    results = tablet.hand_in(tablet.probe())

    device = tablets.device_of(tablet)
    assert (statuses(results), device.state, device.chain_seq) == (["stored"], "active", 1)
    assert bytes(KioskItem.objects.get().record) != b""


def test_probe_does_not_wake_a_withdrawn_tablet():
    tablet = Paired(day.running_event(), probed=False, state="draining", draining_at=timezone.now())

    results = tablet.hand_in(tablet.probe())

    assert (statuses(results), tablets.device_of(tablet).state) == (["stored"], "draining")


def test_one_batch_may_hold_records_of_several_papers():
    event = day.running_event()
    first = day.open_paper(1, event=event)
    second = day.open_paper(0, event=event)
    tablet = Paired(event)

    results = tablet.hand_in(tablet.signs(day.rows(first)[0]), tablet.signs(day.rows(second)[0]))

    assert statuses(results) == ["stored", "stored"]
    assert (first.signatures.valid().count(), second.signatures.valid().count()) == (1, 1)


def test_one_audit_entry_tells_what_became_of_the_batch(paper, tablet):
    first, second = day.rows(paper)[:2]
    records = [tablet.signs(first), tablet.signs(second, text_sha256="0" * 64)]

    tablet.hand_in(*records)

    entry = AuditEntry.objects.filter(verb="kiosk.items_received").latest("seq")
    assert (entry.actor_kind, entry.actor_id, entry.object_id) == (
        "device",
        str(tablet.device),
        str(tablet.device),
    )
    assert [(item["id"], item["status"], item["code"]) for item in entry.facts["items"]] == [
        (str(records[0].id), "stored", ""),
        (str(records[1].id), "held", "text_mismatch"),
    ]


def test_query_count_same_for_1_and_50():
    asked = {}
    for count in (1, 50):
        event = day.running_event()
        for number in range(count):
            factories.attendee(event, full_name=f"Peserta {number} (contoh)")
        paper = day.open_paper(0, event=event)
        tablet = Paired(event)
        items = tablet.sealed(*[tablet.signs(row) for row in day.rows(paper)])
        with CaptureQueriesContext(connection) as queries:
            results = tablet.hand_in(*items)
        assert statuses(results) == ["stored"] * count
        assert event.attendees.exclude(first_seen_at=None).count() == count
        asked[count] = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]][
            1:
        ]  # the device itself

    assert len(asked[50]) == len(asked[1])
    assert len(asked[50]) <= 16, "\n".join(sql[:150] for sql in asked[50])


# -- the same again ----------------------------------------------------------------------------------------------


def test_same_item_again_gives_the_first_receipt_and_changes_nothing(paper, tablet):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    [first] = tablet.hand_in(*items)
    entries, rows = AuditEntry.objects.count(), KioskItem.objects.count()

    [again] = tablet.hand_in(*items, now=timezone.now() + timedelta(days=3))

    assert again == first._replace(status="duplicate", was="stored")
    assert (AuditEntry.objects.count(), KioskItem.objects.count(), Signature.objects.count()) == (
        entries,
        rows,
        1,
    )


def test_same_item_twice_in_one_batch_is_stored_once(paper, tablet):
    [item] = tablet.sealed(tablet.signs(day.rows(paper)[0]))

    first, again = tablet.hand_in(item, item)

    assert (first.status, again.status, again.was) == ("stored", "duplicate", "stored")
    assert first.receipt == again.receipt
    assert Signature.objects.count() == 1


def test_repetition_of_a_held_record_says_what_it_was(paper, tablet):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0], text_sha256="0" * 64))
    tablet.hand_in(*items)

    [again] = tablet.hand_in(*items)

    assert (again.status, again.was, again.codes) == ("duplicate", "held", ["text_mismatch"])


def test_commit_before_reply(paper, tablet, monkeypatch):
    """A server that dies while it makes its answer has committed: the tablet sends again and hears `duplicate`."""
    from declarations import kiosk_intake

    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    with monkeypatch.context() as patch:
        patch.setattr(kiosk_intake, "result_of", lambda work: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tablet.hand_in(*items)

    [again] = tablet.hand_in(*items)

    assert (again.status, again.was) == ("duplicate", "stored")
    assert Signature.objects.count() == 1


# -- bytes that cannot be used -----------------------------------------------------------------------------------


def test_item_that_cannot_be_opened_is_kept_with_its_bytes(paper, tablet):
    [item] = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    sealed = unb64u(item["c"])
    broken = {**item, "c": b64u(sealed[:-1] + bytes([sealed[-1] ^ 1]))}

    [result] = tablet.hand_in(broken)

    kept = KioskItem.objects.get(item_id=item["id"])
    assert (result.status, result.codes) == ("quarantined", ["unreadable"])
    assert "record_sha256" not in result.receipt
    assert (bytes(kept.sealed), kept.seq, kept.kind) == (unb64u(broken["c"]), 1, "")
    assert list(KioskItem.objects.open_questions(paper.event)) == [kept]


def test_item_of_another_tablet_cannot_be_opened_and_takes_nothing_from_it(paper, tablet):
    other = Paired(paper.event, "Meja 2")
    [item] = other.sealed(other.signs(day.rows(paper)[0]))

    assert verdicts(tablet.hand_in(item)) == [("quarantined", "unreadable")]
    assert verdicts(other.hand_in(item)) == [("stored", "")]
    assert verdicts(tablet.hand_in(item)) == [("quarantined", "id_reuse")]
    assert Signature.objects.get().device == other.device


def test_record_signed_by_another_key_is_quarantined(paper, tablet):
    from cryptography.hazmat.primitives.asymmetric import ec

    record = tablet.signs(day.rows(paper)[0])
    tablet.private = ec.generate_private_key(ec.SECP256R1())

    [result] = tablet.hand_in(record)

    assert (result.status, result.codes) == ("quarantined", ["bad_device_signature"])
    assert (Signature.objects.count(), tablets.device_of(tablet).chain_seq) == (0, 1)


@pytest.mark.parametrize("changes", [{"seq": 7}, {"id": tablets.new_person()}])
def test_envelope_that_says_something_else_than_the_record_is_quarantined(paper, tablet, changes):
    [item] = tablet.sealed(tablet.signs(day.rows(paper)[0]))

    [result] = tablet.hand_in({**item, **changes})

    assert result.status == "quarantined"
    assert Signature.objects.count() == 0


def test_record_of_another_event_is_quarantined(paper, tablet):
    record = tablet.signs(day.rows(paper)[0])
    tablet.seq, tablet.link = 1, bytes.fromhex(record.data["prev_hash"])
    foreign = tablet.record({**record.data, "event": tablet.device, "salt": None, "id": None} | new_ones())

    assert verdicts(tablet.hand_in(foreign)) == [("quarantined", "invalid_record")]


def new_ones():
    return {"id": tablets.new_person(), "salt": b"0" * 16}


def test_number_used_again_with_other_bytes_is_kept_beside_the_first(paper, tablet):
    first, second = day.rows(paper)[:2]
    record = tablet.signs(first)
    tablet.hand_in(record)

    [result] = tablet.hand_in(tablet.signs(second, id=record.id))

    second.refresh_from_db()
    assert (result.status, result.codes) == ("quarantined", ["id_reuse"])
    assert KioskItem.objects.filter(item_id=record.id).count() == 2
    assert (second.outcome, bytes(Signature.objects.get().record)) == ("pending", record.raw)


def test_number_used_again_stays_quarantined_however_often_it_comes(paper, tablet):
    first, second = day.rows(paper)[:2]
    record = tablet.signs(first)
    items = tablet.sealed(record, tablet.signs(second, id=record.id))

    assert verdicts(tablet.hand_in(*items)) == [("stored", ""), ("quarantined", "id_reuse")]
    assert verdicts(tablet.hand_in(*items)) == [("duplicate", ""), ("quarantined", "id_reuse")]
    assert KioskItem.objects.filter(item_id=record.id).count() == 2


def test_number_of_a_signature_from_the_page_is_not_taken_over(paper, tablet):
    first, second = day.rows(paper)[:2]
    online = day.record(first)
    day.hand_in(paper, online)

    assert verdicts(tablet.hand_in(tablet.signs(second, id=online.id))) == [("quarantined", "id_reuse")]
    assert bytes(Signature.objects.get().record) == online.raw


def test_unreadable_item_is_tried_again_and_its_row_updated(paper, tablet):
    """The bytes were fine; this server could not make sense of them yet."""
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    right = bytes(tablet.row.public_key)
    Device.objects.filter(pk=tablet.device).update(public_key=Paired(paper.event, "Meja 9").public)
    [first] = tablet.hand_in(*items)
    Device.objects.filter(pk=tablet.device).update(public_key=right)

    [again] = tablet.hand_in(*items)

    assert (first.status, again.status) == ("quarantined", "stored")
    assert (again.receipt["n"], again.receipt["received_at"]) == (
        first.receipt["n"],
        first.receipt["received_at"],
    )
    assert (Signature.objects.count(), tablets.device_of(tablet).chain_seq) == (1, 2)
    assert KioskItem.objects.get(item_id=items[0]["id"]).status == "stored"


def test_quarantined_item_again_leaves_no_second_line_in_the_log(paper, tablet):
    [item] = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    broken = {**item, "c": "AAAA"}
    [first] = tablet.hand_in(broken)
    entries = AuditEntry.objects.count()

    [again] = tablet.hand_in(broken)

    assert again == first
    assert AuditEntry.objects.count() == entries


# -- nothing was kept --------------------------------------------------------------------------------------------


def test_unknown_key_keeps_the_item_on_the_tablet(paper, tablet):
    [item] = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    before = KioskItem.objects.count()

    [result] = tablet.hand_in({**item, "kid": "e9"})

    assert (result.status, result.codes, result.receipt) == ("retry", ["unknown_key"], None)
    assert KioskItem.objects.count() == before


def test_destroyed_key_is_unknown_but_what_was_read_stays_known(paper, tablet):
    known, new = tablet.sealed(tablet.signs(day.rows(paper)[0]), tablet.signs(day.rows(paper)[1]))
    tablet.hand_in(known)
    destroy_event_key(key=tablet.key, by=audit.SYSTEM)

    assert verdicts(tablet.hand_in(known, new)) == [("duplicate", ""), ("retry", "unknown_key")]


def test_record_of_a_newer_app_waits_for_a_newer_server(paper, tablet, monkeypatch):
    from declarations import evidence, records

    with monkeypatch.context() as newer:
        newer.setattr(records, "VERSION", 2)
        newer.setattr(evidence, "VERSION", 2)
        items = tablet.sealed(tablet.signs(day.rows(paper)[0], v=2))

    assert verdicts(tablet.hand_in(*items)) == [("retry", "unsupported_version")]


def test_poison_item_does_not_stop_batch(paper, tablet, monkeypatch):
    """An item on which the database chokes is left out by itself; the others are in, the tablet keeps this one."""
    records = [tablet.signs(row) for row in day.rows(paper)]
    real = kiosk_batch.store

    def choking(entries, known, now):
        if any(entry.record.id == records[1].id for entry in entries):
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO declarations_kioskitem (n) VALUES (NULL)")
        return real(entries, known, now)

    monkeypatch.setattr(kiosk_batch, "store", choking)
    results = tablet.hand_in(*records)

    assert verdicts(results) == [("stored", ""), ("retry", "store_failed"), ("stored", "")]
    assert results[1].receipt is None
    assert set(Signature.objects.values_list("pk", flat=True)) == {records[0].id, records[2].id}
    monkeypatch.undo()
    assert statuses(tablet.hand_in(records[1])) == ["stored"]
    assert tablets.device_of(tablet).chain_seq == 4


def test_busy_database_asks_the_tablet_to_come_again(paper, tablet, monkeypatch):
    from django.db import OperationalError

    def locked(*args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(kiosk_batch, "store", locked)

    assert verdicts(tablet.hand_in(tablet.signs(day.rows(paper)[0]))) == [("retry", "busy")]


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


# -- remarks -----------------------------------------------------------------------------------------------------


def test_weak_and_renamed_signature_counts_with_remarks(paper, tablet):
    row = day.rows(paper)[0]
    person = {"name": "Nama Lain (contoh)", "category": "pns"}

    [result] = tablet.hand_in(tablet.signs(row, weak=True, signatory=person))

    assert (result.status, result.codes) == ("stored", ["weak", "name_differs"])


# -- the door ----------------------------------------------------------------------------------------------------


def test_rescue_file_is_taken_in_by_a_person_for_a_cut_off_tablet(paper, tablet):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    Device.objects.filter(pk=tablet.device).update(state="revoked", revoked_at=timezone.now())
    officer = tablets.officer()

    results = tablet.hand_in(*items, via="rescue", by=officer)

    kept = KioskItem.objects.get(item_id=items[0]["id"])
    entry = AuditEntry.objects.filter(verb="kiosk.items_received").latest("seq")
    assert (statuses(results), kept.via, kept.operator) == (["stored"], "rescue", officer)
    assert (entry.actor_kind, entry.facts["via"]) == ("user", "rescue")
    assert Signature.objects.get().operator is None


def test_rescue_file_after_the_tablet_sent_changes_nothing(paper, tablet):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    tablet.hand_in(*items)
    entries = AuditEntry.objects.count()

    assert statuses(tablet.hand_in(*items, via="rescue", by=tablets.officer())) == ["duplicate"]
    assert AuditEntry.objects.count() == entries


def test_empty_batch_is_answered_with_nothing(tablet):
    assert (
        take_in_items([], device=tablet.row, via="sync", by=tablet.row, sent_at_device=timezone.now()) == []
    )
