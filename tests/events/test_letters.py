"""Undangan, susunan acara, daftar hadir, sertifikat: what each prints, on A4 and F4, for one and for many people."""

import io
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pypdf
import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents.models import LetterNumber
from events.issuing import issue_event_paper, issue_parts, preview_pdf, save_details
from events.models import AgendaItem, Attendee, Event, PaperSettings
from tests.documents.factories import mark_sealed
from tests.events.factories import NIP_PNS, AttendeeFactory, EventPersonFactory
from tests.events.papers import checked, printed, text_of

pytestmark = pytest.mark.django_db

LONG_NAME = "Raden Mas Haji Muhammad Abdurrahman Wahid Kusumadiningrat Sastroatmodjo"
LONG_POST = "Kepala Bidang Pembinaan Ideologi dan Wawasan Kebangsaan Dinas"[:60]


def keep(name: str, made: bytes) -> bytes:
    """Where PAPERS_SEEN names a folder, the papers are left there to be looked at."""
    if folder := os.environ.get("PAPERS_SEEN"):
        Path(folder, name).write_bytes(made)
    return made


@pytest.fixture
def full(event):
    """An event whose papers can be issued: office complete, agenda, people of every length."""
    office = event.office
    office.chair_name, office.secretariat_head_name = "Siti Maemunah (contoh)", "Hendra Wijaya (contoh)"
    office.letterhead_lines = "PANITIA PENGAWAS PEMILIHAN UMUM\nKECAMATAN CERME\nKABUPATEN GRESIK"
    office.address, office.phone = "Jalan Raya Cerme Lor Nomor 1, Gresik 61171", "(031) 799 0001"
    office.letter_code = "JI-12.05"
    office.save()
    speaker = EventPersonFactory(event=event, full_name="Bambang", role="narasumber", position=LONG_POST)
    AgendaItem.objects.create(event=event, title="Registrasi peserta", order=1, duration=30)
    AgendaItem.objects.create(event=event, title="Materi netralitas", order=2, duration=45, person=speaker)
    EventPersonFactory(event=event, full_name="Nur Aini (contoh)", role="ketua_panitia")
    AttendeeFactory(event=event, full_name=LONG_NAME, position=LONG_POST, category="pns")
    AttendeeFactory(event=event, full_name="Suharto", position="Kepala Desa Dungus", category="kepala_desa")
    AttendeeFactory(event=event, full_name="", position="Kepala Desa Dampaan", category="kepala_desa")
    save_details(
        event=event,
        kind="undangan",
        by=audit.SYSTEM,
        date=date(2024, 9, 25),
        classification="PM.03.02",
        details={"nature": "Biasa", "dress": "Batik", "copies": "Bawaslu Kabupaten Gresik\nArsip"},
    )
    save_details(
        event=event,
        kind="sertifikat",
        by=audit.SYSTEM,
        date=date(2024, 10, 2),
        classification="HM.03.00",
        details={},
    )
    return event


def arrive(event, count=2):
    for person in event.attendees.all()[:count]:
        person.first_seen_at = datetime(2024, 10, 2, 1, 12, tzinfo=UTC)
        person.save()
    Event.objects.filter(pk=event.pk).update(state="closed")
    event.refresh_from_db()


def paper_size(event, size):
    event.office.paper_size = size
    event.office.save()


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_invitation_says_when_where_to_whom_and_who_signs(full, organizer, size):
    paper_size(full, size)
    made = keep(f"undangan-{size}.pdf", checked(issue_event_paper(event=full, kind="undangan", by=organizer)))
    text = text_of(made)
    for words in (
        "001/PM.03.02/K.JI-12.05/09/2024",
        "Cerme, 25 September 2024",
        "Rabu, 2 Oktober 2024",
        "08.00 s.d. 12.00 WIB",
        "Pendopo Kecamatan Cerme",
        "Siti Maemunah (contoh)",
        "Tembusan:",
        "DAFTAR UNDANGAN",
        "Suharto",
        "Kepala Desa Dampaan",
        "SEGEL ELEKTRONIK",
    ):
        assert words in text
    width = float(pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox.width)
    assert round(width / 72 * 25.4) == {"A4": 210, "F4": 215}[size]


def test_the_number_is_taken_once_and_kept_by_a_revision(full, organizer):
    first = mark_sealed(issue_event_paper(event=full, kind="undangan", by=organizer))
    full.attendees.filter(full_name="Suharto").update(full_name="Suhartono")
    second = issue_event_paper(event=full, kind="undangan", by=organizer, reason="Ejaan nama")
    assert first.number == second.number == LetterNumber.objects.get().text
    assert LetterNumber.objects.get().state == "issued"


