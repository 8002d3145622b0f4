"""POST heartbeat, time and unpair: what a tablet says of itself, what it is told, and when it is let go."""

import pytest
import time_machine

from accounts import audit
from accounts.models import AuditEntry
from declarations import handing_in_api, kiosk_messages, signing
from events import devices
from events.models import DeviceHeartbeat
from tests.declarations.kiosk import junk
from tests.declarations.kiosk_answers import refused

pytestmark = pytest.mark.django_db


# -- heartbeat ---------------------------------------------------------------------------------------------------


def beat(kiosk, **changes) -> dict:
    reply = kiosk.beat(**changes)
    assert reply.status_code == 200, reply.content
    kiosk_messages.HeartbeatOut.model_validate(reply.json())
    return reply.json()


def commands(kiosk, **changes):
    return [command["do"] for command in beat(kiosk, **changes)["commands"]]


def test_heartbeat_is_kept_and_answered(active):
    seq = active.roster().json()["seq"]
    body = beat(
        active, roster_seq=seq, persisted=True, free_mb=5120, battery=63, operator="Sdr. Budi", ready=True
    )
    assert (body["device_state"], body["roster_seq"], body["signing"], body["commands"]) == (
        "active",
        seq,
        "open",
        [],
    )
    row = DeviceHeartbeat.objects.get()
    assert (row.battery, row.free_mb, row.operator, row.ready, row.next_seq) == (
        63,
        5120,
        "Sdr. Budi",
        True,
        1,
    )


def test_clock_of_the_tablet_is_measured(active):
    with time_machine.travel("2026-11-22T02:43:07.123Z", tick=False):
        beat(active)  # it says 02:41:07.123
    assert DeviceHeartbeat.objects.get().clock_offset_ms == 120_000


def test_missing_numbers_are_asked_for(active):
    records = [active.tablet.void(active.tablet.probe()) for _ in range(2)]  # 1 … 4
    active.send(records[0])
    body = beat(active, roster_seq=active.roster().json()["seq"])
    assert body["commands"] == [{"do": "resend", "seqs": [1, 3, 4]}]


def test_newer_roster_is_told_by_its_number(active):
    body = beat(active, roster_seq=1)
    assert (body["roster_seq"], body["commands"]) == (active.roster().json()["seq"], [])


def test_roster_from_before_a_restored_backup_is_asked_back(active):
    assert commands(active, roster_seq=9999) == ["refresh_roster"]


def test_closed_signing_is_told(active, paper):
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    assert beat(active)["signing"] == "closed"


def test_draining_tablet_is_told_to_wipe_its_roster_and_dies_empty(active):
    devices.drain_device(device=active.device, by=audit.SYSTEM)
    assert commands(active, pending=1, next_seq=2) == ["resend", "wipe_roster", "message"]
    body = beat(active)
    assert body["device_state"] == "draining"  # it once spoke of a second record
    active.send(active.tablet.void(active.tablet.probe()))


def test_empty_draining_tablet_is_revoked_by_its_heartbeat(active):
    devices.drain_device(device=active.device, by=audit.SYSTEM)
    assert beat(active)["device_state"] == "revoked"
    refused(active.beat(), 410, "revoked")
    assert active.unpair().status_code == 200  # the one thing left to do: the tablet wipes itself


def test_queue_that_vanished_is_counted(active):
    beat(active, pending=2, next_seq=3)
    beat(active, pending=0, next_seq=1)
    assert DeviceHeartbeat.objects.get().lost == 2


def test_broken_chain_is_told_to_the_officer(active):
    body = beat(active, link="00" * 32)
    assert body["commands"][-1] == {"do": "message", "text": handing_in_api.CHAIN_BROKEN}
    assert active.device.chain_broken_at == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"battery": 101},
        {"pending": -1},
        {"pending": None},
        {"link": "x"},
        {"operator": "x" * 61},
        {"sent_at_device": "2026-11-22T02:41:07"},
        {"sent_at_device": "0001-01-01T00:00:00+14:00"},
        {"oldest_pending_at": "9999-12-31T23:59:59-14:00"},
        {"free_mb": 2**31},
        {"signing": "maybe"},
    ],
    ids=str,
)
def test_wrong_heartbeat_is_refused(kiosk, changes):
    refused(kiosk.beat(**changes), 422, "invalid")
    assert not DeviceHeartbeat.objects.exists()


