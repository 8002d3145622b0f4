"""First words for the chapters of the laporan kegiatan, from what is known."""

from dataclasses import replace

import pytest
from django.urls import reverse

from declarations.activity_report import first_words
from declarations.report_drafts import NaskahFacts, ReportFacts, drafts
from events.issuing import save_details
from events.models import AgendaItem, EventPerson
from regions.wording import listed
from tests.accounts.factories import organizer_of, panwaslu_benjeng
from tests.declarations import day

KNOWN = ReportFacts(
    elections=("Pemilihan Serentak Tahun 2024",),
    groups=("Forkopimcam", "Kepala Desa", "ASN"),
    invited=31,
    present=29,
    talks=(("Netralitas ASN", "Ani"), ("Netralitas Kepala Desa", "Budi, Camat")),
    naskah=(NaskahFacts("Deklarasi Netralitas", 31, 28, 1, 2, "Dibacakan pukul 10.05 WIB."),),
)


def test_every_chapter_is_drafted_from_the_facts():
    said = drafts(KNOWN)
    assert said["purpose"].splitlines() == [
        "Kegiatan ini dimaksudkan untuk menyosialisasikan ketentuan mengenai netralitas kepada Forkopimcam, Kepala Desa,"
        " dan ASN.",
        "Tujuan kegiatan ini adalah:",
        "1. menyamakan pemahaman peserta mengenai ketentuan netralitas pada Pemilihan Serentak Tahun 2024;",
        "2. memperoleh komitmen peserta melalui “Deklarasi Netralitas”; dan",
        "3. mencegah terjadinya pelanggaran netralitas.",
    ]
    assert said["material"].splitlines() == [
        "1. Netralitas ASN, disampaikan oleh Ani; dan",
        "2. Netralitas Kepala Desa, disampaikan oleh Budi, Camat.",
    ]
    assert said["results"].splitlines() == [
        "Kegiatan dihadiri 29 peserta dari 31 yang diundang.",
        "Naskah “Deklarasi Netralitas” ditandatangani 28 dari 31 penanda tangan; 1 menolak dan 2 berhalangan hadir."
        " Dibacakan pukul 10.05 WIB.",
    ]
    assert said["advice"].startswith("1. menindaklanjuti 3 penanda tangan yang tidak menandatangani naskah")


def test_of_what_is_not_known_nothing_is_said():
    said = drafts(ReportFacts())
    assert (said["material"], said["results"]) == ("", "")
    assert "None" not in str(said)
    assert "menindaklanjuti" not in said["advice"]
    assert drafts(replace(KNOWN, present=0))["results"].startswith("Naskah")


def test_walk_ins_alone_are_counted_without_invited():
    assert drafts(ReportFacts(present=4))["results"] == "Kegiatan dihadiri 4 peserta."


def test_a_naskah_that_nobody_signs_is_not_said_to_be_signed():
    said = drafts(ReportFacts(naskah=(NaskahFacts("Ikrar", read="Dibacakan pukul 10.05 WIB."),)))
    assert said["results"] == "Naskah “Ikrar” disampaikan kepada peserta. Dibacakan pukul 10.05 WIB."


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A dan B"), (["A", "B", "C"], "A, B, dan C")]
)
def test_lists_are_read_as_people_say_them(parts, said):
    assert listed(parts) == said


@pytest.fixture
def event(db):
    event = day.running_event(venue="Pendopo Kecamatan Cerme")
    day.people(event, 3)
    speaker = EventPerson.objects.create(event=event, role="narasumber", full_name="Ani (contoh)", order=9)
    AgendaItem.objects.create(event=event, title="Netralitas ASN", person=speaker, order=9, duration=30)
    return event


def page(client, event, kind="laporan_kegiatan"):
    return client.get(reverse("events:paper_details", args=[event.code, kind]))


def test_the_page_offers_the_drafts_for_editing(client, event):
    client.force_login(organizer_of(event.office))
    shown = page(client, event)
    form = shown.context["form"]
    for name, text in first_words(event).items():
        assert (form[name].value() or "") == text
    assert "1. Netralitas ASN, disampaikan oleh Ani (contoh)." in shown.content.decode()
    assert "disusun dari data, belum disimpan" in shown.content.decode()


def test_what_was_typed_stays_and_the_newer_draft_stands_beside_it(client, event):
    client.force_login(organizer_of(event.office))
    own = {"purpose": "Tulisan sendiri.", "material": first_words(event)["material"], "results": ""}
    save_details(
        event=event,
        kind="laporan_kegiatan",
        by=organizer_of(event.office),
        date=None,
        classification="",
        details=own,
    )
    AgendaItem.objects.filter(event=event).update(title="Netralitas TNI")
    shown = page(client, event)
    form = shown.context["form"]
    assert form["purpose"].value() == "Tulisan sendiri."
    assert form["material"].value() == own["material"]
    assert form["results"].value() == ""
    standings = {row["label"]: row["standing"] for row in form.drafted()}
    assert (
        standings["Maksud dan tujuan"] == standings["Materi"] == "berbeda dari data; teks Anda dipertahankan"
    )
    assert standings["Rekomendasi"] == "disusun dari data, belum disimpan"
    assert "Netralitas TNI" in shown.content.decode()


def test_an_unsaved_draft_follows_the_data(client, event):
    client.force_login(organizer_of(event.office))
    AgendaItem.objects.filter(event=event).update(title="Netralitas TNI")
    assert "Netralitas TNI" in page(client, event).context["form"]["material"].value()


def test_a_paper_without_drafts_shows_no_box(client, event):
    client.force_login(organizer_of(event.office))
    assert "Susunan dari data" not in page(client, event, "undangan").content.decode()


def test_another_office_does_not_see_the_drafts(client, event):
    client.force_login(organizer_of(panwaslu_benjeng()))
    assert page(client, event).status_code == 404