def test_an_invitation_without_date_or_people_says_so(event, organizer):
    event.attendees.all().delete()
    with pytest.raises(Refusal) as refused:
        issue_event_paper(event=event, kind="undangan", by=organizer)
    issues = refused.value.issues
    assert "Tanggal surat belum diisi." in issues
    assert "Belum ada peserta yang diundang." in issues
    assert not LetterNumber.objects.exists()


def test_a_reserved_number_keeps_its_date(full, organizer):
    issue_event_paper(event=full, kind="undangan", by=organizer)
    with pytest.raises(Refusal, match="sudah dipesan"):
        save_details(
            event=full,
            kind="undangan",
            by=organizer,
            date=date(2024, 9, 26),
            classification="PM.03.02",
            details={},
        )


def test_the_list_of_invited_hides_telephone_numbers(full, organizer):
    full.attendees.filter(full_name="Suharto").update(phone="+6281234567890")
    person = full.attendees.get(full_name="Suharto")
    person.phone = "+6281234567890"
    person.save()
    made = checked(issue_event_paper(event=full, kind="daftar_undangan", by=organizer))
    text = text_of(keep("daftar-undangan.pdf", made))
    assert "081234567890" not in text
    assert "0812•••7890" in text


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_attendance_list_has_hours_sides_and_totals(full, organizer, size):
    paper_size(full, size)
    arrive(full)
    made = checked(issue_event_paper(event=full, kind="daftar_hadir", by=organizer))
    text = text_of(keep(f"daftar-hadir-{size}.pdf", made))
    assert text.count("hadir 08.12") == 2
    assert "3. tidak hadir" in text
    assert "Kehadiran jam dalam WIB" in text
    assert "Jumlah 4 2" in text
    assert "Nur Aini (contoh)" in text


def test_attendance_waits_for_the_end_of_the_event(full, organizer):
    with pytest.raises(Refusal) as refused:
        issue_event_paper(event=full, kind="daftar_hadir", by=organizer)
    assert any("belum selesai" in issue for issue in refused.value.issues)


@pytest.mark.parametrize(
    ("identity", "shown"), [("none", ""), ("masked", "•"), ("full", "19860926 201505 1 001")]
)
def test_identity_numbers_are_printed_as_the_office_says(full, organizer, identity, shown):
    PaperSettings.objects.create(office=full.office, identity=identity)
    person = full.attendees.get(full_name="Suharto")
    person.identity_kind, person.identity_number = "nip", NIP_PNS
    person.identity_masked = "1986••••••••••1001"
    person.save()
    arrive(full, 3)
    text = text_of(checked(issue_event_paper(event=full, kind="daftar_hadir", by=organizer)))
    assert shown in text
    assert ("NIP" in text) == (identity != "none")
    assert ("19860926" in text) == (identity == "full")
    assert "19860926" not in text_of(preview_pdf(full, "daftar_hadir"))


@pytest.mark.parametrize("kind", ["daftar_hadir", "undangan"])
def test_lists_of_five_hundred_conform(full, organizer, kind):
    many = [
        Attendee(event=full, full_name=f"Peserta {n} (contoh)", position=f"Jabatan {n}", category="pns")
        for n in range(500)
    ]
    Attendee.objects.bulk_create(many)
    arrive(full)
    made = keep(f"{kind}-500.pdf", checked(issue_event_paper(event=full, kind=kind, by=organizer)))
    assert "Peserta 499 (contoh)" in text_of(made)
    assert "Pratinjau memuat 60 baris pertama" in text_of(preview_pdf(full, kind))


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_one_certificate_per_person_who_was_there(full, organizer, size):
    paper_size(full, size)
    arrive(full, 3)
    made, left = issue_parts(event=full, kind="sertifikat", by=organizer)
    assert (made, left) == (2, 0)  # the third row has no name
    papers = sorted((checked(paper) for paper in full.office.documents.all()), key=len)
    for number, paper in enumerate(papers):
        keep(f"sertifikat-{size}-{number}.pdf", paper)
        assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 1
    assert any(LONG_NAME in text_of(paper) for paper in papers)
    for paper in full.office.documents.all():
        assert paper.title.startswith("Sertifikat ")
        assert paper.title.endswith(("(contoh)", LONG_NAME))
        assert paper.public["title"] == f"Sertifikat {full.title}"  # no name where everybody may look
    with pytest.raises(Refusal, match="Setiap orang"):
        issue_parts(event=full, kind="sertifikat", by=organizer)


