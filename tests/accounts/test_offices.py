import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin

from accounts import audit
from accounts.logos import clean_logo
from accounts.models import AuditEntry, Office
from accounts.offices import change_logo, create_office, remove_logo, update_letterhead
from accounts.refusals import Refusal

from .factories import (
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
    region,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return panwaslu_cerme()


@pytest.fixture
def administrator(office):
    return member(office, "administrator")


def picture(kind="PNG", size=(40, 20), mode="RGB", **options):
    output = io.BytesIO()
    Image.new(mode, size, "#7a1020" if mode == "RGB" else 0).save(output, kind, **options)
    return output.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


# --- the picture ---


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK")]
)
def test_logo_becomes_a_png(kind, mode):
    result = opened(clean_logo(picture(kind, mode=mode)))
    assert (result.format, result.size) == ("PNG", (40, 20))
    assert result.mode in ("RGB", "RGBA")


def test_logo_loses_what_is_not_picture():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Budi 081234567890")
    exif = Image.Exif()
    exif[0x010E] = "Lokasi rumah"
    for upload in (picture(pnginfo=notes), picture("JPEG", exif=exif, comment=b"Budi")):
        result = clean_logo(upload)
        assert (b"Budi" in result, b"Lokasi" in result, opened(result).info) == (False, False, {})


def test_large_logo_is_made_smaller():
    assert opened(clean_logo(picture(size=(3000, 1500)))).size == (1000, 500)


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"bukan gambar",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture()[:60],
        picture("JPEG")[:200],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_whole_picture_is_refused(upload):
    with pytest.raises(ValueError, match="bukan gambar PNG atau JPEG"):
        clean_logo(upload)


@pytest.mark.parametrize("upload", [picture(size=(6001, 1)), b"\x89PNG" + b"0" * (2 * 1024 * 1024)])
def test_too_large_picture_is_refused(upload):
    with pytest.raises(ValueError, match="Logo terlalu besar"):
        clean_logo(upload)


# --- the deeds ---


def test_letterhead_change_is_told_before_and_after(office, administrator):
    update_letterhead(
        office=office, by=administrator, address="Jalan Baru 2", phone="031-7990000", paper_size="A4"
    )
    office.refresh_from_db()
    assert (office.address, office.phone) == ("Jalan Baru 2", "031-7990000")
    assert AuditEntry.objects.get().facts == {
        "changes": {"address": ["Jalan Raya Cerme Lor 1 (contoh)", "Jalan Baru 2"]},
        "changed_private": ["phone"],
    }


def test_unchanged_letterhead_is_not_told(office, administrator):
    update_letterhead(office=office, by=administrator, address=office.address)
    assert not AuditEntry.objects.exists()


def test_other_fields_are_no_letterhead(office, administrator):
    with pytest.raises(ValueError, match="term_ends"):
        update_letterhead(office=office, by=administrator, term_ends=timezone.localdate())


def test_two_editors_do_not_undo_each_other(office, administrator):
    mine, theirs = Office.objects.get(), Office.objects.get()
    update_letterhead(office=mine, by=administrator, chair_name="Ketua Baru")
    update_letterhead(office=theirs, by=administrator, address="Jalan Baru 2")
    office.refresh_from_db()
    assert (office.chair_name, office.address) == ("Ketua Baru", "Jalan Baru 2")


def test_logo_is_kept_under_its_hash(office, administrator):
    png = clean_logo(picture())
    change_logo(office=office, by=administrator, png=png)
    office.refresh_from_db()
    assert office.logo.name == f"offices/{office.pk}/{audit.sha256_hex(png)[:32]}.png"
    with office.logo.open() as stored:
        assert stored.read() == png
    remove_logo(office=office, by=administrator)
    remove_logo(office=office, by=administrator)
    verbs = AuditEntry.objects.order_by("seq").values_list("verb", flat=True)
    assert (list(verbs), bool(Office.objects.get().logo)) == (
        ["office.logo_changed", "office.logo_removed"],
        False,
    )


