"""Letters and lists with the longest names, posts and titles, and with 1,500 rows: nothing leaves its page or column."""

from datetime import UTC, date, datetime

import pytest

from accounts import audit
from documents import pdf
from events.issuing import issue_event_paper, save_details
from events.models import AgendaItem, Attendee, Event, PaperSettings
from events.sheets import prepare_sheets, sheets_pdf
from tests.declarations.test_paper_extremes import AGENCY, LETTER, NAME, OFFICE, POST, SOLID, TABLE
from tests.documents.page_boxes import outside, pages_of
from tests.events.factories import EventPersonFactory
from tests.events.papers import checked, printed

pytestmark = pytest.mark.django_db
TITLE = (
    "Sosialisasi, Penandatanganan, dan Pembacaan Deklarasi Netralitas Aparatur Sipil Negara, TNI, Polri, Kepala Desa,"
    " dan Perangkat Desa pada Pemilihan Gubernur dan Wakil Gubernur serta Bupati dan Wakil Bupati Serentak Tahun 2024"
)
LANDSCAPE = (22, 22)
SIZES = pytest.mark.parametrize("size", ["A4", "F4"])


@pytest.fixture
def vast(event):
    """An event with nothing short about it; two sign its letters."""
    office = event.office
    office.letterhead_lines, office.address = "\n".join(OFFICE["letterhead"]), OFFICE["address"]
    office.chair_name, office.chair_position = NAME, f"Ketua {OFFICE['name']}"
    office.secretariat_head_name, office.letter_code = "Suharto", "JI-12.05"
    office.save()
    PaperSettings.objects.create(office=office, signers="chair_left")
    Event.objects.filter(pk=event.pk).update(title=TITLE, state="closed", venue=f"Pendopo {AGENCY}")
    event.refresh_from_db()
    speaker = EventPersonFactory(event=event, full_name=NAME[:120], position=POST, role="narasumber")
    for n in range(12):
        AgendaItem.objects.create(
            event=event, title=TITLE[:200] if n % 2 else "Doa", order=n, duration=15, person=speaker
        )
    event.attendees.all().delete()
    people(event, 24)
    for kind, details in (("undangan", {"copies": "Bawaslu Kabupaten Gresik\nArsip"}), ("sertifikat", {})):
        code = "PM.03.02"
        save_details(
            event=event,
            kind=kind,
            by=audit.SYSTEM,
            date=date(2024, 10, 2),
            classification=code,
            details=details,
        )
    words = " ".join([POST, SOLID, AGENCY])
    save_details(
        event=event,
        kind="notula",
        by=audit.SYSTEM,
        date=None,
        classification="KA.02",
        details={
            "leader": NAME,
            "leader_post": POST,
            "writer": "Suharto",
            "discussion": "\n\n".join([words] * 9),
            "conclusion": "\n".join(f"{n}. {words}" for n in range(1, 13)),
            "follow_up": "Tidak ada.",
        },
    )
    return event


def people(event, count: int) -> None:
    there = datetime(2024, 10, 2, 1, 12, tzinfo=UTC)
    shapes = (
        {"full_name": NAME[:120], "position": POST, "agency": AGENCY, "rank": "Pembina Utama Madya, IV/d"},
        {"full_name": "Suharto", "position": "Camat", "category": "penyelenggara_pemilu"},
        {"full_name": f"{SOLID} {SOLID[:50]}", "position": f"Kepala{SOLID}", "agency": SOLID},
        {"full_name": "", "position": "Kepala Desa Dungus", "category": "kepala_desa"},
    )
    Attendee.objects.bulk_create(
        Attendee(
            event=event,
            **{"category": "pns", "title_suffix": "", **shapes[n % 4]},
            first_seen_at=there if n % 4 else None,
            presence="remote" if n % 3 else "onsite",
        )
        for n in range(count)
    )


def set_size(event, size: str) -> None:
    event.office.paper_size = size
    event.office.save()


