"""Papers of an event: what is frozen, when a revision is due, what is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.canonical import parse_canonical
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents.models import Document, RenderJob
from events import paper_kinds
from events.issuing import issue_event_paper
from events.models import AgendaItem, AttendanceSheet, Attendee, PaperDraft
from tests.documents.factories import mark_sealed
from tests.events.papers import checked, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agenda(event):
    AgendaItem.objects.create(event=event, title="Pembukaan", order=1, duration=30)
    AgendaItem.objects.create(
        event=event, title="Pembacaan ikrar", order=2, duration=15, notes="Seluruh hadirin"
    )
    return event


def test_agenda_is_printed_with_hours_and_conforms(agenda, organizer):
    made = checked(issue_event_paper(event=agenda, kind="susunan_acara", by=organizer))
    text = text_of(made)
    assert "08.00–08.30" in text
    assert "08.30–08.45" in text
    assert "Seluruh hadirin" in text
    assert "Halaman 1 dari 1" in text


def test_asking_again_gives_the_same_paper_whenever_asked(agenda, organizer):
    first = issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert issue_event_paper(event=agenda, kind="susunan_acara", by=organizer) == first
    assert RenderJob.objects.count() == 1


def test_a_change_before_the_seal_withdraws_the_earlier_paper(agenda, organizer):
    first = issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)
    agenda.agenda.filter(order=1).update(title="Registrasi")
    second = issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)
    first.refresh_from_db()
    assert (first.state, second.state, second.revision) == ("void", "rendering", 1)


def test_a_sealed_paper_gets_a_revision_with_its_reason(agenda, organizer):
    first = mark_sealed(issue_event_paper(event=agenda, kind="susunan_acara", by=organizer))
    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        issue_event_paper(event=agenda, kind="susunan_acara", by=organizer, reason="Iseng")
    agenda.agenda.filter(order=1).update(title="Registrasi")
    with pytest.raises(Refusal, match="alasan revisi"):
        issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)
    second = issue_event_paper(event=agenda, kind="susunan_acara", by=organizer, reason="Acara berubah")
    assert (second.supersedes, second.revision) == (first, 2)
    assert "Acara berubah" in text_of(checked(second))


@pytest.mark.parametrize(
    ("change", "issue"),
    [
        ({"starts_at": None, "ends_at": None}, "Tanggal dan jam kegiatan belum diisi."),
        ({"venue": ""}, "Tempat kegiatan belum diisi."),
    ],
)
def test_what_is_missing_is_said_in_words(agenda, organizer, change, issue):
    type(agenda).objects.filter(pk=agenda.pk).update(**change)
    with pytest.raises(Refusal) as refused:
        issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)
    assert issue in (refused.value.message, *refused.value.issues)
    assert not Document.objects.exists()


@pytest.mark.parametrize("state", ["archived", "cancelled"])
def test_a_finished_event_issues_nothing(agenda, organizer, state):
    type(agenda).objects.filter(pk=agenda.pk).update(state=state)
    with pytest.raises(Refusal):
        issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)


def test_an_unknown_kind_and_an_unprintable_character_are_refused(agenda, organizer):
    with pytest.raises(Refusal, match="tidak dikenal"):
        issue_event_paper(event=agenda, kind="entah", by=organizer)
    agenda.agenda.filter(order=1).update(title="Doa 🙏")
    with pytest.raises(Refusal, match="‘🙏’"):
        issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)


def test_the_snapshot_is_canonical_and_holds_the_settings(agenda, organizer):
    document = issue_event_paper(event=agenda, kind="susunan_acara", by=organizer)
    frozen = parse_canonical(document.snapshot.encode())
    assert frozen["template"] == "agenda@1"
    assert frozen["settings"] == {"family": "sans", "identity": "none"}
    assert document.source == f"event:{agenda.pk}:susunan_acara"
    assert AuditEntry.objects.filter(verb="document.issued").count() == 1


def test_every_kind_has_a_label_and_a_place_in_the_list():
    kinds = paper_kinds.in_order()
    assert len({paper.kind for paper in kinds}) == len(kinds)
    assert all(paper.label and paper.about for paper in kinds)


def test_the_page_lists_what_there_is_and_issues_it(staff, agenda):
    page = staff.get(reverse("events:papers", args=[agenda.code]))
    assert "Susunan acara" in page.content.decode()
    assert "Belum dibuat" in page.content.decode()
    answer = staff.post(reverse("events:paper_issue", args=[agenda.code, "susunan_acara"]), follow=True)
    assert "Sedang disegel" in answer.content.decode()


def test_an_operator_reads_but_does_not_issue(client, agenda, operator):
    client.force_login(operator)
    assert client.get(reverse("events:papers", args=[agenda.code])).status_code == 200
    assert client.post(reverse("events:paper_issue", args=[agenda.code, "susunan_acara"])).status_code == 403


def test_a_preview_is_a_draft_without_seal(staff, agenda):
    answer = staff.get(reverse("events:paper_preview", args=[agenda.code, "susunan_acara"]))
    assert answer["Content-Type"] == "application/pdf"
    assert "SEGEL ELEKTRONIK" not in text_of(answer.content)


def test_the_form_of_a_paper_without_fields_saves_quietly(staff, agenda):
    answer = staff.post(reverse("events:paper_details", args=[agenda.code, "susunan_acara"]), {})
    assert answer.status_code == 302


def test_what_was_typed_and_printed_stands_still_once_archived(agenda):
    PaperDraft.objects.create(event=agenda, kind="undangan")
    AttendanceSheet.objects.create(event=agenda, series=1, number=1, first_row=1, rows=[""])
    type(agenda).objects.filter(pk=agenda.pk).update(state="archived")
    for statement in (
        "UPDATE events_paperdraft SET kind = 'lain'",
        "DELETE FROM events_paperdraft",
        "UPDATE events_attendancesheet SET first_row = 2",
        "DELETE FROM events_attendancesheet",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperDraft.objects.create(event=agenda, kind="sertifikat")


def test_the_page_of_papers_asks_the_same_for_many_people(
    staff, agenda, organizer, django_assert_max_num_queries
):
    Attendee.objects.bulk_create(
        Attendee(event=agenda, full_name=f"Peserta {n}", position="Anggota") for n in range(50)
    )
    with django_assert_max_num_queries(60):
        staff.get(reverse("events:papers", args=[agenda.code]))
