"""The pages of the tablet: nothing about anybody else, a clear answer to whatever is sent, never an error page."""

import json
import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from declarations import intake, signing
from declarations.models import Signature
from events.models import Attendee, Event
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day, factories
from tests.declarations.addresses import url

pytestmark = pytest.mark.django_db
NIP = "198609262015051001"


@pytest.fixture
def tablet(client, paper):
    client.force_login(organizer_of(paper.event.office))
    return client


def search(client, paper, query):
    return client.post(url("sign_search", paper), {"q": query})


def send(client, paper, row, body):
    return client.post(
        url("sign_submit", paper, row.pk),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )


# -- find your name ------------------------------------------------------------------------------------------------


def test_name_is_found_by_the_beginning_of_any_word_without_accents(tablet, paper):
    factories.attendee(paper.event, full_name="Şükrü Ma'ruf (contoh)")
    signing.enroll_signatories(declaration=paper, by=factories.audit.SYSTEM)

    for query in ("suk", "MARUF", "ma'r", "sukru maruf"):
        response = search(tablet, paper, query)
        assert [row["name"] for row in response.context["results"]] == ["Şükrü Ma'ruf (contoh)"], query


def test_two_letters_list_nobody(tablet, paper):
    response = search(tablet, paper, "pe")

    assert (response.context["results"], response.context["count"]) == ([], 0)
    assert "Ketik minimal 3 huruf" in response.content.decode()


def test_more_than_eight_hits_are_only_counted(tablet, paper):
    for number in range(6):
        factories.attendee(paper.event, full_name=f"Peserta Tambahan {number}")
    signing.enroll_signatories(declaration=paper, by=factories.audit.SYSTEM)

    response = search(tablet, paper, "peserta")

    html = response.content.decode()
    assert response.context["count"] == 9
    assert "9 nama cocok. Ketik lebih lengkap." in html
    assert "Peserta A" not in html


def test_taken_name_shows_the_hour_and_not_the_choice(tablet, paper):
    row = day.rows(paper)[0]
    day.hand_in(paper, day.refusal(row))

    html = search(tablet, paper, "peserta a").content.decode()

    assert "Sudah tercatat pukul" in html
    assert url("sign", paper, row.pk) not in html
    assert "tidak menandatangani" not in html.lower()


def test_post_without_a_name_is_found_by_its_village(tablet, paper):
    factories.attendee(paper.event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    signing.enroll_signatories(declaration=paper, by=factories.audit.SYSTEM)

    response = search(tablet, paper, "betit")

    assert [row["position"] for row in response.context["results"]] == ["Kepala Desa Betiting"]


def test_guest_written_down_after_opening_is_found(tablet, paper):
    factories.attendee(paper.event, full_name="Tamu Datang (contoh)")

    response = search(tablet, paper, "tamu")

    assert [row["name"] for row in response.context["results"]] == ["Tamu Datang (contoh)"]


def test_only_namesakes_carry_the_end_of_their_number(tablet, paper):
    for tail in ("001", "002"):
        Attendee.objects.create(
            event=paper.event,
            full_name="Siti Aminah (contoh)",
            category="pns",
            identity_kind="nip",
            identity_number=NIP[:-3] + tail,
        )
    Attendee.objects.create(
        event=paper.event, full_name="Dewi (contoh)", category="pns", identity_kind="nip", identity_number=NIP
    )
    signing.enroll_signatories(declaration=paper, by=factories.audit.SYSTEM)

    namesakes = search(tablet, paper, "siti")
    single = search(tablet, paper, "dewi")

    assert sorted(row["tail"] for row in namesakes.context["results"]) == ["001", "002"]
    assert [row["tail"] for row in single.context["results"]] == [""]
    assert NIP[:10] not in namesakes.content.decode() + single.content.decode()


def test_search_never_puts_a_name_into_an_address(tablet, paper):
    html = search(tablet, paper, "peserta").content.decode()

    assert re.search(r'<form class="search" method="post"', html)
    assert "?q=" not in html


def test_search_says_when_signing_is_not_open(tablet, paper):
    signing.close_signing(declaration=paper, by=factories.audit.SYSTEM)

    response = search(tablet, paper, "peserta")

    assert response.context["results"] == []
    assert "Penandatanganan sudah ditutup" in response.content.decode()


def test_search_asks_the_database_as_often_for_one_as_for_three(tablet, paper):
    asked = []
    for query in ("peserta a", "peserta"):
        with CaptureQueriesContext(connection) as queries:
            response = search(tablet, paper, query)
        asked.append((len(response.context["results"]), len(queries)))

    assert asked == [(1, asked[0][1]), (3, asked[0][1])]


# -- read and sign -------------------------------------------------------------------------------------------------


def test_page_shows_the_text_in_full_and_no_number(tablet, paper):
    row = day.rows(paper)[0]
    row.attendee.identity_number, row.attendee.identity_kind = NIP, "nip"
    row.attendee.save()

    response = tablet.get(url("sign", paper, row.pk))

    html = response.content.decode()
    for point in factories.POINTS:
        assert point in html
    assert response.context["page_data"]["text_sha256"] == paper.text_version.sha256
    assert set(response.context["page_data"]["signatory"]) == {"name", "category", "position", "agency"}
    assert NIP not in html
    assert NIP[-6:] not in html
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_hour_of_the_reading_is_shown(tablet, paper):
    signing.record_reading(
        declaration=paper,
        led_by_name="Sekda",
        led_by_position="",
        at=timezone.now(),
        followed_by_all=True,
        by=factories.audit.SYSTEM,
    )

    assert (
        "sudah dibacakan bersama pukul"
        in tablet.get(url("sign", paper, day.rows(paper)[0].pk)).content.decode()
    )


def test_taken_name_leads_back_to_the_search(tablet, paper):
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row))

    response = tablet.get(url("sign", paper, row.pk))

    assert (response.status_code, response.url) == (302, url("sign_search", paper))


