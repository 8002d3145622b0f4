"""What tablets hand in: opened, checked, stored once and classified; the receipt says so (KIOSK §8)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.canonical import unb64u
from accounts.models import AuditEntry
from declarations.evidence import sha256_hex
from declarations.kiosk_intake import take_in_items
from declarations.models import KioskItem, Signature
from events.models import AttendanceRecord, Attendee, Device
from tests.declarations import day, factories, tablets
from tests.declarations.tablets import Paired, statuses

pytestmark = pytest.mark.django_db


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
