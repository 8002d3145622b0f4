"""The page on which an officer decides about the doubtful records of a paper."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from declarations import review, signing
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day
from tests.declarations.conflicts import BY, conflict, resolve, resolve_state

pytestmark = pytest.mark.django_db


def page(paper) -> str:
    return reverse("declarations:review", args=[paper.pk])


def test_page_shows_both_drawings_side_by_side_and_why(client):
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    day.hand_in(
        paper, day.record(first), day.record(first, 2), day.record(second, text_sha256="0" * 64), b"?"
    )
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()

    assert html.count('fill="#0b1f5c"') == 3
    assert "Orang yang sama sudah tercatat pada naskah ini." in html
    assert "Naskah yang ditandatangani bukan naskah yang ditetapkan" in html
    assert "Catatan tidak ditulis dalam bentuk bakunya." in html
    assert "style=" not in html


def test_decision_on_the_page_needs_a_reason_and_is_carried_out(client):
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:review_resolve", args=[paper.pk, later.pk])

    assert client.post(url, {"keputusan": "accept", "alasan": ""}).status_code == 409
    assert resolve_state(later) == "conflict"
    response = client.post(url, {"keputusan": "accept", "alasan": "Diperiksa"})
    assert (response.status_code, response.url) == (302, page(paper))
    assert resolve_state(later) == "valid"


def test_two_officers_with_the_same_page_do_not_undo_each_other(client):
    """The second has read *menunggu*; "Batalkan" must not strike out what the colleague has let count meanwhile."""
    paper = day.open_paper(1)
    _, _, later = conflict(paper, day.refusal, day.record)
    url = reverse("declarations:review_resolve", args=[paper.pk, later.pk])
    client.force_login(organizer_of(paper.event.office))
    body = {"keadaan": seen_on(client.get(url)), "alasan": "Diperiksa"}
    resolve(later, "accept", "Orangnya ditanya")

    answer = client.post(url, {**body, "keputusan": "revoke"})

    assert answer.status_code == 409
    assert "baru saja diputuskan (berlaku): Orangnya ditanya." in answer.content.decode()
    assert resolve_state(later) == "valid"
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 1
    again = {**body, "keadaan": seen_on(client.get(url)), "keputusan": "revoke"}
    assert client.post(url, again).status_code == 302
    assert resolve_state(later) == "revoked"


def test_button_touched_twice_decides_once(client):
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    url = reverse("declarations:review_resolve", args=[paper.pk, later.pk])
    client.force_login(organizer_of(paper.event.office))
    body = {"keadaan": seen_on(client.get(url)), "keputusan": "keep", "alasan": "Diperiksa"}

    assert [client.post(url, body).status_code for _ in range(2)] == [302, 409]
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 1


def seen_on(response) -> str:
    [found] = re.findall(r'name="keadaan" value="([^"]*)"', response.content.decode())
    return found


def test_officer_who_settles_a_body_second_reads_whose_decision_stands(client):
    paper = day.open_paper(1)
    day.hand_in(paper, b"nonsense")
    item = paper.inbox_items.get()
    review.settle_item(item=item, reason="Dicoba ulang", by=organizer_of(paper.event.office))
    client.force_login(organizer_of(paper.event.office))

    answer = client.post(page(paper), {"kiriman": item.pk, "alasan": "Lain"}, follow=True)

    assert "sudah diputuskan" in answer.content.decode()
    assert "Dicoba ulang. Keputusan itu tetap berlaku." in answer.content.decode()


def test_signature_under_the_wrong_name_is_taken_back_on_its_own_page(client):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:review_resolve", args=[paper.pk, result.id])

    assert url in client.get(page(paper)).content.decode()
    html = client.get(url).content.decode()
    assert ('value="revoke"' in html, 'value="accept"' in html) == (True, False)
    client.post(url, {"keputusan": "revoke", "alasan": "Salah orang"})

    row.refresh_from_db()
    assert (resolve_state(result.signature), row.outcome) == ("revoked", "pending")


@pytest.mark.parametrize("data", [{}, {"keputusan": "delete", "alasan": "x"}])
def test_unknown_decision_is_not_found(client, data):
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    client.force_login(organizer_of(paper.event.office))

    assert (
        client.post(reverse("declarations:review_resolve", args=[paper.pk, later.pk]), data).status_code
        == 404
    )


@pytest.mark.parametrize("number", ["", "abc", "9" * 40, "999999"])
def test_unknown_body_is_not_found(client, number):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    assert client.post(page(paper), {"kiriman": number, "alasan": "x"}).status_code == 404


def test_operator_may_not_review_and_a_foreign_region_sees_nothing(client):
    paper = day.open_paper(1)
    client.force_login(member(paper.event.office, Role.OPERATOR))
    assert client.get(page(paper)).status_code == 403
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert client.get(page(paper)).status_code == 404


def test_empty_list_says_so(client):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    assert "Tidak ada yang perlu ditinjau." in client.get(page(paper)).content.decode()


def test_page_asks_the_database_as_often_for_one_as_for_three(client):
    paper = day.open_paper(3)
    client.force_login(organizer_of(paper.event.office))
    asked = []
    for rows in (day.rows(paper)[:1], day.rows(paper)[1:]):
        for row in rows:
            day.hand_in(paper, day.record(row), day.record(row, 2))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(paper))
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_page_offers_the_seal_with_a_reason_when_signing_is_closed(client):
    paper = day.open_paper(1)
    conflict(paper)
    client.force_login(organizer_of(paper.event.office))
    assert reverse("declarations:seal", args=[paper.pk]) not in client.get(page(paper)).content.decode()

    signing.close_signing(declaration=paper, by=BY)

    assert "Segel dengan alasan" in client.get(page(paper)).content.decode()
