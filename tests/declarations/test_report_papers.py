"""Berita acara, laporan kegiatan and rekapitulasi of an event whose naskah is sealed (DOMAIN §8)."""

import io
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse

from accounts import audit
from accounts.refusals import Refusal
from declarations import activity_report, recap_paper, record_paper, report_facts, sealing, signing
from declarations.models import Declaration, Signatory, Witness
from documents import jobs, pdf, storage, verification
from documents.models import Document
from documents.printing import print_paper, snapshot_of
from events.issuing import issue_event_paper, open_issues, preview_pdf, save_details
from events.models import Attendee, Event, EventPerson
from events.scheduling import archive_event
from tests.accounts.factories import organizer_of, panwaslu_benjeng, region
from tests.declarations import day, factories
from tests.declarations.test_paper_extremes import LETTER, NAME, POST, SOLID
from tests.documents.page_boxes import outside, pages_of
from tests.events.papers import text_of
from tests.events.photos import photo_of

pytestmark = pytest.mark.django_db

PAPERS = {paper.kind: paper for paper in (record_paper.PAPER, activity_report.PAPER, recap_paper.PAPER)}
TYPED = {
    "berita_acara": {
        "second_name": "Suwarno (contoh)",
        "second_post": "Camat Cerme",
        "acknowledged_name": "Rahayu (contoh)",
        "acknowledged_post": "Ketua Bawaslu Kabupaten Gresik",
        "notes": "Satu tablet diganti.",
    },
    "laporan_kegiatan": {
        "basis": "Dasar kegiatan:\n1. Undang-Undang Nomor 7 Tahun 2017;\n2. Surat Ketua Bawaslu.",
        "purpose": "Meningkatkan pemahaman mengenai netralitas.",
        "material": "Netralitas aparatur.",
        "problems": "Hujan deras pada awal kegiatan.",
        "advice": "Tidak ada.",
        "attachments": "Surat Tugas Nomor 031/KP.01\nMateri narasumber",
    },
    "rekap": {"problems": "Jaringan lambat."},
}
DATE = date(2024, 10, 3)


@pytest.fixture
def over() -> Event:
    """Of four people three signed and one stayed away; the naskah is sealed, the event closed."""
    event = day.running_event(venue="Pendopo Kecamatan Cerme")
    day.people(event, 3)
    head = factories.attendee(
        event, full_name="Kades Dungus (contoh)", category="kepala_desa", position="Kades"
    )
    Attendee.objects.filter(pk=head.pk).update(village=region("35.25.11.2001"))
    paper = day.open_paper(0, event=event, number="001/PM.05/K.JI-12.05/10/2024", classification="PM.05")
    for seed, row in enumerate([row for row in day.rows(paper) if row.attendee_id != head.pk], 1):
        day.hand_in(paper, day.record(row, seed))
    Declaration.objects.filter(pk=paper.pk).update(
        read_at=datetime(2024, 10, 2, 3, 45, tzinfo=UTC),
        read_by_name="Rudiyanto (contoh)",
        read_by_position="Sekretaris Daerah",
        read_followed_by_all=True,
    )
    paper.refresh_from_db()
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    sealing.seal_declaration(declaration=paper, by=audit.SYSTEM)
    jobs.run_pending()
    office = event.office
    office.chair_name, office.secretariat_head_name = "Siti Maemunah (contoh)", "Hendra Wijaya (contoh)"
    office.letter_code = "JI-12.05"
    office.save()
    Event.objects.filter(pk=event.pk).update(state=Event.State.CLOSED)
    event.refresh_from_db()
    return event


@pytest.fixture
def staff(client, over):
    user = organizer_of(over.office)
    client.force_login(user)
    client.user = user
    return client


def fill(event, kind, **changes):
    save_details(
        event=event,
        kind=kind,
        by=audit.SYSTEM,
        date=DATE if PAPERS[kind].numbered else None,
        classification=PAPERS[kind].classification if PAPERS[kind].numbered else "",
        details=TYPED[kind] | changes,
    )


