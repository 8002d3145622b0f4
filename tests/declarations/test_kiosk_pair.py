"""POST pair: code, key and proof; what a tablet gets to know, and how it is refused."""

import hashlib
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.canonical import b64u, unb64u
from accounts.models import AuditEntry
from declarations import kiosk_messages
from declarations.evidence import first_link
from declarations.kiosk_chain import MOST_MISSING
from events.models import Device, Event, EventKey, EventSite, PairingCode, SigningDesk
from events.pairing import MESSAGES
from tests.declarations import day
from tests.declarations.kiosk import API, Kiosk, junk, paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return day.running_event()


def test_tablet_learns_its_name_event_key_and_pin(event):
    site = EventSite.objects.create(event=event, name="Balai Desa")
    kiosk = paired(event, label="Meja 2", site=site)
    body = kiosk.reply.json()
    kiosk_messages.PairOut.model_validate(body)
    device, key = Device.objects.get(), EventKey.objects.get()
    assert body["device"] == {"id": str(device.pk), "label": "Meja 2", "site": "Balai Desa"}
    assert body["event"] == {
        "id": str(event.pk),
        "code": event.code,
        "title": event.title,
        "office": event.office.name,
        "time_zone": "Asia/Jakarta",
        "starts_at": "2024-10-02T02:00:00.000Z",
        "ends_at": None,
    }
    assert body["seal_key"] == {"kid": "e1", "public": b64u(bytes(key.public))}
    assert body["proto"] == "netralitas-kiosk/1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["server_time"])
    link = first_link(str(event.pk), str(device.pk), b64u(kiosk.tablet.public)).hex()
    assert (device.chain_link, device.app) == (link, "1.0.0+3f9c2a1")


def test_pin_can_be_checked_with_what_the_tablet_got(event):
    pin = paired(event).reply.json()["staff_pin"]
    typed = SigningDesk.objects.get().staff_pin.encode()
    made = hashlib.pbkdf2_hmac("sha256", typed, unb64u(pin["salt"]), pin["iterations"])
    assert b64u(made) == pin["hash"]
    assert typed.decode() not in str(pin)


def test_reply_sets_no_cookie_and_stays_in_no_cache(event):
    reply = paired(event).reply
    assert (reply["Cache-Control"], dict(reply.cookies)) == ("no-store", {})
    assert reply["Content-Type"] == "application/json; charset=utf-8"


def test_pairing_needs_no_csrf_and_no_login(event):
    kiosk = Kiosk(event)
    kiosk.client = Client(enforce_csrf_checks=True)
    assert kiosk.pair().status_code == 200


def test_pair_reply_lost(event):
    kiosk = paired(event)
    lost = kiosk.token
    kiosk.token = ""
    assert kiosk.pair().status_code == 200
    assert (Device.objects.count(), kiosk.token != lost) == (1, True)
    assert kiosk.roster().status_code == 200
    kiosk.token = lost
    assert kiosk.roster().status_code == 401


def test_second_tablet_with_the_same_code_is_refused(event):
    first = paired(event)
    second = Kiosk(event)
    second.code = first.code
    reply = second.pair()
    assert (reply.status_code, reply.json()["error"]) == (400, "code_used")
    assert reply.json()["message"] == MESSAGES["code_used"]


def refused(kiosk, status, expected, **changes):
    reply = kiosk.pair(**changes)
    body = reply.json()
    assert (reply.status_code, body["error"]) == (status, expected), body
    assert body["message"].endswith(".")
    kiosk_messages.KioskError.model_validate(body)
    assert PairingCode.objects.filter(used_at=None).exists()
    assert not Device.objects.exists()
    return body


def test_unknown_code_is_refused(event):
    refused(Kiosk(event), 400, "code_unknown", code="K7QF3M9T2XAB")


def test_expired_code_is_refused(event):
    kiosk = Kiosk(event)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        refused(kiosk, 400, "code_expired")


def test_code_of_a_closed_event_is_refused(event):
    kiosk = Kiosk(event)
    Event.objects.filter(pk=event.pk).update(state="closed")
    refused(kiosk, 409, "event_not_open")


