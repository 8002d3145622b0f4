"""Papers printed while people still sign: the same bytes as without, never in the way, never left behind."""

import hashlib
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import ahead as soon
from declarations import closing, planning, sealing, signing
from declarations.models import Declaration
from documents import ahead, jobs, pdf, storage
from documents.models import AheadPaper, Document, RenderJob, SealJob
from events.models import Event
from tests.accounts.factories import organizer_of
from tests.declarations import day, factories
from tests.documents.factories import issue

pytestmark = pytest.mark.django_db
BY = audit.SYSTEM


@pytest.fixture
def long_paper(monkeypatch):
    """Three rows count as many, and the hall has been quiet for a while."""
    monkeypatch.setattr(soon, "LEAST_ROWS", 3)
    monkeypatch.setattr(soon, "QUIET", timedelta(seconds=-1))
    paper = day.open_paper(3, text_version=factories.approved_text())
    day.hand_in(paper, *[day.record(row, n) for n, row in enumerate(day.rows(paper)[:2], 1)])
    return paper


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """What happens after commit happens at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def unsigned(document: Document) -> bytes:
    return storage.read(document.file)[: document.unsigned_size]


def rendered() -> int:
    return RenderJob.objects.count()


def test_paper_made_ahead_is_the_one_that_is_sealed_and_nothing_is_rendered_after_the_click(
    long_paper, committing
):
    assert ahead.make_next()
    row = AheadPaper.objects.get()

    assert closing.close_and_seal(declaration=long_paper, by=BY) == []
    assert Document.objects.get().state == Document.State.SEALING
    with committing():
        jobs.run_pending()

    document = Document.objects.get()
    assert document.state == Document.State.SEALED
    assert (document.pk, document.public_token) == (row.pk, row.public_token)
    assert hashlib.sha256(unsigned(document)).hexdigest() == row.unsigned_sha256
    assert rendered() == 0
    assert not AheadPaper.objects.exists()
    assert not storage.exists(storage.unsigned_name(document))


def test_path_ahead_and_plain_path_give_the_same_bytes(long_paper):
    ahead.make_next()
    closing.close_and_seal(declaration=long_paper, by=BY)
    made = Document.objects.get()
    early = storage.read(storage.unsigned_name(made))

    Document.objects.update(state=Document.State.RENDERING)
    SealJob.objects.all().delete()
    storage.remove(storage.unsigned_name(made))
    jobs.open_job(RenderJob, made, "render")
    jobs.run_pending()

    made.refresh_from_db()
    assert rendered() == 1
    assert unsigned(made) == early


@pytest.mark.parametrize("change", ["signature", "absence", "number", "letterhead"])
def test_change_after_it_was_made_means_the_plain_path_without_a_word(long_paper, change, committing):
    ahead.make_next()
    row = AheadPaper.objects.get()
    pending = day.rows(long_paper)[2]
    if change == "signature":
        day.hand_in(long_paper, day.record(pending, 3))
    elif change == "absence":
        signing.mark_outcome(signatory=pending, outcome="excused", by=BY)
    elif change == "number":
        planning.change_declaration(declaration=long_paper, by=BY, number="777/PM.05/2024")
    else:
        office = long_paper.event.office
        office.name = "Panwaslu Kecamatan Cerme Baru"
        office.save()

    with committing():
        assert closing.close_and_seal(declaration=Declaration.objects.get(), by=BY) == []
    jobs.run_pending()

    document = Document.objects.get()
    assert document.is_sealed
    assert document.pk != row.pk
    assert rendered() == 1
    assert not AheadPaper.objects.exists()
    assert not storage.exists(storage.unsigned_name(row))


def test_closing_changes_nothing_of_what_was_made(long_paper):
    ahead.make_next()
    signing.close_signing(declaration=long_paper, by=BY)

    sealing.seal_declaration(declaration=long_paper, by=BY)

    assert rendered() == 0


def test_same_state_is_made_once_and_another_one_anew_under_the_same_name(long_paper, monkeypatch):
    renders = []
    real = pdf.render
    monkeypatch.setattr(pdf, "render", lambda *a, **k: renders.append(1) or real(*a, **k))

    assert ahead.make_next()
    assert not ahead.make_next()
    row = AheadPaper.objects.get()
    audit_entry_without_meaning(long_paper)
    assert ahead.make_next()
    assert len(renders) == 1

    day.hand_in(long_paper, day.record(day.rows(long_paper)[2], 3))
    assert ahead.make_next()
    again = AheadPaper.objects.get()
    assert len(renders) == 2
    assert again.pk == row.pk
    assert again.key != row.key


def audit_entry_without_meaning(paper):
    from accounts.writing import writing

    with writing():
        audit.record(BY, "document.downloaded", paper)


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_never_before_real_work(long_paper, state):
    issue(by=BY)
    if state == "running":
        jobs.claim(RenderJob.objects.get().pk)

    assert ahead.next_due() is None
    assert not ahead.make_next()


def test_never_for_less_than_fifty_rows(monkeypatch):
    monkeypatch.setattr(soon, "QUIET", timedelta(seconds=-1))
    paper = day.open_paper(25)
    day.hand_in(paper, day.record(day.rows(paper)[0]))

    assert soon.LEAST_ROWS == 50
    assert ahead.next_due() is None


def test_never_for_an_archived_event_which_takes_no_first_paper_any_more(long_paper):
    signing.close_signing(declaration=long_paper, by=BY)
    assert ahead.next_due() is not None
    Event.objects.filter(pk=long_paper.event_id).update(state=Event.State.ARCHIVED)
    assert ahead.next_due() is None


def test_never_while_people_are_signing(long_paper, monkeypatch):
    monkeypatch.setattr(soon, "QUIET", timedelta(seconds=20))
    assert ahead.next_due() is None

    later = timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr(soon.timezone, "now", lambda: later)
    assert ahead.next_due() is not None


def test_one_at_a_time_for_an_event(long_paper):
    second = factories.declaration(long_paper.event, BY)
    signing.open_signing(declaration=second, by=BY)
    day.hand_in(second, day.record(day.rows(second)[0]))
    first = ahead.next_due()
    ahead._claim(first)

    assert ahead.next_due() is None


def test_two_processes_make_it_once(long_paper):
    candidate = ahead.next_due()

    assert ahead._claim(candidate)
    assert ahead._claim(candidate) is None


def test_nothing_is_made_of_what_could_not_be_sealed(long_paper):
    row = day.rows(long_paper)[0]
    day.hand_in(long_paper, day.record(row, 9))  # a second signature of the same person: a question

    assert ahead.make_next()
    assert AheadPaper.objects.get().key == ""
    assert ahead.next_due() is None


def test_process_told_to_stop_leaves_nothing_wrong(long_paper, monkeypatch):
    def stopped(*_args, **_kwargs):
        raise SystemExit(0)

    with monkeypatch.context() as patched:
        patched.setattr(ahead.printing, "print_paper", stopped)
        with pytest.raises(SystemExit):
            ahead.make_next()

    assert AheadPaper.objects.get().lease_by == ""
    assert ahead.make_next()
    assert closing.close_and_seal(declaration=long_paper, by=BY) == []
    assert rendered() == 0


def test_process_that_was_killed_is_followed_by_another_when_its_lease_has_run_out(long_paper):
    ahead._claim(ahead.next_due())
    assert ahead.next_due() is None

    AheadPaper.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert ahead.make_next()
    assert AheadPaper.objects.get().key


def test_click_while_it_is_being_made_takes_the_plain_path_and_the_late_file_is_removed(
    long_paper, monkeypatch, committing
):
    reserved, real = [], ahead.printing.print_paper

    def overtaken(document, **kwargs):
        reserved.append(document.pk)
        made = real(document, **kwargs)
        closing.close_and_seal(declaration=long_paper, by=BY)
        return made

    with monkeypatch.context() as patched:
        patched.setattr(ahead.printing, "print_paper", overtaken)
        with committing():
            ahead.make_next()
    jobs.run_pending()

    document = Document.objects.get()
    assert document.is_sealed
    assert not AheadPaper.objects.exists()
    assert document.pk != reserved[0]
    assert not list(storage.path_of(f"dokumen/{reserved[0]}").iterdir())


def test_lost_or_damaged_file_is_made_again(long_paper):
    ahead.make_next()
    storage.store(storage.unsigned_name(AheadPaper.objects.get()), b"%PDF damaged")

    closing.close_and_seal(declaration=long_paper, by=BY)
    jobs.run_pending()

    assert Document.objects.get().is_sealed
    assert rendered() == 1


def test_failure_is_not_tried_again_until_something_changes(long_paper, monkeypatch):
    def broken(*_args, **_kwargs):
        raise pdf.RenderFailed("Karakter tidak dapat dicetak.")

    monkeypatch.setattr(ahead.printing, "print_paper", broken)

    assert ahead.make_next()
    assert ahead.next_due() is None


def test_what_was_never_ordered_is_swept_after_a_day(long_paper, committing):
    ahead.make_next()
    row = AheadPaper.objects.get()
    assert ahead.sweep() == 0

    AheadPaper.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    with committing():
        jobs.sweep()

    assert not AheadPaper.objects.exists()
    assert not storage.exists(storage.unsigned_name(row))


def test_file_that_was_ordered_while_sweeping_stays(long_paper, monkeypatch, committing):
    ahead.make_next()
    AheadPaper.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    real = ahead.writing

    def ordered_first():
        monkeypatch.setattr(ahead, "writing", real)
        closing.close_and_seal(declaration=long_paper, by=BY)
        return real()

    monkeypatch.setattr(ahead, "writing", ordered_first)
    with committing():
        assert ahead.sweep() == 0

    assert storage.exists(storage.unsigned_name(Document.objects.get()))


def test_looking_for_papers_costs_few_questions(long_paper):
    with CaptureQueriesContext(connection) as asked:
        ahead.next_due()
    assert len(asked) <= 8


# -- one click ---------------------------------------------------------------------------------------------------


def test_one_click_closes_and_seals(client):
    paper = day.open_paper(2)
    day.everybody_signs(paper)
    client.force_login(organizer_of(paper.event.office))
    page = client.get(paper.get_absolute_url()).content.decode()
    address = reverse("declarations:close_and_seal", args=[paper.pk])
    assert address in page
    assert "Tutup dan segel" in page

    response = client.post(address, follow=True)
    jobs.run_pending()

    paper.refresh_from_db()
    assert "Dokumen sedang disegel" in response.content.decode()
    assert paper.state == Declaration.State.SEALED
    verbs = list(AuditEntry.objects.filter(object_id=str(paper.pk)).values_list("verb", flat=True))
    assert verbs.index("declaration.closed") < verbs.index("declaration.sealing")


def test_second_click_says_that_it_is_being_sealed(client):
    paper = day.open_paper(2)
    day.everybody_signs(paper)
    client.force_login(organizer_of(paper.event.office))
    address = reverse("declarations:close_and_seal", args=[paper.pk])
    client.post(address)
    again = client.post(address, follow=True)

    assert again.status_code == 200
    assert "Dokumen sedang disegel" in again.content.decode()
    assert Document.objects.count() == 1


def test_what_stands_against_the_seal_is_listed_and_signing_is_closed(client):
    paper = day.open_paper(2)
    day.everybody_signs(paper)
    day.hand_in(paper, day.record(day.rows(paper)[0], 9))
    client.force_login(organizer_of(paper.event.office))

    response = client.post(reverse("declarations:close_and_seal", args=[paper.pk]), follow=True)

    paper.refresh_from_db()
    assert paper.state == Declaration.State.CLOSED
    assert "tetapi naskah belum disegel" in response.content.decode()
    assert "1 data perlu ditinjau" in response.content.decode()
    assert not Document.objects.exists()


def test_paper_nobody_signed_is_closed_but_not_sealed():
    paper = day.open_paper(2)

    issues = closing.close_and_seal(declaration=paper, by=BY)

    assert issues == ["Belum ada yang menandatangani naskah ini."]
    paper.refresh_from_db()
    assert paper.state == Declaration.State.CLOSED


def test_click_does_not_load_what_prints():
    """Whether a paper was made ahead is asked in a web process, which has never printed."""
    code = (
        "import sys, django; django.setup()\n"
        "from documents import ahead\n"
        "from documents.models import Document\n"
        "from accounts.models import Office\n"
        "ahead.key_of(Document(kind='declaration', office=Office(name='Uji')))\n"
        "sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False).returncode == 0
