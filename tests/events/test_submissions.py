"""The report of an event goes up: what is sent stays as it was sent, and the office above answers."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.duties import duties_of
from accounts.models import AuditEntry, Office
from accounts.refusals import Refusal
from accounts.roles import Role
from documents.models import Document
from events import panels, submitting
from events.models import Event, EventSubmission
from events.submitting import accept_submission, papers_of, return_submission, submit_event
from events.views.submissions import panel
from tests.accounts.factories import (
    bawaslu_gresik,
    bawaslu_parepare,
    member,
    organizer_of,
    panwaslu,
    panwaslu_benjeng,
)
from tests.documents.factories import issue, sealed_document

from .factories import EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def above():
    return bawaslu_gresik()


@pytest.fixture
def over(event, above):
    """An event of Cerme that is over, with one sealed paper, below Bawaslu Gresik."""
    Office.objects.filter(pk=event.office_id).update(parent=above)
    Event.objects.filter(pk=event.pk).update(state="closed", closed_at=timezone.now())
    event.refresh_from_db()
    sealed_document(office=event.office, event_code=event.code, kind="laporan_kegiatan", title="Laporan")
    return Event.objects.select_related("office__parent").get(pk=event.pk)


@pytest.fixture
def supervisor(above):
    return member(above, Role.SUPERVISOR)


def page(response, status=200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


# -- sending -----------------------------------------------------------------------------------------------------


def test_what_is_sealed_is_frozen_with_its_hashes(over, organizer, above):
    submission = submit_event(event=over, note="  Rekap menyusul. ", by=organizer)
    document = Document.objects.get(event_code=over.code)
    assert submission.to_office == above
    assert submission.note == "Rekap menyusul."
    assert [(paper["document"], paper["sha256"]) for paper in submission.papers] == [
        (str(document.pk), document.sha256)
    ]
    assert submission.digest == submitting.digest_of(submission.papers)
    assert AuditEntry.objects.filter(verb="report.submitted", stream_id=over.audit_stream).count() == 1


@pytest.mark.parametrize("state", ["draft", "scheduled", "running", "cancelled"])
def test_event_that_is_not_over_is_not_reported(over, organizer, state):
    Event.objects.update(state=state)
    with pytest.raises(Refusal, match=submitting.NOT_OVER):
        submit_event(event=over, by=organizer)


def test_archived_event_may_still_be_reported(over, organizer):
    Event.objects.update(state="archived", archived_at=timezone.now())
    assert submit_event(event=over, by=organizer).is_sent


def test_office_without_an_office_above_is_told_whom_to_ask(over, organizer):
    Office.objects.filter(pk=over.office_id).update(parent=None)
    over.office.refresh_from_db()
    with pytest.raises(Refusal, match="Hubungi administrator kantor"):
        submit_event(event=over, by=organizer)


def test_without_any_sealed_paper_there_is_nothing_to_send(over, organizer):
    Document.objects.update(event_code="LAINNYA")
    with pytest.raises(Refusal, match=submitting.NOTHING_SEALED):
        submit_event(event=over, by=organizer)


def test_paper_that_still_waits_for_its_seal_is_waited_for(over, organizer):
    issue(office=over.office, event_code=over.code)
    with pytest.raises(Refusal, match="1 berkas masih dibuat"):
        submit_event(event=over, by=organizer)


def test_second_time_waits_for_an_answer(over, organizer):
    submit_event(event=over, by=organizer)
    with pytest.raises(Refusal, match=submitting.UNANSWERED):
        submit_event(event=over, by=organizer)
    assert EventSubmission.objects.count() == 1


def test_received_report_goes_again_only_with_something_new(over, organizer, supervisor):
    accept_submission(submission=submit_event(event=over, by=organizer), by=supervisor)
    with pytest.raises(Refusal, match=submitting.NOTHING_NEW):
        submit_event(event=over, by=organizer)
    sealed_document(office=over.office, event_code=over.code, title="Rekapitulasi")
    assert len(submit_event(event=over, by=organizer).papers) == 2


def test_void_and_superseded_papers_are_not_sent(over):
    for state in ("superseded", "void"):
        paper = sealed_document(office=over.office, event_code=over.code, title=state)
        Document.objects.filter(pk=paper.pk).update(
            state=state, void_reason="Keliru.", voided_at=timezone.now()
        )
    assert [paper["title"] for paper in papers_of(over)] == ["Laporan"]


# -- answering ---------------------------------------------------------------------------------------------------


def test_returned_report_says_why_and_may_be_sent_again(over, organizer, supervisor):
    submission = submit_event(event=over, by=organizer)
    return_submission(submission=submission, reason="Notula belum ada.", by=supervisor)
    assert (submission.state, submission.reason, submission.answered_by) == (
        "returned",
        "Notula belum ada.",
        supervisor,
    )
    assert submit_event(event=over, by=organizer).is_sent


def test_report_is_answered_once(over, organizer, supervisor):
    submission = submit_event(event=over, by=organizer)
    accept_submission(submission=submission, by=supervisor)
    with pytest.raises(Refusal, match=submitting.ANSWERED):
        return_submission(submission=submission, reason="Terlambat.", by=supervisor)
    assert EventSubmission.objects.get().state == "received"


def test_return_without_a_reason_is_refused(over, organizer, supervisor):
    submission = submit_event(event=over, by=organizer)
    with pytest.raises(Refusal, match=submitting.NO_REASON):
        return_submission(submission=submission, reason=" ", by=supervisor)


@pytest.mark.parametrize("changes", [{"papers": []}, {"digest": "0" * 64}, {"note": "Lain"}])
def test_what_was_sent_cannot_be_changed_in_the_database(over, organizer, changes):
    submission = submit_event(event=over, by=organizer)
    with pytest.raises(DatabaseError, match="what was sent cannot be changed"), transaction.atomic():
        EventSubmission.objects.filter(pk=submission.pk).update(**changes)


def test_what_was_sent_cannot_be_deleted(over, organizer):
    submit_event(event=over, by=organizer)
    with pytest.raises(DatabaseError, match="what was sent cannot be changed"), transaction.atomic():
        EventSubmission.objects.all()._raw_delete(EventSubmission.objects.db)


# -- pages -------------------------------------------------------------------------------------------------------


def test_organizer_sends_and_sees_what_became_of_it(client, over, organizer, supervisor):
    client.force_login(organizer)
    url = reverse("events:submit", args=[over.code])
    assert "1 berkas tersegel" in page(client.get(url))
    assert "Laporan dikirim ke" in page(client.post(url, {"note": ""}, follow=True))
    return_submission(submission=EventSubmission.objects.get(), reason="Foto belum ada.", by=supervisor)
    assert "Foto belum ada." in page(client.get(url))
    panels.register("laporan", "events/_submission_panel.html", panel)
    assert "Dikembalikan: Foto belum ada." in page(client.get(over.get_absolute_url()))


def test_page_says_what_stands_in_the_way(client, over, organizer):
    Document.objects.update(event_code="LAINNYA")
    client.force_login(organizer)
    url = reverse("events:submit", args=[over.code])
    assert submitting.NOTHING_SEALED in page(client.get(url))
    assert submitting.NOTHING_SEALED in page(client.post(url, {"note": ""}), 409)


def test_supervisor_finds_receives_and_returns(client, over, organizer, supervisor):
    submission = submit_event(event=over, by=organizer)
    client.force_login(supervisor)
    assert over.title in page(client.get(reverse("events:submissions") + "?status=sent"))
    assert "Jawab" in page(client.get(submission.get_absolute_url()))
    again = client.post(reverse("events:submission_return", args=[submission.pk]), {"reason": ""})
    assert submitting.NO_REASON in page(again, 400)
    accepted = client.post(reverse("events:submission_accept", args=[submission.pk]), follow=True)
    assert "Laporan diterima." in page(accepted)
    assert over.title not in page(client.get(reverse("events:submissions") + "?status=sent"))


def test_report_for_another_office_is_unknown(client, over, organizer):
    submission = submit_event(event=over, by=organizer)
    client.force_login(member(bawaslu_parepare(), Role.SUPERVISOR))
    assert client.get(submission.get_absolute_url()).status_code == 404
    assert over.title not in page(client.get(reverse("events:submissions")))


@pytest.mark.parametrize("chosen", ["", "entah", "received"])
def test_list_with_a_filter_that_is_none_is_a_list(client, supervisor, chosen):
    client.force_login(supervisor)
    page(client.get(reverse("events:submissions"), {"status": chosen}))


def test_list_asks_as_often_for_three_as_for_one(client, over, organizer, supervisor):
    client.force_login(supervisor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("events:submissions"))
        return len(caught)

    first = submit_event(event=over, by=organizer)
    queries()
    one = queries()
    accept_submission(submission=first, by=supervisor)
    for number in range(2):
        sealed_document(office=over.office, event_code=over.code, title=f"Berkas {number}")
        accept_submission(submission=submit_event(event=over, by=organizer), by=supervisor)
    assert EventSubmission.objects.count() == 3
    assert queries() == one <= 12


def sent_by(office, above, title, at) -> EventSubmission:
    """A report of another event, as it lies in the database."""
    return EventSubmission.objects.create(
        event=EventFactory(office=office, title=title), to_office=above, at=at, papers=[], digest="0" * 64
    )


@pytest.fixture
def three(above, client, supervisor):
    client.force_login(supervisor)
    return [
        sent_by(office, above, title, datetime(2024, 10, day, 3, 15, tzinfo=UTC))
        for office, title, day in (
            (panwaslu("35.25.11"), "=Aa", 1),
            (panwaslu_benjeng(), "Alfa", 2),
            (panwaslu("35.25.11"), "Charlie", 3),
        )
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Charlie", "Alfa", "=Aa"]),
        ({"sort": "at"}, ["=Aa", "Alfa", "Charlie"]),
        ({"sort": "-title"}, ["Charlie", "Alfa", "=Aa"]),
        ({"sort": "office"}, ["Alfa", "=Aa", "Charlie"]),
        ({"q": "alf"}, ["Alfa"]),
        ({"q": "BENJENG"}, ["Alfa"]),
        ({"dari": "2024-10-02", "sampai": "2024-10-02"}, ["Alfa"]),
        ({"status": "received"}, []),
        ({"status": "\0", "dari": "entah", "sort": "entah"}, ["Charlie", "Alfa", "=Aa"]),
    ],
)
def test_list_and_its_file_follow_filter_and_order_of_the_address(client, three, query, titles):
    shown = client.get(reverse("events:submissions"), query)
    assert shown.status_code == 200
    assert [row.record.event.title for row in shown.context["table"].rows] == titles
    found = client.get(reverse("events:submissions_export", args=["csv"]), query)
    written = list(csv.DictReader(io.StringIO(found.content.decode("utf-8-sig")), delimiter=";"))
    # What begins like a formula is written as text.
    assert [row["Kegiatan"].removeprefix("'") for row in written] == titles
    assert not [row for row in written if row["Kegiatan"].startswith("=")]


def test_file_gives_the_hour_of_the_event_and_is_noted_in_the_log(client, three, above):
    found = client.get(reverse("events:submissions_export", args=["csv"]), {"q": "Alfa"})
    (row,) = csv.DictReader(io.StringIO(found.content.decode("utf-8-sig")), delimiter=";")
    assert (row["Dikirim"], row["Status"]) == ("02/10/2024 10.15", "Dikirim")
    entry = AuditEntry.objects.get(verb="table.exported")
    assert (entry.facts["rows"], entry.stream_id) == (1, above.audit_stream)


def test_workbook_writes_no_formula(client, three):
    found = client.get(reverse("events:submissions_export", args=["xlsx"]))
    with zipfile.ZipFile(io.BytesIO(found.content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert "=Aa" in book.read("xl/sharedStrings.xml").decode()


def test_file_holds_nothing_of_another_office(client, three):
    client.force_login(member(bawaslu_parepare(), Role.SUPERVISOR))
    found = client.get(reverse("events:submissions_export", args=["csv"]))
    assert found.content.decode("utf-8-sig").count("\r\n") == 1  # the head only


def test_unknown_kind_of_file_is_not_found(client, three):
    assert client.get(reverse("events:submissions_export", args=["pdf"])).status_code == 404


# -- what is sealed later ----------------------------------------------------------------------------------------


def test_papers_sealed_after_sending_are_counted_and_offered_again(client, over, organizer, supervisor):
    panels.register("laporan", "events/_submission_panel.html", panel)
    submission = submit_event(event=over, by=organizer)
    client.force_login(organizer)
    assert "berkas baru sejak dikirim" not in page(client.get(over.get_absolute_url()))
    sealed_document(office=over.office, event_code=over.code, title="Rekapitulasi")
    assert "1 berkas baru sejak dikirim. Kirim lagi setelah" in page(client.get(over.get_absolute_url()))
    accept_submission(submission=submission, by=supervisor)
    shown = page(client.get(over.get_absolute_url()))
    assert "1 berkas baru sejak dikirim. Kirim lagi supaya" in shown
    assert reverse("events:submit", args=[over.code]) in shown
    assert "1 berkas baru sejak dikirim: Rekapitulasi." in page(
        client.get(reverse("events:submit", args=[over.code]))
    )
    submit_event(event=over, by=organizer)
    assert "berkas baru sejak dikirim" not in page(client.get(over.get_absolute_url()))


def test_office_above_is_told_what_is_not_in_the_newest_report(client, over, organizer, supervisor):
    first = submit_event(event=over, by=organizer)
    accept_submission(submission=first, by=supervisor)
    sealed_document(office=over.office, event_code=over.code, title="Rekapitulasi")
    client.force_login(supervisor)
    assert "1 berkas baru sejak dikirim" in page(client.get(first.get_absolute_url()))
    second = submit_event(event=over, by=organizer)
    for report in (first, second):  # the older one is history, the newer one holds it
        assert "berkas baru sejak dikirim" not in page(client.get(report.get_absolute_url()))


# -- what waits --------------------------------------------------------------------------------------------------


def texts(user) -> list[str]:
    return [duty.text for duty in duties_of(user)]


def test_report_waits_for_the_office_above_until_it_is_answered(over, organizer, supervisor):
    submission = submit_event(event=over, by=organizer)
    assert "Jawab laporan yang masuk" in texts(supervisor)
    accept_submission(submission=submission, by=supervisor)
    assert "Jawab laporan yang masuk" not in texts(supervisor)


def test_returned_report_waits_for_its_organizer_until_it_is_sent_again(over, organizer, supervisor):
    submission = submit_event(event=over, by=organizer)
    return_submission(submission=submission, reason="Notula belum ada.", by=supervisor)
    assert "Laporan dikembalikan: perbaiki, lalu kirim lagi" in texts(organizer)
    submit_event(event=over, by=organizer)
    assert "Laporan dikembalikan: perbaiki, lalu kirim lagi" not in texts(organizer)


def test_sibling_office_hears_nothing_of_it(over, organizer):
    submit_event(event=over, by=organizer)
    assert texts(organizer_of(panwaslu_benjeng())) == []
