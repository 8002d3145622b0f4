"""Who may ask the tablets' API for what: every URL in every state of a tablet."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from events import devices, keys
from events.models import Device
from netralitas.api import api as house
from tests.declarations import day
from tests.declarations.kiosk import API, paired
from tests.declarations.kiosk_answers import ITEM, refused

pytestmark = pytest.mark.django_db


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
