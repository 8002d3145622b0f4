"""What tablets hand in and nobody can use yet: kept with its bytes, or left with the tablet (KIOSK §8)."""

import pytest
from django.db import connection

from accounts import audit
from accounts.canonical import b64u, unb64u
from accounts.models import AuditEntry
from declarations import kiosk_batch
from declarations.models import KioskItem, Signature
from events.keys import destroy_event_key
from events.models import Device
from tests.declarations import day, tablets
from tests.declarations.tablets import Paired, statuses, verdicts

pytestmark = pytest.mark.django_db


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
