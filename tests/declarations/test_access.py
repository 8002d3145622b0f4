"""Who may open which page of this room: foreign 404, missing right 403, never by following a link."""

import uuid
from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import audit
from declarations import planning, signing
from declarations.models import Declaration, PledgeText, TextVersion
from tests.accounts.factories import (
    bawaslu_gresik,
    bawaslu_parepare,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
)
from tests.declarations import factories

pytestmark = pytest.mark.django_db

OF_NO_OBJECT = {"texts", "text_create", "legal_bases", "recap", "recap_export", "villages_export"}
OF_NO_OBJECT |= {"texts_export", "legal_bases_export"}
FOR_EVERYBODY = ("kiosk",)  # the tablet's app knows nobody: its own tests say so
POST_ONLY = {
    "version_copy",
    "version_publish",
    "declaration_remove",
    "number",
    "replace_basis",
    "witness_remove",
    "witness_undo",
    "enroll",
    "mark_outcome",
    "mark_absent",
    "open",
    "close",
    "sign_submit",
    "sign_typed",
    "seal",
    "take_back_sealing",
    "sheet_note_withdraw",
}
# Pages of a paper by what they need beyond seeing the event.
EDITING = {
    "declaration_add",
    "declaration_edit",
    "declaration_remove",
    "number",
    "replace_basis",
    "parties",
    "witnesses",
    "witness_remove",
    "witness_undo",
    "enroll",
}
DAY = {
    "mark_outcome",
    "mark_absent",
    "open",
    "close",
    "reading",
    "sign_search",
    "sign",
    "sign_submit",
    "sign_typed",
}
TEXTS = {"text", "version", "version_copy", "version_edit", "version_fill"}


@pytest.fixture
def paper():
    event = factories.event(panwaslu_cerme())
    factories.attendee(event)
    text = factories.published_text(event.office)
    made = factories.mou(event)
    made = planning.change_declaration(declaration=made, by=audit.SYSTEM, text_version=text)
    planning.add_witness(declaration=made, role="saksi", name="Saksi (contoh)", by=audit.SYSTEM)
    other = factories.declaration(event)
    signing.enroll_signatories(declaration=other, by=audit.SYSTEM)
    return made


def room():
    """Name → patterns, as the resolver keeps them."""
    return get_resolver().namespace_dict["declarations"][1].reverse_dict


def names():
    return {name for name in room() if isinstance(name, str) and not name.startswith(FOR_EVERYBODY)}


def below(name, first):
    """Arguments of a page: this one, and for every row below it an id nobody has."""
    [(_, parameters)], _, _, converters = room()[name]
    return [first, *(1 if converters[key].regex == "[0-9]+" else uuid.uuid4() for key in parameters[1:])]


def is_of_event(name):
    [(_, parameters)], *_ = room()[name]
    return parameters[:1] == ["code"]


def address(name, paper):
    """The address of this page for the paper, its text, its first witness or signatory."""
    listed = Declaration.objects.exclude(pk=paper.pk).get()
    match name:
        case _ if is_of_event(name):
            arguments = below(name, paper.event.code)
        case "text":
            arguments = [paper.text_version.pledge_text.key]
        case "witness_remove":
            arguments = [paper.pk, paper.witnesses.get().pk]
        case "mark_outcome" | "correct_name" | "sign" | "sign_submit" | "sign_typed":
            arguments = [listed.pk, listed.signatories.get().pk]
        case "recap_export" | "villages_export" | "texts_export" | "legal_bases_export":
            arguments = ["xlsx"]
        case _ if name in OF_NO_OBJECT:
            arguments = []
        case _ if name.startswith("version"):
            arguments = [paper.text_version_id]
        case _:
            arguments = below(name, paper.pk)
    return reverse(f"declarations:{name}", args=arguments)


def answer(client, name, paper):
    status = client.get(address(name, paper)).status_code
    return client.post(address(name, paper)).status_code if status == 405 else status


def test_every_page_of_the_room_is_asked():
    assert names() >= OF_NO_OBJECT | POST_ONLY | EDITING | DAY | TEXTS
    assert len(names()) >= 36


@pytest.mark.parametrize("office", [panwaslu_benjeng, bawaslu_parepare])
@pytest.mark.parametrize("role", ["organizer", "operator", "supervisor", "viewer", "administrator"])
def test_a_foreign_region_is_not_found_on_any_page(client, paper, office, role):
    client.force_login(member(office(), role))
    asked = sorted(names() - OF_NO_OBJECT)
    assert {name: answer(client, name, paper) for name in asked} == dict.fromkeys(asked, 404)


