"""The ZIP of a selection: what the filters chose, handed out in pieces, noted, and open to nobody else."""

import csv
import hashlib
import io
import tracemalloc
import zipfile

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from documents import archive, storage
from documents.models import Document
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
ZIP = "/arsip/unduh/"


@pytest.fixture
def cerme():
    return panwaslu_cerme()


def fetched(client, user, **query) -> zipfile.ZipFile:
    client.force_login(user)
    response = client.get(ZIP, query)
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def rows_of(bundle) -> list[dict]:
    text = bundle.read("manifest.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_zip_holds_exactly_what_the_filters_chose(client, cerme):
    chosen = sealed_document(office=cerme, event_code="AAAA1111", number="1")
    sealed_document(office=cerme, event_code="BBBB2222", number="2")
    issue(office=cerme, event_code="AAAA1111", source="belum")
    bundle = fetched(client, organizer_of(cerme), event="aaaa1111")
    assert bundle.testzip() is None
    (row,) = rows_of(bundle)
    assert row["sha256"] == chosen.sha256 == hashlib.sha256(bundle.read(row["path"])).hexdigest()
    assert set(bundle.namelist()) == {row["path"], "manifest.csv", "verifikasi.html", "akar.pem"}


def test_zip_holds_nothing_of_another_office(client, cerme):
    own = sealed_document(office=cerme)
    for other in (panwaslu_benjeng(), panwaslu_purwodadi()):
        sealed_document(office=other)
    assert [row["sha256"] for row in rows_of(fetched(client, organizer_of(cerme)))] == [own.sha256]


def test_office_above_takes_the_papers_of_its_region_and_each_office_sees_it_noted(client, cerme):
    benjeng = panwaslu_benjeng()
    for office in (cerme, cerme, benjeng):
        sealed_document(office=office)
    assert len(rows_of(fetched(client, member(bawaslu_gresik(), Role.SUPERVISOR)))) == 3
    entries = AuditEntry.objects.filter(verb="archive.exported")
    assert {entry.stream_id: entry.facts["documents"] for entry in entries} == {
        cerme.audit_stream: 2,
        benjeng.audit_stream: 1,
    }


def test_operator_and_public_get_no_zip(client, cerme):
    sealed_document(office=cerme)
    assert client.get(ZIP).status_code == 302
    client.force_login(member(cerme, Role.OPERATOR))
    assert client.get(ZIP).status_code == 403
    assert not AuditEntry.objects.filter(verb="archive.exported").exists()


def test_empty_selection_and_bad_filter_lead_back_with_a_sentence(client, cerme):
    sealed_document(office=cerme)
    client.force_login(organizer_of(cerme))
    for query in ({"q": "tidak ada"}, {"first": "kemarin"}):
        response = client.get(ZIP, query, follow=True)
        assert "Tidak ada berkas tersegel yang cocok dengan saringan ini." in response.content.decode()


def test_lost_and_changed_files_are_named_in_the_zip(client, cerme):
    whole, lost, changed = (sealed_document(office=cerme, number=f"{n}/PM.05") for n in range(3))
    storage.remove(lost.file)
    storage.store(changed.file, b"%PDF-1.7 lain")
    bundle = fetched(client, organizer_of(cerme))
    assert [row["sha256"] for row in rows_of(bundle)] == [whole.sha256]
    said = bundle.read("TIDAK-LENGKAP.txt").decode()
    assert lost.sha256 in said
    assert changed.sha256 in said
    assert whole.sha256 not in said


def test_huge_archive_leaves_in_small_pieces_of_memory(cerme):
    for number in range(6):
        sealed_document(office=cerme, content=bytes([number]) * 4_000_000)
    bundle = archive.Bundle(Document.objects.with_file())
    tracemalloc.start()
    sizes = [len(piece) for piece in bundle.stream()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(sizes) > 24_000_000
    assert len(sizes) > 90
    assert max(sizes) < 300_000
    assert peak < 3_000_000


def test_nothing_is_read_before_it_is_asked_for(cerme):
    for number in range(3):
        sealed_document(office=cerme, number=str(number))
    bundle = archive.Bundle(Document.objects.with_file())
    pieces = bundle.stream()
    next(pieces)
    assert bundle.rows == []
    list(pieces)
    assert len(bundle.rows) == 3


@pytest.mark.parametrize("title", ["=cmd|' /C calc'!A0", "+62", "@SUM(1)", "-1"])
def test_manifest_of_a_selection_holds_no_formula(client, cerme, title):
    sealed_document(office=cerme, number=title)
    (row,) = rows_of(fetched(client, organizer_of(cerme)))
    assert row["number"] == f"'{title}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"post": "kepala desa banjarsari"}, True),
        ({"post": "banjarsari kepala"}, True),
        ({"post": "kapolsek"}, False),
        ({"q": "Sosialisasi Netralitas"}, True),
        ({"event": " 7kq2m9xd "}, True),
        ({"event": "7KQ2"}, False),
    ],
)
def test_archive_is_searched_by_post_event_and_its_title(client, cerme, query, found):
    sealed_document(office=cerme, title="Lembar Cerme", posts="Camat Cerme\nKepala Desa Banjarsari")
    client.force_login(organizer_of(cerme))
    page = client.get(reverse("documents:archive"), query).content.decode()
    assert ("Lembar Cerme" in page) is found
    assert ("Unduh 1 berkas (ZIP)" in page) is found


def test_posts_are_kept_once_each_with_blanks_put_right(cerme):
    document = issue(office=cerme, posts=["Camat  Cerme", "Kepala Desa", "", "Camat Cerme"])
    assert document.posts == "Camat Cerme\nKepala Desa"
