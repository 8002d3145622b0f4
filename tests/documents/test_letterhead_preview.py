"""The letterhead as it would be printed, while it is typed; nothing of it is stored."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry, Office
from documents.numbering import reserve_number
from tests.accounts.factories import bawaslu_gresik, member, organizer_of, panwaslu_cerme, panwaslu_purwodadi

pytestmark = pytest.mark.django_db

TYPED = {
    "letterhead_lines": "PANITIA PENGAWAS PEMILIHAN UMUM\nKECAMATAN CERME",
    "address": "Jalan Baru 7",
    "phone": "031-7991234",
    "chair_name": "Siti (contoh)",
    "chair_position": "Ketua",
    "letter_code": "JI-12.05",
    "number_template": "{seq:03}{suffix}/{class}/{signer}{office}/{month:02}/{year}",
    "paper_size": "F4",
}


@pytest.fixture
def office():
    return panwaslu_cerme(address="Alamat lama")


@pytest.fixture
def administrator(client, office):
    client.force_login(member(office, "administrator"))
    return client


def shown(client, office, **typed):
    response = client.post(reverse("documents:letterhead_preview", args=[office.pk]), {**TYPED, **typed})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def picture(kind="PNG", size=(40, 30)):
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return SimpleUploadedFile("logo.png", out.getvalue())


def logo(client, office, upload):
    response = client.post(reverse("documents:logo_preview", args=[office.pk]), {"logo_file": upload})
    assert response.status_code == 200
    return response.content.decode()


def test_what_is_typed_is_shown_and_not_stored(administrator, office):
    page = shown(administrator, office)
    for words in ("KECAMATAN CERME</p>", "Jalan Baru 7 · Telepon 031-7991234", "Siti (contoh)", "sheet-f4"):
        assert words in page
    assert Office.objects.get(pk=office.pk).address == "Alamat lama"
    assert AuditEntry.objects.count() == 0


def test_number_is_the_one_that_comes_next(administrator, office):
    today = timezone.localdate()
    tail = f"/PM.00.02/K.JI-12.05/{today:%m}/{today.year}"
    assert f"001{tail}" in shown(administrator, office)
    for _ in range(44):
        reserve_number(office=office, date=today, classification="PM.05", by=audit.SYSTEM)
    assert f"045{tail}" in shown(administrator, office)
    assert office.letter_numbers.count() == 44


def test_number_of_the_book_of_another_year_does_not_count(administrator, office):
    reserve_number(office=office, date=date(2020, 1, 2), classification="PM.05", by=audit.SYSTEM)
    assert "001/PM.00.02" in shown(administrator, office)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{seq}/{nomor}/{tahun}", "Isian {nomor}, {tahun} tidak dikenal. Yang dikenal: {seq} {seq:03}"),
        ("{seq}/{class", "Ada kurung kurawal tanpa pasangan"),
        ("{class}/{year}", "harus memuat {seq}"),
    ],
)
def test_pattern_that_cannot_be_read_is_explained(administrator, office, template, words):
    page = shown(administrator, office, number_template=template)
    assert words in page
    assert "data-number" not in page


def test_office_without_code_is_told_what_is_missing(administrator, office):
    page = shown(administrator, office, letter_code="")
    assert "Isi kode surat untuk melihat contoh nomor." in page


def test_wrong_field_does_not_stop_the_rest(administrator, office):
    assert "Jalan Baru 7" in shown(administrator, office, email="bukan surel")


def test_typed_markup_stays_text(administrator, office):
    page = shown(administrator, office, letterhead_lines="<script>alert(1)</script>")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_chosen_logo_is_shown_and_not_stored(administrator, office, kind):
    assert 'src="data:image/' in logo(administrator, office, picture(kind))
    assert not Office.objects.get(pk=office.pk).logo


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"bukan gambar", "bukan gambar PNG atau JPEG"), (b"x" * (2 * 1024 * 1024 + 1), "maksimal 2 MB")],
)
def test_file_that_is_no_logo_is_explained(administrator, office, content, words):
    page = logo(administrator, office, SimpleUploadedFile("logo.png", content))
    assert words in page
    assert "<img" not in page


def test_nothing_chosen_shows_nothing(administrator, office):
    assert "<img" not in logo(administrator, office, "")


@pytest.mark.parametrize("name", ["letterhead_preview", "logo_preview"])
def test_only_who_manages_the_office_sees_it(client, office, name):
    url = reverse(f"documents:{name}", args=[office.pk])
    client.force_login(organizer_of(office))
    assert client.post(url, TYPED).status_code == 403
    client.force_login(member(panwaslu_purwodadi(), "administrator"))
    assert client.post(url, TYPED).status_code == 404
    client.force_login(member(bawaslu_gresik(), "administrator"))
    assert client.post(url, TYPED).status_code == 200


def test_page_asks_for_the_preview(administrator, office):
    page = administrator.get(reverse("accounts:letterhead", args=[office.pk])).content.decode()
    assert f'hx-post="{reverse("documents:letterhead_preview", args=[office.pk])}"' in page
    assert 'hx-params="not logo_file"' in page
