"""The pages of a personal link: one person's own papers, signed once, and nothing that leaks."""

import logging
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import intake, signing
from declarations.demo import phone
from declarations.models import InboxItem, Signature
from declarations.views import links as pages
from events import links, rooms
from events.attendees import withdraw_attendee
from events.models import AttendanceRecord, Attendee, Event, PersonalLink
from netralitas.log import PrivacyFilter
from tests.accounts.factories import organizer_of
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db
NIP = "198609262015051001"
PHONE = "+6281234567890"


@pytest.fixture
def paper():
    return day.open_paper(3)


@pytest.fixture
def row(paper):
    return day.rows(paper)[0]


@pytest.fixture
def guest(row):
    return Guest(row.attendee)


class Guest:
    """A person with the own phone: no login, no cookie kept for anything."""

    def __init__(self, attendee, opened=True, **options):
        self.link, self.token = links.make_link(attendee=attendee, by=audit.SYSTEM)
        self.client = Client(**options)
        if opened:
            self.post("open")

    def url(self, name, *rest):
        return reverse(f"tautan:{name}", args=[self.token, *rest])

    def get(self, name="home", *rest):
        return self.client.get(self.url(name, *rest))

    def post(self, name, *rest, **data):
        return self.client.post(self.url(name, *rest), data)

    def send(self, paper, body):
        raw = body if isinstance(body, bytes) else body.raw
        return self.client.post(
            self.url("submit", paper.pk),
            raw,
            content_type="application/json",
            headers={"accept": "application/json"},
        )

    def type_name(self, paper, row, **changes):
        fields = {
            "text_sha256": paper.text_version.sha256,
            "record_id": intake.new_id(),
            "agree": "1",
            "typed_name": row.name,
        }
        return self.post("typed", paper.pk, **{**fields, **changes})


def html(response):
    return response.content.decode()


# -- the address ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_unknown_revoked_and_malformed_tokens_answer_alike(paper, row, guest, method, accept):
    links.revoke_link(link=guest.link, by=audit.SYSTEM)
    tokens = [PersonalLink.new_token(), guest.token, "abc", "a b", "é" * 30, "x" * 900, "%00", "../naskah"]
    answers = set()
    for token in tokens:
        response = getattr(Client(), method)(f"/t/{token.replace('../', '')}/", headers={"accept": accept})
        answers.add((response.status_code, response.content, response["Referrer-Policy"]))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_every_page_of_a_dead_link_answers_alike(paper, guest):
    links.revoke_link(link=guest.link, by=audit.SYSTEM)
    unknown = Client().get(f"/t/{PersonalLink.new_token()}/").content

    for name, rest in (("home", []), ("data", []), ("sign", [paper.pk]), ("receipt", [uuid.uuid4()])):
        response = guest.get(name, *rest)
        assert (response.status_code, response.content) == (404, unknown), name
    for name, rest in (("open", []), ("enter", []), ("submit", [paper.pk]), ("typed", [paper.pk])):
        assert guest.post(name, *rest).status_code == 404, name


def test_guessing_addresses_is_slowed_down_for_the_guesser_only(guest):
    answers = [Client().get(f"/t/{PersonalLink.new_token()}/").status_code for _ in range(62)]

    assert (answers[0], answers[-1]) == (404, 429)
    assert guest.get().status_code == 200  # a neighbour behind the same address is not shut out


def test_page_is_never_cached_indexed_or_named_to_others(paper, row, guest):
    stored = day.hand_in(paper, day.record(row))[0].signature
    for name, rest in (("home", []), ("data", []), ("sign", [paper.pk]), ("receipt", [stored.pk])):
        response = guest.get(name, *rest)
        assert response["Referrer-Policy"] == "no-referrer", name
        assert "no-store" in response["Cache-Control"], name
        assert "noindex" in response["X-Robots-Tag"], name
        assert "sesi" not in response.cookies, name