def test_office_is_registered_below_its_parent(administrator):
    office = create_office(
        by=administrator,
        name="Panwaslu Kecamatan Benjeng",
        kind="panwaslu",
        level="district",
        region=region("35.25.10"),
        term_ends=timezone.localdate(),
    )
    assert AuditEntry.objects.get().stream_id == office.audit_stream


def test_ad_hoc_office_without_term_is_refused(administrator):
    with pytest.raises(Refusal) as refusal:
        create_office(
            by=administrator, name="Panwaslu X", kind="panwaslu", level="district", region=region("35.25.10")
        )
    assert refusal.value.issues == ["Masa jabatan wajib diisi untuk Panwaslu Kecamatan."]


# --- the pages ---


def letterhead_data(office, **changes):
    names = ["letterhead_lines", "address", "phone", "email", "chair_name", "chair_position", "letter_code"]
    names += ["secretariat_head_name", "secretariat_head_position", "number_template", "paper_size"]
    return {name: getattr(office, name) for name in names} | changes


def test_own_office_page_shows_letterhead_and_staff(client, office, administrator):
    client.force_login(administrator)
    page = client.get(reverse("accounts:office")).content.decode()
    for text in (
        "Panwaslu Kecamatan Cerme",
        "KECAMATAN CERME",
        "Kecamatan Cerme, Kabupaten Gresik",
        administrator.email,
    ):
        assert text in page


def test_addresses_of_colleagues_are_for_administrators_only(client, office, administrator):
    client.force_login(organizer_of(office))
    page = client.get(reverse("accounts:office")).content.decode()
    assert (administrator.full_name in page, administrator.email in page) == (True, False)


def test_person_without_office_is_told_what_to_do(client, office):
    user = organizer_of(office)
    user.memberships.update(ends=timezone.localdate() - timedelta(days=1))
    client.force_login(user)
    assert "Hubungi administrator kantor Anda." in client.get(reverse("accounts:office")).content.decode()


@pytest.mark.parametrize("members", [1, 3])
def test_office_page_asks_the_same_number_of_queries(
    client, office, administrator, members, django_assert_num_queries
):
    for _ in range(members):
        organizer_of(office)
    client.force_login(administrator)
    client.get(reverse("accounts:office"))
    with django_assert_num_queries(OFFICE_PAGE_QUERIES):
        client.get(reverse("accounts:office"))


# session, user, memberships, offices of the menu, own office, members, parents of the region, other offices
OFFICE_PAGE_QUERIES = 8


def test_letterhead_is_edited_on_its_page(client, office, administrator):
    client.force_login(administrator)
    upload = SimpleUploadedFile("kop.jpg", picture("JPEG"), "image/jpeg")
    data = letterhead_data(
        office, letterhead_lines=" PANWASLU \r\n\r\nKECAMATAN   CERME\r\n", logo_file=upload
    )
    assert client.get(reverse("accounts:letterhead", args=[office.pk])).status_code == 200
    response = client.post(reverse("accounts:letterhead", args=[office.pk]), data)
    assert response.url == reverse("accounts:office_detail", args=[office.pk])
    office.refresh_from_db()
    assert office.letterhead == ["PANWASLU", "KECAMATAN CERME"]
    picture_response = client.get(reverse("accounts:logo", args=[office.pk]))
    assert picture_response["Content-Type"] == "image/png"
    assert b"".join(picture_response.streaming_content) == clean_logo(picture("JPEG"))
    client.post(reverse("accounts:remove_logo", args=[office.pk]))
    assert client.get(reverse("accounts:logo", args=[office.pk])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "bukan surel", "alamat email yang valid"),
        ("paper_size", "A5", "A5"),
        ("number_template", "{year}/{office}", "Pola nomor harus memuat {seq}, yaitu nomor urut surat."),
        ("number_template", "{seq}/{kode}", "Isian {kode} tidak dikenal. Yang dikenal: {seq}"),
        ("number_template", "{seq}/{", "Ada kurung kurawal tanpa pasangan pada pola nomor."),
        ("number_template", "", "tidak boleh kosong"),
        ("chair_name", "x" * 151, "150"),
        ("logo_file", SimpleUploadedFile("a.png", b"x" * 50), "Berkas bukan gambar PNG atau JPEG yang utuh."),
        (
            "logo_file",
            SimpleUploadedFile("a.png", b"x" * (2 * 1024 * 1024 + 1)),
            "Logo terlalu besar: maksimal 2 MB.",
        ),
        ("logo_file", SimpleUploadedFile("a.png", b""), "kosong"),
    ],
)
def test_wrong_letterhead_is_explained_and_not_stored(client, office, administrator, field, value, message):
    client.force_login(administrator)
    response = client.post(
        reverse("accounts:letterhead", args=[office.pk]), letterhead_data(office, **{field: value})
    )
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not AuditEntry.objects.exists()


