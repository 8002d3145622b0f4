"""The API for Bawaslu's own systems: archive and recap reach what the owner of the token reaches, and no more."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tokens
from accounts.models import AuditEntry
from accounts.roles import Role
from declarations import recap_api
from documents import api as archive_api
from documents import storage
from documents.models import Document
from regions.models import Region
from tests.access_matrix import OK, PEOPLE, READING_PAPERS, REFUSED, ROWS, UNKNOWN
from tests.accounts.factories import (
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_cerme,
    panwaslu_purwodadi,
    region,
)
from tests.declarations import day
from tests.declarations.kiosk import paired
from tests.documents.factories import issue, sealed_document
from tests.test_access import people  # noqa: F401 - the standing people of the matrix

pytestmark = pytest.mark.django_db
ARCHIVE = "/api/v1/archive/documents"
RECAP = "/api/v1/recap"


def ask(user, path, data=None):
    secret = tokens.issue_token(user=user, name="SIGAP").secret
    return Client().get(path, data, headers={"Authorization": f"Bearer {secret}"})


def refused(response, status, code):
    body = response.json()
    assert (response.status_code, body["error"]) == (status, code), body
    assert body["message"].endswith(".")
    return body


@pytest.fixture
def organizer():
    return organizer_of(panwaslu_cerme())


@pytest.fixture
def document():
    return sealed_document(office=panwaslu_cerme())


# -- who ---------------------------------------------------------------------------------------------------------

WORDS = {200: OK, 403: REFUSED, 404: UNKNOWN}


def test_paper_and_file_answer_everybody_as_their_pages_do(people, document):  # noqa: F811
    for path in (f"{ARCHIVE}/{document.pk}", f"{ARCHIVE}/{document.pk}/file"):
        for person, user in people.items():
            if user:
                assert WORDS[_status(user, path)] == READING_PAPERS[person], f"{path} as {person}"


def test_lists_answer_everybody_as_their_pages_do(people, document):  # noqa: F811
    for path, page in ((ARCHIVE, "documents:archive"), (RECAP, "declarations:recap")):
        for person, user in people.items():
            if user:
                assert WORDS[_status(user, path)] == ROWS[page].get[person], f"{path} as {person}"
    assert tuple(people) == PEOPLE


def _status(user, path):
    response = ask(user, path)
    if response.streaming:
        response.getvalue()
    return response.status_code


@pytest.mark.parametrize("path", [ARCHIVE, RECAP])
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ntr_x", "Bearer " + "x" * 5000, "Basic ntr_x"])
def test_without_a_token_nothing_is_told(document, path, header):
    response = Client().get(path, headers={"Authorization": header} if header else {})
    refused(response, 401, "unknown_token")
    assert (response["WWW-Authenticate"], response["Cache-Control"]) == ("Bearer", "no-store")


def test_login_of_a_browser_is_no_token(client, organizer, document):
    client.force_login(organizer)
    refused(client.get(ARCHIVE), 401, "unknown_token")


def test_revoked_and_ended_tokens_open_nothing(organizer, document):
    made = tokens.issue_token(user=organizer, name="SIGAP", expires_at=timezone.now() + timedelta(days=1))
    headers = {"Authorization": f"Bearer {made.secret}"}
    assert Client().get(ARCHIVE, headers=headers).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert Client().get(ARCHIVE, headers=headers).status_code == 401
    tokens.revoke_token(token=made.token, by=organizer)
    assert Client().get(ARCHIVE, headers=headers).status_code == 401


def test_token_of_a_tablet_opens_no_archive_and_no_page(client):
    kiosk = paired(day.running_event())
    headers = {"Authorization": f"Bearer {kiosk.token}"}
    assert [client.get(path, headers=headers).status_code for path in (ARCHIVE, RECAP)] == [401, 401]
    assert client.get("/arsip/", headers=headers).status_code == 302


def test_token_of_a_person_opens_no_roster(organizer):
    refused(ask(organizer, "/api/v1/kiosk/roster"), 401, "unknown_token")


def test_token_may_ask_120_times_a_minute(organizer):
    secret = tokens.issue_token(user=organizer, name="SIGAP").secret
    with time_machine.travel("2026-11-22T02:41:30Z", tick=False):
        tokens.user_of_token(secret)
        headers = {"Authorization": f"Bearer {secret}"}
        answers = [Client().get(f"{ARCHIVE}?page=0", headers=headers).status_code for _ in range(121)]
    assert answers == [422] * 120 + [429]


# -- archive -----------------------------------------------------------------------------------------------------


def test_list_tells_of_papers_and_of_no_person(organizer, document):
    foreign = sealed_document(office=panwaslu_purwodadi())
    body = ask(organizer, ARCHIVE).json()
    archive_api.Papers.model_validate(body)
    assert (body["total"], body["page"], body["pages"]) == (1, 1, 1)
    [paper] = body["items"]
    assert (paper["id"], paper["sha256"]) == (str(document.pk), document.sha256)
    assert (paper["office"]["name"], paper["state"]) == (panwaslu_cerme().name, "sealed")
    text = json.dumps(body)
    assert ("(contoh)" in text, str(foreign.pk) in text) == (False, False)


def test_one_paper_tells_more(organizer, document):
    body = ask(organizer, f"{ARCHIVE}/{document.pk}").json()
    archive_api.PaperDetail.model_validate(body)
    assert body["verify_url"] == document.verify_url
    assert (body["supersedes"], body["void_reason"]) == (None, "")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 2),
        ({"kind": "surat_uji"}, 2),
        ({"kind": "lain"}, 0),
        ({"number": "1/X/2024"}, 1),
        ({"number": "1/X"}, 0),
        ({"q": "1/X"}, 1),
        ({"state": "void"}, 0),
        ({"first": "2024-10-03"}, 1),
        ({"last": "2024-10-02"}, 1),
        ({"first": "2024-10-02", "last": "2024-10-03"}, 2),
    ],
    ids=str,
)
def test_papers_are_chosen_by_filters(organizer, filters, found):
    for number, day_ in (("1/X/2024", 2), ("2/X/2024", 3)):
        made = sealed_document(office=panwaslu_cerme(), number=number)
        Document.objects.filter(pk=made.pk).update(sealed_at=f"2024-10-0{day_}T05:00:00Z")
    assert ask(organizer, ARCHIVE, filters).json()["total"] == found


def test_papers_are_chosen_by_office():
    supervisor = member(bawaslu_gresik(), Role.SUPERVISOR)
    mine = sealed_document(office=panwaslu_cerme())
    sealed_document(office=bawaslu_gresik())
    body = ask(supervisor, ARCHIVE, {"office": mine.office_id}).json()
    assert [item["id"] for item in body["items"]] == [str(mine.pk)]
    assert ask(supervisor, ARCHIVE, {"office": 10**6}).json()["total"] == 0


def test_papers_come_in_pages(organizer):
    made = [str(sealed_document(office=panwaslu_cerme(), number=f"{n}/X/2024").pk) for n in range(3)]
    pages = [ask(organizer, ARCHIVE, {"page": page, "per_page": 2}).json() for page in (1, 2, 3)]
    assert [[item["id"] for item in page["items"]] for page in pages] == [[made[2], made[1]], [made[0]], []]
    assert {(page["total"], page["pages"]) for page in pages} == {(3, 2)}


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"page": 0}, "page"),
        ({"per_page": 201}, "per_page"),
        ({"first": "kemarin"}, "first"),
        ({"last": "9999-12-31"}, "last"),
        ({"state": "hilang"}, "state"),
        ({"office": "Cerme"}, "office"),
        ({"office": 10**30}, "office"),
        ({"q": "a\x00b"}, "q"),
        ({"kind": "a\x00b"}, "kind"),
    ],
    ids=str,
)
def test_wrong_filter_is_named_and_not_repeated(organizer, filters, field):
    response = ask(organizer, ARCHIVE, filters)
    assert refused(response, 422, "invalid")["fields"] == [field]
    assert "kemarin" not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries(organizer, count):
    for n in range(count):
        sealed_document(office=panwaslu_cerme(), number=f"{n}/X/2024")
    secret = tokens.issue_token(user=organizer, name="SIGAP").secret
    tokens.user_of_token(secret)
    with CaptureQueriesContext(connection) as found:
        Client().get(ARCHIVE, headers={"Authorization": f"Bearer {secret}"})
    assert len(found) == 5  # token, memberships, right, count, page


def test_download_leaves_the_entry_that_the_page_leaves(organizer, document):
    response = ask(organizer, f"{ARCHIVE}/{document.pk}/file")
    assert response.getvalue() == storage.read(document.file)
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "no-store")
    entry = AuditEntry.objects.get(verb="document.downloaded")
    assert (entry.actor_id, entry.object_id) == (str(organizer.pk), str(document.pk))
    assert entry.facts == {"sha256": document.sha256}


def test_paper_without_a_seal_is_not_ready(organizer):
    waiting = issue(office=panwaslu_cerme())
    refused(ask(organizer, f"{ARCHIVE}/{waiting.pk}/file"), 409, "not_ready")
    assert not AuditEntry.objects.filter(verb="document.downloaded").exists()


# -- recap -------------------------------------------------------------------------------------------------------


def test_recap_begins_where_the_owner_works(organizer):
    region("35.25.11.2001")
    body = ask(organizer, RECAP).json()
    recap_api.RecapOut.model_validate(body)
    assert body["region"] == {"code": "35.25.11", "name": "Cerme", "level": "district"}
    assert (body["total"]["villages"], body["total"]["villages_signed"]) == (1, 0)
    assert [village["code"] for village in body["missing"]] == ["35.25.11.2001"]


def test_recap_counts_events_and_people_who_signed(organizer):
    paper = day.open_paper(2)
    day.everybody_signs(paper)
    body = ask(organizer, RECAP, {"region": "35.25.11"}).json()
    assert (body["total"]["events"], body["total"]["signatures"]) == ({"running": 1}, 2)
    assert "(contoh)" not in json.dumps(body)


def test_recap_of_a_regency_has_a_line_for_each_kecamatan():
    for code in ("35.25.11.2001", "35.25.10.2001"):
        region(code)
    supervisor = member(bawaslu_gresik(), Role.SUPERVISOR)
    body = ask(supervisor, RECAP).json()
    assert [line["region"]["code"] for line in body["lines"]] == ["35.25.10", "35.25.11"]
    assert body["missing"] == []


def test_recap_of_a_code_with_a_tail_does_not_exist(organizer):
    region("35.25.11.2001")
    refused(ask(organizer, RECAP, {"region": "35.25.11.2001.9"}), 404, "not_found")


@pytest.mark.parametrize("code", ["35.14", "35", "99.99", "x", "35.25.11.2001.9", "%00"])
def test_recap_of_another_region_does_not_exist(organizer, code):
    panwaslu_purwodadi()
    assert Region.objects.filter(code="35.14").exists()
    refused(ask(organizer, RECAP, {"region": code}), 404, "not_found")


# -- the house ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/docs", "/api/v1/kiosk/", "/api/v1/archive/documents/x", "/api/v1/a/b"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_address_is_told_in_json(path, method):
    refused(getattr(Client(), method)(path), 404, "not_found")


@pytest.mark.parametrize("path", [ARCHIVE, RECAP, "/api/v1/kiosk/pair"])
def test_wrong_method_is_told_in_json(path):
    response = Client().delete(path)
    refused(response, 405, "wrong_method")
    assert response["Allow"] in ("GET", "POST")


def test_description_is_complete():
    response = Client().get("/api/v1/openapi.json")
    schema = response.json()
    assert schema["openapi"].startswith("3.")
    assert sorted(schema["paths"]) == [
        "/api/v1/archive/documents",
        "/api/v1/archive/documents/{pk}",
        "/api/v1/archive/documents/{pk}/file",
        "/api/v1/kiosk/heartbeat",
        "/api/v1/kiosk/pair",
        "/api/v1/kiosk/roster",
        "/api/v1/kiosk/sync",
        "/api/v1/kiosk/time",
        "/api/v1/kiosk/unpair",
        "/api/v1/recap",
    ]
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert "description" in operation, path
            assert "422" in operation["responses"] or "404" in operation["responses"], path
            assert path.endswith("/pair") or operation["security"], path
    assert set(_references(schema)) <= set(schema["components"]["schemas"])


def _references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def test_there_is_no_page_that_loads_scripts_from_elsewhere():
    assert Client().get("/api/v1/docs").status_code == 404