def test_post_without_a_name_is_asked_for_it_first(tablet, paper):
    factories.attendee(paper.event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    signing.enroll_signatories(declaration=paper, by=factories.audit.SYSTEM)
    row = paper.signatories.get(name="")
    page = url("sign", paper, row.pk)

    assert "Siapa nama Anda?" in tablet.get(page).content.decode()
    assert "Isi nama lengkap Anda." in tablet.post(page, {"full_name": " "}).content.decode()
    assert tablet.post(page, {"full_name": "Nur Aini (contoh)"}).url == page
    assert tablet.get(page).context["page_data"]["signatory"]["name"] == "Nur Aini (contoh)"


def test_record_is_answered_with_its_receipt(tablet, paper):
    row = day.rows(paper)[0]
    record = day.record(row)

    response = send(tablet, paper, row, record.raw)

    assert response.status_code == 200
    assert response.json() == {
        "status": "stored",
        "message": "Tersimpan.",
        "next": url("sign_thanks", paper, record.id),
        "receipt": {"record_sha256": record.sha256},
    }
    assert Signature.objects.get().operator_id is not None


def test_doubtful_record_is_thanked_for_like_any_other(tablet, paper):
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row))

    again = send(tablet, paper, row, day.record(row, 2).raw)
    forged = send(tablet, paper, row, day.record(row, text_sha256="0" * 64).raw)

    assert [answer.json()["status"] for answer in (again, forged)] == ["conflict", "held"]
    for answer in (again, forged):
        html = tablet.get(answer.json()["next"]).content.decode()
        assert "Terima kasih, Bapak/Ibu." in html
        assert "ganda" not in html.lower()


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":1}', b"\xff\xfe", b"null", b"[" * 5000, b'{"v":1e400}'])
def test_nonsense_gets_a_sentence_and_is_kept(tablet, paper, body):
    response = send(tablet, paper, day.rows(paper)[0], body)

    assert response.status_code == 422
    assert response.json()["status"] == "quarantined"
    assert response.json()["message"].endswith(".")
    assert bytes(paper.inbox_items.get().body) == body


def test_two_megabytes_of_points_are_turned_away_unread(tablet, paper):
    row = day.rows(paper)[0]
    body = json.dumps({"strokes": "A" * 2_000_000}).encode()

    response = send(tablet, paper, row, body)

    assert response.status_code == 413
    assert "64 KB" in response.json()["message"]
    assert (Signature.objects.count(), paper.inbox_items.count()) == (0, 0)


def test_signature_on_a_closed_paper_is_kept_for_review(tablet, paper, time_machine):
    row = day.rows(paper)[0]
    signing.close_signing(declaration=paper, by=factories.audit.SYSTEM)
    record = day.record(row, at=timezone.now() + timedelta(hours=1))
    time_machine.move_to(timezone.now() + timedelta(hours=1))

    assert send(tablet, paper, row, record.raw).json()["status"] == "held"
    row.refresh_from_db()
    assert row.outcome == "pending"


def test_busy_database_asks_the_tablet_to_send_again(tablet, paper, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(intake, "take_in", busy)

    response = send(tablet, paper, day.rows(paper)[0], b"{}")

    assert (response.status_code, response.json()["status"]) == (503, "retry")


# -- who may -------------------------------------------------------------------------------------------------------


PAGES = ("sign_search", "sign", "sign_submit", "sign_typed", "sign_thanks")


def call(client, name, paper, row):
    rest = [] if name == "sign_search" else [row.pk]
    method = client.post if name in ("sign_submit", "sign_typed") else client.get
    return method(url(name, paper, *rest))


@pytest.mark.parametrize("name", PAGES)
def test_nobody_signs_without_an_officer_at_the_tablet(client, paper, name):
    response = call(client, name, paper, day.rows(paper)[0])

    assert (response.status_code, response.url.startswith("/masuk/")) == (302, True)


@pytest.mark.parametrize("name", PAGES)
def test_foreign_region_finds_nothing(client, paper, name):
    client.force_login(organizer_of(panwaslu_purwodadi()))

    assert call(client, name, paper, day.rows(paper)[0]).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_operator_needs_to_be_assigned(client, paper, name):
    operator = member(paper.event.office, Role.OPERATOR)
    client.force_login(operator)
    assert call(client, name, paper, day.rows(paper)[0]).status_code == 403

    Event.objects.get(pk=paper.event_id).operators.add(operator)
    assert call(client, name, paper, day.rows(paper)[0]).status_code not in (403, 302, 500)


def test_person_of_another_paper_is_not_found(tablet, paper):
    other = day.rows(day.open_paper(1))[0]

    assert tablet.get(url("sign", paper, other.pk)).status_code == 404
    assert tablet.get(url("sign_thanks", paper, other.pk)).status_code == 404
