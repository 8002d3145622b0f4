"""A tablet introduces itself once: codes, tokens, repeated and racing requests."""

import re
import secrets
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import pairing
from events.models import Device, DeviceHeartbeat, Event, PairingCode
from tests.accounts.factories import organizer_of, panwaslu_cerme
from tests.accounts.flushing import flushable  # noqa: F401
from tests.events.factories import EventFactory, EventSiteFactory

pytestmark = pytest.mark.django_db
LINK = "ab" * 32


@pytest.fixture
def officer():
    return organizer_of(panwaslu_cerme())


@pytest.fixture
def event():
    return EventFactory(state="running")


def key():
    return b"\x04" + secrets.token_bytes(64)


def pair(code, public_key=None, **changes):
    fields = {"app": "1.0.0+abc", "chain_link_for": lambda device: LINK, **changes}
    return pairing.pair_device(code=code, public_key=public_key or key(), **fields)


def verbs():
    return list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))


def test_code_has_twelve_characters_that_nobody_misreads(event, officer):
    made = pairing.issue_code(event=event, label=" Meja  2 ", by=officer)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", made.code)
    assert (made.row.label, made.row.expires_at > timezone.now()) == ("Meja 2", True)
    assert made.code not in str(list(PairingCode.objects.values()) + list(AuditEntry.objects.values()))
    assert verbs() == ["device.code_issued"]


@pytest.mark.parametrize("state", ["draft", "closed", "archived", "cancelled"])
def test_code_is_refused_outside_the_days_of_the_event(officer, state):
    event = EventFactory()
    Event.objects.filter(pk=event.pk).update(state=state)
    with pytest.raises(Refusal) as refused:
        pairing.issue_code(event=event, label="Meja 1", by=officer)
    assert refused.value.message == pairing.NOT_PAIRABLE[state]


def test_code_needs_a_name_for_the_tablet(event, officer):
    with pytest.raises(Refusal, match="Isi nama tablet"):
        pairing.issue_code(event=event, label="  ", by=officer)


def test_site_of_another_event_is_a_mistake_of_the_programmer(event, officer):
    with pytest.raises(ValueError, match="another event"):
        pairing.issue_code(event=event, label="Meja 1", site=EventSiteFactory(), by=officer)


@pytest.mark.parametrize("state", ["scheduled", "running"])
def test_tablet_is_paired_with_event_site_and_name_of_its_code(officer, state):
    event = EventFactory(state=state)
    site = EventSiteFactory(event=event)
    code = pairing.issue_code(event=event, label="Meja 1", site=site, by=officer)
    public = key()
    made = pair(code.code, public)
    device = Device.objects.find(made.token)
    assert (device.event, device.site, device.label, device.state) == (event, site, "Meja 1", "paired")
    assert (bytes(device.public_key), device.chain_link, device.paired_by) == (public, LINK, officer)
    code.row.refresh_from_db()
    assert (code.row.device, code.row.used_at is not None) == (device, True)
    assert verbs() == ["device.code_issued", "device.paired"]


def test_only_the_hash_of_the_token_is_stored(event, officer):
    made = pair(pairing.issue_code(event=event, label="Meja 1", by=officer).code)
    assert re.fullmatch(r"nk1_[A-Za-z0-9_-]{43}", made.token)
    assert made.token not in str(list(Device.objects.values()) + list(AuditEntry.objects.values()))


def test_code_may_be_typed_with_gaps_and_lookalikes(event, officer, monkeypatch):
    letters = iter("K0F13M9T2XAB")
    monkeypatch.setattr(pairing.secrets, "choice", lambda alphabet: next(letters))
    code = pairing.issue_code(event=event, label="Meja 1", by=officer).code
    assert code == "K0F13M9T2XAB"
    assert pair("kofi 3m9t-2xab").device.label == "Meja 1"


@pytest.mark.parametrize("code", ["", "K7QF3M9T2XAB", "x" * 4000])
def test_unknown_code_pairs_nothing(event, code):
    with pytest.raises(pairing.PairingError) as error:
        pair(code)
    assert (error.value.code, error.value.message) == ("code_unknown", pairing.MESSAGES["code_unknown"])


