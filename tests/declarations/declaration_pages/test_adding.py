"""A paper is added to an event, changed while it is a draft, numbered and removed; the event page offers it."""

from datetime import date

import pytest

from declarations.models import Declaration
from documents.models import LetterNumber
from events.models import Event
from tests.accounts.factories import bawaslu_gresik, member
from tests.declarations import factories

from .addresses import add_url, url

pytestmark = pytest.mark.django_db


def filled(version, **changes):
    return {"text_version": str(version.pk), "identity_print": "none", **changes}


# -- adding --------------------------------------------------------------------------------------------------------


def test_an_organizer_adds_a_paper_with_its_defaults(client, event):
    response = client.post(add_url(event), filled(factories.approved_text()))
    paper = Declaration.objects.get()
    assert response["Location"] == paper.get_absolute_url()
    assert (paper.kind, paper.signing_mode, paper.classification) == ("declaration", "collective", "PM.05")
    assert (paper.place, paper.date) == ("Cerme", date(2024, 10, 2))


def test_the_form_shows_the_election_and_the_classifications(client, event):
    page = client.get(add_url(event)).content.decode()
    assert 'value="Pemilihan Serentak Tahun 2024"' in page
    assert '<option value="PM.05">PM.05 Partisipasi Masyarakat</option>' in page


def test_blocs_keep_the_order_of_the_form(client, event):
    fields = {"signing_mode": "blocs", "bloc_1": "asn", "bloc_2": "tni", "bloc_4": "polri"}
    client.post(add_url(event), filled(factories.approved_text(), categories=["pns", "tni"], **fields))
    paper = Declaration.objects.get()
    assert (paper.blocs, paper.categories) == (["asn", "tni", "polri"], ["pns", "tni"])


def test_a_number_is_taken_from_the_book_on_the_way(client, event):
    client.post(add_url(event), filled(factories.approved_text(), reserve_number="on"))
    assert Declaration.objects.get().number == LetterNumber.objects.get().text


def test_placeholders_are_filled_on_the_way(client, event):
    version = factories.approved_text(title="Ikrar Tahun {tahun}", points=["Menjaga {nama_pemilihan}."])
    client.post(add_url(event), filled(version, tahun="2024", nama_pemilihan="Pemilihan Serentak"))
    paper = Declaration.objects.get()
    assert (paper.title, paper.text_version.points) == ("Ikrar Tahun 2024", ["Menjaga Pemilihan Serentak."])
    assert (paper.text_version.office, paper.text_version.state) == (event.office, "approved")


def test_a_mou_leads_to_its_parties(client, event):
    version = factories.approved_text(kind="mou", title="Nota Kesepahaman (contoh)")
    response = client.post(add_url(event), filled(version))
    assert response["Location"] == url("parties", Declaration.objects.get().pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_version": ""}, "text_version"),
        ({"text_version": "9b2f8ea0-0000-4000-8000-000000000000"}, "text_version"),
        ({"text_version": "bukan"}, "text_version"),
        ({"kind": "sumpah"}, "kind"),
        ({"signing_mode": "massal"}, "signing_mode"),
        ({"categories": ["raja"]}, "categories"),
        ({"bloc_1": "asn", "bloc_2": "asn"}, "bloc_1"),
        ({"bloc_1": "raja"}, "bloc_1"),
        ({"identity_print": "semua"}, "identity_print"),
        ({"date": "2024-02-30"}, "date"),
        ({"order": "0"}, "order"),
        ({"number": "x" * 81}, "number"),
        ({"place": "Cerme\x00"}, "place"),
        ({"number": "7", "reserve_number": "on"}, "number"),
        ({"kind": "mou", "signing_mode": "blocs"}, "__all__"),
    ],
)
def test_bad_input_comes_back_with_an_error(client, event, changes, field):
    version = factories.approved_text()
    response = client.post(add_url(event), filled(version) | changes)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Declaration.objects.exists()
    assert not LetterNumber.objects.exists()


def test_a_text_with_open_placeholders_asks_for_them(client, event):
    version = factories.approved_text(title="Ikrar Tahun {tahun}")
    response = client.post(add_url(event), filled(version, tahun=""))
    assert response.context["form"].errors == {"tahun": ["Naskah yang dipilih memerlukan isian ini."]}


def test_an_unknown_placeholder_sends_to_the_text(client, event):
    version = factories.approved_text(title="Ikrar {nama_desa}")
    response = client.post(add_url(event), filled(version))
    assert "text_version" in response.context["form"].errors


def test_only_usable_texts_are_offered(client, event):
    own = factories.published_text(event.office, title="Naskah Kami")
    older = factories.approved_text(None, title="Rujukan")
    factories.published_text(None, title="Belum Disetujui")
    factories.draft_text(event.office, title="Masih Draf")
    form = client.get(add_url(event)).context["form"]
    assert set(form.fields["text_version"].queryset) == {own, older}


def test_an_event_that_is_over_gets_no_paper(client, event):
    Event.objects.filter(pk=event.pk).update(state="closed")
    response = client.post(add_url(event), filled(factories.approved_text()))
    assert response.status_code == 200
    assert "sudah selesai" in response.content.decode()
    assert not Declaration.objects.exists()


# -- changing ------------------------------------------------------------------------------------------------------


def test_a_draft_is_changed_in_the_same_form(client, paper):
    page = client.get(url("declaration_edit", paper.pk))
    data = {name: value for name, value in page.context["form"].initial.items() if value}
    data |= {"text_version": str(paper.text_version_id), "place": "Gresik", "requires_reading": "on"}
    assert client.post(url("declaration_edit", paper.pk), data).status_code == 302
    paper.refresh_from_db()
    assert (paper.place, paper.requires_reading, paper.number) == ("Gresik", True, "")


def test_the_next_number_is_one_tap(client, paper):
    client.post(url("number", paper.pk))
    paper.refresh_from_db()
    assert paper.number == "001/PM.05/K.JI-12.05/10/2024"
    assert client.post(url("number", paper.pk)).status_code == 409


def test_a_draft_can_be_removed(client, event, paper):
    response = client.post(url("declaration_remove", paper.pk))
    assert response["Location"] == event.get_absolute_url()
    assert not Declaration.objects.exists()


# -- the panel on the event page -----------------------------------------------------------------------------------


def test_the_event_page_shows_the_papers(client, event, paper):
    page = client.get(event.get_absolute_url()).content.decode()
    assert paper.title in page
    assert add_url(event) in page


def test_the_event_page_of_a_supervisor_offers_no_adding(client, event, paper):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    page = client.get(event.get_absolute_url()).content.decode()
    assert paper.title in page
    assert add_url(event) not in page
