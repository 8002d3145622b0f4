"""Signing by a personal link: one person's own papers, signed once, with the code of the room where it is asked."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import intake, signing
from declarations.demo import phone
from declarations.models import InboxItem, Signature
from declarations.views import links as pages
from events import rooms
from events.models import AttendanceRecord, PersonalLink
from tests.declarations import day, factories
from tests.declarations.guests import Guest, html

pytestmark = pytest.mark.django_db


# -- signing -------------------------------------------------------------------------------------------------------


def test_whole_text_is_on_the_page(paper, guest):
    page = html(guest.get("sign", paper.pk))
    for point in factories.POINTS:
        assert point in page


def test_drawn_signature_is_stored_as_of_the_link(paper, row, guest):
    response = guest.send(paper, day.record(row))

    signature, row = Signature.objects.get(), day.rows(paper)[0]
    assert response.json()["status"] == "stored"
    assert response.json()["receipt"]["record_sha256"] == signature.record_sha256
    assert (signature.channel, signature.operator, signature.status) == ("link", None, "valid")
    assert row.outcome == "signed"
    arrival = AttendanceRecord.objects.get()
    assert (arrival.method, arrival.attendee) == ("tautan", row.attendee)
    entry = AuditEntry.objects.get(verb="signature.received")
    assert (entry.actor_kind, entry.facts["via"]) == ("link", "link")


def test_same_bytes_again_are_the_same_signature(paper, row, guest):
    body = day.record(row)
    first, second = guest.send(paper, body).json(), guest.send(paper, body).json()
    assert (first["status"], second["status"]) == ("stored", "duplicate")
    assert first["next"] == second["next"]
    assert Signature.objects.count() == 1


def test_two_tabs_leave_one_valid_signature(paper, row, guest):
    first, second = day.record(row, 1), day.record(row, 2)

    answers = [guest.send(paper, body).json()["status"] for body in (first, second)]

    assert answers == ["stored", "conflict"]
    assert Signature.objects.valid().get().record_sha256 == first.sha256
    assert "Catatan ini tersimpan dan akan ditinjau petugas" in html(guest.get("receipt", second.id))


def test_signed_paper_is_not_offered_again(paper, row, guest):
    guest.send(paper, day.record(row))
    page = html(guest.get())
    assert "Sudah tercatat pukul" in page
    assert "Baca dan tanda tangani" not in page
    assert guest.get("sign", paper.pk).url == guest.url("home")


@pytest.mark.parametrize("change", ["attendee", "event", "declaration", "walk_in", "thumb"])
def test_link_signs_for_nobody_else_and_nothing_else(paper, row, guest, change):
    other = day.rows(paper)[1]
    foreign = day.open_paper(1)
    body = {
        "attendee": lambda: day.record(other),
        "event": lambda: day.record(day.rows(foreign)[0]),
        "declaration": lambda: day.record(row, declaration=foreign.pk),
        "walk_in": lambda: day.record(row, source="walk_in", attendee=intake.new_id()),
        "thumb": lambda: day.record(
            row, method="thumb", paper_ref="1/2", witnesses=[{"name": "Saksi"}], strokes=None, capture=None
        ),
    }[change]()

    response = guest.send(paper, body)

    assert (response.status_code, response.json()["message"]) == (422, pages.NOT_YOURS)
    assert (Signature.objects.count(), InboxItem.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", [b"", b"{}", b"bukan catatan", b"\xff" * 70_000])
def test_bytes_that_are_no_record_are_not_kept(paper, guest, body):
    assert guest.send(paper, body).status_code in (413, 422)
    assert InboxItem.objects.count() == 0


def test_paper_of_another_event_is_unknown(guest):
    foreign = day.open_paper(1)
    response = guest.get("sign", foreign.pk)
    assert response.status_code == 404
    assert response["Referrer-Policy"] == "no-referrer"
    assert guest.send(foreign, day.record(day.rows(foreign)[0])).status_code == 404


def test_typed_name_signs_without_javascript(paper, row, guest):
    response = guest.type_name(paper, row)

    signature = Signature.objects.get()
    assert response.url == guest.url("receipt", signature.pk)
    assert (signature.method, signature.channel) == ("typed", "link")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"agree": ""}, "Centang pernyataan dahulu."), ({"typed_name": " "}, "Ketik nama lengkap Anda.")],
)
def test_unfinished_form_comes_back_with_a_sentence(paper, row, guest, changes, sentence):
    response = guest.type_name(paper, row, **changes)
    assert response.status_code == 400
    assert sentence in html(response)
    assert not Signature.objects.exists()


def test_second_click_of_the_form_is_a_repetition(paper, row, guest):
    fields = {"record_id": intake.new_id()}
    first, second = guest.type_name(paper, row, **fields), guest.type_name(paper, row, **fields)
    assert first.url == second.url
    assert Signature.objects.count() == 1


def test_refusing_is_recorded_and_may_be_seen_by_oneself(paper, row, guest):
    response = guest.type_name(paper, row, refuse="1")

    page = html(guest.client.get(response.url))
    assert "Pilihan Anda tercatat." in page
    assert "Tidak menandatangani" in page
    assert day.rows(paper)[0].outcome == "refused"


def test_stand_in_signs_in_the_own_name(paper, row, guest):
    response = guest.type_name(
        paper,
        row,
        on_behalf="1",
        on_behalf_name="Wakil (contoh)",
        on_behalf_position="Sekretaris",
        typed_name="Wakil",
    )
    page = html(guest.client.get(response.url))
    assert "Wakil (contoh)" in page
    assert f"{row.name}, {row.position}" in page


def test_busy_database_keeps_what_was_typed(paper, row, guest, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(intake, "take_in", busy)
    assert guest.send(paper, day.record(row)).status_code == 503
    response = guest.type_name(paper, row)
    assert response.status_code == 503
    assert f'value="{row.name}"' in html(response)


def test_record_sent_after_closing_waits_for_a_person(paper, row, guest):
    body = day.record(row, at=timezone.now() + timedelta(minutes=20))
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        answer = guest.send(paper, body).json()
    assert answer["status"] == "held"
    assert Signature.objects.get().code == "after_close"


def test_link_cannot_flood_the_paper(paper, row, guest, monkeypatch):
    monkeypatch.setattr(pages, "RECORDS", ("tautan-kirim", 2, 3600))
    answers = [guest.send(paper, day.record(row, seed)).status_code for seed in range(1, 4)]
    assert answers == [200, 200, 429]
    assert Signature.objects.count() == 2


def test_phone_of_the_demo_signs_as_the_page_does(paper):
    people = day.rows(paper)
    rooms.open_room_code(event=paper.event, minutes=10, limit=5, by=audit.SYSTEM)

    results = phone.sign_by_links(paper, people[:2], lambda row: day.record(row).raw, by=audit.SYSTEM)

    assert [result.status for result in results] == ["stored", "stored"]
    assert {signature.channel for signature in Signature.objects.all()} == {"link"}
    assert PersonalLink.objects.exclude(opened_at=None).exclude(admitted_at=None).count() == 2


# -- room code -----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(paper):
    return rooms.open_room_code(event=paper.event, minutes=30, limit=5, by=audit.SYSTEM)


def test_code_is_asked_before_the_paper(paper, row, guest, desk):
    page = html(guest.get())
    assert "Ketik kode ruang" in page
    assert desk.room_code not in page
    assert guest.get("sign", paper.pk).url == guest.url("home")


def test_nothing_is_signed_without_the_code(paper, row, guest, desk):
    response = guest.send(paper, day.record(row))
    assert (response.status_code, response.json()["message"]) == (409, pages.CODE_FIRST)
    guest.type_name(paper, row)
    assert not Signature.objects.exists()


def test_right_code_opens_the_paper_and_notes_presence(paper, row, guest, desk):
    guest.post("enter", kode=desk.room_code.lower())

    assert "Baca dan tanda tangani" in html(guest.get())
    assert guest.send(paper, day.record(row)).json()["status"] == "stored"
    assert set(AttendanceRecord.objects.values_list("method", flat=True)) == {"kode_ruang", "tautan"}


def test_wrong_code_comes_back_with_a_sentence(guest, desk):
    response = guest.post("enter", kode="AAAAAA")
    assert response.status_code == 400
    assert rooms.WRONG in html(response)


def test_guessing_the_code_is_stopped_per_link(paper, guest, desk):
    answers = [guest.post("enter", kode="AAAAAA").status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]
    assert guest.post("enter", kode=desk.room_code).status_code == 429
    other = Guest(day.rows(paper)[1].attendee)
    assert other.post("enter", kode=desk.room_code).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert guest.post("enter", kode=desk.room_code).status_code == 302


def test_who_came_too_early_may_try_again_and_again(paper, guest, desk):
    rooms.revoke_room_code(event=paper.event, by=audit.SYSTEM)
    answers = {guest.post("enter", kode="AAAAAA").status_code for _ in range(8)}
    fresh = rooms.open_room_code(event=paper.event, minutes=5, limit=5, by=audit.SYSTEM)
    assert answers == {400}
    assert guest.post("enter", kode=fresh.room_code).status_code == 302


def test_guessing_the_code_is_stopped_per_address(paper, guest, desk, monkeypatch):
    monkeypatch.setattr(pages, "CODES_OF_ADDRESS", ("kode-ruang-alamat", 3, 600))
    other = Guest(day.rows(paper)[1].attendee)
    for _ in range(3):
        guest.post("enter", kode="AAAAAA")
    assert other.post("enter", kode="AAAAAA").status_code == 429
