"""A tablet that cannot send hands in by file: the same result as by network, once, whatever the state of the event."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from accounts.roles import Role
from declarations import rescue, rescue_file
from declarations.models import KioskItem, Signatory, Signature
from declarations.rescue_file import NOT_JSON
from events.devices import cut_off_device
from events.keys import destroy_event_key
from events.models import Event
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, paper):
    client.force_login(organizer_of(paper.event.office))
    return client


def exported(tablet: Paired, items: list[dict], **changes) -> bytes:
    """The file as static/js/kiosk/rescue.js writes it."""
    found = {
        "format": "netralitas-rescue/1",
        "event": str(tablet.event),
        "device": str(tablet.device),
        "app": "1.0.0+abc",
        "exported_at": "2026-11-22T02:41:07.123Z",
        "next_seq": tablet.seq,
        "link": tablet.link.hex(),
        "items": [{**item, "store": "outbox"} for item in items],
        **changes,
    }
    return json.dumps(found).encode()


def url(event: Event) -> str:
    return reverse("declarations:rescue", args=[event.code])


def upload(client, event: Event, data: bytes, name: str = "penyelamat-X-Meja-1.json"):
    return client.post(url(event), {"berkas": SimpleUploadedFile(name, data, "application/json")})


def taken_in(response) -> dict:
    assert response.status_code == 200
    return response.context["outcome"].counts


def state() -> tuple:
    """Everything that a record can leave behind, apart from when and how it came."""
    return (
        sorted(Signature.objects.values_list("pk", "status", "code", "signatory", "channel", "device_seq")),
        sorted(Signatory.objects.values_list("pk", "outcome")),
        sorted(KioskItem.objects.values_list("item_id", "sealed_sha256", "seq", "status", "code")),
    )


def queue(paper, tablet) -> list[dict]:
    """A day's work: two signatures, a refusal, a second outcome, and something nobody can read."""
    first, second, third = day.rows(paper)
    records = [tablet.signs(first), tablet.signs(second), tablet.refuses(third), tablet.signs(first, seed=2)]
    items = tablet.sealed(*records)
    broken = {**tablet.sealed(tablet.signs(second, seed=3))[0], "c": "AYAg"}
    return [*items, broken]


# -- the same as by network --------------------------------------------------------------------------------------


def test_rescue_equals_sync(paper, tablet, staff):
    items = queue(paper, tablet)
    tablet.hand_in(*items)
    by_network = state()
    network_only = {"conflict": 1, "quarantined": 1}

    response = upload(staff, paper.event, exported(tablet, items))

    assert taken_in(response) == {"duplicate": 4, "quarantined": 1}
    assert state() == by_network
    assert {row.status for row in KioskItem.objects.all()} == {"stored", *network_only}


def test_file_alone_gives_the_state_that_sync_would_give(paper, tablet, staff):
    """Two events with the same people and the same day, one by each door."""
    items = queue(paper, tablet)
    other = day.open_paper(3)
    twin = Paired(other.event)
    twin.hand_in(*queue(other, twin))

    assert taken_in(upload(staff, paper.event, exported(tablet, items))) == {
        "stored": 3,
        "conflict": 1,
        "quarantined": 1,
    }

    def of(declaration):
        rows = Signature.objects.filter(declaration=declaration).order_by("device_seq")
        return (
            list(rows.values_list("status", "code", "outcome", "channel", "device_seq", "signatory__name")),
            list(declaration.signatories.in_order().values_list("name", "outcome")),
            list(declaration.event.kiosk_items.order_by("seq").values_list("seq", "status", "code", "kind")),
            [(one.full_name, one.is_present) for one in declaration.event.attendees.in_order()],
        )

    assert of(paper) == of(other)


