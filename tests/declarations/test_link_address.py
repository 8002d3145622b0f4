"""The address of a personal link: no dead one tells anything, none leaks, and looking changes nothing."""

import logging
import uuid

import pytest
from django.test import Client

from accounts import audit
from accounts.models import AuditEntry
from events import links
from events.models import Attendee, PersonalLink
from netralitas.log import PrivacyFilter
from tests.accounts.factories import organizer_of
from tests.declarations import day, factories
from tests.declarations.guests import NIP, PHONE, Guest, html

pytestmark = pytest.mark.django_db


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