def test_an_unknown_id_looks_like_a_foreign_one(client, paper):
    client.force_login(organizer_of(panwaslu_cerme()))
    unknown = uuid.uuid4()
    for name in (
        "declaration",
        "declaration_edit",
        "parties",
        "witnesses",
        "signatories",
        "reading",
        "preview",
    ):
        assert client.get(reverse(f"declarations:{name}", args=[unknown])).status_code == 404
    assert client.get(reverse("declarations:version", args=[unknown])).status_code == 404
    assert client.get(reverse("declarations:text", args=["tidak-ada"])).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "supervisor", "administrator"])
def test_who_only_looks_may_not_write(client, paper, role):
    client.force_login(member(bawaslu_gresik(), role))
    asked = sorted(
        EDITING
        | DAY
        | {"seal", "take_back_sealing", "review", "version_edit", "version_publish", "text_create"}
    )
    assert {name: answer(client, name, paper) for name in asked} == dict.fromkeys(asked, 403)


def test_a_supervisor_sees_the_paper_and_approves_its_text(client, paper):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    asked = ["declaration", "signatories", "text", "version", "version_approve"]
    assert {name: answer(client, name, paper) for name in asked} == dict.fromkeys(asked, 200)


def test_a_viewer_sees_texts_and_recap_but_no_event(client, paper):
    client.force_login(member(bawaslu_gresik(), "viewer"))
    found = {
        name: answer(client, name, paper) for name in ("texts", "text", "version", "recap", "declaration")
    }
    assert found == {"texts": 200, "text": 200, "version": 200, "recap": 200, "declaration": 403}


def test_an_operator_who_is_not_assigned_does_not_run_the_day(client, paper):
    operator = member(panwaslu_cerme(), "operator")
    client.force_login(operator)
    asked = sorted(EDITING | DAY)
    assert {name: answer(client, name, paper) for name in asked} == dict.fromkeys(asked, 403)
    paper.event.operators.add(operator)
    assert answer(client, "reading", paper) == 200
    assert answer(client, "declaration_edit", paper) == 403


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_a_deed_is_not_done_by_following_a_link(client, paper, name):
    client.force_login(organizer_of(panwaslu_cerme()))
    assert client.get(address(name, paper)).status_code == 405


def test_nothing_of_the_room_is_open_without_a_login(client, paper):
    for name in sorted(names()):
        ask = client.post if name in POST_ONLY else client.get
        response = ask(address(name, paper))
        assert (name, response.status_code) == (name, 302)
        assert response["Location"].startswith("/masuk/")


def test_a_membership_that_ended_opens_nothing(client, paper):
    user = member(panwaslu_cerme(), "organizer", ends=timezone.localdate() - timedelta(days=1))
    client.force_login(user)
    assert answer(client, "declaration", paper) == 404
    assert answer(client, "version", paper) == 404


def test_an_archived_event_is_read_only(client, paper):
    type(paper.event).objects.filter(pk=paper.event_id).update(state="archived")
    client.force_login(organizer_of(panwaslu_cerme()))
    assert answer(client, "declaration", paper) == 200
    for name in ("declaration_remove", "number", "enroll", "open", "mark_outcome"):
        assert answer(client, name, paper) == 409


def test_lists_never_hold_rows_of_a_foreign_region(paper):
    mine = {"texts": paper.text_version.pledge_text, "versions": paper.text_version, "papers": paper}
    factories.declaration(factories.event(panwaslu_benjeng()))
    theirs = factories.draft_text(panwaslu_benjeng())
    cerme, parepare = organizer_of(panwaslu_cerme()), organizer_of(bawaslu_parepare())
    assert theirs.pledge_text not in PledgeText.objects.visible_to(cerme)
    assert theirs not in TextVersion.objects.visible_to(cerme)
    assert {p.event.office.name for p in Declaration.objects.visible_to(cerme)} == {
        "Panwaslu Kecamatan Cerme"
    }
    assert mine["papers"] in Declaration.objects.visible_to(cerme)
    assert not Declaration.objects.visible_to(parepare).exists()
    assert mine["versions"] not in TextVersion.objects.visible_to(parepare)
    assert mine["texts"] not in PledgeText.objects.visible_to(parepare)
