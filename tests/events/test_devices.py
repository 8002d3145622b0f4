"""The life of a paired tablet and what it reports: nothing is lost unseen, nothing lives longer than it must."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import devices, keys
from events.devices import Report
from events.models import Device, DeviceHeartbeat, Event
from events.models.devices import digest_of
from events.scheduling import archive_event
from tests.accounts.factories import UserFactory, organizer_of, panwaslu_cerme
from tests.events.factories import EventFactory

pytestmark = pytest.mark.django_db
LINK = "ab" * 32


@pytest.fixture
def officer():
    return organizer_of(panwaslu_cerme())


@pytest.fixture
def device(officer):
    return tablet(EventFactory(state="running"), officer)


def tablet(event, officer, **fields):
    fields = {"label": "Meja 1", "state": "active", "chain_link": LINK, **fields}
    digest = digest_of(Device.new_token())
    return Device.objects.create(
        event=event, public_key=b"\x04" * 65, token_sha256=digest, paired_by=officer, **fields
    )


def verbs():
    return list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))


def report(device, missing=(), **fields):
    return devices.note_heartbeat(device=device, report=Report(**fields), missing=missing)


# -- the way out -------------------------------------------------------------------------------------------------


def test_withdrawn_tablet_may_still_hand_in(device, officer):
    for _ in range(2):
        devices.drain_device(device=device, by=officer, reason="Rusak")
    device.refresh_from_db()
    assert (device.state, device.may_hand_in, device.may_read_roster) == ("draining", True, False)
    assert (device.state_reason, device.draining_at is not None) == ("Rusak", True)
    assert verbs() == ["device.draining"]


def test_cut_off_tablet_is_dead_at_once(device, officer):
    devices.cut_off_device(device=device, by=officer, reason="Dicuri")
    device.refresh_from_db()
    assert (device.state, device.may_hand_in) == ("revoked", False)
    assert device.cut_off_at == device.revoked_at
    assert verbs() == ["device.cut_off"]


def test_cutting_off_needs_a_reason(device, officer):
    with pytest.raises(Refusal, match="Alasan wajib diisi"):
        devices.cut_off_device(device=device, by=officer, reason=" ")
    device.refresh_from_db()
    assert (device.state, verbs()) == ("active", [])


@pytest.mark.parametrize("deed", [devices.drain_device, devices.cut_off_device])
def test_revoked_tablet_stays_revoked(device, officer, deed):
    devices.cut_off_device(device=device, by=officer, reason="Dicuri")
    with pytest.raises(Refusal, match="sudah dicabut"):
        deed(device=device, by=officer, reason="Lagi")


def test_retired_tablet_is_retired_once(device):
    for _ in range(2):
        devices.retire_device(device=device, by=device)
    device.refresh_from_db()
    assert (device.state, device.retired_at == device.revoked_at) == ("revoked", True)
    assert verbs() == ["device.retired"]


def test_tablet_given_up_by_force_leaves_the_number_that_never_came(device, officer):
    report(device, pending=2, next_seq=5)
    devices.retire_device(device=device, by=device, reason="Layar pecah", missing=2)
    assert DeviceHeartbeat.objects.get().lost == 2
    assert AuditEntry.objects.get().facts == {"reason": "Layar pecah", "missing": 2}


@pytest.mark.parametrize("state", ["paired", "active"])
@pytest.mark.parametrize(("hours", "expected"), [(71, False), (73, True)])
def test_tablet_is_drained_72_hours_after_the_end(officer, state, hours, expected):
    end = datetime(2026, 11, 22, 5, tzinfo=UTC)
    event = EventFactory(state="running", starts_at=end - timedelta(hours=4), ends_at=end)
    device = tablet(event, officer, state=state, paired_at=end - timedelta(hours=5))
    with time_machine.travel(end + timedelta(hours=hours)):
        drained = devices.drain_when_over(device)
    assert (drained.state == "draining", verbs() == ["device.draining"]) == (expected, expected)


def test_tablet_paired_after_the_planned_end_has_its_72_hours(officer):
    device = tablet(EventFactory(state="running"), officer)  # the event was planned for 2024
    assert devices.drain_when_over(device).state == "active"
    assert devices.roster_ends_at(device) == device.paired_at + timedelta(hours=72)
    assert devices.sent_ends_at(device) == device.paired_at + timedelta(days=30)


def test_event_without_an_end_is_taken_to_last_half_a_day(officer):
    start = timezone.now() + timedelta(days=1)
    device = tablet(EventFactory(state="scheduled", starts_at=start, ends_at=None), officer)
    assert devices.end_for(device) == start + timedelta(hours=12)


# -- heartbeats --------------------------------------------------------------------------------------------------


def test_heartbeat_keeps_what_the_tablet_says_and_leaves_no_entry(device):
    report(device, pending=3, next_seq=214, battery=63, free_mb=5120, persisted=True, app="1.0.1+aa")
    row = DeviceHeartbeat.objects.get()
    assert (row.pending, row.next_seq, row.battery, row.free_mb, row.persisted) == (3, 214, 63, 5120, True)
    device.refresh_from_db()
    assert (device.app, verbs()) == ("1.0.1+aa", [])


@pytest.mark.parametrize(
    ("then", "missing", "lost"),
    [
        ({"pending": 0, "next_seq": 7}, [5, 6], 2),  # the queue is gone and nothing came
        ({"pending": 0, "next_seq": 7}, [], 0),  # it was sent
        ({"pending": 3, "next_seq": 7}, [4, 5, 6], 0),  # it still waits
        ({"pending": 1, "next_seq": 1}, [0, 4, 5, 6], 3),  # the tablet begins to count anew
        ({"pending": 0, "quarantine": 1, "next_seq": 7}, [6], 0),  # kept in the tablet's quarantine
    ],
)
def test_records_that_were_pending_and_cannot_come_are_lost(device, then, missing, lost):
    report(device, pending=3, next_seq=7)
    assert report(device, missing, **then).lost == lost


def test_tablet_that_never_reported_a_queue_has_lost_nothing(device):
    report(device, pending=0, next_seq=7)
    assert report(device, [5], pending=0, next_seq=7).lost == 0


def test_loss_is_taken_back_when_the_records_come_after_all(device):
    report(device, pending=3, next_seq=7)
    assert report(device, [5, 6], pending=0, next_seq=7).lost == 2
    assert report(device, [6], pending=0, next_seq=7).lost == 1
    assert report(device, [], pending=0, next_seq=7).lost == 0


def test_highest_number_ever_reported_is_remembered(device):
    report(device, pending=3, next_seq=7)
    report(device, pending=0, next_seq=2)
    assert DeviceHeartbeat.objects.get().next_seq == 7
    assert (devices.expected_below(device, 2), devices.expected_below(device, 9)) == (7, 9)


@pytest.mark.parametrize(("link", "broken"), [(LINK, None), ("cd" * 32, 4), ("", None)])
def test_another_head_at_the_same_place_breaks_the_chain(device, link, broken):
    Device.objects.filter(pk=device.pk).update(chain_seq=4)
    report(device, next_seq=4, link=link)
    device.refresh_from_db()
    assert device.chain_broken_at == broken


def test_head_that_is_further_than_ours_says_nothing_yet(device):
    report(device, next_seq=4, pending=4, link="cd" * 32)
    device.refresh_from_db()
    assert device.chain_broken_at is None


@pytest.mark.parametrize(
    ("fields", "missing", "state"),
    [
        ({"pending": 0, "next_seq": 4}, [], "revoked"),
        ({"pending": 1, "next_seq": 4}, [], "draining"),
        ({"quarantine": 1, "next_seq": 4}, [], "draining"),
        ({"pending": 0, "next_seq": 5}, [4], "draining"),
    ],
)
def test_draining_tablet_is_revoked_when_it_has_nothing_left(device, officer, fields, missing, state):
    Device.objects.filter(pk=device.pk).update(chain_seq=4)
    devices.drain_device(device=device, by=officer)
    report(device, missing, **fields)
    device.refresh_from_db()
    assert device.state == state
    assert verbs()[1:] == (["device.revoked"] if state == "revoked" else [])


def test_active_tablet_stays_active_when_it_has_nothing_left(device):
    report(device, pending=0)
    device.refresh_from_db()
    assert device.state == "active"


def test_items_for_an_unknown_key_are_counted_until_the_queue_is_empty(device):
    devices.note_unknown_key(device=device, count=5)
    assert DeviceHeartbeat.objects.get().unknown_key == 5
    assert report(device, pending=5).unknown_key == 5
    assert report(device, pending=0).unknown_key == 0


# -- keys --------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(device, officer, monkeypatch):
    monkeypatch.setattr(devices, "KEY_NEEDED", [])
    keys.event_key(event=device.event, by=officer)
    Event.objects.filter(pk=device.event_id).update(state="closed")
    return device


def alive(device):
    return device.event.keys.filter(destroyed_at=None).exists()


def archive(device, officer):
    archive_event(event=device.event, by=officer, accept_warnings=True)


def test_keys_die_with_the_archive_when_every_tablet_is_gone(closed, officer):
    devices.retire_device(device=closed, by=closed)
    assert alive(closed)
    archive(closed, officer)
    assert (alive(closed), verbs()[-1]) == (False, "event.key_destroyed")


def test_keys_outlive_the_archive_while_a_tablet_may_hand_in(closed, officer):
    archive(closed, officer)
    assert alive(closed)
    devices.retire_device(device=Device.objects.get(), by=audit.SYSTEM)
    assert not alive(closed)


def test_keys_outlive_the_archive_while_a_question_is_open(closed, officer, monkeypatch):
    monkeypatch.setattr(devices, "KEY_NEEDED", [lambda event: True])
    devices.retire_device(device=closed, by=closed)
    archive(closed, officer)
    assert alive(closed)
    monkeypatch.setattr(devices, "KEY_NEEDED", [lambda event: False])
    assert devices.destroy_unneeded_keys(event=closed.event, by=officer) == 1
    assert devices.destroy_unneeded_keys(event=closed.event, by=officer) == 0


# -- administration ----------------------------------------------------------------------------------------------


def test_administration_shows_tablets_without_key_and_token(client, device):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    listed = client.get(reverse("admin:events_device_changelist"))
    shown = client.get(reverse("admin:events_device_change", args=[device.pk]))
    assert (listed.status_code, shown.status_code) == (200, 200)
    assert ("Meja 1" in listed.content.decode(), device.token_sha256 in shown.content.decode()) == (
        True,
        False,
    )
    assert client.get(reverse("admin:events_device_add")).status_code == 403
    assert client.post(reverse("admin:events_device_delete", args=[device.pk])).status_code == 403
