from datetime import date

import pytest
from django.urls import reverse

from declarations import texts
from declarations.models import PledgeText, TextVersion
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
FORM = {
    "kind": "pledge",
    "title": "Ikrar Netralitas (contoh)",
    "opening": "Kami berikrar:",
    "points": "1. Menjaga netralitas.\n2. Menolak politik uang.",
    "closing": "Demikian.",
    "consent": "Saya menyetujuinya.",
    "applies_to": ["pns", "lurah"],
}


@pytest.fixture
def office():
    return panwaslu_cerme()


@pytest.fixture
def client(client, office):
    client.force_login(organizer_of(office))
    return client


@pytest.fixture
def supervisor(office):
    return member(bawaslu_gresik(), "supervisor")


def url(name, *args):
    return reverse(f"declarations:{name}", args=args)


# -- list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_reference_and_own_texts_but_no_siblings(client, office):
    factories.approved_text(None, title="Naskah Rujukan")
    factories.draft_text(office, title="Naskah Kami")
    factories.approved_text(panwaslu_benjeng(), title="Naskah Tetangga")
    page = client.get(url("texts")).content.decode()
    assert "Naskah Rujukan" in page
    assert "Naskah Kami" in page
    assert "Naskah Tetangga" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("jenis=mou", {"Nota"}),
        ("unsur=tni", {"Deklarasi"}),
        ("unsur=organisasi", {"Nota"}),
        ("milik=kantor", {"Kantor"}),
        ("milik=rujukan", {"Nota", "Deklarasi"}),
        ("jenis=mou&unsur=tni", set()),
        ("jenis=%00&unsur=%00&milik=%00", {"Nota", "Deklarasi", "Kantor"}),
        ("jenis=bukan&unsur=tni", {"Deklarasi"}),  # an unknown choice counts as none
        ("", {"Nota", "Deklarasi", "Kantor"}),
    ],
)
def test_the_list_is_filtered(client, office, query, expected):
    factories.approved_text(None, kind="mou", title="Nota", applies_to=["organisasi"])
    factories.approved_text(None, title="Deklarasi", applies_to=["tni"])
    factories.approved_text(office, title="Kantor", applies_to=["pns"])
    page = client.get(f"{url('texts')}?{query}")
    assert {row.record.title for row in page.context["table"].page.object_list} == expected


