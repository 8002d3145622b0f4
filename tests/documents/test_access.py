"""Who may open the archive, a paper, its file and its jobs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from accounts.roles import Role
from documents import storage
from documents.models import Document, RenderJob
from tests.accounts.factories import (
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
)
from tests.documents.factories import issue, sealed_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def cerme():
    return panwaslu_cerme()


@pytest.fixture
def document(cerme):
    return sealed_document(office=cerme)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"documents:{name}", args=args))


@pytest.mark.parametrize("name", ["detail", "download", "void"])
def test_paper_of_a_foreign_region_is_not_found(client, document, name):
    stranger = organizer_of(panwaslu_purwodadi())
    assert get(client, stranger, name, document.pk).status_code == 404
    assert get(client, stranger, name, "00000000-0000-4000-8000-000000000000").status_code == 404


@pytest.mark.parametrize("name", ["detail", "download", "void"])
def test_paper_of_a_sibling_office_is_not_found(client, document, name):
    assert get(client, organizer_of(panwaslu_benjeng()), name, document.pk).status_code == 404


@pytest.mark.parametrize("name", ["detail", "download", "void"])
def test_own_region_without_the_right_is_refused_with_the_reason(client, cerme, document, name):
    response = get(client, member(cerme, Role.OPERATOR), name, document.pk)
    assert response.status_code == 403


def test_archive_is_refused_without_the_right(client, cerme):
    assert get(client, member(cerme, Role.OPERATOR), "archive").status_code == 403
    assert get(client, member(cerme, Role.OPERATOR), "queue").status_code == 403


def test_archive_lists_the_region_and_nothing_of_another(client, document):
    sealed_document(office=panwaslu_purwodadi(), title="Nota Kesepahaman Purwodadi", number="9")
    page = get(client, member(bawaslu_gresik(), Role.VIEWER), "archive").content.decode()
    assert document.title in page
    assert "Purwodadi" not in page


def test_supervisor_reads_but_does_not_revoke(client, document):
    supervisor = member(bawaslu_gresik(), Role.SUPERVISOR)
    page = get(client, supervisor, "detail", document.pk)
    assert page.status_code == 200
    assert "menyegel deklarasi" in page.content.decode()
    assert get(client, supervisor, "void", document.pk).status_code == 403


def test_nobody_unknown_gets_in(client, document):
    for name, args in [
        ("archive", []),
        ("queue", []),
        ("detail", [document.pk]),
        ("download", [document.pk]),
    ]:
        response = client.get(reverse(f"documents:{name}", args=args))
        assert response.status_code == 302
        assert response.url.startswith("/masuk/")


def test_download_gives_the_exact_file_and_is_noted(client, cerme, document):
    reader = organizer_of(cerme)
    response = get(client, reader, "download", document.pk)
    content = b"".join(response.streaming_content)
    assert content == b"%PDF-1.7\n" + str(document.pk).encode()
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        'attachment; filename="deklarasi-netralitas-kecamatan-cerme-045-pm05-kji-1205-10-2024.pdf"'
    )
    entry = AuditEntry.objects.get(verb="document.downloaded")
    assert (entry.actor_id, entry.object_id) == (str(reader.pk), str(document.pk))


def test_unsealed_paper_is_not_handed_out(client, cerme):
    document = issue(office=cerme)
    response = get(client, organizer_of(cerme), "download", document.pk)
    assert response.status_code == 409
    assert "belum dapat diunduh" in response.content.decode()
    assert not AuditEntry.objects.filter(verb="document.downloaded").exists()


def test_lost_file_is_said_and_not_a_crash(client, cerme, document):
    storage.remove(document.file)
    response = get(client, organizer_of(cerme), "download", document.pk)
    assert response.status_code == 409
    assert "tidak ditemukan di peladen" in response.content.decode()


def test_void_needs_a_reason_and_asks_once(client, cerme, document):
    client.force_login(organizer_of(cerme))
    address = reverse("documents:void", args=[document.pk])
    assert client.post(address, {"reason": " "}).status_code == 200
    document.refresh_from_db()
    assert document.state == Document.State.SEALED
    assert client.post(address, {"reason": "Nomor keliru."}).status_code == 302
    document.refresh_from_db()
    assert (document.state, document.void_reason) == ("void", "Nomor keliru.")


def failed_job(office):
    issue(office=office)
    RenderJob.objects.update(state="failed", last_error="Karakter ‘☃’ tidak dapat dicetak.")
    return RenderJob.objects.get()


def test_queue_shows_why_a_job_failed(client, cerme):
    failed_job(cerme)
    page = get(client, organizer_of(cerme), "queue").content.decode()
    assert "Karakter ‘☃’ tidak dapat dicetak." in page
    assert "Coba lagi" in page


def test_failed_job_is_tried_again_by_its_office_only(client, cerme):
    job = failed_job(cerme)
    address = reverse("documents:retry", args=[job.pk])
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert client.post(address).status_code == 404
    client.force_login(member(cerme, Role.OPERATOR))
    assert client.post(address).status_code == 403
    client.force_login(organizer_of(cerme))
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    job.refresh_from_db()
    assert job.state == "waiting"


def test_unknown_job_is_not_found(client, cerme):
    client.force_login(organizer_of(cerme))
    assert (
        client.post(reverse("documents:retry", args=["00000000-0000-4000-8000-000000000000"])).status_code
        == 404
    )


def test_archive_shows_a_paper_that_failed(client, cerme):
    failed_job(cerme)
    assert "Gagal" in get(client, organizer_of(cerme), "archive").content.decode()


@pytest.mark.parametrize("page", ["archive", "queue"])
def test_lists_ask_the_database_as_often_for_three_rows_as_for_one(
    client, cerme, page, django_assert_num_queries
):
    def row(number):
        if page == "archive":
            return sealed_document(office=panwaslu_cerme(), number=str(number))
        return issue(office=cerme, source=f"uji:{number}")

    client.force_login(organizer_of(cerme))
    row(1)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(f"documents:{page}"))
    row(2)
    row(3)
    with django_assert_num_queries(len(one)):
        client.get(reverse(f"documents:{page}"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=045", ["satu"]),
        ("q=DUA", ["dua"]),
        ("q=%27%3B--", []),
        ("state=void", []),
        ("state=sealed", ["dua", "satu"]),
        ("first=2999-01-01", []),
        ("last=2999-01-01", ["dua", "satu"]),
        ("first=kemarin", ["dua", "satu"]),
        ("kind=tidak-ada", ["dua", "satu"]),
        ("office=999999", ["dua", "satu"]),
        ("office=abc&page=99&sort=-rahasia", ["dua", "satu"]),
        ("sort=number", ["dua", "satu"]),
    ],
)
def test_archive_filters_and_bad_values_do_no_harm(client, cerme, query, found):
    sealed_document(office=cerme, title="satu", number="045/PM.05", event_code="A")
    sealed_document(office=cerme, title="dua", number="046/PM.05", event_code="B")
    client.force_login(organizer_of(cerme))
    response = client.get(f"{reverse('documents:archive')}?{query}")
    assert response.status_code == 200
    assert sorted(row.record.title for row in response.context["table"].rows) == found


def test_detail_shows_who_downloaded_to_those_who_may_read_the_log(client, cerme, document):
    reader = organizer_of(cerme)
    b"".join(get(client, reader, "download", document.pk).streaming_content)
    assert reader.full_name in get(client, reader, "detail", document.pk).content.decode()
    viewer = member(bawaslu_gresik(), Role.VIEWER)
    assert get(client, viewer, "detail", document.pk).context["downloads"] is None


@pytest.mark.parametrize(
    "model",
    ["document", "hashregister", "letternumber", "numbercounter", "renderjob", "sealjob", "workerbeat"],
)
def test_admin_shows_but_never_changes(client, cerme, model):
    issue(office=cerme)
    sealed_document(office=cerme, number="9", event_code="LAIN")
    client.force_login(User.objects.create_superuser(email="akar@contoh.id", password="x"))
    assert client.get(reverse(f"admin:documents_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:documents_{model}_add")).status_code == 403
