"""What berita acara, laporan kegiatan and rekapitulasi say of an event whose naskah is sealed (DOMAIN §8)."""

import io

import pikepdf
import pytest

from declarations import activity_report, recap_paper, record_paper, report_facts
from declarations.models import Signatory, Witness
from documents import storage, verification
from documents.models import Document
from documents.printing import snapshot_of
from events.issuing import open_issues, preview_pdf
from events.models import Event, EventPerson
from tests.accounts.factories import region
from tests.declarations import day, factories
from tests.declarations.reports import (
    close_up,
    event_that_is_over,
    fill,
    issue,
    made,
    photos_in,
    sealed,
)
from tests.events.papers import text_of
from tests.events.photos import photo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def over() -> Event:
    return event_that_is_over()


def test_record_says_day_and_place_in_words_and_counts_every_outcome(over):
    said = made(over, "berita_acara")
    assert "Nomor: 001/PM.05/K.JI-12.05/10/2024" in said
    assert (
        "Pada hari ini Rabu, tanggal Dua, bulan Oktober, tahun Dua Ribu Dua Puluh Empat (02-10-2024), bertempat di"
        " Pendopo Kecamatan Cerme, Kecamatan Cerme, Kabupaten Gresik, telah dilaksanakan kegiatan"
    ) in said
    assert "ASN 3 3 0 0 Kepala Desa 1 0 0 1 Jumlah 4 3 0 1" in said
    assert (
        "Dibacakan pukul 10.45 WIB, dipandu oleh Rudiyanto (contoh), Sekretaris Daerah, dan diikuti seluruh peserta"
        " yang hadir."
    ) in said
    assert "Satu tablet diganti." in said


def test_record_has_two_signers_and_who_takes_note(over):
    said = made(over, "berita_acara")
    assert "Cerme, 3 Oktober 2024" in said
    signers = said[said.index("Cerme, 3 Oktober 2024") :]
    names = (
        "Camat Cerme",
        "Suwarno (contoh)",
        "Siti Maemunah (contoh)",
        "Mengetahui",
        "Ketua Bawaslu",
        "Rahayu",
    )
    assert all(name in signers for name in names)
    assert signers.index("Suwarno") < signers.index("Siti Maemunah") < signers.index("Rahayu")


def test_record_names_the_sealed_naskah_by_its_hash_on_the_page_and_in_the_evidence(over):
    naskah = Document.objects.sealed().get()
    fill(over, "berita_acara")
    data = storage.read(sealed(issue(over, "berita_acara")).file)
    assert naskah.sha256 in close_up(text_of(data))
    report = verification.verify_file(data)
    assert report.valid, report.as_json()
    assert "1 berkas sumber" in report.checks["evidence"].message


def test_second_signer_of_the_record_is_the_committee_chair_then_the_secretariat(over):
    nobody = {"second_name": "", "second_post": ""}
    assert record_paper.second_signer(over, nobody)["name"] == "Hendra Wijaya (contoh)"
    EventPerson.objects.create(event=over, role="ketua_panitia", full_name="Nur Aini (contoh)")
    assert record_paper.second_signer(over, nobody) == {"name": "Nur Aini (contoh)", "post": "Ketua Panitia"}


def test_witnesses_are_named_once_and_whoever_takes_note_apart(over):
    paper = over.declarations.get()
    Witness.objects.create(declaration=paper, role="saksi", name="Rina (contoh)", position="Anggota Bawaslu")
    Witness.objects.create(
        declaration=paper, role="mengetahui", name="Budi (contoh)", position="Camat", order=2
    )
    EventPerson.objects.create(
        event=over, role="saksi", full_name="Rina (contoh)", position="Anggota Bawaslu", agency=""
    )
    assert report_facts.witnesses_of(over) == {
        "witnesses": ["Rina (contoh), Anggota Bawaslu"],
        "acknowledged": ["Budi (contoh), Camat"],
    }
    said = made(over, "berita_acara")
    assert said.index("disaksikan oleh: Rina") < said.index("Naskah diketahui oleh: Budi")


def test_report_has_its_chapters_with_what_was_typed(over):
    EventPerson.objects.create(
        event=over, role="narasumber", full_name="Bambang", position="Dosen", agency="Universitas (contoh)"
    )
    said = made(over, "laporan_kegiatan", hours="09.10 s.d. 11.45 WIB")
    marks = (
        "Nomor: 001/PM.01.02/K.JI-12.05/10/2024",
        "BAB I PENDAHULUAN A. Dasar Dasar kegiatan: Undang-Undang Nomor 7 Tahun 2017;",
        "B. Maksud dan tujuan",
        "BAB II PELAKSANAAN A. Waktu dan tempat Hari, tanggal : Rabu, 2 Oktober 2024 Pukul : 09.10 s.d. 11.45 WIB",
        "C. Narasumber Bambang, Dosen, Universitas (contoh)",
        "D. Materi Netralitas aparatur.",
        "BAB III HASIL",
        "BAB IV KENDALA DAN REKOMENDASI A. Kendala Hujan deras pada awal kegiatan. B. Rekomendasi Tidak ada.",
        "PENUTUP",
        "LAMPIRAN",
        "Surat Tugas Nomor 031/KP.01 Materi narasumber",
        "B. Dokumentasi foto Tidak ada foto yang dilampirkan.",
    )
    places = [said.index(mark) for mark in marks]
    assert places == sorted(places)


