"""Signing on the tablet without JavaScript: a typed name counts, a second click loses and doubles nothing."""

import json
import re

import pytest
from django.db import OperationalError

from declarations import intake
from declarations.models import Signature
from tests.accounts.factories import organizer_of
from tests.declarations import day
from tests.declarations.addresses import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def tablet(client, paper):
    client.force_login(organizer_of(paper.event.office))
    return client


def form(paper, **changes):
    fields = {"text_sha256": paper.text_version.sha256, "agree": "1", "typed_name": "Peserta A (contoh)"}
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def test_typed_name_counts(tablet, paper):
    row = day.rows(paper)[0]

    response = tablet.post(url("sign_typed", paper, row.pk), form(paper))

    stored = Signature.objects.get()
    assert response.url == url("sign_thanks", paper, stored.pk)
    assert (stored.method, stored.status) == ("typed", "valid")


def test_refusal_by_form_counts_and_asks_nothing(tablet, paper):
    row = day.rows(paper)[0]

    tablet.post(url("sign_typed", paper, row.pk), {"text_sha256": paper.text_version.sha256, "refuse": "1"})

    row.refresh_from_db()
    assert row.outcome == "refused"


def test_representative_signs_by_form_in_their_own_name(tablet, paper):
    row = day.rows(paper)[0]
    behalf = {"on_behalf": "1", "on_behalf_name": "Wakil (contoh)", "on_behalf_position": "Sekcam"}

    tablet.post(url("sign_typed", paper, row.pk), form(paper, typed_name="Wakil (contoh)", **behalf))

    row.refresh_from_db()
    assert (row.name, row.on_behalf_of_name) == ("Wakil (contoh)", "Peserta A (contoh)")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agree": None}, "Centang pernyataan dahulu."),
        ({"typed_name": "  "}, "Ketik nama lengkap Anda."),
        ({"on_behalf": "1"}, "Isi nama Anda sendiri"),
        ({"text_sha256": "xyz"}, "Isi catatan tidak sah: sidik naskah."),
        ({"text_sha256": None}, "Catatan belum lengkap: sidik naskah tidak ada."),
    ],
)
def test_incomplete_form_says_what_is_missing(tablet, paper, changes, words):
    row = day.rows(paper)[0]

    response = tablet.post(url("sign_typed", paper, row.pk), form(paper, **changes))

    assert response.status_code == 400
    assert words in response.content.decode()
    assert Signature.objects.count() == 0


def hidden_id(tablet, paper, row) -> str:
    """The number in the page as it is shown; the same one in both of its forms."""
    html = tablet.get(url("sign", paper, row.pk)).content.decode()
    [number] = set(re.findall(r'name="record_id" value="([^"]+)"', html))
    return number


def typed(tablet, paper, row, number, **changes):
    return tablet.post(url("sign_typed", paper, row.pk), form(paper, record_id=number, **changes))


def standing(paper):
    return sorted(paper.signatures.values_list("status", "outcome"))


def test_every_page_has_its_own_number_for_the_record(tablet, paper):
    row = day.rows(paper)[0]

    assert hidden_id(tablet, paper, row) != hidden_id(tablet, paper, row)


BEHALF = {"on_behalf": "1", "on_behalf_name": "Wakil (contoh)", "on_behalf_position": "Sekcam"}


@pytest.mark.parametrize("changes", [{}, {"refuse": "1"}, BEHALF])
def test_double_click_is_stored_once_and_thanked_for_twice(tablet, paper, changes):
    row = day.rows(paper)[0]
    number = hidden_id(tablet, paper, row)

    answers = [typed(tablet, paper, row, number, **changes) for _ in range(2)]

    assert [answer.url for answer in answers] == [url("sign_thanks", paper, number)] * 2
    assert [status for status, _ in standing(paper)] == ["valid"]
    assert paper.inbox_items.count() == 0


def test_second_signature_from_a_page_that_stayed_open_is_kept_and_thanked_for(tablet, paper):
    row = day.rows(paper)[0]
    number = hidden_id(tablet, paper, row)
    day.hand_in(paper, day.record(row))

    answer = typed(tablet, paper, row, number)

    assert standing(paper) == [("conflict", "signed"), ("valid", "signed")]
    assert answer.url == url("sign_thanks", paper, number)
    assert "Terima kasih, Bapak/Ibu." in tablet.get(answer.url).content.decode()


def test_other_choice_on_the_same_page_is_kept_beside_the_first(tablet, paper):
    row = day.rows(paper)[0]
    number = hidden_id(tablet, paper, row)

    typed(tablet, paper, row, number)
    answer = typed(tablet, paper, row, number, refuse="1")

    assert standing(paper) == [("conflict", "refused"), ("valid", "signed")]
    assert "Terima kasih, Bapak/Ibu." in tablet.get(answer.url).content.decode()


def test_number_of_another_persons_record_loses_nothing(tablet, paper):
    first, second = day.rows(paper)[:2]
    number = hidden_id(tablet, paper, first)

    typed(tablet, paper, first, number)
    typed(tablet, paper, second, number)

    assert standing(paper) == [("valid", "signed")] * 2


def test_official_who_signs_after_the_stand_in_keeps_the_own_name_in_the_record(tablet, paper):
    row = day.rows(paper)[0]
    number = hidden_id(tablet, paper, row)
    typed(tablet, paper, row, hidden_id(tablet, paper, row), **BEHALF)

    typed(tablet, paper, row, number)

    data = json.loads(bytes(Signature.objects.get(pk=number).record))
    assert (data["capacity"], data["signatory"]["name"]) == ("self", "Peserta A (contoh)")


@pytest.mark.parametrize("number", [None, "", "abc", "00000000-0000-4000-8000-000000000000"])
def test_spoilt_number_in_the_page_loses_nothing(tablet, paper, number):
    typed(tablet, paper, day.rows(paper)[0], number)

    assert standing(paper) == [("valid", "signed")]


def test_busy_database_brings_the_form_back_as_it_was_filled_in(tablet, paper, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    row = day.rows(paper)[0]
    number = hidden_id(tablet, paper, row)
    with monkeypatch.context() as patched:
        patched.setattr(intake, "take_in", busy)
        response = typed(tablet, paper, row, number, typed_name="Wakil (contoh)", **BEHALF)

    html = response.content.decode()
    assert response.status_code == 503
    assert "Server sedang sibuk. Isian masih ada di halaman ini; kirim sekali lagi." in html
    assert html.count(f'value="{number}"') == 2
    assert html.count('value="Wakil (contoh)"') == 2
    assert 'value="Sekcam"' in html
    assert len(re.findall(r"<input[^>]*checked", html)) == 2
    assert standing(paper) == []


def test_tick_for_another_text_does_not_come_back(tablet, paper):
    response = tablet.post(
        url("sign_typed", paper, day.rows(paper)[0].pk), form(paper, text_sha256="xyz", typed_name="Budi")
    )

    html = response.content.decode()
    assert 'value="Budi"' in html
    assert re.findall(r"<input[^>]*checked", html) == []


def test_forged_text_in_the_form_is_held(tablet, paper):
    tablet.post(url("sign_typed", paper, day.rows(paper)[0].pk), form(paper, text_sha256="0" * 64))

    assert Signature.objects.get().status == "held"