def test_token_stands_in_no_log_line(paper, row, guest, caplog):
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            PrivacyFilter().filter(record)
            lines.append(record.getMessage())

    handler = Lines()
    logging.getLogger().addHandler(handler)
    try:
        guest.get("receipt", uuid.uuid4())  # 404 with the token in the path
        guest.get("open")  # 405
        guest.post("data")  # 405
        links.revoke_link(link=guest.link, by=audit.SYSTEM)
        guest.get()
    finally:
        logging.getLogger().removeHandler(handler)
    assert len(lines) >= 4
    assert guest.token not in "\n".join(lines)


def test_token_stands_on_no_page_of_staff(paper, guest, client):
    client.force_login(organizer_of(paper.event.office))
    code = paper.event.code
    for address in (
        f"/kegiatan/{code}/",
        f"/kegiatan/{code}/peserta/",
        f"/kegiatan/{code}/log/",
        paper.get_absolute_url(),
    ):
        assert guest.token not in html(client.get(address)), address
    assert guest.token not in str(list(AuditEntry.objects.values()))


def test_forms_work_without_cookie_and_under_no_referrer(paper, row):
    guest = Guest(row.attendee, opened=False, enforce_csrf_checks=True)

    response = guest.client.post(guest.url("open"), headers={"origin": "null"})

    assert response.status_code == 302
    assert guest.type_name(paper, row).status_code == 302


# -- opening -------------------------------------------------------------------------------------------------------


def test_welcome_names_the_person_and_no_number(paper, row):
    Attendee.objects.filter(pk=row.attendee_id).update(
        identity_number=NIP, identity_masked="1986************01", phone=PHONE
    )
    guest = Guest(row.attendee, opened=False)

    page = html(guest.get())

    assert row.name in page
    assert "Rabu, 2 Oktober 2024, pukul 09.00 WIB" in page
    assert paper.event.office.name in page
    assert [secret for secret in (NIP, "1986*", PHONE, "081234567890") if secret in page] == []


def test_looking_changes_nothing(paper, row):
    guest = Guest(row.attendee, opened=False)
    before = AuditEntry.objects.count()

    for _ in range(2):
        guest.get()
        guest.get("data")
        guest.get("sign", paper.pk)

    guest.link.refresh_from_db()
    assert (guest.link.opened_at, AuditEntry.objects.count()) == (None, before)


def test_paper_stays_shut_until_the_tap(paper, row):
    guest = Guest(row.attendee, opened=False)

    assert guest.get("sign", paper.pk).url == guest.url("home")
    guest.post("open")

    assert guest.get("sign", paper.pk).status_code == 200
    guest.link.refresh_from_db()
    assert guest.link.opened_at is not None


def test_guest_listed_after_opening_finds_the_paper(paper):
    late = factories.attendee(paper.event, full_name="Susulan (contoh)")

    guest = Guest(late)

    assert "Baca dan tanda tangani" in html(guest.get())


# -- states --------------------------------------------------------------------------------------------------------


def test_event_that_has_not_begun_says_when(row, paper, guest):
    Event.objects.filter(pk=paper.event_id).update(state="scheduled")
    page = html(guest.get())
    assert "Penandatanganan dibuka pada hari kegiatan." in page
    assert "Rabu, 2 Oktober 2024" in page


def test_draft_paper_is_named_and_not_offered(paper, guest, row):
    type(paper).objects.filter(pk=paper.pk).update(state="draft")
    page = html(guest.get())
    assert "Belum dibuka. Muat ulang halaman ini setelah naskah dibacakan." in page
    assert guest.url("sign", paper.pk) not in page
    assert guest.get("sign", paper.pk).url == guest.url("home")


def test_person_without_a_paper_is_told_what_to_do(paper):
    other = factories.attendee(paper.event, full_name="Wartawan (contoh)", category="lainnya")
    paper.signatories.filter(attendee=other).delete()
    guest = Guest(other, opened=False)
    links.open_link(link=guest.link)
    assert "Belum ada naskah yang dapat Anda tanda tangani." in html(guest.get())
    assert guest.get("sign", paper.pk).status_code == 404