def test_file_uploaded_twice_changes_nothing(paper, tablet, staff):
    data = exported(tablet, queue(paper, tablet))
    upload(staff, paper.event, data)
    before = state()
    attendance = paper.event.attendance_records.count()

    assert taken_in(upload(staff, paper.event, data)) == {"duplicate": 4, "quarantined": 1}

    assert state() == before
    assert paper.event.attendance_records.count() == attendance


def test_items_come_by_rescue_and_name_who_brought_them(paper, tablet, staff):
    upload(staff, paper.event, exported(tablet, queue(paper, tablet)))
    brought = KioskItem.objects.filter(seq__gt=0)
    assert set(brought.values_list("via", "operator__email")) == {("rescue", organizer_of_email(staff))}
    assert AuditEntry.objects.filter(verb="kiosk.items_received", actor_kind="user").exists()


def organizer_of_email(client) -> str:
    return client.get("/").wsgi_request.user.email


def test_long_queue_goes_in_batches_of_fifty(paper, tablet, staff, monkeypatch):
    sizes = []
    take_in = rescue.take_in_items
    monkeypatch.setattr(
        rescue, "take_in_items", lambda items, **facts: sizes.append(len(items)) or take_in(items, **facts)
    )
    row = day.rows(paper)[0]
    items = tablet.sealed(*[tablet.signs(row, seed) for seed in range(1, 121)])

    assert taken_in(upload(staff, paper.event, exported(tablet, items))) == {"stored": 1, "conflict": 119}

    assert sizes == [50, 50, 20]


# -- what the page says ------------------------------------------------------------------------------------------


def test_forged_file_that_names_another_tablet_takes_no_record_from_the_real_one(paper, tablet, staff):
    other = Paired(paper.event, "Meja 2")
    items = tablet.sealed(*[tablet.signs(row) for row in day.rows(paper)])

    forged = upload(staff, paper.event, exported(other, items))
    real = upload(staff, paper.event, exported(tablet, items))

    assert taken_in(forged) == {"quarantined": 3}
    assert taken_in(real) == {"stored": 3}
    assert set(Signature.objects.values_list("device", "status")) == {(tablet.device, "valid")}
    mine = KioskItem.objects.filter(device=tablet.device).exclude(kind="probe")
    assert set(mine.values_list("status", flat=True)) == {"stored"}
    assert set(
        KioskItem.objects.filter(device=other.device).exclude(kind="probe").values_list("code", flat=True)
    ) == {"unreadable"}


def test_forged_file_that_comes_after_the_real_one_is_kept_for_staff_to_see(paper, tablet, staff):
    other = Paired(paper.event, "Meja 2")
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    upload(staff, paper.event, exported(tablet, items))

    for _ in range(2):
        assert taken_in(upload(staff, paper.event, exported(other, items))) == {"quarantined": 1}
    assert taken_in(upload(staff, paper.event, exported(tablet, items))) == {"duplicate": 1}
    kept = KioskItem.objects.filter(item_id=items[0]["id"]).order_by("n")
    assert list(kept.values_list("device", "status", "code")) == [
        (tablet.device, "stored", ""),
        (other.device, "quarantined", "id_reuse"),
    ]
    assert Signature.objects.get().status == "valid"


def test_page_counts_in_words_and_says_that_all_is_here(paper, tablet, staff):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    page = upload(staff, paper.event, exported(tablet, items)).content.decode()
    assert "Berlaku" in page
    assert "Semua catatan tablet ini sudah ada di peladen." in page


def test_page_names_what_is_still_missing(paper, tablet, staff):
    first, _, third = [tablet.signs(row) for row in day.rows(paper)]
    response = upload(staff, paper.event, exported(tablet, tablet.sealed(first, third)))
    assert response.context["outcome"].missing == [2]
    assert "Catatan nomor 2 belum ada di peladen." in response.content.decode()


def test_damaged_item_is_named_and_the_others_are_kept(paper, tablet, staff):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    response = upload(staff, paper.event, exported(tablet, [*items, {"id": "rusak"}]))
    assert taken_in(response) == {"stored": 1}
    assert "1 kiriman di dalam berkas ini rusak" in response.content.decode()
    assert not response.context["outcome"].is_whole