def test_certificates_share_one_number(full, organizer):
    arrive(full)
    issue_parts(event=full, kind="sertifikat", by=organizer)
    assert LetterNumber.objects.count() == 1


@pytest.mark.parametrize(
    "kind", ["undangan", "daftar_undangan", "susunan_acara", "daftar_hadir", "sertifikat"]
)
def test_every_preview_is_possible_for_a_bare_draft(event, kind):
    Event.objects.filter(pk=event.pk).update(starts_at=None, ends_at=None, venue="")
    event.refresh_from_db()
    assert preview_pdf(event, kind).startswith(b"%PDF")


@pytest.mark.parametrize("signers", ["chair", "secretariat", "chair_left", "chair_right"])
def test_signers_stand_as_the_office_says(full, organizer, signers):
    PaperSettings.objects.create(
        office=full.office, signers=signers, family="serif", foot_line="Kawal Pemilihan"
    )
    made = keep(
        f"undangan-{signers}.pdf", checked(issue_event_paper(event=full, kind="undangan", by=organizer))
    )
    text = text_of(made)
    assert ("Siti Maemunah" in text, "Hendra Wijaya" in text) == (
        signers != "secretariat",
        signers != "chair",
    )
    assert "Kawal Pemilihan" in text


def test_nobody_absent_or_unknown_gets_a_certificate(full, organizer):
    arrive(full, 2)
    absent = full.attendees.filter(first_seen_at=None).exclude(full_name="").first()
    for part in (str(absent.pk), "", "bukan nomor", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(Refusal, match="tidak tercatat hadir"):
            issue_event_paper(event=full, kind="sertifikat", by=organizer, part=part)
    assert not full.office.documents.exists()


def test_one_person_gets_a_corrected_certificate(staff, full, organizer):
    arrive(full, 3)
    issue_parts(event=full, kind="sertifikat", by=organizer)
    document = mark_sealed(full.office.documents.first())
    person = full.attendees.get(pk=document.source.rpartition(":")[2])
    person.full_name = "Nama Benar (contoh)"
    person.save()
    page = staff.get(reverse("events:paper_parts", args=[full.code, "sertifikat"])).content.decode()
    assert "Nama Benar (contoh)" in page
    staff.post(
        reverse("events:paper_issue", args=[full.code, "sertifikat"]),
        {"orang": str(person.pk), "alasan": "Salah ejaan"},
    )
    newer = document.successors.get()
    assert "Nama Benar (contoh)" in text_of(checked(newer))
    assert newer.revision == 2


def test_whole_numbers_on_a_paper_are_told_to_the_log(full, organizer):
    PaperSettings.objects.create(office=full.office, identity="full")
    person = full.attendees.get(full_name="Suharto")
    person.identity_kind, person.identity_number = "nip", NIP_PNS
    person.save()
    arrive(full, 4)
    issue_event_paper(event=full, kind="daftar_hadir", by=organizer)
    assert AuditEntry.objects.filter(verb="number.printed", stream_id=full.audit_stream).count() == 1


def test_village_of_a_post_is_printed_once(full, organizer):
    full.attendees.filter(full_name="Suharto").update(agency="Desa Dungus")
    arrive(full, 4)
    for kind in ("daftar_hadir", "sertifikat"):
        person = full.attendees.get(full_name="Suharto") if kind == "sertifikat" else None
        part = str(person.pk) if person else ""
        text = text_of(checked(issue_event_paper(event=full, kind=kind, by=organizer, part=part)))
        assert text.count("Dungus") == 1


def test_signature_of_a_list_never_stands_without_rows(full, organizer):
    """Whatever the number of rows: two of them at least stand on the page on which the list is signed."""
    Attendee.objects.bulk_create(
        Attendee(event=full, full_name=f"Peserta {n} (contoh)", position="Staf", category="pns")
        for n in range(30)
    )
    arrive(full)
    made = issue_event_paper(event=full, kind="daftar_undangan", by=organizer)
    for _ in range(12):
        last = pypdf.PdfReader(io.BytesIO(printed(made))).pages[-1].extract_text()
        assert "Jumlah undangan" in last
        assert last.count("1 orang") >= 2
        full.attendees.filter(full_name__startswith="Peserta").first().delete()
        made = issue_event_paper(event=full, kind="daftar_undangan", by=organizer)
