"""Lists of this room as files: who signs, who has not, and the coverage by region (EVENTS §7, DOMAIN §13 story 14)."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from declarations.models import Signatory
from tests.accounts.factories import (
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    region,
)
from tests.declarations import day, factories
from tests.declarations.test_recap import held

pytestmark = pytest.mark.django_db


def rows(response):
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def paper():
    paper = day.open_paper(3)
    Signatory.objects.filter(name="Peserta B (contoh)").update(outcome="signed")
    Signatory.objects.filter(name="Peserta C (contoh)").update(outcome="absent")
    return paper


@pytest.fixture
def staff(client, paper):
    client.force_login(organizer_of(paper.event.office))
    return client


def exported(client, name, paper, query=""):
    return rows(client.get(reverse(f"declarations:{name}", args=[paper.pk, "csv"]) + query))


def test_signatories_in_filter_and_order_of_the_page(staff, paper):
    everybody = exported(staff, "signatories_export", paper, "?sort=-name")
    assert [row["Nama"][:9] for row in everybody] == ["Peserta C", "Peserta B", "Peserta A"]
    signed = exported(staff, "signatories_export", paper, "?keterangan=signed")
    assert [(row["Nama"], row["Keterangan"]) for row in signed] == [("Peserta B (contoh)", "Menandatangani")]


def test_who_has_not_signed_by_name(staff, paper):
    missing = exported(staff, "unsigned_export", paper)
    assert [(row["Nama"], row["Keterangan"]) for row in missing] == [
        ("Peserta A (contoh)", "Belum"),
        ("Peserta C (contoh)", "Tidak hadir"),
    ]
    entry = AuditEntry.objects.get(verb="table.exported")
    assert (entry.facts["rows"], entry.stream_id) == (2, paper.event.audit_stream)


def test_the_list_is_sorted_by_its_heads(staff, paper):
    page = staff.get(reverse("declarations:signatories", args=[paper.pk]) + "?sort=-name")
    assert [row.record.name[:9] for row in page.context["table"].rows] == [
        "Peserta C",
        "Peserta B",
        "Peserta A",
    ]
    assert 'aria-sort="descending"' in page.content.decode()


def test_a_supervisor_takes_no_names_along(client, paper):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    page = client.get(reverse("declarations:signatories", args=[paper.pk])).content.decode()
    assert "Peserta A" in page
    assert "/unduh/" not in page
    assert client.get(reverse("declarations:unsigned_export", args=[paper.pk, "csv"])).status_code == 403


@pytest.fixture
def coverage():
    villages = [region(code) for code in ("35.25.11.2001", "35.25.11.2002", "35.25.10.2001")]
    held(panwaslu_cerme(), villages[:1], villages[1:2])
    held(panwaslu_benjeng(), villages[2:])
    return villages


@pytest.fixture
def above(client, coverage):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    return client


def test_coverage_by_kecamatan(above):
    found = rows(above.get(reverse("declarations:recap_export", args=["csv"]) + "?sort=-villages"))
    assert [(row["Kode wilayah"], row["Desa menandatangani"], row["Desa/kelurahan"]) for row in found] == [
        ("35.25.10", "1", "1"),
        ("35.25.11", "1", "2"),
    ]
    assert [row["Keadaan"] for row in found] == ["Lengkap", "Sudah dilaksanakan"]


def test_villages_by_name_those_missing_first(above):
    found = rows(above.get(reverse("declarations:villages_export", args=["csv"])))
    assert [(row["Kode wilayah"], row["Keterangan"]) for row in found] == [
        ("35.25.11.2002", "Belum menandatangani"),
        ("35.25.10.2001", "Menandatangani"),
        ("35.25.11.2001", "Menandatangani"),
    ]
    assert found[0]["Kecamatan"] == "Cerme"


@pytest.mark.parametrize("name", ["recap_export", "villages_export"])
def test_coverage_of_a_foreign_region_is_not_found(above, name):
    url = reverse(f"declarations:{name}", args=["csv"])
    assert above.get(f"{url}?wilayah=35.14").status_code == 404


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?q=cerme", ["35.25.11"]),
        ("?keadaan=done", ["35.25.10"]),
        ("?keadaan=none", []),
        ("?keadaan=%00&q=%00", ["35.25.10", "35.25.11"]),
        ("?sort=-region", ["35.25.11", "35.25.10"]),
    ],
)
def test_coverage_is_filtered_and_sorted_on_its_page(above, query, codes):
    page = above.get(reverse("declarations:recap") + query)
    assert page.status_code == 200
    assert [row.record.region.code for row in page.context["table"].rows] == codes


def test_totals_below_stay_those_of_the_whole_region(above):
    page = above.get(reverse("declarations:recap") + "?q=cerme").content.decode()
    assert "2 dari 3 desa" in page


# -- texts and legal bases ---------------------------------------------------------------------------------------


@pytest.fixture
def library(client):
    """A reference text, one of Cerme whose title begins like a formula, and one of the neighbour."""
    office = panwaslu_cerme()
    factories.approved_text(title="Rujukan (contoh)")
    factories.published_text(office, title="=1+1 (contoh)")
    factories.published_text(panwaslu_benjeng(), title="Milik tetangga (contoh)")
    client.force_login(organizer_of(office))
    return client


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?sort=title", ["'=1+1 (contoh)", "Rujukan (contoh)"]),
        ("?sort=-title", ["Rujukan (contoh)", "'=1+1 (contoh)"]),
        ("?milik=rujukan", ["Rujukan (contoh)"]),
        ("?jenis=mou", []),
    ],
)
def test_texts_in_filter_and_order_of_the_page_without_those_of_others(library, query, titles):
    shown = library.get(reverse("declarations:texts") + query).context["table"].rows
    assert [row.record.title for row in shown] == [title.removeprefix("'") for title in titles]
    found = rows(library.get(reverse("declarations:texts_export", args=["csv"]) + query))
    assert [row["Naskah"] for row in found] == titles
    assert {row["Status"] for row in found} <= {"Disetujui", "Menunggu persetujuan"}


@pytest.fixture
def laws(library):
    """One that ended on 1 January 2023, its successor, one for Pemilu only whose name begins like a formula."""
    new = factories.basis("uu-baru", valid_from=date(2023, 1, 1))
    factories.basis("uu-lama", valid_to=date(2023, 1, 1), superseded_by=new)
    factories.basis("uu-aneh", short="@Aneh", election_kinds=["pemilu"], confirmed=False)
    return library


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=short", ["@Aneh", "UU-BARU", "UU-LAMA"]),
        ("sort=-short", ["UU-LAMA", "UU-BARU", "@Aneh"]),
        ("sort=-valid_from", ["UU-BARU", "UU-LAMA", "@Aneh"]),
        ("sort=state", ["UU-LAMA", "@Aneh", "UU-BARU"]),
        ("status=tidak", ["UU-LAMA"]),
        ("status=tidak&tanggal=2022-12-31", ["UU-BARU"]),
        ("untuk=pemilihan&sort=short", ["UU-BARU", "UU-LAMA"]),
        ("q=uu-l", ["UU-LAMA"]),
        ("q=%00&status=entah&tanggal=entah&untuk=entah&sort=short", ["@Aneh", "UU-BARU", "UU-LAMA"]),
    ],
)
def test_legal_bases_in_filter_and_order_of_the_page(laws, query, names):
    shown = laws.get(f"{reverse('declarations:legal_bases')}?{query}")
    assert [row.record.short for row in shown.context["table"].rows] == names
    found = rows(laws.get(f"{reverse('declarations:legal_bases_export', args=['csv'])}?{query}"))
    assert [row["Dasar hukum"].removeprefix("'") for row in found] == names
    assert not [row for row in found if row["Dasar hukum"].startswith("@")]


def test_file_of_legal_bases_says_for_which_day_it_holds(laws):
    url = reverse("declarations:legal_bases_export", args=["csv"])
    before = {row["Dasar hukum"]: row["Status"] for row in rows(laws.get(f"{url}?tanggal=2022-12-31"))}
    after = {row["Dasar hukum"]: row["Status"] for row in rows(laws.get(f"{url}?tanggal=2023-01-01"))}
    assert (before["UU-LAMA"], before["UU-BARU"]) == ("Berlaku", "Tidak berlaku")
    assert (after["UU-LAMA"], after["UU-BARU"]) == ("Tidak berlaku", "Berlaku")


def test_page_of_legal_bases_without_a_match_offers_to_drop_the_filter(laws):
    body = laws.get(reverse("declarations:legal_bases") + "?q=tidak+ada").content.decode()
    assert "Tidak ada dasar hukum yang cocok" in body
    assert "Hapus saringan" in body
