"""Berita acara serah terima arsip: two parties, the sealed papers with code, time, number and hash, witnesses (DOMAIN §8)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import audit
from accounts.refusals import Refusal
from documents import jobs, pdf, storage, verification
from documents.models import Document
from events import dossier_paper, handover_paper
from events.issuing import issue_event_paper, open_issues, preview_pdf, save_details
from events.models import Event, PaperDraft, PaperSettings
from tests.accounts.factories import bawaslu_gresik, organizer_of
from tests.documents.factories import issue, sealed_document
from tests.documents.page_boxes import outside, pages_of
from tests.events.papers import checked, text_of

pytestmark = pytest.mark.django_db

KIND = "ba_serah_terima_arsip"
TYPED = {
    "receiver": "Budi Santosa (contoh)",
    "receiver_post": "Kepala Sekretariat",
    "receiver_office": "Bawaslu Kabupaten Gresik",
    "place": "Kantor Bawaslu Kabupaten Gresik",
    "witness_1": "Rina (contoh)",
    "witness_1_post": "Staf Arsip",
    "witness_2": "Joko (contoh)",
}


@pytest.fixture(autouse=True)
def _own_room(monkeypatch):
    monkeypatch.setattr(dossier_paper, "UNFINISHED", [])


@pytest.fixture
def over(event):
    office = event.office
    office.chair_name, office.letter_code = "Siti Maemunah (contoh)", "JI-12.05"
    office.parent = bawaslu_gresik(chair_name="")
    office.save()
    Event.objects.filter(pk=event.pk).update(state=Event.State.CLOSED)
    event.refresh_from_db()
    return event


def paper_of(event, **changes) -> Document:
    values = {"office": event.office, "event_code": event.code, "title": "Daftar Hadir Cerme"}
    return sealed_document(**(values | changes))


def fill(event, **changes):
    save_details(
        event=event,
        kind=KIND,
        by=audit.SYSTEM,
        date=date(2025, 1, 20),
        classification="KA.01.04",
        details=TYPED | changes,
    )


def order(event) -> Document:
    return issue_event_paper(event=event, kind=KIND, by=audit.SYSTEM)


def handed(event, **changes) -> str:
    fill(event, **changes)
    return text_of(checked(order(event)))


def test_handover_names_both_parties_and_the_day_in_words(over):
    paper_of(over)
    said = handed(over)
    marks = [
        "BERITA ACARA SERAH TERIMA ARSIP",
        "Nomor: 001/KA.01.04/K.JI-12.05/01/2025",
        "Pada hari ini Senin, tanggal Dua Puluh, bulan Januari, tahun Dua Ribu Dua Puluh Lima (20-01-2025), kami",
        "Nama : Siti Maemunah (contoh)",
        f"Instansi : {over.office.name}",
        "selanjutnya disebut PIHAK KESATU.",
        "Nama : Budi Santosa (contoh) Jabatan : Kepala Sekretariat Instansi : Bawaslu Kabupaten Gresik",
        "selanjutnya disebut PIHAK KEDUA.",
        "Serah terima dilaksanakan di Kantor Bawaslu Kabupaten Gresik.",
        "Cerme, 20 Januari 2025",
        "PIHAK KEDUA",
        "Saksi-saksi",
        "Staf Arsip, Saksi,",
        "Rina (contoh) Joko (contoh)",
    ]
    place = 0
    for mark in marks:
        place = said.index(mark, place)


def test_handover_lists_each_paper_with_code_time_number_of_pages_and_hash(over):
    first = paper_of(over, number="7/PM.05", classification="PM.05", title="Deklarasi Cerme")
    second = paper_of(over, classification="HM.04")
    said = handed(over)
    for paper in (first, second):
        assert paper.sha256 in said.replace(" ", "")
        assert f"1 berkas, {paper.pages} halaman" in said
    assert "Kode klasifikasi Uraian Kurun waktu Jumlah" in said
    assert "1 PM.05 Deklarasi Cerme" in said
    assert "Nomor 7/PM.05" in said
    assert "2 Oktober 2024" in said
    assert "Jumlah seluruhnya 2 berkas elektronik" in said


def test_replaced_papers_change_hands_too_and_those_of_other_events_stay(over):
    old = paper_of(over)
    Document.objects.filter(pk=old.pk).update(state="superseded")
    paper_of(over)
    other = sealed_document(office=over.office, event_code="LAINLAIN22", title="Kegiatan lain")
    said = handed(over)
    assert "digantikan" in said
    assert other.sha256 not in said.replace(" ", "")


def test_sealed_handover_is_valid_and_its_evidence_names_what_changes_hands(over):
    paper_of(over)
    fill(over)
    document = order(over)
    jobs.run_pending()
    document.refresh_from_db()
    data = storage.read(document.file)
    assert pdf.validate(data) == []
    report = verification.verify_file(data)
    assert report.valid, report.as_json()
    assert "1 berkas sumber" in report.checks["evidence"].message
    assert "Budi" not in str(document.public)


def test_receiver_is_the_chair_of_the_office_above_unless_somebody_was_typed(over):
    above = over.office.parent
    above.chair_name, above.chair_position = "Ketua Gresik (contoh)", "Ketua"
    assert handover_paper.receiver_of(over, {}) == {
        "name": "Ketua Gresik (contoh)",
        "post": "Ketua",
        "institution": above.name,
    }
    typed = {"receiver": "Budi", "receiver_office": "Dinas Arsip"}
    assert handover_paper.receiver_of(over, typed) == {
        "name": "Budi",
        "post": "",
        "institution": "Dinas Arsip",
    }


def test_what_is_missing_is_said_in_words(over):
    fill(over, receiver="", receiver_post="", receiver_office="", witness_1="", witness_2="")
    over.refresh_from_db()
    assert open_issues(over, handover_paper.PAPER) == [
        "Nama PIHAK KEDUA belum diisi.",
        "Jabatan PIHAK KEDUA belum diisi.",
        "Saksi belum diisi.",
        handover_paper.EMPTY,
    ]
    assert preview_pdf(over, KIND).startswith(b"%PDF")


def test_handover_waits_for_papers_on_their_way_and_for_the_end(over):
    paper_of(over)
    fill(over)
    issue(office=over.office, event_code=over.code, title="Undangan Cerme")
    with pytest.raises(Refusal, match="Undangan Cerme masih dibuat dan disegel"):
        order(over)
    Event.objects.filter(pk=over.pk).update(state=Event.State.RUNNING)
    assert any(
        "Kegiatan belum selesai" in each for each in handover_paper.needs(Event.objects.get(pk=over.pk))
    )


def test_archive_is_handed_over_after_the_event_is_archived(client, over):
    paper_of(over)
    Event.objects.filter(pk=over.pk).update(state=Event.State.ARCHIVED)
    client.force_login(organizer_of(over.office))
    address = reverse("events:paper_details", args=[over.code, KIND])
    assert client.get(address).status_code == 200
    typed = TYPED | {"date": "2025-01-20", "classification": "KA.01.04"}
    assert client.post(address, typed).status_code == 302
    page = client.get(reverse("events:papers", args=[over.code])).content.decode()
    issue_address = reverse("events:paper_issue", args=[over.code, KIND])
    assert f'action="{issue_address}"' in page
    assert f'action="{reverse("events:paper_issue", args=[over.code, "notula"])}"' not in page
    assert client.post(issue_address).status_code == 302
    jobs.run_pending()
    document = Document.objects.get(kind=KIND)
    assert (document.state, document.number) == ("sealed", "001/KA.01.04/K.JI-12.05/01/2025")


def test_nothing_else_that_was_typed_changes_after_archiving_in_the_database_either(over):
    fill(over)
    PaperDraft.objects.create(event=over, kind="notula")
    Event.objects.filter(pk=over.pk).update(state=Event.State.ARCHIVED)
    mine, other = PaperDraft.objects.filter(kind=KIND), PaperDraft.objects.filter(kind="notula")
    assert mine.update(details={"place": "Gresik"}) == 1
    for change in (
        lambda: other.update(details={}),
        lambda: other.update(kind="rekap"),
        lambda: mine.update(kind="rekap"),
        lambda: PaperDraft.objects.create(event=over, kind="rekap"),
        other.delete,
    ):
        with pytest.raises(IntegrityError, match="archived events"), transaction.atomic():
            change()


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_handover_of_sixty_papers_with_long_titles_fits(over, size):
    over.office.paper_size = size
    over.office.save()
    for number in range(60):
        paper_of(
            over, title="Berita Acara Sosialisasi Pengawasan Partisipatif " * 4, number=f"{number}/PM.05"
        )
    fill(over, receiver_office="Badan Pengawas Pemilihan Umum " * 6, receiver="N" * 70)
    made = checked(order(over))
    assert "Jumlah seluruhnya 60 berkas" in text_of(made)
    assert outside(pages_of(made), 20, 18) == []


@pytest.mark.parametrize("side", ["right", "left"])
def test_parties_sign_on_the_sides_that_the_office_chose(over, side):
    PaperSettings.objects.create(office=over.office, first_party=side)
    paper_of(over)
    fill(over)
    page = pages_of(checked(order(over)))[-1]
    roles = sorted((word.left, word.text) for word in page.words if word.text in ("KESATU", "KEDUA"))[-2:]
    assert [text for _, text in roles] == (["KESATU", "KEDUA"] if side == "left" else ["KEDUA", "KESATU"])
