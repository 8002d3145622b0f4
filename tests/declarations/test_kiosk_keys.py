"""When the key of an event may die: not before everything sealed to it has found its answer."""

import pytest
from django.utils import timezone

from accounts import audit
from declarations.models import KioskItem
from declarations.rescue import take_in_rescue_file
from declarations.rescue_file import RescueFile
from declarations.wiring import tablets_left_questions
from events import devices, keys
from events.models import Event
from tests.declarations import day
from tests.declarations.kiosk import paired
from tests.declarations.tablets import OF_THE_PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiosk():
    kiosk = paired(day.open_paper(2).event)
    keys.event_key(event=kiosk.event, by=audit.SYSTEM)
    return kiosk


def item(kiosk, **fields):
    wanted = {"sealed": b"x", "sealed_sha256": "ab" * 32, "seq": 0, "kid": "e1", "status": "quarantined"}
    return KioskItem.objects.create(
        item_id=kiosk.tablet.probe().id,
        event=kiosk.event,
        device=kiosk.device,
        received_at=timezone.now(),
        **{**wanted, **fields},
    )


def test_quarantine_keeps_the_key_until_somebody_decides(kiosk):
    kept = item(kiosk)
    assert tablets_left_questions(kiosk.event)
    KioskItem.objects.filter(pk=kept.pk).update(resolved_at=timezone.now())
    assert not tablets_left_questions(kiosk.event)


def test_item_that_was_read_needs_no_key(kiosk):
    item(kiosk, status="stored", record_sha256="cd" * 32)
    assert not tablets_left_questions(kiosk.event)


def test_quarantine_of_another_event_keeps_no_key(kiosk):
    item(paired(day.open_paper(2).event))
    assert not tablets_left_questions(kiosk.event)


def test_question_outlives_the_last_tablet_and_the_archive(kiosk):
    item(kiosk)
    Event.objects.filter(pk=kiosk.event.pk).update(state="archived")
    event = Event.objects.get(pk=kiosk.event.pk)
    devices.cut_off_device(device=event.devices.get(), by=audit.SYSTEM, reason="Selesai")
    assert event.keys.get().destroyed_at is None
    KioskItem.objects.update(resolved_at=timezone.now())
    assert devices.destroy_unneeded_keys(event=event, by=audit.SYSTEM) == 1


def archived(kiosk) -> Event:
    Event.objects.filter(pk=kiosk.event.pk).update(state="archived")
    return Event.objects.get(pk=kiosk.event.pk)


def test_records_that_may_still_come_by_rescue_file_keep_the_key(kiosk):
    """Let go after the file was exported; nobody has handed in the file yet."""
    probe = kiosk.tablet.probe()
    signature = signature_of(kiosk)
    kiosk.send(probe)
    items = kiosk.items(signature)
    kiosk.unpair(forced=True, reason="Berkas sudah diunduh")
    event = archived(kiosk)
    devices.destroy_unneeded_keys(event=event, by=audit.SYSTEM)

    file = RescueFile(event.pk, kiosk.tablet.device, kiosk.tablet.seq, items, 0)
    assert take_in_rescue_file(event=event, file=file, by=audit.SYSTEM).counts == {"stored": 1}
    assert devices.destroy_unneeded_keys(event=event, by=audit.SYSTEM) == 1


def test_queue_of_a_tablet_that_was_cut_off_keeps_the_key(kiosk):
    kiosk.send(kiosk.tablet.probe())
    signature_of(kiosk)
    kiosk.beat(pending=1)
    event = archived(kiosk)
    devices.cut_off_device(device=event.devices.get(), by=audit.SYSTEM, reason="Dicuri")
    assert event.keys.get().destroyed_at is None


def signature_of(kiosk):
    row = day.rows(kiosk.event.declarations.get())[0]
    fields = {name: value for name, value in day.record(row).data.items() if name not in OF_THE_PAGE}
    return kiosk.tablet.record(fields)