def test_office_is_registered_on_its_page(client):
    parent = bawaslu_gresik()
    region("35.25.11")
    client.force_login(member(parent, "administrator"))
    url = reverse("accounts:new_office", args=[parent.pk])
    data = {"name": "Panwaslu Kecamatan Cerme", "kind": "panwaslu", "region": "35.25.11"}
    assert "Masa jabatan wajib diisi" in client.post(url, data).content.decode()
    client.post(url, data | {"term_ends": timezone.localdate().isoformat()})
    office = Office.objects.get(kind="panwaslu")
    assert (office.parent, office.level, office.region_id) == (parent, "district", "35.25.11")


@pytest.mark.parametrize("foreign", [{"kind": "government"}, {"region": "35.14.01"}])
def test_office_of_another_family_or_region_is_refused(client, foreign):
    parent = bawaslu_gresik()
    region("35.14.01")
    region("35.25.11")
    client.force_login(member(parent, "administrator"))
    data = {
        "name": "X",
        "kind": "panwaslu",
        "region": "35.25.11",
        "term_ends": timezone.localdate().isoformat(),
    }
    response = client.post(reverse("accounts:new_office", args=[parent.pk]), data | foreign)
    assert (response.status_code, Office.objects.count()) == (200, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_office_list_shows_offices_below_with_constant_queries(client, count, django_assert_num_queries):
    client.force_login(member(bawaslu_gresik(), "administrator"))
    for make in [panwaslu_cerme, panwaslu_benjeng, lambda: panwaslu_cerme(name="Panwaslu Lama")][:count]:
        organizer_of(make())
    panwaslu_purwodadi()
    client.get(reverse("accounts:offices"))
    with django_assert_num_queries(7):
        page = client.get(reverse("accounts:offices")).content.decode()
    assert ("Panwaslu Kecamatan Cerme" in page, "Purwodadi" in page) == (True, False)


def test_office_list_is_for_administrators(client, office):
    client.force_login(organizer_of(office))
    assert client.get(reverse("accounts:offices")).status_code == 403


PAGES = ["office_detail", "new_office", "letterhead", "logo", "office_log", "add_member"]


@pytest.mark.parametrize("name", PAGES)
def test_foreign_office_does_not_exist(client, office, name):
    organizer_of(panwaslu_purwodadi())
    client.force_login(member(office, "administrator"))
    for pk in (panwaslu_purwodadi().pk, 10**9):
        assert client.get(reverse(f"accounts:{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["new_office", "letterhead", "add_member"])
@pytest.mark.parametrize("role", ["organizer", "operator", "viewer", "supervisor"])
def test_own_office_without_the_right_says_why(client, office, name, role):
    client.force_login(member(office, role))
    response = client.get(reverse(f"accounts:{name}", args=[office.pk]))
    assert response.status_code == 403
    assert "tidak mencakup hak" in response.content.decode()


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_log_is_for_officers(client, office, role):
    client.force_login(member(office, role))
    assert client.get(reverse("accounts:office_log", args=[office.pk])).status_code == 403


def test_supervising_bawaslu_may_not_edit_by_being_a_supervisor(client, office):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    assert client.get(reverse("accounts:office_detail", args=[office.pk])).status_code == 200
    assert (
        client.post(reverse("accounts:letterhead", args=[office.pk]), letterhead_data(office)).status_code
        == 403
    )


@pytest.mark.parametrize("name", ["remove_logo"])
def test_deed_needs_a_post(client, office, administrator, name):
    client.force_login(administrator)
    assert client.get(reverse(f"accounts:{name}", args=[office.pk])).status_code == 405