def test_tablet_that_does_not_hold_its_key_is_refused(event):
    kiosk, other = Kiosk(event), Kiosk(event)
    refused(kiosk, 400, "bad_proof", proof=b64u(other.tablet.proof(kiosk.code)))
    refused(kiosk, 400, "bad_proof", proof=b64u(kiosk.tablet.proof(other.code)))
    refused(kiosk, 400, "bad_proof", proof=junk(64))
    refused(kiosk, 400, "bad_proof", proof="")


@pytest.mark.parametrize("key", [b64u(b"\x04" + bytes(64)), b64u(b"\x02" + bytes(32)), ""])
def test_point_that_is_no_key_is_refused(event, key):
    refused(Kiosk(event), 422, "invalid", public_key=key)


@pytest.mark.parametrize(
    "changes", [{"proto": "netralitas-kiosk/2"}, {"app": "0.9.0+aaaaaaa"}], ids=["protocol", "app"]
)
def test_app_that_is_too_old_is_refused(event, changes):
    refused(Kiosk(event), 426, "app_too_old", **changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": None}, "code"),
        ({"code": "A" * 41}, "code"),
        ({"public_key": "=="}, "public_key"),
        ({"app": "x" * 61}, "app"),
        ({"app": "a\x00b"}, "app"),
        ({"app": "\ud800"}, "app"),
        ({"sent_at_device": "gestern"}, "sent_at_device"),
    ],
)
def test_wrong_shape_names_the_field_and_repeats_nothing(event, changes, field):
    kiosk = Kiosk(event)
    reply = kiosk.ask("pair", {**kiosk.pair_body(), **changes})
    assert (reply.status_code, reply.json()["fields"]) == (422, [f"payload.{field}"])
    assert "gestern" not in reply.content.decode()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "[" * 100_000, b"\xff\xfe"])
def test_body_that_is_no_object_is_refused(event, body):
    reply = Kiosk(event).ask("pair", body)
    assert (reply.status_code, reply.json()["error"]) == (422, "invalid")


def test_address_may_try_ten_codes_a_minute(event):
    kiosk = Kiosk(event)
    with time_machine.travel("2026-11-22T02:41:30Z", tick=False):
        answers = [kiosk.ask("pair", kiosk.pair_body(code="K7QF3M9T2XAB")).status_code for _ in range(11)]
        assert answers == [400] * 10 + [429]
        assert (kiosk.reply.json()["error"], kiosk.reply["Retry-After"]) == ("too_many", "30")
        elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(API + "pair", "{}", content_type="application/json")
        assert elsewhere.status_code == 422
    with time_machine.travel("2026-11-22T02:42:00Z", tick=False):
        assert kiosk.ask("pair", kiosk.pair_body(code="K7QF3M9T2XAB")).status_code == 400


def test_all_addresses_together_may_try_sixty_codes_a_minute(event):
    with time_machine.travel("2026-11-22T02:41:30Z", tick=False):
        answers = [
            Client(REMOTE_ADDR=f"192.0.2.{n}")
            .post(API + "pair", "{}", content_type="application/json")
            .status_code
            for n in range(61)
        ]
    assert answers == [422] * 60 + [429]


def test_nothing_secret_is_kept_or_logged(event, caplog):
    caplog.set_level("DEBUG")
    kiosk = paired(event)
    kiosk.roster()
    kept = str([*Device.objects.values(), *PairingCode.objects.values(), *AuditEntry.objects.values()])
    for secret in (kiosk.token, kiosk.code, SigningDesk.objects.get().staff_pin):
        assert (secret in kept, secret in caplog.text) == (False, False)


def test_absurd_number_of_an_earlier_tablet_does_not_stop_the_next_one(event):
    earlier = paired(event)
    earlier.beat(pending=1, next_seq=2**31 - 1)

    paired(event)

    assert earlier.device.heartbeat.lost == MOST_MISSING


def test_only_what_never_arrived_from_an_earlier_tablet_is_lost(event):
    earlier = paired(event)
    probe, _missing, last = [earlier.tablet.probe() for _ in range(3)]
    earlier.send(probe, last)
    earlier.beat(pending=1)

    paired(event)

    assert earlier.device.heartbeat.lost == 1