def test_an_empty_list_says_what_to_do(client):
    assert "Tidak ada naskah yang cocok" in client.get(url("texts")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(client, office, count, django_assert_num_queries):
    for n in range(count):
        factories.approved_text(office, title=f"Naskah {n}")
    client.get(url("texts"))
    with django_assert_num_queries(8):
        client.get(url("texts"))


# -- one text ----------------------------------------------------------------------------------------------------


def test_a_text_page_shows_versions_and_the_difference(client, office):
    reference = factories.approved_text(None, title="Naskah Rujukan")
    copy = texts.copy_version(version=reference, office=office, by=organizer_of(office))
    texts.change_version(version=copy, by=organizer_of(office), points=["Menolak politik uang sama sekali."])
    page = client.get(copy.pledge_text.get_absolute_url()).content.decode()
    assert "Perbedaan dengan naskah rujukan" in page
    assert "<ins> sama sekali</ins>" in page
    assert "<del>" in page


def test_words_of_a_text_are_escaped(client, office):
    draft = factories.draft_text(office, title="<b>Ikrar</b>", points=["<script>alert(1)</script>"])
    for address in (draft.get_absolute_url(), draft.pledge_text.get_absolute_url(), url("texts")):
        page = client.get(address).content.decode()
        assert "<b>Ikrar" not in page
        assert "<script>alert" not in page


def test_a_version_page_shows_hash_and_bases_on_a_day(client, office):
    old = factories.basis("uu-5", short="UU 5/2014", valid_to=date(2023, 10, 31))
    version = factories.published_text(office, legal_bases=[old])
    page = client.get(f"{version.get_absolute_url()}?tanggal=2024-06-25")
    assert version.sha256 in page.content.decode()
    assert page.context["bases"] == [(old, False)]
    page = client.get(f"{version.get_absolute_url()}?tanggal=2020-06-25")
    assert page.context["bases"] == [(old, True)]


@pytest.mark.parametrize("day", ["", "kemarin", "2024-13-01", "2024-02-30", "9" * 40])
def test_a_day_that_is_none_means_today(client, office, day):
    version = factories.published_text(office)
    assert client.get(f"{version.get_absolute_url()}?tanggal={day}").status_code == 200


def test_the_page_of_legal_bases_lists_them(client):
    factories.basis("perpol", short="Perpol 7/2022", confirmed=False)
    page = client.get(url("legal_bases")).content.decode()
    assert "Perpol 7/2022" in page
    assert "Belum dikonfirmasi" in page


# -- writing -----------------------------------------------------------------------------------------------------


def test_an_organizer_writes_edits_and_publishes_a_text(client, office):
    response = client.post(url("text_create"), FORM)
    version = TextVersion.objects.get()
    assert response["Location"] == version.get_absolute_url()
    assert version.points == ["Menjaga netralitas.", "Menolak politik uang."]
    assert version.office == office
    client.post(url("version_edit", version.pk), FORM | {"title": "Ikrar Baru"})
    client.post(url("version_publish", version.pk))
    version.refresh_from_db()
    assert (version.title, version.state) == ("Ikrar Baru", "published")


def test_the_paragraphs_of_a_mou_become_its_articles(client):
    points = "Maksud dan Tujuan\nMenjaga netralitas.\n\nPenutup\nRangkap 2 (dua)."
    client.post(url("text_create"), FORM | {"kind": "mou", "points": points})
    assert TextVersion.objects.get().points == [
        "Maksud dan Tujuan\nMenjaga netralitas.",
        "Penutup\nRangkap 2 (dua).",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "x" * 401},
        {"title": "Ikrar\x00"},
        {"points": ""},
        {"points": "\n".join(["butir"] * 41)},
        {"consent": " "},
        {"kind": "sumpah"},
        {"applies_to": ["raja"]},
        {"legal_bases": ["uu-0"]},
    ],
)
def test_bad_input_comes_back_with_an_error(client, change):
    response = client.post(url("text_create"), FORM | change)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not PledgeText.objects.exists()


def test_a_published_version_cannot_be_opened_for_editing(client, office):
    version = factories.published_text(office)
    response = client.post(url("version_edit", version.pk), FORM)
    assert response.status_code == 409
    assert "sudah diterbitkan" in response.content.decode()
    version.refresh_from_db()
    assert version.title == "Deklarasi Netralitas (contoh)"


def test_an_incomplete_draft_says_what_is_missing(client, office):
    draft = factories.draft_text(office, applies_to=[])
    assert "Unsur yang dicakup naskah belum dipilih." in client.get(draft.get_absolute_url()).content.decode()
    response = client.post(url("version_publish", draft.pk))
    assert response.status_code == 409
    assert "Unsur yang dicakup naskah belum dipilih." in response.content.decode()


def test_copying_a_reference_leads_to_the_draft(client, office):
    reference = factories.approved_text(None)
    response = client.post(url("version_copy", reference.pk))
    draft = TextVersion.objects.get(pledge_text__office=office)
    assert response["Location"] == url("version_edit", draft.pk)
    assert draft.reference == reference


def test_filling_the_placeholders_gives_an_approved_text(client, office):
    reference = factories.approved_text(None, title="Ikrar Tahun {tahun}")
    assert "Tahun" in client.get(url("version_fill", reference.pk)).content.decode()
    client.post(url("version_fill", reference.pk), {"tahun": "2024"})
    made = TextVersion.objects.get(pledge_text__office=office)
    assert (made.title, made.state) == ("Ikrar Tahun 2024", "approved")