def issue(event, kind, **more) -> Document:
    return issue_event_paper(event=event, kind=kind, by=audit.SYSTEM, **more)


def printed(document) -> bytes:
    """As the worker prints it; refused there unless it is PDF/A-3a and PDF/UA-1."""
    made = print_paper(document).pdf
    if folder := os.environ.get("PAPERS_SEEN"):
        Path(folder, f"{document.kind}-{document.office.paper_size}.pdf").write_bytes(made)
    return made


def made(event, kind, **changes) -> str:
    fill(event, kind, **changes)
    return text_of(printed(issue(event, kind)))


def sealed(document: Document) -> Document:
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed"
    return document


def photos_in(data: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(data)) as opened:
        images = [image for page in opened.pages for image in page.get_images().values()]
        return [bytes(image.read_raw_bytes()) for image in images]


def close_up(text: str) -> str:
    return text.replace(" ", "")


# -- what each says ------------------------------------------------------------------------------------------------


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


# -- every kind ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["A4", "F4"])
@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_each_holds_long_words_on_both_sizes_of_paper(over, kind, size):
    over.office.paper_size = size
    over.office.chair_name, over.office.chair_position = NAME, POST
    over.office.save()
    Event.objects.filter(pk=over.pk).update(title="Sosialisasi " + "Pengawasan Partisipatif " * 8)
    over.refresh_from_db()
    photo_of(over, caption=f"Foto bersama {SOLID}")
    long = {
        name: "Kalimat yang panjang sekali. " * 150
        for name in ("results", "problems", "notes")
        if name in TYPED[kind]
    }
    fill(over, kind, **long)
    assert outside(pages_of(printed(issue(over, kind))), *LETTER) == []


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_each_is_sealed_and_every_check_passes(over, kind):
    fill(over, kind)
    document = sealed(issue(over, kind))
    data = storage.read(document.file)
    assert pdf.validate(data) == []
    report = verification.verify_file(data)
    assert report.valid, report.as_json()
    assert report.document["kind"] == kind
    assert document.classification == PAPERS[kind].classification


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_draft_can_be_looked_at_before_anything_is_typed(over, kind):
    assert preview_pdf(over, kind).startswith(b"%PDF")


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_draft_of_an_event_that_is_only_planned_is_a_page(kind):
    assert preview_pdf(factories.event(), kind).startswith(b"%PDF")


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_asking_again_without_a_change_gives_the_same_paper(over, kind):
    fill(over, kind)
    first = issue(over, kind)
    assert issue(over, kind).pk == first.pk


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_no_name_becomes_public(over, kind):
    fill(over, kind)
    public = str(issue(over, kind).public)
    names = [*over.attendees.values_list("full_name", flat=True), "Siti Maemunah", "Rudiyanto", "Suwarno"]
    assert not any(name in public for name in names)


# -- what is missing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("berita_acara", {"Tanggal surat belum diisi."}),
        (
            "laporan_kegiatan",
            {
                "Tanggal surat belum diisi.",
                "Maksud dan tujuan belum diisi.",
                "Materi belum diisi.",
                "Kendala belum diisi.",
                "Rekomendasi belum diisi.",
                "Dasar belum diisi.",
            },
        ),
        ("rekap", {recap_paper.NO_PROBLEMS}),
    ],
)
def test_what_was_not_typed_is_named_when_it_is_issued(over, kind, says):
    with pytest.raises(Refusal) as refusal:
        issue(over, kind)
    assert ({*refusal.value.issues} or {refusal.value.message}) == says
    assert {*open_issues(over, PAPERS[kind])} == says


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_each_waits_for_the_end_of_the_event(over, kind):
    fill(over, kind)
    Event.objects.filter(pk=over.pk).update(state=Event.State.RUNNING)
    over.refresh_from_db()
    with pytest.raises(Refusal, match="Kegiatan belum selesai"):
        issue(over, kind)


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_each_waits_for_the_seal_of_every_naskah(over, kind):
    fill(over, kind)
    over.declarations.update(state="closed")
    assert any("belum disegel" in issue for issue in open_issues(over, PAPERS[kind]))


