"""Berita acara, laporan kegiatan and rekapitulasi: each is sealed, what is missing is named, and where it is typed (DOMAIN §8)."""

import pytest
from django.urls import reverse

from accounts import audit
from accounts.refusals import Refusal
from declarations import activity_report, recap_paper, report_facts
from documents import pdf, storage, verification
from documents.models import Document
from events.issuing import open_issues, preview_pdf
from events.models import Event
from events.scheduling import archive_event
from tests.accounts.factories import organizer_of, panwaslu_benjeng
from tests.declarations import factories
from tests.declarations.reports import PAPERS, TYPED, event_that_is_over, fill, issue, printed, sealed
from tests.declarations.test_paper_extremes import LETTER, NAME, POST, SOLID
from tests.documents.page_boxes import outside, pages_of
from tests.events.photos import photo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def over() -> Event:
    return event_that_is_over()


@pytest.fixture
def staff(client, over):
    user = organizer_of(over.office)
    client.force_login(user)
    client.user = user
    return client


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