def test_key_that_is_gone_keeps_nothing_and_says_so(paper, tablet, staff):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    destroy_event_key(key=tablet.key, by=audit.SYSTEM)
    response = upload(staff, paper.event, exported(tablet, items))
    assert taken_in(response) == {"retry": 1}
    assert "Pulihkan kunci dari cadangan." in response.content.decode()


# -- refused, and nothing changes --------------------------------------------------------------------------------


def refused(client, event, data) -> str:
    before = state()
    response = upload(client, event, data)
    assert response.status_code == 422
    assert state() == before
    return response.context["error"]


def test_file_of_another_event_is_refused(paper, tablet, staff):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    other = day.running_event(office=paper.event.office)
    assert refused(staff, other, exported(tablet, items)) == rescue.OTHER_EVENT


def test_file_of_an_unknown_tablet_is_refused(paper, tablet, staff):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    data = exported(tablet, items, device=str(uuid4()))
    assert refused(staff, paper.event, data) == rescue.UNKNOWN_DEVICE


def test_tablet_of_another_event_is_unknown_here(paper, tablet, staff):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    stranger = Paired(day.running_event(office=paper.event.office))
    data = exported(tablet, items, device=str(stranger.device))
    assert refused(staff, paper.event, data) == rescue.UNKNOWN_DEVICE


def test_broken_file_is_refused(paper, tablet, staff):
    assert refused(staff, paper.event, exported(tablet, [])[:-9]) == NOT_JSON


def test_too_large_file_is_refused(paper, tablet, staff, monkeypatch):
    monkeypatch.setattr("declarations.views.rescue.LARGEST", 100)
    assert refused(staff, paper.event, exported(tablet, [])) == rescue_file.TOO_LARGE


def test_upload_without_a_file_asks_for_one(paper, staff):
    response = staff.post(url(paper.event))
    assert (response.status_code, response.context["error"]) == (422, "Pilih berkas penyelamat dahulu.")


# -- late ---------------------------------------------------------------------------------------------------------


def set_state(event, **fields):
    Event.objects.filter(pk=event.pk).update(**fields)


@pytest.mark.parametrize("when", ["closed", "archived", "cancelled"])
def test_what_comes_after_the_day_is_held_never_refused(paper, tablet, staff, when):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    set_state(paper.event, state=when, closed_at=timezone.now() - timezone.timedelta(hours=1))

    counts = taken_in(upload(staff, paper.event, exported(tablet, items)))

    assert sum(counts.values()) == 1
    assert set(counts) <= {"stored", "held"}
    assert KioskItem.objects.filter(seq=1).count() == 1


def test_tablet_that_was_cut_off_still_hands_in_by_file(paper, tablet, staff):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    cut_off_device(device=tablet.row, by=audit.SYSTEM, reason="Dicuri.")
    assert taken_in(upload(staff, paper.event, exported(tablet, items))) == {"stored": 1}


# -- who may -----------------------------------------------------------------------------------------------------


def test_assigned_operator_may_upload_and_a_foreign_organizer_learns_nothing(paper, tablet, client):
    items = tablet.sealed(tablet.signs(day.rows(paper)[0]))
    operator = member(paper.event.office, Role.OPERATOR)
    client.force_login(operator)
    assert upload(client, paper.event, exported(tablet, items)).status_code == 403
    paper.event.operators.add(operator)
    assert upload(client, paper.event, exported(tablet, items)).status_code == 200
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert upload(client, paper.event, exported(tablet, items)).status_code == 404


def test_upload_needs_the_csrf_token(paper, tablet):
    client = Client(enforce_csrf_checks=True)
    client.force_login(organizer_of(paper.event.office))
    assert upload(client, paper.event, exported(tablet, [])).status_code == 403