def test_closed_paper_says_whom_to_ask(paper, guest):
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    page = html(guest.get())
    assert "Penandatanganan sudah ditutup." in page
    assert "Baca dan tanda tangani" not in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("cancelled", "Kegiatan ini dibatalkan"),
        ("archived", "Penandatanganan sudah ditutup."),
        ("closed", "Penandatanganan sudah ditutup."),
    ],
)
def test_event_that_is_over_stays_readable(paper, row, state, sentence):
    guest = Guest(row.attendee, opened=False)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    Event.objects.filter(pk=paper.event_id).update(state=state)

    page = guest.get()

    assert page.status_code == 200
    assert sentence in html(page)
    assert guest.post("open").status_code == 302
    assert guest.get("data").status_code == 200


def test_withdrawn_person_is_told_and_offered_nothing(paper, row, guest):
    withdraw_attendee(attendee=row.attendee, by=audit.SYSTEM)

    page = html(guest.get())

    assert "Nama Anda tidak lagi tercantum" in page
    assert "Baca dan tanda tangani" not in page
    assert guest.get("data").status_code == 200


def test_signature_of_a_withdrawn_person_is_kept_for_review(paper, row, guest):
    body = day.record(row)
    withdraw_attendee(attendee=row.attendee, by=audit.SYSTEM)
    assert guest.send(paper, body).json()["status"] == "held"
    assert Signature.objects.get().code == "attendee_removed"


def test_post_without_a_name_asks_for_it_first(paper):
    post = factories.attendee(
        paper.event, full_name="", position="Kepala Desa Betiting", category="kepala_desa"
    )
    guest = Guest(post)

    assert "Siapa nama Anda?" in html(guest.get("sign", paper.pk))
    assert "Isi nama lengkap Anda." in html(guest.post("sign", paper.pk, full_name=" "))
    guest.post("sign", paper.pk, full_name="Slamet (contoh)")

    post.refresh_from_db()
    assert post.full_name == "Slamet (contoh)"
    assert "data-pad" in html(guest.get("sign", paper.pk))
    assert AuditEntry.objects.filter(verb="attendee.changed").get().actor_kind == "link"


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


# -- receipt and own data ------------------------------------------------------------------------------------------


def test_receipt_shows_the_own_record_and_nobody_else(paper, row, guest):
    for seed, other in enumerate(day.rows(paper)[1:], 5):
        day.hand_in(paper, day.record(other, seed))
    answer = guest.send(paper, day.record(row)).json()

    page = html(guest.client.get(answer["next"]))

    assert answer["receipt"]["record_sha256"][:8].upper() in page
    assert row.name in page
    assert "WIB" in page
    assert paper.title in page
    for other in day.rows(paper)[1:]:
        assert other.name not in page


def test_receipt_of_somebody_else_is_unknown(paper, guest):
    foreign = day.hand_in(paper, day.record(day.rows(paper)[1]))[0].signature
    assert guest.get("receipt", foreign.pk).status_code == 404


def test_what_was_signed_at_a_tablet_is_seen_too(paper, row, guest):
    [result] = day.hand_in(paper, day.record(row))
    assert guest.url("receipt", result.id) in html(guest.get())
    assert guest.get("receipt", result.id).status_code == 200


def test_own_data_are_told_in_words_and_masked(paper, row, guest):
    Attendee.objects.filter(pk=row.attendee_id).update(
        identity_kind="nip",
        identity_number=NIP,
        identity_masked="1986************01",
        phone=PHONE,
        email="ani@contoh.test",
    )
    guest.send(paper, day.record(row))

    page = html(guest.get("data"))

    for shown in (
        row.name,
        "1986************01",
        "0812*****890",
        "a***@contoh.test",
        "Masuk: Tautan pribadi (daring)",
    ):
        assert shown in page, shown
    for hidden in (NIP, PHONE, "081234567890", "ani@contoh.test"):
        assert hidden not in page, hidden


