"""POST sync: what a tablet hands in is answered one by one, and again the same."""

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from declarations import handing_in_api, kiosk_messages
from declarations.evidence import uuid7
from declarations.models import KioskItem, Signature
from events.models import DeviceHeartbeat
from tests.declarations import day
from tests.declarations.kiosk import junk, paired
from tests.declarations.kiosk_answers import ITEM, refused

pytestmark = pytest.mark.django_db


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
