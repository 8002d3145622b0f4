"""Both parties of a memorandum and the witnesses of a paper are filled in, and a removed witness comes back."""

import re

import pytest
from django.urls import reverse

from accounts import audit
from declarations import planning
from tests.declarations import factories

from .addresses import url

pytestmark = pytest.mark.django_db


def test_both_parties_are_filled_in_one_form(client, event):
    paper = factories.mou(event)
    attendee = factories.attendee(event, full_name="Camat Cerme (contoh)")
    data = {
        "institution_1": "Panwaslu Kecamatan Cerme",
        "representative_name_1": "Ketua (contoh)",
        "position_1": "Ketua",
        "number_1": "001/PM.04/K.JI-12.05/10/2024",
        "institution_2": "Pemerintah Kecamatan Cerme",
        "representative_name_2": "Camat Cerme (contoh)",
        "position_2": "Camat",
        "number_2": "005/1/437.103/2024",
        "attendee_2": str(attendee.pk),
    }
    assert client.get(url("parties", paper.pk)).status_code == 200
    assert client.post(url("parties", paper.pk), data).status_code == 302
    assert [party.number for party in paper.parties.all()] == [
        "001/PM.04/K.JI-12.05/10/2024",
        "005/1/437.103/2024",
    ]
    assert paper.parties.get(order=2).attendee == attendee
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "PIHAK KESATU" in page
    assert "PIHAK KEDUA" in page


def test_one_person_cannot_stand_for_both_parties(client, event):
    paper = factories.mou(event)
    attendee = factories.attendee(event)
    data = {f"{name}_{n}": "x" for name in ("institution", "representative_name", "position") for n in (1, 2)}
    data |= {"attendee_1": str(attendee.pk), "attendee_2": str(attendee.pk)}
    response = client.post(url("parties", paper.pk), data)
    assert response.context["form"].errors == {"attendee_2": ["Satu orang tidak dapat mewakili kedua pihak."]}


def test_a_party_without_representative_comes_back(client, event):
    paper = factories.mou(event)
    response = client.post(
        url("parties", paper.pk), {"institution_1": "Panwaslu", "institution_2": "Kecamatan"}
    )
    assert set(response.context["form"].errors) == {
        "representative_name_1",
        "position_1",
        "representative_name_2",
        "position_2",
    }


def test_a_collective_paper_has_no_parties_page(client, paper):
    assert client.get(url("parties", paper.pk)).status_code == 404


def test_witnesses_are_added_and_removed(client, paper):
    client.post(url("witnesses", paper.pk), {"role": "mengetahui", "name": "Rozikin, SE"})
    witness = paper.witnesses.get()
    assert "Rozikin, SE" in client.get(url("witnesses", paper.pk)).content.decode()
    client.post(url("witness_remove", paper.pk, witness.pk))
    assert not paper.witnesses.exists()


def test_a_removed_witness_comes_back_by_one_button_at_its_place(client, paper):
    for name in ("Rozikin, SE", "Sulastri", "Hendro"):
        client.post(
            url("witnesses", paper.pk),
            {"role": "saksi", "name": name, "position": "Camat", "agency": "Kantor Kecamatan"},
        )
    before = list(paper.witnesses.values())
    middle = before[1]["id"]
    page = client.post(url("witness_remove", paper.pk, middle), follow=True).content.decode()
    assert "Sulastri dihapus dari saksi." in page
    assert paper.witnesses.count() == 2
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    page = client.post(url("witness_undo", paper.pk), {"token": token}, follow=True).content.decode()
    assert "Sulastri dikembalikan." in page
    assert list(paper.witnesses.values()) == before
    assert client.post(url("witness_undo", paper.pk), {"token": token}).status_code == 409
    assert list(paper.witnesses.values()) == before


def test_a_witness_comes_back_only_to_its_own_paper(client, event, paper):
    other = factories.declaration(event)
    witness = planning.add_witness(declaration=paper, role="saksi", name="Saksi", by=audit.SYSTEM)
    page = client.post(url("witness_remove", paper.pk, witness.pk), follow=True).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert client.post(url("witness_undo", other.pk), {"token": token}).status_code == 409
    assert not paper.witnesses.exists()
    assert not other.witnesses.exists()


@pytest.mark.parametrize("data", [{"role": "saksi", "name": ""}, {"role": "raja", "name": "x"}, {}])
def test_a_bad_witness_comes_back(client, paper, data):
    assert client.post(url("witnesses", paper.pk), data).context["form"].errors
    assert not paper.witnesses.exists()


def test_a_witness_of_another_paper_is_not_found(client, event, paper):
    other = factories.declaration(event)
    witness = planning.add_witness(declaration=other, role="saksi", name="Saksi", by=audit.SYSTEM)
    assert client.post(url("witness_remove", paper.pk, witness.pk)).status_code == 404
    assert other.witnesses.exists()


def test_witness_with_an_invisible_name_is_refused(client, paper):
    url = reverse("declarations:witnesses", args=[paper.pk])
    response = client.post(url, {"role": "saksi", "name": "\u200b\u200b"})
    assert (response.status_code, paper.witnesses.count()) == (200, 0)
