"""Everything that *Kesiapan kegiatan* complains about leads to the place where it is mended (EVENTS §2)."""

from datetime import date

import pytest
from django.urls import resolve
from django.utils import timezone

from accounts import audit
from declarations import planning
from declarations.models import Signature
from documents import signers
from events import readiness
from events.models import Attendee, DeviceHeartbeat, Event, EventSite
from tests.declarations import day, factories
from tests.declarations.tablets import Paired
from tests.documents.factories import issue as issue_document
from tests.events.factories import EventFactory

pytestmark = pytest.mark.django_db

SCHEDULED, RUNNING, CLOSED, ARCHIVED = readiness.STEPS


def said(event: Event, step: str) -> dict:
    """Name of each check of the step → its issues."""
    return {check.__name__: list(check(event)) for check in readiness.CHECKS[step]}


def bare_event() -> Event:
    """Nothing is there but a name, a place without an address, and an office without a letterhead."""
    event = EventFactory(starts_at=None, ends_at=None, venue="", elections=[])
    EventSite.objects.create(event=event, name="Balai")
    event.office.letter_code = ""
    return event


def troubled_event() -> Event:
    """Papers with everything that can be wrong with them, and people nobody speaks for."""
    event = factories.event()
    basis = factories.basis("uu-lama", valid_to=date(2024, 1, 1))
    text = factories.published_text(event.office, legal_bases=[basis])
    paper = factories.declaration(event, text_version=text, date=date(2024, 10, 3), requires_reading=True)
    factories.mou(event)
    Attendee.objects.create(event=event, full_name="Tanpa unsur")
    Attendee.objects.create(event=event, full_name="Warga", category="organisasi")
    assert not paper.number
    return event


def held_event() -> Event:
    """A day with a tablet that holds something, a signature to review, people who are nowhere."""
    event = day.running_event()
    paper = day.open_paper(3, event=event, requires_reading=False)
    planning_of = factories.declaration(event, text_version=factories.approved_text(title="Kedua"))
    planning_of.requires_reading = True
    planning_of.save()
    signed, *_ = day.rows(paper)
    [result] = day.hand_in(paper, day.record(signed))
    Signature.objects.filter(pk=result.signature.pk).update(status="held")
    tablet = Paired(event)
    for row in day.rows(paper):
        tablet.signs(row)  # and hands nothing in
    said = {"at": timezone.now(), "next_seq": tablet.seq, "pending": 3, "ready": False}
    DeviceHeartbeat.objects.update_or_create(device=tablet.row, defaults=said)
    issue_document(office=event.office, event_code=event.code)
    return event


@pytest.fixture
def complaints(monkeypatch):
    """(step, check) → issues, of three events that together lack everything there is to lack."""
    monkeypatch.setattr(signers, "try_signer", lambda office: "Sertifikat kedaluwarsa.")
    found: dict = {}
    for event in (bare_event(), troubled_event(), held_event()):
        for step in readiness.STEPS:
            for name, issues in said(event, step).items():
                found.setdefault((step, name), []).extend(issues)
    return found


def test_every_check_has_something_to_say_here(complaints):
    """Otherwise the next test would prove nothing about it."""
    assert [key for key, issues in complaints.items() if not issues] == []


def test_every_issue_leads_to_a_page_that_mends_it(complaints):
    for key, issues in complaints.items():
        for issue in issues:
            assert issue.url, (key, issue.text)
            assert issue.fix, (key, issue.text)
            assert issue.text.endswith((".", "?")), (key, issue.text)
            resolve(issue.url.partition("#")[0].partition("?")[0])


def test_the_table_of_texts_is_said(complaints):
    texts = " ".join(issue.text for issues in complaints.values() for issue in issues)
    for words in (
        "Tanggal, jam, dan zona waktu belum diisi.",
        "Tempat atau tautan pertemuan",
        "Pemilu atau Pemilihan belum dipilih.",
        "Naskah belum disetujui",
        "Pihak Kesatu dan Pihak Kedua belum lengkap.",
        "Belum ada peserta.",
        "Dasar hukum UU-LAMA tidak berlaku",
        "1 peserta belum memiliki unsur.",
        "Unsur Organisasi (1 orang) tidak tercakup naskah mana pun.",
        "Kop surat belum lengkap",
        "Nomor surat belum dipesan",
        "Pembaca ikrar belum ditentukan.",
        "1 dari 1 tablet belum siap luring.",
        "Segel uji gagal. Sertifikat kedaluwarsa.",
        "Lokasi Balai belum memiliki petugas.",
        "masih menyimpan 3 tanda tangan yang belum terkirim.",
        "Waktu pembacaan ikrar belum dicatat.",
        "1 data perlu ditinjau.",
        "orang belum memiliki keterangan. Tandai tidak hadir?",
        "naskah belum disegel.",
    ):
        assert words in texts, words


def test_an_office_without_a_code_is_told_of_its_letterhead_instead_of_numbers():
    event = factories.event()
    factories.declaration(event)
    words = "Nomor surat belum dipesan: Deklarasi Netralitas (contoh)."
    assert words in [issue.text for issue in readiness.issues(event, SCHEDULED)]
    event.office.letter_code = ""
    texts = [issue.text for issue in readiness.issues(event, SCHEDULED)]
    assert (words in texts, "Kop surat belum lengkap" in " ".join(texts)) == (False, True)


def test_a_reserved_number_is_no_complaint():
    event = factories.event()
    paper = factories.declaration(event)
    planning.reserve_paper_number(declaration=paper, by=audit.SYSTEM)
    assert "Nomor surat" not in " ".join(issue.text for issue in readiness.issues(event, SCHEDULED))