def test_clock_of_1970_is_no_reason_to_refuse(kiosk):
    assert kiosk.beat(sent_at_device="1970-01-01T00:00:01.000Z").status_code == 200


def test_heartbeat_asks_few_queries(active, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        active.beat()


# -- time --------------------------------------------------------------------------------------------------------


def test_time_is_told_without_writing(kiosk, django_assert_num_queries):
    with django_assert_num_queries(1):
        reply = kiosk.ask("time", {"t0": 1790000000123})
    assert (reply.json()["t0"], reply.status_code) == (1790000000123, 200)
    kiosk_messages.TimeOut.model_validate(reply.json())


@pytest.mark.parametrize("t0", [None, [], {}, "<script>", "9" * 41])
def test_time_repeats_no_nonsense(kiosk, t0):
    refused(kiosk.ask("time", {"t0": t0}), 422, "invalid")


# -- unpair ------------------------------------------------------------------------------------------------------


def test_tablet_is_let_go_when_everything_is_here(active):
    reply = active.unpair()
    kiosk_messages.UnpairOut.model_validate(reply.json())
    assert (reply.status_code, reply.json()["device_state"]) == (200, "revoked")
    assert AuditEntry.objects.order_by("seq").last().verb == "device.retired"


def test_tablet_that_never_wrote_is_let_go(kiosk):
    assert kiosk.unpair().status_code == 200


def test_lost_reply_to_unpair_may_be_asked_for_again(active):
    for _ in range(2):
        assert active.unpair().status_code == 200
    refused(active.send(active.tablet.probe()), 410, "revoked")


def test_tablet_that_owes_records_is_told_which(active):
    records = [active.tablet.probe() for _ in range(3)]
    active.send(records[1])
    body = refused(active.unpair(), 409, "missing_records")
    assert (body["seqs"], active.device.state) == ([1, 3], "active")
    active.send(records[0], records[2])
    assert active.unpair().status_code == 200


def test_record_the_server_cannot_read_is_bridged_by_its_hash(active):
    unreadable, last = active.tablet.probe(), active.tablet.probe()
    broken = {**active.items(unreadable)[0], "c": junk(300)}
    active.send(items=[broken, *active.items(last)])
    refused(active.unpair(), 409, "missing_records")
    bridge = {"seq": 1, "record_sha256": unreadable.sha256}
    assert active.unpair(quarantined=[{**bridge, "record_sha256": "00" * 32}]).status_code == 409
    assert active.unpair(quarantined=[bridge]).status_code == 200


def test_hash_bridges_no_record_that_never_came(active):
    never = active.tablet.probe()
    body = refused(
        active.unpair(quarantined=[{"seq": 1, "record_sha256": never.sha256}]), 409, "missing_records"
    )
    assert body["seqs"] == [1]


def test_other_head_of_the_chain_is_not_let_go(active):
    body = refused(active.unpair(link="00" * 32), 409, "missing_records")
    assert (body["seqs"], body["message"]) == ([], handing_in_api.CHAIN_DIFFERS)


def test_staff_may_let_go_with_a_reason_and_the_number_is_kept(active):
    active.tablet.probe()
    active.beat(pending=1)
    refused(active.unpair(forced=True, reason=" "), 409, "missing_records")
    assert active.unpair(forced=True, reason="Layar pecah").status_code == 200
    assert DeviceHeartbeat.objects.get().lost == 1
    assert AuditEntry.objects.order_by("seq").last().facts == {"missing": 1, "reason": "Layar pecah"}
