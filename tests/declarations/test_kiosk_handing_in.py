"""The tablet hands in, reports and lets go, through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.canonical import b64u
from declarations.evidence import format_time
from declarations.models import KioskItem, Signature
from events.devices import cut_off_device, drain_device
from events.keys import event_key
from events.models import Device, DeviceHeartbeat
from tests.accounts.factories import organizer_of
from tests.declarations import day
from tests.declarations.kiosk import Kiosk

pytestmark = pytest.mark.django_db
PROTO = {"proto": "netralitas-kiosk/1"}


@pytest.fixture
def paper():
    return day.open_paper(3)


@pytest.fixture
def kiosk(paper):
    kiosk = Kiosk(paper.event)
    kiosk.pair()
    return kiosk


def device_of(kiosk) -> Device:
    return Device.objects.get(pk=kiosk.tablet.device)


def items(kiosk, *records):
    key = event_key(event=kiosk.event, by=device_of(kiosk))
    return kiosk.tablet.items(records, key)


def signature(kiosk, row, **changes):
    fields = day.record(row).data
    own = ("v", "id", "salt", "event", "signed_at_device", "app")
    return kiosk.tablet.record({k: v for k, v in fields.items() if k not in own} | changes)


def sync(kiosk, *records, **changes):
    body = {
        "sent_at_device": format_time(timezone.now()),
        "app": "1.0.0+a",
        "pending": len(records),
        "next_seq": kiosk.tablet.seq,
        "items": items(kiosk, *records),
        **changes,
    }
    kiosk.ask("sync", body)
    return kiosk.reply


def beat(kiosk, **changes):
    body = {
        "sent_at_device": format_time(timezone.now()),
        "pending": 0,
        "next_seq": kiosk.tablet.seq,
        "link": kiosk.tablet.link.hex(),
        **changes,
    }
    kiosk.ask("heartbeat", body)
    return kiosk.reply


def unpair(kiosk, **changes):
    kiosk.ask("unpair", {"next_seq": kiosk.tablet.seq, "link": kiosk.tablet.link.hex(), **changes})
    return kiosk.reply


def test_probe_makes_the_tablet_active_and_signatures_are_answered_one_by_one(kiosk, paper):
    probe = kiosk.tablet.probe()
    reply = sync(kiosk, probe).json()
    assert (reply["device_state"], reply["results"][0]["status"]) == ("active", "stored")
    rows = day.rows(paper)
    records = [signature(kiosk, row) for row in rows]
    sealed = items(kiosk, *records)
    results = sync(kiosk, items=sealed).json()["results"]
    assert [(r["id"], r["status"]) for r in results] == [(str(record.id), "stored") for record in records]
    assert [r["receipt"]["record_sha256"] for r in results] == [record.sha256 for record in records]
    again = sync(kiosk, items=sealed).json()["results"]
    assert [(r["status"], r["was"]) for r in again] == [("duplicate", "stored")] * 3
    assert [r["receipt"] for r in again] == [r["receipt"] for r in results]
    assert Signature.objects.count() == 3


@pytest.mark.parametrize(
    "change",
    [
        {"items": []},
        {"items": [{"id": "x", "seq": 0, "kid": "e1", "c": "AA"}]},
        {"items": [{"id": "0198c0de-0000-7000-8000-000000000001", "seq": -1, "kid": "e1", "c": "AA"}]},
        {"items": [{"id": "0198c0de-0000-7000-8000-000000000001", "seq": 0, "kid": "e1", "c": "=="}]},
        {"proto": "lain/1"},
    ],
)
def test_batch_of_another_shape_is_refused_whole(kiosk, change):
    assert sync(kiosk, kiosk.tablet.probe(), **change).status_code == 422
    assert KioskItem.objects.count() == 0


def test_more_than_fifty_items_are_refused(kiosk):
    [item] = items(kiosk, kiosk.tablet.probe())
    assert sync(kiosk, items=[item] * 51).status_code == 422


def test_unreadable_item_is_kept_and_does_not_stop_the_next(kiosk, paper):
    good = items(kiosk, kiosk.tablet.probe())[0]
    bad = {**good, "id": "0198c0de-0000-7000-8000-000000000001", "seq": 9, "c": b64u(b"x" * 200)}
    results = sync(kiosk, items=[bad, good]).json()["results"]
    assert [r["status"] for r in results] == ["quarantined", "stored"]
    assert "record_sha256" not in results[0]["receipt"]


def test_unknown_key_asks_to_try_again_and_alarms(kiosk):
    [item] = items(kiosk, kiosk.tablet.probe())
    [result] = sync(kiosk, items=[{**item, "kid": "e9"}]).json()["results"]
    assert (result["status"], result["codes"]) == ("retry", ["unknown_key"])
    assert "receipt" not in result
    assert DeviceHeartbeat.objects.get().unknown_key == 1


def test_heartbeat_asks_for_numbers_that_are_missing(kiosk):
    records = [kiosk.tablet.probe() for _ in range(4)]
    sync(kiosk, records[0], records[3])
    reply = beat(kiosk, pending=2).json()
    assert reply["commands"] == [{"do": "resend", "seqs": [1, 2]}]
    assert (reply["device_state"], reply["signing"]) == ("active", "open")


def test_heartbeat_is_remembered_with_the_offset_of_the_clock(kiosk):
    sync(kiosk, kiosk.tablet.probe())
    beat(
        kiosk,
        pending=3,
        battery=64,
        free_mb=900,
        sent_at_device=format_time(timezone.now() + timedelta(hours=1)),
    )
    row = DeviceHeartbeat.objects.get()
    assert (row.pending, row.battery, row.free_mb) == (3, 64, 900)
    assert -3_700_000 < row.clock_offset_ms < -3_500_000


def test_unpairing_needs_the_whole_chain(kiosk):
    records = [kiosk.tablet.probe(), kiosk.tablet.probe()]
    sync(kiosk, records[0])
    refused = unpair(kiosk)
    assert (refused.status_code, refused.json()["error"], refused.json()["seqs"]) == (
        409,
        "missing_records",
        [1],
    )
    assert device_of(kiosk).retired_at is None
    sync(kiosk, records[1])
    assert unpair(kiosk).status_code == 200
    assert device_of(kiosk).retired_at is not None
    assert unpair(kiosk).status_code == 200  # the reply got lost
    assert sync(kiosk, records[1]).status_code == 410


def test_unpairing_by_force_needs_a_reason_and_counts_what_is_lost(kiosk):
    sync(kiosk, kiosk.tablet.probe())
    kiosk.tablet.probe(), kiosk.tablet.probe()
    beat(kiosk, pending=2)
    assert unpair(kiosk, forced=True).status_code == 409
    assert unpair(kiosk, forced=True, reason="Layar pecah").status_code == 200
    assert DeviceHeartbeat.objects.get().lost == 2


def test_another_link_at_the_end_is_not_let_go(kiosk):
    sync(kiosk, kiosk.tablet.probe())
    assert unpair(kiosk, link="0" * 64).status_code == 409


def test_withdrawn_tablet_hands_in_and_a_cut_off_one_does_not(kiosk, paper):
    sync(kiosk, kiosk.tablet.probe())
    officer = organizer_of(paper.event.office)
    drain_device(device=device_of(kiosk), by=officer)
    [row, *_] = day.rows(paper)
    record = signature(kiosk, row)
    assert sync(kiosk, record).json()["device_state"] == "draining"
    kiosk.ask("roster", method="get")
    assert kiosk.reply.status_code == 403
    cut_off_device(device=device_of(kiosk), by=officer, reason="Dicuri")
    for ask in (lambda: sync(kiosk, record), lambda: beat(kiosk), lambda: unpair(kiosk)):
        assert ask().status_code == 410


def test_unknown_token_gets_no_further(kiosk):
    probe = kiosk.tablet.probe()
    kiosk.token = "nk1_" + "x" * 43
    for answer in (sync(kiosk, probe), beat(kiosk), unpair(kiosk)):
        assert (answer.status_code, answer.json()["error"]) == (401, "unknown_token")
