"""The public page: separate answers, no names, no guessing."""

import hashlib

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.audit import SYSTEM
from documents import inspection, limits, register
from documents.models import Document, HashRegister
from documents.register import Axis, day_in_words, totals_in_words
from documents.sealing import void_document
from tests.accounts.factories import panwaslu_purwodadi
from tests.documents.factories import TEXT_SHA, issue, sealed_document

pytestmark = pytest.mark.django_db
UPLOAD = "/verifikasi/"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def document():
    return sealed_document()


@pytest.fixture
def _no_inspection(monkeypatch):
    monkeypatch.setattr(inspection, "look_into", lambda file, sha256: [Axis("Segel", "done", "Segel sah.")])


def page_of(client, document, **query):
    response = client.get(reverse("verifikasi:paper", args=[document.public_token]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_qr_code_opens_the_facts_of_the_paper(client, document):
    page = page_of(client, document)
    for text in (
        "TERDAFTAR",
        "Deklarasi Netralitas Kecamatan Cerme",
        "Panwaslu Kecamatan Cerme",
        "045/PM.05/K.JI-12.05/10/2024",
        "Sosialisasi Netralitas",
        "7KQ2M9XD",
        "Pendopo Kecamatan Cerme",
        "Rabu, 2 Oktober 2024",
        "ASN 8 · Kepala Desa 25",
        "PAdES B-B",
        document.sha256[:8],
        TEXT_SHA[:8],
    ):
        assert text in page


def test_page_names_nobody_though_the_snapshot_does(client):
    document = issue(
        snapshot={"names": ["Nyoman Sudiarta"], "sentence": "x", "public": {"names": ["Nyoman Sudiarta"]}}
    )
    assert "Sudiarta" in document.snapshot
    assert document.public == {}
    other = sealed_document(snapshot='{"names":["Nyoman Sudiarta"]}')
    Document.objects.filter(pk=other.pk).update(snapshot='{"names":["Nyoman Sudiarta"]}')
    for query in ({}, {"sidik": other.sha256}):
        assert "Sudiarta" not in page_of(client, other, **query)


def test_name_in_the_title_of_a_personal_sheet_stays_in_the_archive(client, document):
    sheet = sealed_document(title="Pakta Integritas – Nyoman Sudiarta", public={"title": "Pakta Integritas"})
    bare = sealed_document(title="Pakta Integritas – Nyoman Sudiarta", public={})
    pages = [
        page_of(client, paper, **query) for paper in (sheet, bare) for query in ({}, {"sidik": paper.sha256})
    ]
    pages += [page_of(client, document, sidik=paper.sha256) for paper in (sheet, bare)]
    pages += [client.get(UPLOAD, {"sidik": sheet.sha256}).content.decode()]
    assert [page for page in pages if "Sudiarta" in page] == []
    assert "Pakta Integritas" in pages[0]
    assert "Surat uji" in pages[2]


@pytest.mark.parametrize("asked", ["token", "upload"])
def test_same_file_is_sesuai(client, document, asked):
    address = reverse("verifikasi:paper", args=[document.public_token]) if asked == "token" else UPLOAD
    page = client.get(address, {"sidik": document.sha256}).content.decode()
    assert "SESUAI" in page
    assert "sama persis dengan dokumen yang disegel" in page
    assert ("Cocok dengan kode QR ini." in page) == (asked == "token")


def test_digest_may_be_typed_in_groups_and_capitals(client, document):
    typed = " ".join(document.sha256[i : i + 8] for i in range(0, 64, 8)).upper()
    assert "SESUAI" in client.get(UPLOAD, {"sidik": typed}).content.decode()


def test_other_file_does_not_match_the_qr_code(client, document):
    page = page_of(client, document, sidik="f" * 64)
    assert "TIDAK COCOK" in page
    assert "Sidik digital berbeda" in page


def test_genuine_file_of_another_qr_code_is_named_as_such(client, document):
    other = sealed_document(office=panwaslu_purwodadi(), public={"title": "Nota Kesepahaman"}, number="12/HM")
    page = page_of(client, document, sidik=other.sha256)
    assert "TIDAK COCOK" in page
    assert "Dokumen asli, tetapi bukan milik kode QR ini: Nota Kesepahaman, nomor 12/HM." in page


def test_unknown_digest_is_tidak_dikenal(client):
    assert "TIDAK DIKENAL" in client.get(UPLOAD, {"sidik": "0" * 64}).content.decode()


def test_earlier_hash_of_the_same_paper_is_explained(client, document):
    HashRegister.objects.create(sha256="a" * 64, document=document, revision=1)
    page = page_of(client, document, sidik="a" * 64)
    assert "SESUAI" in page
    assert "Versi terdahulu dari berkas yang sama" in page


def test_replaced_paper_leads_to_its_successor(client, document):
    Document.objects.filter(pk=document.pk).update(state="superseded")
    newer = sealed_document(revision=2, revision_reason="Nama diperbaiki.", supersedes=document)
    page = page_of(client, document, sidik=document.sha256)
    assert "DIGANTIKAN" in page
    assert newer.public_token in page


def test_void_paper_says_when_and_why(client, document):
    void_document(document=document, reason="Nomor keliru.", by=SYSTEM)
    for query in ({}, {"sidik": document.sha256}):
        page = page_of(client, document, **query)
        assert "DICABUT" in page
        assert "Nomor keliru." in page


def test_unknown_wrong_and_unpublished_tokens_look_the_same(client, document):
    draft = issue(
        event_code="LAIN", snapshot={"names": [], "sentence": "draf", "public": {"title": "Draf rahasia"}}
    )
    withdrawn = issue(event_code="LAIN", source="uji:1", snapshot={"names": [], "sentence": "a"})
    void_document(document=withdrawn, reason="Batal.", by=SYSTEM)
    pages = set()
    for token in (draft.public_token, withdrawn.public_token, "x" * 26, "a"):
        response = client.get(f"/verifikasi/{token}/")
        assert response.status_code == 404
        pages.add(response.content.decode())
    assert len(pages) == 1


def test_guessing_tokens_is_slowed_down_but_reading_is_not(client, document, monkeypatch):
    monkeypatch.setattr(limits, "MISSED_TOKENS", ("token", 3, 60))
    for _ in range(5):
        page_of(client, document)
    for _ in range(3):
        assert client.get("/verifikasi/salah/").status_code == 404
    response = client.get("/verifikasi/salah/")
    assert response.status_code == 429
    assert "Tunggu satu menit" in response.content.decode()


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, "0" * 63, "0" * 65, "' OR 1=1", "9" * 5000])
def test_bad_digest_gets_a_message(client, digest):
    response = client.get(UPLOAD, {"sidik": digest})
    assert response.status_code == 200
    assert "is-invalid" in response.content.decode()


