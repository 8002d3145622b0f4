"""Papers of a template: planned like any other, never numbered, opened or signed; read by the offices below."""

import pytest
from django.urls import reverse

from accounts import audit
from accounts.refusals import Refusal
from declarations import planning
from documents.models import LetterNumber
from events.models import Event
from events.plan_steps import progress
from tests.accounts.factories import bawaslu_gresik, organizer_of, panwaslu_cerme
from tests.declarations import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def template():
    return factories.event(bawaslu_gresik(), is_template=True, title="Pola (contoh)")


@pytest.fixture
def paper(template):
    return factories.declaration(template)


def test_no_number_is_reserved_for_it(paper):
    with pytest.raises(Refusal, match="Ini templat kegiatan"):
        planning.reserve_paper_number(declaration=paper, by=audit.SYSTEM)
    assert LetterNumber.objects.count() == 0


def test_the_own_office_adds_and_opens_its_papers(client, template, paper):
    client.force_login(organizer_of(template.office))
    add = client.get(reverse("declarations:declaration_add", args=[template.code]))
    assert (add.status_code, "reserve_number" in add.content.decode()) == (200, False)
    body = client.get(paper.get_absolute_url()).content.decode()
    assert ("Ini templat kegiatan." in body, "Ambil nomor berikutnya" in body) == (True, False)
    assert paper.get_absolute_url() in client.get(template.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["open", "close", "mark_absent", "seal"])
def test_it_is_not_signed(client, template, paper, name):
    client.force_login(organizer_of(template.office))
    response = client.post(reverse(f"declarations:{name}", args=[paper.pk]))
    assert response.status_code == 409
    paper.refresh_from_db()
    assert paper.state == "draft"


def test_offices_below_read_its_title_and_no_more(client, template, paper):
    client.force_login(organizer_of(panwaslu_cerme()))
    body = client.get(template.get_absolute_url()).content.decode()
    assert (paper.title in body, paper.get_absolute_url() in body) == (True, False)
    assert client.get(paper.get_absolute_url()).status_code == 404


def test_steps_of_a_draft_know_its_papers_and_tablets():
    event = factories.event()
    steps = {shown.step.name: shown for shown in progress(event)}
    assert [steps[name].is_done for name in ("papers", "tablets")] == [False, False]
    assert steps["papers"].url == reverse("declarations:declaration_add", args=[event.code])
    factories.declaration(event)
    steps = {shown.step.name: shown for shown in progress(Event.objects.get(pk=event.pk))}
    assert (steps["papers"].is_done, steps["papers"].url) == (True, f"{event.get_absolute_url()}#naskah")
    assert list(steps)[-3:] == ["attendees", "papers", "tablets"]
