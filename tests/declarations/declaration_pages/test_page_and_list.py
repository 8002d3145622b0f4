"""The page of a paper says its words, its law and its counts; the list of its signatories is filtered and searched."""

from datetime import date

import pytest

from accounts import audit
from declarations import planning, signing
from declarations.models import Declaration
from tests.declarations import factories

from .addresses import url

pytestmark = pytest.mark.django_db

PAGE_QUERIES, LIST_QUERIES = 22, 9


def test_the_page_shows_the_words_people_will_hear(client, paper):
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Menolak politik uang dan segala jenis pemberian dalam bentuk apapun." in page
    assert "Draf" in page


def test_the_stale_law_is_named_and_replaced_with_one_tap(client, event):
    new = factories.basis("uu-20-2023", short="UU 20/2023", valid_from=date(2023, 10, 31))
    old = factories.basis("uu-5-2014", short="UU 5/2014", valid_to=date(2023, 10, 31), superseded_by=new)
    paper = factories.declaration(event, text_version=factories.approved_text(legal_bases=[old]))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert (
        "Dasar hukum UU 5/2014 tidak berlaku lagi pada tanggal kegiatan (2 Oktober 2024). Gunakan UU 20/2023."
        in page
    )
    client.post(url("replace_basis", paper.pk), {"lama": old.key, "baru": new.key})
    paper.refresh_from_db()
    assert [basis.key for basis in paper.text_version.legal_bases.all()] == ["uu-20-2023"]
    assert paper.text_version.is_approved
    assert "tidak berlaku lagi" not in client.get(paper.get_absolute_url()).content.decode()


def test_a_paper_that_is_signed_keeps_its_citation(client, event, organizer):
    old, new = factories.basis("uu-1"), factories.basis("uu-2")
    version = factories.approved_text(legal_bases=[old])
    paper = factories.declaration(event, text_version=version)
    Declaration.objects.filter(pk=paper.pk).update(state="open")
    response = client.post(url("replace_basis", paper.pk), {"lama": "uu-1", "baru": "uu-2"})
    assert response.status_code == 409
    paper.refresh_from_db()
    assert paper.text_version == version
    assert new.text_versions.count() == 0


@pytest.mark.parametrize("data", [{}, {"lama": "uu-0", "baru": "uu-0"}, {"lama": "\x00", "baru": "\x00"}])
def test_an_unknown_basis_is_not_found(client, paper, data):
    assert client.post(url("replace_basis", paper.pk), data).status_code == 404


def test_people_the_text_does_not_speak_for_are_named(client, event, paper):
    factories.attendee(event, category="organisasi", full_name="Ketua DMI (contoh)")
    client.post(url("enroll", paper.pk))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Unsur Organisasi (1 orang) tidak tercakup naskah ini." in page


def test_the_page_counts_signatures_by_unsur(client, event, paper):
    for n in range(3):
        factories.attendee(event, full_name=f"Kades {n} (contoh)", category="kepala_desa")
    factories.attendee(event, full_name="Camat (contoh)", category="pns")
    client.post(url("enroll", paper.pk))
    paper.signatories.filter(category="kepala_desa").exclude(name="Kades 0 (contoh)").update(outcome="signed")
    response = client.get(paper.get_absolute_url())
    assert response.context["groups"] == [("ASN", 0, 1), ("Kepala Desa", 2, 3)]
    assert "<strong>2 dari 4</strong>" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_queries(client, event, count, django_assert_num_queries):
    text = factories.approved_text(legal_bases=[factories.basis("uu-1")])
    paper = factories.declaration(event, text_version=text)
    for n in range(count):
        factories.attendee(event, full_name=f"Peserta {n} (contoh)")
        planning.add_witness(declaration=paper, role="saksi", name=f"Saksi {n}", by=audit.SYSTEM)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    client.get(paper.get_absolute_url())
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(paper.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(client, event, paper, count, django_assert_num_queries):
    for n in range(count):
        factories.attendee(event, full_name=f"Peserta {n} (contoh)")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    client.get(url("signatories", paper.pk))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("signatories", paper.pk))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("keterangan=signed", ["Kades A (contoh)"]),
        ("keterangan=pending", ["Camat (contoh)"]),
        ("unsur=kepala_desa", ["Kades A (contoh)"]),
        ("unsur=tni", []),
        ("keterangan=bukan", ["Camat (contoh)", "Kades A (contoh)"]),
        ("page=99", ["Camat (contoh)", "Kades A (contoh)"]),
        ("page=x", ["Camat (contoh)", "Kades A (contoh)"]),
        ("keterangan=%00&unsur=%00&page=%00", ["Camat (contoh)", "Kades A (contoh)"]),
    ],
)
def test_the_list_is_filtered(client, event, paper, query, expected):
    factories.attendee(event, full_name="Camat (contoh)", precedence=1)
    factories.attendee(event, full_name="Kades A (contoh)", category="kepala_desa", position="Kepala Desa")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    paper.signatories.filter(name="Kades A (contoh)").update(outcome="signed")
    page = client.get(f"{url('signatories', paper.pk)}?{query}")
    assert [row.record.name for row in page.context["table"].page.object_list] == expected


def test_a_name_is_looked_up_without_reaching_the_address(client, event, paper):
    factories.attendee(event, full_name="Camat (contoh)")
    factories.attendee(event, full_name="Kades A (contoh)", category="kepala_desa", position="Kepala Desa")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    page = client.post(url("signatories", paper.pk), {"cari": "kades a"})
    assert [row.record.name for row in page.context["table"].page.object_list] == ["Kades A (contoh)"]
    assert (
        client.post(url("signatories", paper.pk), {"cari": "kades camat"})
        .context["table"]
        .page.paginator.count
        == 0
    )