@SIZES
@pytest.mark.parametrize(
    ("kind", "margins", "most"),
    [
        ("undangan", LETTER, 4),
        ("daftar_undangan", TABLE, 4),
        ("susunan_acara", LETTER, 4),
        ("daftar_hadir", TABLE, 4),
        ("notula", LETTER, 4),
    ],
)
def test_no_word_leaves_the_page_and_the_seal_is_not_alone(vast, organizer, kind, margins, most, size):
    set_size(vast, size)
    pages = pages_of(checked(issue_event_paper(event=vast, kind=kind, by=organizer)))
    assert outside(pages, *margins) == []
    assert len(pages) <= most
    last = pages[-1].text.partition("Dokumen ini disegel")[0]
    assert len(last.split()) > 12
    everything = " ".join(page.text for page in pages)
    for words in ("Suharto", "Kusumadiningrat", SOLID[:18], "Dungus"):
        assert words in everything or kind in ("susunan_acara", "notula")


@SIZES
def test_certificate_of_the_longest_name_is_one_page(vast, organizer, size):
    set_size(vast, size)
    person = vast.attendees.filter(full_name__startswith=SOLID).first()
    person.full_name, person.position, person.agency = NAME[:120], (POST * 3)[:200], (AGENCY * 3)[:200]
    person.title_prefix, person.title_suffix = (
        "Brigadir Jenderal Polisi (Purnawirawan) Prof. Dr. Ir. H.",
        NAME[:80],
    )
    person.save()
    made = checked(issue_event_paper(event=vast, kind="sertifikat", by=organizer, part=str(person.pk)))
    [page] = pages_of(made)
    assert outside([page], *LANDSCAPE) == []
    for words in ("Brigadir", "Kusumadiningrat", "Siau", "Pendopo", "Suharto", "ELEKTRONIK"):
        assert words in page.text


def test_group_of_a_person_is_one_unbroken_word(vast, organizer):
    pages = pages_of(printed(issue_event_paper(event=vast, kind="daftar_hadir", by=organizer)))
    everything = " ".join(page.text for page in pages)
    assert "Penyelenggara" in everything
    assert "Penyelenggar " not in everything


def test_fifteen_hundred_people_keep_head_number_hour_and_end(vast, organizer):
    vast.attendees.all().delete()
    Attendee.objects.bulk_create(
        Attendee(
            event=vast,
            full_name=f"Peserta {n}",
            position=f"Kepala Desa Contoh {n}",
            category="kepala_desa",
            first_seen_at=datetime(2024, 10, 2, 1, 12, tzinfo=UTC),
        )
        for n in range(1, 1501)
    )
    pages = pages_of(printed(issue_event_paper(event=vast, kind="daftar_hadir", by=organizer)))
    assert 45 <= len(pages) <= 65
    assert outside(pages, *TABLE) == []
    for number, page in enumerate(pages, 1):
        assert "Jabatan / Instansi" in page.text
        assert f"Halaman {number} dari {len(pages)}" in page.text
    hours = [word for page in pages for word in page.words if word.text == "08.12"]
    numbers = [word for page in pages for word in page.words if word.text == "1500."]
    assert len(hours) == 1500
    assert [(word.top, True) for word in numbers] == [(hours[-1].top, True)]  # on one line with its hour
    assert "1.500" in pages[-1].text


def test_blank_sheet_says_its_code_on_each_page_whatever_the_names(vast, organizer):
    Event.objects.filter(pk=vast.pk).update(state="running")
    vast.refresh_from_db()
    sheets = prepare_sheets(event=vast, by=organizer, empty=8)
    made = sheets_pdf(vast, sheets)
    pages = pages_of(made)
    assert pdf.validate(made) == []
    assert outside(pages, *TABLE) == []
    assert len(pages) <= 2 * len(sheets)
    for page in pages:
        assert [sheet for sheet in sheets if sheet.code in page.text]
        assert "Tanda tangan" in page.text
