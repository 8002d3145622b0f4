"""Kesiapan kegiatan: tablets ready before the start, empty before the end; the officer decides about the rest."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from declarations.tablet_readiness import tablets_are_ready, tablets_have_sent_everything
from events.devices import drain_device, retire_device
from events.models import DeviceHeartbeat, Event
from events.readiness import issues
from events.scheduling import close_event
from tests.accounts.factories import organizer_of
from tests.declarations import day
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(paper):
    return paper.event


@pytest.fixture
def staff(client, event):
    client.force_login(organizer_of(event.office))
    return client


def report(tablet: Paired, *, at=None, **said):
    fields = {"at": at or timezone.now(), "next_seq": tablet.seq, **said}
    DeviceHeartbeat.objects.update_or_create(device=tablet.row, defaults=fields)


def texts(check, event):
    return [(issue.weight, issue.text) for issue in check(event)]


def queue_of(event, paper, count: int = 2, label: str = "Meja 1") -> Paired:
    tablet = Paired(event, label)
    for row in day.rows(paper)[:count]:
        tablet.signs(row)
    report(tablet, pending=count)
    return tablet


# -- before the start --------------------------------------------------------------------------------------------


def test_tablets_that_are_not_ready_are_counted(event):
    for label, said in (("Meja 1", {"ready": True}), ("Meja 2", {"ready": False}), ("Meja 3", None)):
        tablet = Paired(event, label)
        if said is not None:
            report(tablet, **said)
    assert texts(tablets_are_ready, event) == [("warns", "2 dari 3 tablet belum siap luring.")]
    [issue] = tablets_are_ready(event)
    assert issue.url == reverse("declarations:tablets", args=[event.code])
    assert issue in issues(event, "running")


def test_without_tablets_or_with_ready_ones_there_is_nothing_to_say(event):
    assert texts(tablets_are_ready, event) == []
    report(Paired(event), ready=True)
    drain_device(device=Paired(event, "Meja 2").row, by=audit.SYSTEM)
    assert texts(tablets_are_ready, event) == []


# -- before the end ----------------------------------------------------------------------------------------------


def test_tablet_with_a_queue_is_named_with_its_count(event, paper):
    queue_of(event, paper)
    report(Paired(event, "Meja 2"))
    expected = ("warns", "Meja 1 masih menyimpan 2 tanda tangan yang belum terkirim.")
    assert texts(tablets_have_sent_everything, event) == [expected]
    assert expected in [(issue.weight, issue.text) for issue in issues(event, "closed")]


def test_records_missing_with_an_empty_queue_are_named(event, paper):
    tablet = Paired(event)
    tablet.signs(day.rows(paper)[0])
    report(tablet, pending=0)
    assert texts(tablets_have_sent_everything, event) == [
        ("warns", "Meja 1: catatan nomor 1 belum diterima.")
    ]


def test_tablet_out_of_reach_may_hold_more_than_it_said(event):
    report(Paired(event), at=timezone.now() - timedelta(hours=2))
    [(_, text)] = texts(tablets_have_sent_everything, event)
    assert text.startswith("Meja 1 belum ada kontak sejak ")
    assert text.endswith("; mungkin masih menyimpan tanda tangan yang belum terkirim.")


def test_tablet_that_left_empty_is_not_asked_for(event):
    tablet = Paired(event)
    report(tablet, at=timezone.now() - timedelta(hours=2))
    retire_device(device=tablet.row, by=audit.SYSTEM)
    assert texts(tablets_have_sent_everything, event) == []


def test_closing_with_a_queue_needs_the_tick(event, paper):
    queue_of(event, paper)
    with pytest.raises(Refusal):
        close_event(event=event, by=audit.SYSTEM)
    assert close_event(event=event, by=audit.SYSTEM, accept_warnings=True).state == Event.State.CLOSED


def test_closing_page_offers_to_wait_or_to_go_on(staff, event, paper):
    queue_of(event, paper)
    page = staff.get(reverse("events:close", args=[event.code])).content.decode()
    assert "Meja 1 masih menyimpan 2 tanda tangan yang belum terkirim." in page
    wait = f'<a class="btn btn-outline-secondary" href="{reverse("declarations:tablets", args=[event.code])}">Tunggu</a>'
    assert wait in page
    assert "Tutup, susulan diterima</button>" in page


def test_closing_page_without_queues_closes_as_ever(staff, event):
    page = staff.get(reverse("events:close", args=[event.code])).content.decode()
    assert "Tutup kegiatan</button>" in page
    assert "Tunggu" not in page
