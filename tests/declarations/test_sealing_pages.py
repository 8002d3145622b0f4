"""The pages from which a declaration is sealed, previewed and taken back."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from documents.models import Document
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day
from tests.declarations.seals import (
    being_sealed,
    give_up,
    pact,
    seal_sheet,
    take_back,
)

pytestmark = pytest.mark.django_db


def test_officer_orders_the_seal_and_comes_back_to_the_paper(client):
    paper = day.closed_paper(1)
    client.force_login(organizer_of(paper.event.office))

    response = client.post(reverse("declarations:seal", args=[paper.pk]))

    paper.refresh_from_db()
    assert (response.status_code, response.url) == (302, paper.get_absolute_url())
    assert paper.state == "sealing"


def test_refused_seal_says_why(client):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    response = client.post(reverse("declarations:seal", args=[paper.pk]))

    assert response.status_code == 409
    assert "Tutup penandatanganan sebelum menyegel" in response.content.decode()


def test_preview_is_a_pdf_that_no_cache_keeps(client):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    response = client.get(reverse("declarations:preview", args=[paper.pk]))

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in response["Cache-Control"]


def test_operator_may_not_seal_and_a_foreign_region_finds_nothing(client):
    paper = day.closed_paper(1)
    seal, preview = (reverse(f"declarations:{name}", args=[paper.pk]) for name in ("seal", "preview"))
    client.force_login(member(paper.event.office, Role.OPERATOR))
    assert client.post(seal).status_code == 403
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert (client.post(seal).status_code, client.get(preview).status_code) == (404, 404)


def test_page_of_a_paper_whose_seal_failed_says_why_and_offers_both_ways(client):
    paper = being_sealed()
    job = give_up(paper.document)
    client.force_login(organizer_of(paper.event.office))

    page = client.get(paper.get_absolute_url()).content.decode()

    assert "Kata sandi kunci segel salah." in page
    assert reverse("documents:retry", args=[job.pk]) in page
    assert "Tarik dan perbaiki" in page


def test_operator_reads_why_the_seal_failed_and_gets_no_button(client):
    paper = being_sealed()
    job = give_up(paper.document)
    client.force_login(member(paper.event.office, Role.OPERATOR))

    page = client.get(paper.get_absolute_url()).content.decode()

    assert "Kata sandi kunci segel salah." in page
    assert reverse("documents:retry", args=[job.pk]) not in page
    assert "Tarik dan perbaiki" not in page


def test_officer_takes_the_sealing_back_on_the_page(client):
    paper = being_sealed()
    url = reverse("declarations:take_back_sealing", args=[paper.pk])
    client.force_login(organizer_of(paper.event.office))
    assert client.post(url, {"alasan": ""}).status_code == 409

    response = client.post(url, {"alasan": "Nama salah eja"}, follow=True)

    paper.refresh_from_db()
    assert paper.state == "closed"
    assert (
        "Naskah ditarik dari penyegelan. Penandatanganan ditutup. Siap disegel." in response.content.decode()
    )


def test_pact_with_sealed_sheets_may_be_sealed_again_with_a_reason(client):
    paper = being_sealed(**pact())
    seal_sheet(Document.objects.order_by("title").last())
    take_back(paper)
    client.force_login(organizer_of(paper.event.office))

    assert "Segel dengan alasan revisi" in client.get(paper.get_absolute_url()).content.decode()