@pytest.mark.parametrize("value", ["", "x" * 161, "{tahun}"])
def test_a_bad_value_for_a_placeholder_comes_back(client, value):
    reference = factories.approved_text(None, title="Ikrar Tahun {tahun}")
    response = client.post(url("version_fill", reference.pk), {"tahun": value})
    assert response.status_code == 200
    assert TextVersion.objects.count() == 1


def test_a_supervisor_approves_with_a_note(client, office, supervisor):
    version = factories.published_text(office)
    client.force_login(supervisor)
    assert "Setujui naskah" in client.get(url("version_approve", version.pk)).content.decode()
    client.post(url("version_approve", version.pk), {"note": "Sesuai rujukan"})
    version.refresh_from_db()
    assert (version.state, version.approved_by, version.approval_note) == (
        "approved",
        supervisor,
        "Sesuai rujukan",
    )


# -- who may -----------------------------------------------------------------------------------------------------


def test_an_organizer_cannot_approve_the_own_text(client, office):
    version = factories.published_text(office)
    assert client.post(url("version_approve", version.pk)).status_code == 403
    version.refresh_from_db()
    assert version.state == "published"


def test_a_viewer_reads_but_does_not_write(client, office):
    version, draft = factories.published_text(office), factories.draft_text(office)
    client.force_login(member(office, "viewer"))
    assert client.get(version.get_absolute_url()).status_code == 200
    for address in (
        url("text_create"),
        url("version_edit", draft.pk),
        url("version_approve", version.pk),
    ):
        assert client.get(address).status_code == 403
    for address in (url("version_copy", version.pk), url("version_publish", draft.pk)):
        assert client.post(address).status_code == 403


def test_a_reference_text_is_edited_by_nobody(client):
    draft = factories.draft_text(None)
    assert client.get(url("version_edit", draft.pk)).status_code == 403
    assert client.post(url("version_publish", draft.pk)).status_code == 403


def test_a_waiting_reference_is_approved_at_the_national_level_only(client, supervisor):
    version = factories.published_text(None)
    client.force_login(supervisor)
    assert client.post(url("version_approve", version.pk)).status_code == 403
    national = factories.national_office()
    client.force_login(member(national, "supervisor"))
    assert client.post(url("version_approve", version.pk)).status_code == 302
    version.refresh_from_db()
    assert version.is_approved


@pytest.mark.parametrize("other", [panwaslu_benjeng, bawaslu_parepare])
def test_a_foreign_text_is_not_found_on_any_page(client, office, other):
    stranger = other()
    draft, version = factories.draft_text(stranger), factories.approved_text(stranger)
    addresses = [
        draft.pledge_text.get_absolute_url(),
        *(url(name, version.pk) for name in ("version", "version_fill", "version_approve")),
        url("version_edit", draft.pk),
    ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 404
    )
    posts = [url("version_copy", version.pk), url("version_publish", draft.pk)]
    assert {address: client.post(address).status_code for address in posts} == dict.fromkeys(posts, 404)


def test_the_office_of_a_new_text_must_be_an_own_one(client):
    stranger = panwaslu_benjeng()
    assert client.post(f"{url('text_create')}?kantor={stranger.pk}", FORM).status_code == 404
    assert client.get(f"{url('text_create')}?kantor=abc").status_code == 404
    assert not PledgeText.objects.exists()


def test_pages_need_a_login(client, office):
    version = factories.published_text(office)
    client.logout()
    for address in (url("texts"), version.get_absolute_url(), url("legal_bases")):
        assert client.get(address)["Location"].startswith("/masuk/")


@pytest.mark.parametrize("name", ["version_copy", "version_publish"])
def test_deeds_are_not_done_by_following_a_link(client, office, name):
    draft = factories.draft_text(office)
    assert client.get(url(name, draft.pk)).status_code == 405
