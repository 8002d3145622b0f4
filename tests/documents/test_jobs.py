import errno
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import jobs
from documents.models import RenderJob, WorkerBeat
from tests.accounts.factories import organizer_of
from tests.documents.factories import issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def job():
    issue()
    return RenderJob.objects.get()


@pytest.fixture
def step(monkeypatch):
    """What the render step does in this test: a list of calls, and an error to raise."""

    class Step:
        calls, error = 0, None

        def __call__(self, job):
            self.calls += 1
            if self.error:
                raise self.error
            jobs.finish(job)

    step = Step()
    monkeypatch.setitem(jobs.STEPS, "render", step)
    return step


def let_lease_run_out(job):
    RenderJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_job_runs_once(job, step):
    assert jobs.run(job.pk) == "done"
    assert jobs.run(job.pk) == "left"
    job.refresh_from_db()
    assert (step.calls, job.state, job.attempts, job.lease_by) == (1, "done", 1, "")


def test_unknown_job_is_left_alone(db):
    assert jobs.run("00000000-0000-4000-8000-000000000000") == "left"


def test_second_worker_does_not_get_a_leased_job(job):
    assert jobs.claim(job.pk).state == "running"
    assert jobs.claim(job.pk) is None


def test_job_of_a_dead_worker_is_claimed_after_its_lease(job):
    first = jobs.claim(job.pk)
    let_lease_run_out(job)
    second = jobs.claim(job.pk)
    assert second.lease_by != first.lease_by
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(first)
    with pytest.raises(jobs.LeaseLost):
        jobs.extend(first)
    jobs.finish(second)
    job.refresh_from_db()
    assert job.state == "done"


def test_loser_of_a_lease_changes_nothing(job, monkeypatch):
    def taken_over_meanwhile(held):
        let_lease_run_out(held)
        jobs.claim(held.pk)
        jobs.finish(held)

    monkeypatch.setitem(jobs.STEPS, "render", taken_over_meanwhile)
    assert jobs.run(job.pk) == "left"
    job.refresh_from_db()
    assert job.state == "running"


def test_extended_lease_lasts_longer(job):
    held = jobs.claim(job.pk)
    let_lease_run_out(job)
    jobs.extend(held)
    job.refresh_from_db()
    assert job.lease_until > timezone.now()


def test_transient_trouble_backs_off_and_is_tried_for_ever(job, step):
    step.error = OSError(errno.ENOSPC, "full")
    waits = []
    for _ in range(7):
        assert jobs.run(job.pk) == "postponed"
        job.refresh_from_db()
        waits.append(round((job.run_after - timezone.now()).total_seconds()))
        assert jobs.run(job.pk) == "left"
        RenderJob.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert waits == [10, 60, 600, 3600, 3600, 3600, 3600]
    assert (job.state, job.last_error) == ("waiting", "Ruang penyimpanan penuh.")
    step.error = None
    assert jobs.run(job.pk) == "done"


def test_permanent_trouble_fails_at_once_with_its_reason(job, step):
    step.error = jobs.StepFailed("Kata sandi kunci segel salah.")
    assert jobs.run(job.pk) == "failed"
    job.refresh_from_db()
    assert (job.attempts, job.last_error) == (1, "Kata sandi kunci segel salah.")


def test_unexpected_error_shows_no_value_to_anybody(job, step, caplog):
    step.error = KeyError("Nyoman Sudiarta 196804111993031009")
    assert jobs.run(job.pk) == "postponed"
    job.refresh_from_db()
    assert job.last_error == "Kesalahan tak terduga (KeyError). Hubungi pengelola aplikasi."
    assert "Sudiarta" not in caplog.text
    assert "KeyError" in caplog.text


def test_job_that_kills_its_worker_again_and_again_is_given_up(job):
    for _ in range(jobs.MAX_DEATHS):
        assert jobs.claim(job.pk)
        let_lease_run_out(job)
    assert jobs.run(job.pk) == "failed"
    job.refresh_from_db()
    assert job.last_error.startswith("Pekerjaan ini berkali-kali terhenti")


def test_deaths_count_only_in_a_row(job, step):
    step.error = OSError(errno.ENOSPC, "full")
    for _ in range(jobs.MAX_DEATHS):
        assert jobs.claim(job.pk)
        let_lease_run_out(job)
        RenderJob.objects.filter(pk=job.pk).update(deaths=jobs.MAX_DEATHS - 2)
        assert jobs.run(job.pk) == "postponed"
        RenderJob.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert jobs.claim(job.pk).deaths == 0


def test_failed_job_can_be_tried_again_by_the_office(job, step, django_capture_on_commit_callbacks):
    step.error = jobs.StepFailed("Sertifikat kedaluwarsa.")
    jobs.run(job.pk)
    step.error = None
    clerk = organizer_of(job.document.office)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(job=job, by=clerk)
    assert jobs.run(job.pk) == "done"
    assert AuditEntry.objects.get(verb="document.job_retried").actor_id == str(clerk.pk)


def test_job_that_has_not_failed_cannot_be_tried_again(job, step):
    with pytest.raises(Refusal):
        jobs.retry(job=job, by=organizer_of(job.document.office))
    assert not AuditEntry.objects.filter(verb="document.job_retried").exists()


def test_run_pending_counts_the_ends(job, step):
    assert jobs.run_pending() == (1, 0, 0)
    assert jobs.run_pending() == (0, 0, 0)


def test_issuing_wakes_a_worker_after_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        issue()
    row = DBTaskResult.objects.get()
    assert row.args_kwargs["args"] == [str(RenderJob.objects.get().pk)]


def test_sweep_wakes_each_sleeping_job_once(job):
    assert jobs.sweep().woken == 1
    assert jobs.sweep().woken == 0
    assert DBTaskResult.objects.count() == 1


def test_sweep_leaves_leased_and_postponed_jobs(job):
    jobs.claim(job.pk)
    assert jobs.sweep().woken == 0
    let_lease_run_out(job)
    assert jobs.sweep().woken == 1


def test_sweep_closes_queue_rows_of_dead_workers(job):
    jobs.wake(job.pk)
    long_ago = timezone.now() - timedelta(minutes=5)
    DBTaskResult.objects.update(status="RUNNING", started_at=long_ago, worker_ids=["mati"])
    assert jobs.sweep().closed == 1
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1


def test_sweep_leaves_queue_rows_of_living_workers(job):
    jobs.wake(job.pk)
    WorkerBeat.objects.create(name="hidup", at=timezone.now())
    DBTaskResult.objects.update(
        status="RUNNING", started_at=timezone.now() - timedelta(minutes=5), worker_ids=["hidup"]
    )
    assert jobs.sweep().closed == 0


def test_sweep_forgets_old_signs_of_life(db):
    WorkerBeat.objects.create(name="lama", at=timezone.now() - timedelta(days=2))
    WorkerBeat.objects.create(name="baru", at=timezone.now())
    jobs.sweep()
    assert list(WorkerBeat.objects.values_list("name", flat=True)) == ["baru"]
