"""Notula: who led and wrote, who came, what was said in the words of the officer (DOMAIN §8)."""

from datetime import UTC, datetime

import pytest

from accounts import audit
from accounts.refusals import Refusal
from documents import jobs, pdf, storage, verification
from events import minutes_paper
from events.issuing import issue_event_paper, open_issues, preview_pdf, save_details
from events.models import AgendaItem, Event
from tests.documents.page_boxes import outside, pages_of
from tests.events.factories import EventPersonFactory
from tests.events.papers import checked, text_of
from tests.events.test_letters import arrive, full  # noqa: F401

pytestmark = pytest.mark.django_db

TYPED = {
    "writer": "Hendra Wijaya (contoh)",
    "writer_post": "Staf Sekretariat",
    "discussion": "Ketua membuka kegiatan.\n1. Materi pertama;\n2. materi kedua.",
    "conclusion": "Seluruh peserta sepakat menjaga netralitas.",
    "follow_up": "Tidak ada.",
}


@pytest.fixture
def held(full):  # noqa: F811
    arrive(full)
    return full


def fill(event, **changes):
    save_details(
        event=event, kind="notula", by=audit.SYSTEM, date=None, classification="", details=TYPED | changes
    )


def minutes(event, **changes) -> str:
    fill(event, **changes)
    return text_of(checked(issue_event_paper(event=event, kind="notula", by=audit.SYSTEM)))


def test_minutes_have_occasion_people_and_chapters_in_order(held):
    said = minutes(held, questions="Penanya: Suharto.")
    marks = [
        "NOTULA",
        "Hari, tanggal : Rabu, 2 Oktober 2024",
        "Pukul :",
        "Tempat :",
        "Pimpinan : Siti Maemunah (contoh), Ketua",
        "Notulis : Hendra Wijaya (contoh), Staf Sekretariat",
        "Peserta : 2 orang hadir (ASN 1, Kepala Desa 1)",
        "Klasifikasi : KA.02",
        "Agenda",
        "Materi netralitas – Bambang",
        "Pembahasan Ketua membuka kegiatan. Materi pertama; materi kedua.",
        "Tanya jawab Penanya: Suharto.",
        "Kesimpulan Seluruh peserta sepakat menjaga netralitas.",
        "Tindak lanjut Tidak ada.",
        "Pimpinan, Notulis,",
    ]
    places = [said.index(mark) for mark in marks]
    assert places == sorted(places)


def test_an_empty_chapter_is_left_out(held):
    assert "Tanya jawab" not in minutes(held)


def test_hours_are_those_that_were_typed_or_tapped(held):
    AgendaItem.objects.filter(title="Materi netralitas").update(
        started_at=datetime(2024, 10, 2, 2, 40, tzinfo=UTC)
    )
    said = minutes(held, hours="09.10 s.d. 11.45 WIB")
    assert "Pukul : 09.10 s.d. 11.45 WIB" in said
    assert "(pukul 09.40 WIB)" in said


def test_who_was_typed_goes_before_who_has_the_role_and_both_before_the_chair(held):
    EventPersonFactory(
        event=held, full_name="Ketua Pengawas (contoh)", role="ketua_pengawas", position="Ketua"
    )
    EventPersonFactory(event=held, full_name="Notulis (contoh)", role="notulis", position="")
    assert minutes_paper.leader_of(held, {}) == {"name": "Ketua Pengawas (contoh)", "post": "Ketua"}
    assert minutes_paper.writer_of(held, {}) == {"name": "Notulis (contoh)"}
    typed = {"leader": "Camat (contoh)", "leader_post": "Camat Cerme"}
    assert minutes_paper.leader_of(held, typed) == {"name": "Camat (contoh)", "post": "Camat Cerme"}


def test_sealed_minutes_are_valid_and_filed_under_their_code(held):
    fill(held)
    document = issue_event_paper(event=held, kind="notula", by=audit.SYSTEM)
    jobs.run_pending()
    document.refresh_from_db()
    data = storage.read(document.file)
    assert pdf.validate(data) == []
    assert verification.verify_file(data).valid
    assert (document.classification, document.number) == ("KA.02", "")
    assert "Hendra" not in str(document.public)


def test_what_is_missing_is_said_in_words(held):
    assert open_issues(held, minutes_paper.PAPER) == [
        "Pembahasan belum diisi.",
        "Kesimpulan belum diisi.",
        "Tindak lanjut belum diisi.",
        minutes_paper.NO_WRITER,
    ]
    held.office.chair_name = ""
    assert minutes_paper.NO_LEADER in minutes_paper.needs(held)


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_minutes_of_an_event_that_has_not_begun_are_refused_but_can_be_looked_at(full, state):  # noqa: F811
    Event.objects.filter(pk=full.pk).update(state=state)
    fill(full)
    with pytest.raises(Refusal, match="Kegiatan belum dimulai"):
        issue_event_paper(event=full, kind="notula", by=audit.SYSTEM)
    assert preview_pdf(full, "notula").startswith(b"%PDF")


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_a_long_discussion_goes_over_several_pages(held, size):
    held.office.paper_size = size
    held.office.save()
    long = "Kalimat yang panjang sekali. " * 200
    fill(held, discussion=long, questions=long, follow_up="W" * 300)
    made = checked(issue_event_paper(event=held, kind="notula", by=audit.SYSTEM))
    assert "Halaman 3 dari" in text_of(made)
    assert outside(pages_of(made), 30, 25) == []