def test_home_costs_the_same_for_one_paper_and_for_three(paper, row, guest):
    counts = []
    for _ in range(2):
        guest.get()
        with CaptureQueriesContext(connection) as queries:
            guest.get()
        counts.append(len(queries))
        for _ in range(2):
            more = factories.declaration(paper.event)
            signing.open_signing(declaration=more, by=audit.SYSTEM)
    assert counts[0] == counts[1]


# -- answer to the invitation ------------------------------------------------------------------------------------


@pytest.fixture
def invited():
    """The personal page of somebody invited to an event that is still ahead."""
    event = factories.event(state=Event.State.SCHEDULED)
    [attendee, *_] = day.people(event, 1, position="Camat", full_name="Camat Contoh")
    return Guest(attendee)


def answered(invited):
    return Attendee.objects.get(pk=invited.link.attendee_id)


def test_page_asks_and_a_tap_answers(invited):
    assert "Apakah Bapak/Ibu akan hadir?" in invited.get().content.decode()
    response = invited.post("answer", jawaban="coming")
    assert response.status_code == 302
    assert answered(invited).invitation == "coming"
    assert "Anda akan hadir." in invited.get().content.decode()
    entry = AuditEntry.objects.get(verb="invitation.answered")
    assert (entry.actor_kind, entry.actor_id) == ("link", str(invited.link.pk))


def test_looking_answers_nothing(invited):
    for name in ("home", "calendar", "data"):
        invited.get(name)
    assert invited.get("answer").status_code == 405
    assert answered(invited).invitation == "opened"


def test_preview_of_an_unopened_link_changes_nothing():
    event = factories.event(state=Event.State.SCHEDULED)
    [attendee, *_] = day.people(event, 1)
    guest = Guest(attendee, opened=False)
    guest.get()
    guest.get("calendar")
    assert answered(guest).invitation == "none"


def test_representative_is_named_and_answer_may_change(invited):
    invited.post(
        "answer", jawaban="represented", nama="Sekcam Contoh", jabatan="Sekretaris Kecamatan", surat="5/ST"
    )
    row = answered(invited)
    assert (row.full_name, row.on_behalf_of_position, row.letter_no) == ("Sekcam Contoh", "Camat", "5/ST")
    assert "diwakili oleh Sekcam Contoh, Sekretaris Kecamatan" in invited.get().content.decode()
    invited.post("answer", jawaban="excused")
    assert (answered(invited).full_name, answered(invited).invitation) == ("Camat Contoh", "excused")


def test_nothing_typed_is_lost_when_the_name_is_missing(invited):
    response = invited.post(
        "answer", jawaban="represented", nama="", jabatan="Sekretaris Kecamatan", surat="5/ST"
    )
    html = response.content.decode()
    assert response.status_code == 400
    assert "Tuliskan nama yang mewakili." in html
    assert 'value="Sekretaris Kecamatan"' in html
    assert answered(invited).full_name == "Camat Contoh"


@pytest.mark.parametrize("answer", ["", "hadir", "opened", "none"])
def test_answer_that_is_none_is_refused(invited, answer):
    assert invited.post("answer", jawaban=answer).status_code == 400
    assert answered(invited).invitation == "opened"


def test_from_the_start_on_the_answer_stands(invited):
    invited.post("answer", jawaban="coming")
    Event.objects.filter(pk=invited.link.attendee.event_id).update(state="running")
    assert invited.post("answer", jawaban="excused").status_code == 400
    assert answered(invited).invitation == "coming"
    assert "Berhalangan" not in invited.get().content.decode()


def test_answers_are_counted_per_link(invited):
    for _ in range(pages.ANSWERS[1]):
        assert invited.post("answer", jawaban="coming").status_code == 302
    assert invited.post("answer", jawaban="excused").status_code == 429
    assert answered(invited).invitation == "coming"


def test_answer_of_a_dead_link_is_unknown(invited):
    links.revoke_link(link=invited.link, by=audit.SYSTEM)
    assert invited.post("answer", jawaban="coming").status_code == 404
    assert answered(invited).invitation == "opened"
