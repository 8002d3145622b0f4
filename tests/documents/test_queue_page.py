"""The queue page: what waits, why, how often it was tried, when again, and the button that tries now."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from documents.models import Job, RenderJob, WorkerBeat
from tests.accounts.factories import bawaslu_gresik, member, organizer_of, panwaslu_benjeng, panwaslu_cerme
from tests.documents.factories import issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def cerme():
    return panwaslu_cerme()


@pytest.fixture
def job(cerme):
    return issue(office=cerme).renderjobs.get()


def set_to(job: Job, **values) -> None:
    RenderJob.objects.filter(pk=job.pk).update(**values)


def page_of(client, user) -> str:
    client.force_login(user)
    response = client.get(reverse("documents:queue"))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_paper_that_was_put_off_says_why_how_often_and_when_again(client, cerme, job):
    when = datetime(2024, 10, 2, 3, 5, tzinfo=UTC)
    set_to(job, attempts=3, last_error="Ruang penyimpanan penuh.", run_after=when)
    page = page_of(client, organizer_of(cerme))
    for text in (
        "Tertunda",
        "Ruang penyimpanan penuh. Akan dicoba lagi secara otomatis.",
        "3 kali",
        "Berikutnya 2 Oktober 2024, pukul 10.05 WIB",
        "Coba lagi",
    ):
        assert text in page


def test_paper_that_waits_its_turn_has_no_button(client, cerme, job):
    page = page_of(client, organizer_of(cerme))
    assert "Menunggu giliran." in page
    assert "Belum dicoba" in page
    assert "Coba lagi" not in page


def test_failed_paper_waits_for_a_person(client, cerme, job):
    set_to(job, state="failed", attempts=1, last_error="Kata sandi kunci segel salah.")
    page = page_of(client, organizer_of(cerme))
    assert "Kata sandi kunci segel salah." in page
    assert "Tidak dicoba lagi sampai Anda memintanya" in page


def test_paper_whose_worker_died_is_said_to_be_taken_over(client, cerme, job):
    set_to(job, state="running", lease_by="x", lease_until=timezone.now() - timedelta(seconds=1), attempts=1)
    assert "Terhenti di tengah jalan." in page_of(client, organizer_of(cerme))


def test_stopped_worker_is_said_at_the_top_and_a_living_one_is_not(client, cerme, job):
    words = "Pekerja penyegelan sedang tidak berjalan"
    organizer = organizer_of(cerme)
    assert words in page_of(client, organizer)
    WorkerBeat.objects.create(name="pekerja", at=timezone.now())
    assert words not in page_of(client, organizer)


def test_try_again_makes_a_paper_that_was_put_off_due_at_once(client, cerme, job):
    set_to(
        job, attempts=4, last_error="Basis data sedang sibuk.", run_after=timezone.now() + timedelta(hours=1)
    )
    client.force_login(organizer_of(cerme))
    assert client.post(reverse("documents:retry", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert job.run_after <= timezone.now()
    assert AuditEntry.objects.filter(verb="document.job_retried").count() == 1


def test_paper_without_trouble_is_not_tried_again(client, cerme, job):
    client.force_login(organizer_of(cerme))
    response = client.post(reverse("documents:retry", args=[job.pk]))
    assert "tidak dalam keadaan gagal atau tertunda" in response.content.decode()
    assert not AuditEntry.objects.filter(verb="document.job_retried").exists()


def test_who_may_not_seal_reads_the_reason_without_a_button(client, cerme, job):
    set_to(job, state="failed", attempts=1, last_error="Ruang penyimpanan penuh.")
    page = page_of(client, member(bawaslu_gresik(), Role.SUPERVISOR))
    assert "Ruang penyimpanan penuh." in page
    assert "Coba lagi" not in page


def test_queue_of_another_office_stays_hidden(client, cerme, job):
    assert job.document.title not in page_of(client, organizer_of(panwaslu_benjeng()))


def test_no_more_than_a_page_of_jobs_is_shown_and_the_rest_is_counted(client, cerme, monkeypatch):
    from documents import views

    monkeypatch.setattr(views, "JOBS_SHOWN", 2)
    for number in range(5):
        issue(office=cerme, source=str(number))
    assert "Masih ada 3 pekerjaan lain dalam antrean." in page_of(client, organizer_of(cerme))