@pytest.mark.usefixtures("_no_inspection")
def test_upload_without_javascript_works(client, document):
    file = SimpleUploadedFile("unduhan.pdf", b"%PDF-1.7\n" + str(document.pk).encode(), "application/pdf")
    page = client.post(UPLOAD, {"berkas": file}).content.decode()
    assert "SESUAI" in page
    assert "Segel sah." in page


@pytest.mark.usefixtures("_no_inspection")
def test_upload_from_a_qr_page_compares_with_that_paper(client, document):
    file = SimpleUploadedFile("lain.pdf", b"%PDF-1.7 lain", "application/pdf")
    page = client.post(UPLOAD, {"berkas": file, "token": document.public_token}).content.decode()
    assert "TIDAK COCOK" in page
    assert hashlib.sha256(b"%PDF-1.7 lain").hexdigest() in page


def test_upload_of_nothing_or_too_much_gets_a_message(client, monkeypatch):
    from documents import forms

    assert client.post(UPLOAD, {}).status_code == 422
    assert client.post(UPLOAD, {"berkas": SimpleUploadedFile("kosong.pdf", b"")}).status_code == 422
    monkeypatch.setattr(forms, "MAX_UPLOAD", 10)
    response = client.post(UPLOAD, {"berkas": SimpleUploadedFile("besar.pdf", b"x" * 11)})
    assert response.status_code == 422
    assert "lebih besar dari 30 MB" in response.content.decode()


@pytest.mark.usefixtures("_no_inspection")
def test_uploads_of_one_address_are_limited(client, monkeypatch):
    monkeypatch.setattr(limits, "UPLOADS", ("upload", 1, 60))
    statuses = [
        client.post(UPLOAD, {"berkas": SimpleUploadedFile("a.pdf", b"%PDF-")}).status_code for _ in range(2)
    ]
    assert statuses == [200, 429]


def test_upload_form_is_open_to_everybody_and_never_cached(client):
    response = client.get(UPLOAD)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "Berkas tidak dikirim; yang dikirim hanya sidik digitalnya." in response.content.decode()


def test_root_certificate_can_be_fetched(client):
    response = client.get(reverse("verifikasi:root"))
    assert response["Content-Type"] == "application/x-pem-file"
    assert response.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in response.content


@pytest.mark.parametrize(
    ("value", "zone", "words"),
    [
        ("2024-10-02", "", "Rabu, 2 Oktober 2024"),
        ("2024-10-02T02:00:00Z", "Asia/Makassar", "Rabu, 2 Oktober 2024, pukul 10.00 WITA"),
        ("2 Oktober 2024", "", "2 Oktober 2024"),
        ("2024-13-45", "", "2024-13-45"),
        ("2024-10-02T02:00:00", "Asia/Makassar", "2024-10-02T02:00:00"),
        ("2024-10-02T02:00:00Z", "Mars/Olympus", "2024-10-02T02:00:00Z"),
        ("", "", ""),
    ],
)
def test_date_is_said_in_words(value, zone, words):
    assert day_in_words(value, zone) == words


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        ({"asn": 8, "kepala_desa": 1507}, "ASN 8 · Kepala Desa 1.507"),
        ([{"label": "Kades (desa)", "count": 25}], "Kades (desa) 25"),
        (None, ""),
        ({"asn": "banyak"}, ""),
    ],
)
def test_totals_are_said_in_words(totals, words):
    assert totals_in_words(totals) == words


def test_look_up_never_reads_the_frozen_snapshot(client):
    """It may be a megabyte, and decrypting it would make the page of a long paper slow."""
    document = sealed_document()

    for found in (register.paper_of_token(document.public_token), register.paper_of_hash(document.sha256)):
        assert found == document
        assert {"snapshot", "posts"} <= found.get_deferred_fields()
