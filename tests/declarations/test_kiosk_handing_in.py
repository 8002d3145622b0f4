"""POST sync, heartbeat, time and unpair: what a tablet hands in, says and is told."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import handing_in_api, kiosk_messages, signing
from declarations.evidence import uuid7
from declarations.models import KioskItem, Signature
from events import devices, keys
from events.models import Device, DeviceHeartbeat
from netralitas.api import api as house
from tests.declarations import day
from tests.declarations.kiosk import API, junk, paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return day.open_paper(3)


@pytest.fixture
def kiosk(paper):
    return paired(paper.event)


@pytest.fixture
def active(kiosk):
    """Its probe has arrived."""
    assert kiosk.send(kiosk.tablet.probe()).status_code == 200
    return kiosk


def refused(reply, status, code):
    body = reply.json()
    assert (reply.status_code, body["error"]) == (status, code), body
    assert body["message"].endswith(".")
    kiosk_messages.KioskError.model_validate(body)
    return body


# -- sync --------------------------------------------------------------------------------------------------------


def test_probe_makes_the_tablet_active_and_gets_its_receipt(kiosk):
    probe = kiosk.tablet.probe()
    reply = kiosk.send(probe)
    body = reply.json()
    kiosk_messages.SyncOut.model_validate(body)
    [result] = body["results"]
    assert (body["device_state"], body["upgrade"], result["status"]) == ("active", "available", "stored")
    assert (result["id"], result["receipt"]["record_sha256"]) == (str(probe.id), probe.sha256)
    assert kiosk.device.state == "active"


def test_code_is_over_after_the_probe(active):
    reply = active.ask("pair", active.pair_body())
    refused(reply, 400, "code_used")


def test_sending_again_gives_the_same_receipt(kiosk):
    items = kiosk.items(kiosk.tablet.probe())
    first = kiosk.send(items=items).json()["results"][0]
    again = kiosk.send(items=items).json()["results"][0]
    assert (again["status"], again["was"]) == ("duplicate", "stored")
    assert again["receipt"] == first["receipt"]
    assert KioskItem.objects.count() == 1


def test_bytes_nobody_can_read_are_kept_without_a_record_hash(kiosk):
    item = {**kiosk.items(kiosk.tablet.probe())[0], "c": junk(200)}
    [result] = kiosk.send(items=[item]).json()["results"]
    assert (result["status"], "record_sha256" in result["receipt"]) == ("quarantined", False)


def test_item_for_an_unknown_key_stays_with_the_tablet_and_alarms(kiosk):
    item = {**kiosk.items(kiosk.tablet.probe())[0], "kid": "e9"}
    [result] = kiosk.send(items=[item]).json()["results"]
    assert (result["status"], result["codes"]) == ("retry", ["unknown_key"])
    assert "receipt" not in result
    assert DeviceHeartbeat.objects.get().unknown_key == 1


def test_signatures_are_answered_one_by_one_and_again_the_same(active, paper):
    rows = day.rows(paper)
    records = [signed(active, row) for row in rows]
    items = active.items(*records)
    results = active.send(items=items).json()["results"]
    assert [(result["id"], result["status"]) for result in results] == [
        (str(record.id), "stored") for record in records
    ]
    assert [result["receipt"]["record_sha256"] for result in results] == [record.sha256 for record in records]
    again = active.send(items=items).json()["results"]
    assert [(result["status"], result["was"]) for result in again] == [("duplicate", "stored")] * 3
    assert [result["receipt"] for result in again] == [result["receipt"] for result in results]
    assert Signature.objects.count() == 3
    assert len(active.roster().json()["done"]) == 3


def test_other_tablets_learn_of_a_signature_by_their_next_roster(active, paper):
    other = paired(paper.event, label="Meja 2")
    seq = other.roster().json()["seq"]
    row = day.rows(paper)[0]
    record = signed(active, row)
    active.send(record)
    changes = other.roster(since=seq).json()
    assert (changes["full"], [done["attendee"] for done in changes["done"]]) == (
        False,
        [str(row.attendee_id)],
    )
    seq = changes["seq"]
    active.send(active.tablet.void(record))
    changes = other.roster(since=seq).json()
    assert (changes["full"], changes["done"]) == (False, [])
    assert changes["undone"] == [{"declaration": str(paper.pk), "attendee": str(row.attendee_id)}]


def test_walk_in_at_one_tablet_makes_the_others_fetch_everything(active, paper):
    other = paired(paper.event, label="Meja 2")
    roster = other.roster().json()
    row = day.rows(paper)[0]
    person = {"name": "Tamu (contoh)", "category": "pns", "position": "Staf", "agency": "Dinas Tamu (contoh)"}
    tamu = uuid7(int(timezone.now().timestamp() * 1000), bytes(10))
    active.send(signed(active, row, attendee=tamu, source="walk_in", signatory=person))
    assert other.roster(since=roster["seq"]).json()["rows_total"] == roster["rows_total"] + 1


def signed(kiosk, row, **changes):
    own = ("v", "id", "salt", "event", "signed_at_device", "app")
    fields = {name: value for name, value in day.record(row).data.items() if name not in own}
    return kiosk.tablet.record({**fields, **changes})


ITEM = {"id": "01931f5a-0000-7000-8000-000000000000", "seq": 0, "kid": "e1", "c": "AA"}


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([], "items"),
        ([ITEM] * 51, "items"),
        ([{**ITEM, "id": "x"}], "items.0.id"),
        ([{**ITEM, "id": ITEM["id"].upper()}], "items.0.id"),
        ([{**ITEM, "seq": -1}], "items.0.seq"),
        ([{**ITEM, "seq": 2**31}], "items.0.seq"),
        ([{**ITEM, "seq": "0"}], "items.0.seq"),
        ([{**ITEM, "seq": True}], "items.0.seq"),
        ([{**ITEM, "kid": ""}], "items.0.kid"),
        ([{**ITEM, "kid": "e1" * 9}], "items.0.kid"),
        ([{**ITEM, "c": "=="}], "items.0.c"),
        ([{**ITEM, "c": "A" * 65537}], "items.0.c"),
        ([ITEM, {**ITEM, "c": None}], "items.1.c"),
        (None, "items"),
        ("x", "items"),
    ],
)
def test_batch_of_a_wrong_shape_is_refused_as_a_whole(kiosk, items, field):
    body = refused(kiosk.ask("sync", {"items": items}), 422, "invalid")
    assert body["fields"] == [f"payload.{field}"]
    assert not KioskItem.objects.exists()


def test_batch_of_more_than_512_kb_is_refused_unread(kiosk):
    refused(kiosk.ask("sync", "x" * (512 * 1024 + 1)), 413, "too_large")


def test_batch_of_fifty_with_the_largest_records_of_a_tablet_fits(kiosk):
    items = [{**ITEM, "id": ITEM["id"][:-2] + f"{n:02}", "c": junk(3500)} for n in range(50)]
    assert [result["status"] for result in kiosk.send(items=items).json()["results"]] == ["quarantined"] * 50


def test_other_protocol_is_refused(kiosk):
    refused(kiosk.ask("sync", {"proto": "netralitas-kiosk/2", "items": [ITEM]}), 422, "invalid")


def test_busy_database_asks_the_tablet_to_come_back(kiosk, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    for place in ("declarations.handing_in_api.take_in_items", "declarations.kiosk_intake.store_batch"):
        with monkeypatch.context() as patched:
            patched.setattr(place, busy)
            reply = kiosk.send(kiosk.tablet.probe())
        refused(reply, 503, "busy")
        assert reply["Retry-After"] == "5"


def test_fault_is_told_without_its_words(kiosk, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("Suparno 198609262015051001")

    monkeypatch.setattr(handing_in_api, "take_in_items", broken)
    reply = kiosk.send(kiosk.tablet.probe())
    refused(reply, 500, "fault")
    assert "Suparno" not in reply.content.decode()


def test_tablet_may_send_sixty_times_a_minute_and_others_are_not_hindered(kiosk, paper):
    other = paired(paper.event, label="Meja 2")
    with time_machine.travel("2026-11-22T02:41:30Z", tick=False):
        answers = [kiosk.ask("sync", {"items": []}).status_code for _ in range(61)]
        assert answers == [422] * 60 + [429]
        assert (refused(kiosk.reply, 429, "too_many")["error"], kiosk.reply["Retry-After"]) == (
            "too_many",
            "30",
        )
        assert other.send(other.tablet.probe()).status_code == 200


def test_broken_cache_lets_the_tablet_send(kiosk, monkeypatch):
    class Broken:
        def get(self, *args):
            raise ConnectionError

    monkeypatch.setattr("accounts.limits.cache", Broken())
    assert {kiosk.ask("sync", {"items": []}).status_code for _ in range(25)} == {422}


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


# -- who may ask what --------------------------------------------------------------------------------------------

URLS = {
    "roster": ("get", {}),
    "sync": ("post", {"items": [ITEM]}),
    "heartbeat": ("post", {"sent_at_device": "2026-11-22T02:41:07.123Z", "pending": 1, "next_seq": 9}),
    "time": ("post", {"t0": 1}),
    "unpair": ("post", {"next_seq": 0, "link": "00" * 32}),
}
ANSWERS = {
    "paired": {"roster": 200, "sync": 200, "heartbeat": 200, "time": 200, "unpair": 409},
    "active": {"roster": 200, "sync": 200, "heartbeat": 200, "time": 200, "unpair": 409},
    "draining": {"roster": 403, "sync": 200, "heartbeat": 200, "time": 200, "unpair": 409},
    "revoked": dict.fromkeys(URLS, 410),
    "unknown": dict.fromkeys(URLS, 401),
}


@pytest.mark.parametrize("state", ANSWERS)
@pytest.mark.parametrize("name", URLS)
def test_every_url_times_every_device_state(kiosk, name, state):
    if state == "unknown":
        kiosk.token = "nk1_" + "x" * 43
    else:
        moment = timezone.now() if state == "revoked" else None
        Device.objects.update(state=state, revoked_at=moment, cut_off_at=moment)
    method, body = URLS[name]
    reply = kiosk.ask(name, body, method=method)
    assert reply.status_code == ANSWERS[state][name], reply.content
    answer = reply.json()
    assert answer["proto"] == "netralitas-kiosk/1"
    assert answer["server_time"].endswith("Z")
    assert (reply["Cache-Control"], dict(reply.cookies)) == ("no-store", {})
    if reply.status_code != 200:
        assert answer["message"].endswith(".")


def test_list_of_urls_is_complete():
    paths = {path.removeprefix(API) for path in house.get_openapi_schema()["paths"] if path.startswith(API)}
    assert paths == {"pair", *URLS}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic bmsxXw==", "nk1_x", "Bearer ntr_" + "x" * 43, "Bearer nk1_é"]
)
def test_without_a_token_of_a_tablet_nothing_is_told(kiosk, header):
    kiosk.token = ""
    for name, (method, body) in URLS.items():
        reply = kiosk.ask(name, body, method=method, Authorization=header)
        refused(reply, 401, "unknown_token")
        assert reply["WWW-Authenticate"] == "Bearer"


def test_old_tablet_in_a_drawer_still_hands_in(active):
    late = active.tablet.probe()
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        refused(active.roster(), 403, "draining")
        [result] = active.send(late).json()["results"]
        assert (result["status"], active.reply.json()["device_state"]) == ("stored", "draining")
    entry = AuditEntry.objects.get(verb="device.draining")
    assert (entry.actor_kind, entry.facts) == ("system", {"reason": "Kegiatan sudah lewat 72 jam."})


def test_stolen_tablet_is_cut_off(active):
    devices.cut_off_device(device=active.device, by=audit.SYSTEM, reason="Dicuri")
    body = refused(active.send(active.tablet.probe()), 410, "revoked")
    assert body["message"].startswith("Perangkat dicabut")


def test_tablets_of_two_events_know_nothing_of_each_other(active):
    other_paper = day.open_paper(2)
    other = paired(other_paper.event)
    keys.event_key(event=other.event, by=audit.SYSTEM)
    mine = json.dumps(active.roster().json())
    theirs = json.dumps(other.roster().json())
    for row in day.rows(other_paper):
        assert (str(row.attendee_id) in mine, str(row.attendee_id) in theirs) == (False, True)


def test_wrong_method_is_told_in_json(kiosk):
    reply = kiosk.ask("sync", {}, method="get")
    body = refused(reply, 405, "wrong_method")
    assert (body["message"], reply["Allow"]) == ("Metode ini tidak dikenal di sini. Gunakan POST.", "POST")