def test_code_ends_after_ten_minutes(event, officer):
    code = pairing.issue_code(event=event, label="Meja 1", by=officer).code
    later = time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1))
    with later, pytest.raises(pairing.PairingError) as error:
        pair(code)
    assert (error.value.code, Device.objects.count()) == ("code_expired", 0)


def test_code_of_an_event_that_has_ended_meanwhile_pairs_nothing(event, officer):
    code = pairing.issue_code(event=event, label="Meja 1", by=officer).code
    Event.objects.filter(pk=event.pk).update(state="closed")
    with pytest.raises(pairing.PairingError) as error:
        pair(code)
    assert (error.value.code, Device.objects.count()) == ("event_not_open", 0)


def test_code_works_for_one_tablet_only(event, officer):
    code = pairing.issue_code(event=event, label="Meja 1", by=officer).code
    pair(code)
    with pytest.raises(pairing.PairingError) as error:
        pair(code)
    assert (error.value.code, Device.objects.count()) == ("code_used", 1)


def test_lost_reply_gives_the_same_tablet_a_fresh_token(event, officer):
    code, public = pairing.issue_code(event=event, label="Meja 1", by=officer).code, key()
    first = pair(code, public)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):  # the code itself is over by now
        second = pair(code, public)
    assert second.device == first.device
    assert Device.objects.find(first.token) is None
    assert Device.objects.find(second.token) == first.device
    assert verbs() == ["device.code_issued", "device.paired", "device.paired_again"]


@pytest.mark.parametrize("state", ["active", "draining"])
def test_code_is_over_once_the_first_record_has_arrived(event, officer, state):
    code, public = pairing.issue_code(event=event, label="Meja 1", by=officer).code, key()
    made = pair(code, public)
    Device.objects.filter(pk=made.device.pk).update(state=state)
    with pytest.raises(pairing.PairingError) as error:
        pair(code, public)
    assert error.value.code == "code_used"
    assert Device.objects.find(made.token) == made.device


def test_pairing_anew_under_the_same_name_counts_what_never_came(event, officer):
    old = pair(pairing.issue_code(event=event, label="Meja 1", by=officer).code).device
    Device.objects.filter(pk=old.pk).update(chain_seq=4)
    other = pair(pairing.issue_code(event=event, label="Meja 2", by=officer).code).device
    for device in (old, other):
        DeviceHeartbeat.objects.create(device=device, at=timezone.now(), pending=3, next_seq=7)
    pair(pairing.issue_code(event=event, label="Meja 1", by=officer).code)
    lost = dict(DeviceHeartbeat.objects.values_list("device__label", "lost"))
    assert lost == {"Meja 1": 3, "Meja 2": 0}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_six_tablets_with_one_code_are_one_tablet(guarded, monkeypatch):
    """Without lock and conditional UPDATE (the control) the code pairs several."""
    event = EventFactory(state="running")
    code = pairing.issue_code(event=event, label="Meja 1", by=organizer_of(panwaslu_cerme())).code
    barrier = threading.Barrier(6, timeout=20)
    if not guarded:
        _without_guard(monkeypatch, barrier)
    answers = []

    def run():
        if guarded:
            barrier.wait()
        try:
            answers.append(pair(code).device.label)
        except pairing.PairingError as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if guarded:
        assert sorted(answers) == ["Meja 1", *["code_used"] * 5]
    assert (Device.objects.count() == 1) is guarded


def _without_guard(monkeypatch, barrier):
    """Ask first, write later: what a pairing would be that looks and then leaps."""

    def look_and_leap(*, code, public_key, **rest):
        found = PairingCode.objects.select_related("event").get(digest=pairing.digest_of(code))
        free = found.used_at is None
        barrier.wait()
        if not free:
            raise pairing.PairingError("code_used")
        with pairing.writing():
            made = pairing._new_device(found, public_key, "1.0.0", lambda device: LINK)
            PairingCode.objects.filter(pk=found.pk).update(used_at=timezone.now(), device=made.device)
        return made

    monkeypatch.setattr(pairing, "pair_device", look_and_leap)