def test_record_without_a_second_signer_is_refused(over):
    over.office.secretariat_head_name = ""
    over.office.save()
    fill(over, "berita_acara", second_name="")
    with pytest.raises(Refusal, match="Penanda tangan kedua belum diisi"):
        issue(over, "berita_acara")


@pytest.mark.parametrize("kind", ["berita_acara", "rekap"])
def test_event_without_a_naskah_has_nothing_to_record(over, kind):
    fill(over, kind)
    over.declarations.update(state="void")
    assert report_facts.NO_NASKAH in open_issues(over, PAPERS[kind])


def test_report_waits_for_papers_on_their_way_and_for_captions(over):
    fill(over, "berita_acara")
    fill(over, "laporan_kegiatan")
    issue(over, "berita_acara")
    photo_of(over, caption="")
    with pytest.raises(Refusal) as refusal:
        issue(over, "laporan_kegiatan")
    assert sorted(refusal.value.issues) == [
        "1 foto belum diberi keterangan.",
        f"Berita Acara {over.title} masih dibuat dan disegel.",
    ]


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_archived_event_issues_nothing_and_still_shows_its_papers(over, kind, staff):
    fill(over, kind)
    document = sealed(issue(over, kind))
    archive_event(event=over, by=audit.SYSTEM)
    over.refresh_from_db()
    with pytest.raises(Refusal, match="arsip"):
        issue(over, kind, reason="Terlambat")
    page = staff.get(reverse("events:papers", args=[over.code])).content.decode()
    assert f'href="{reverse("documents:download", args=[document.pk])}"' in page


# -- the page where an officer types ---------------------------------------------------------------------------------


def address(event, kind="laporan_kegiatan"):
    return reverse("events:paper_details", args=[event.code, kind])


def test_an_officer_types_the_chapters_and_finds_them_again(staff, over):
    typed = TYPED["laporan_kegiatan"] | {"date": "2024-10-03", "classification": "PM.01.02"}
    assert staff.post(address(over), typed).status_code == 302
    page = staff.get(address(over)).content.decode()
    assert "Hujan deras pada awal kegiatan." in page
    assert "2. Surat Ketua Bawaslu." in page
    assert open_issues(over, activity_report.PAPER) == []


def test_nothing_typed_is_lost_when_a_chapter_is_too_long(staff, over):
    typed = TYPED["laporan_kegiatan"] | {"problems": "x" * 20_001, "date": "2024-10-03"}
    answer = staff.post(address(over), typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Meningkatkan pemahaman mengenai netralitas." in page
    assert "x" * 20_001 in page
    assert "20000" in page


def test_line_breaks_count_once_as_in_the_browser(staff, over):
    text = "\r\n".join(["y" * 59] * 100)  # 5,999 characters as a browser counts
    answer = staff.post(address(over), TYPED["laporan_kegiatan"] | {"problems": text, "date": "2024-10-03"})
    assert answer.status_code == 302
    assert over.paper_drafts.get(kind="laporan_kegiatan").details["problems"] == text.replace("\r\n", "\n")


def test_nothing_typed_is_lost_when_the_event_was_archived_meanwhile(staff, over):
    archive_event(event=over, by=audit.SYSTEM)
    answer = staff.post(address(over), TYPED["laporan_kegiatan"])
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Meningkatkan pemahaman mengenai netralitas." in page
    assert "diarsipkan" in page


def test_character_no_font_can_print_is_named_with_its_place(over):
    fill(over, "laporan_kegiatan", advice="Kegiatan 𓀀 diulang.")
    with pytest.raises(Refusal, match="𓀀"):
        issue(over, "laporan_kegiatan")


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_other_offices_neither_type_nor_issue_nor_look(client, over, kind):
    fill(over, kind)
    client.force_login(organizer_of(panwaslu_benjeng()))
    for name, method in (
        ("paper_details", client.get),
        ("paper_preview", client.get),
        ("paper_issue", client.post),
    ):
        assert method(reverse(f"events:{name}", args=[over.code, kind])).status_code == 404
    assert not Document.objects.filter(kind=kind).exists()