def test_basis_of_the_report_is_that_of_the_texts_unless_it_was_typed(over):
    assert open_issues(over, activity_report.PAPER).count("Dasar belum diisi.") == 1
    basis = factories.basis("uu-7-2017", citation="Undang-Undang Nomor 7 Tahun 2017 (contoh).")
    event = day.open_paper(1, text_version=factories.approved_text(legal_bases=[basis])).event
    assert "Dasar belum diisi." not in open_issues(event, activity_report.PAPER)
    said = text_of(preview_pdf(event, "laporan_kegiatan"))
    assert "A. Dasar Undang-Undang Nomor 7 Tahun 2017 (contoh);" in said


def test_report_prints_the_photos_and_names_them_in_the_evidence(over):
    photo = photo_of(over, caption="Foto bersama")
    fill(over, "laporan_kegiatan")
    data = storage.read(sealed(issue(over, "laporan_kegiatan")).file)
    assert "Foto 1. Foto bersama" in text_of(data)
    assert storage.read(photo.print_file) in photos_in(data)
    report = verification.verify_file(data)
    assert report.valid, report.as_json()
    assert "2 berkas sumber" in report.checks["evidence"].message  # the naskah and the photo


def test_report_carries_the_sealed_papers_unchanged(over):
    naskah = Document.objects.sealed().get()
    fill(over, "berita_acara")
    record = sealed(issue(over, "berita_acara"))
    fill(over, "laporan_kegiatan")
    report = sealed(issue(over, "laporan_kegiatan"))
    with pikepdf.open(io.BytesIO(storage.read(report.file))) as opened:
        files = {name: opened.attachments[name].get_file().read_bytes() for name in opened.attachments}
    files.pop("evidence.json")
    assert sorted(files.values()) == sorted(storage.read(each.file) for each in (naskah, record))
    assert verification.verify_file(storage.read(report.file)).valid


def test_papers_that_are_too_large_together_are_listed_by_hash_only(over, monkeypatch):
    monkeypatch.setattr(activity_report, "LARGEST_INSIDE", 10)
    said = made(over, "laporan_kegiatan")
    assert Document.objects.sealed().get().sha256 in close_up(said)
    assert "disimpan tersendiri" in said
    assert (
        activity_report.enclosures(snapshot_of(Document.objects.get(kind="laporan_kegiatan"))["content"])
        == ()
    )


def test_many_papers_of_one_kind_are_counted_and_not_listed(over, monkeypatch):
    monkeypatch.setattr(activity_report, "SEVERAL", 0)
    said = made(over, "laporan_kegiatan")
    assert "Deklarasi: 1 berkas tersegel" in said or "Ikrar: 1 berkas tersegel" in said


def test_recap_tells_who_came_who_signed_and_which_villages_did_not(over):
    said = made(over, "rekap")
    assert "Penyelenggara : " + over.office.name in said
    assert "Arsip : 1 berkas tersegel" in said
    coverage = report_facts.coverage_of(over)
    assert (coverage["word"], coverage["signed"]) == ("Desa", 0)
    assert coverage["lines"][0]["missing"]
    assert f"Cakupan desa : 0 dari {coverage['listed']} (0%)" in said
    assert "Kendala Jaringan lambat." in said


def test_problems_of_the_recap_come_from_the_report_unless_typed(over):
    assert recap_paper.NO_PROBLEMS in open_issues(over, recap_paper.PAPER)
    fill(over, "laporan_kegiatan")
    assert recap_paper.needs(over) == []
    assert "Kendala Hujan deras pada awal kegiatan." in made(over, "rekap", problems="")


def test_village_that_was_not_even_invited_is_missing_and_one_that_signed_is_not(over):
    row = Signatory.objects.current().get(category="kepala_desa")
    Signatory.objects.filter(pk=row.pk).update(outcome="signed")
    other = region("35.25.11.2002")
    line = report_facts.coverage_of(over)["lines"][0]
    assert other.name in line["missing"]
    assert region("35.25.11.2001").name not in line["missing"]


def test_event_without_village_heads_has_no_coverage(over):
    Signatory.objects.filter(category="kepala_desa").update(category="tni")
    assert report_facts.coverage_of(over) == {}
    assert "Cakupan" not in made(over, "rekap")
