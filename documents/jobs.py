"""Long work by lease: the job row is the truth, the queue only wakes a worker (STACK §8).

A run claims the row by one conditional UPDATE, works outside any transaction, and finishes by an UPDATE that asks
whether the lease is still its own. Whatever dies in between is found by ``sweep`` and done again.
"""

import errno
import logging
import os
import secrets
import socket
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from . import leftovers, storage
from .models import Job, RenderJob, SealJob, WorkerBeat

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
MAX_DEATHS = 5  # of its worker in a row: then the job itself is to blame, and a person looks at it
QUEUE_ROW_KEPT = timedelta(days=7)
BEAT_KEPT = timedelta(days=1)
MODELS = (RenderJob, SealJob)

# Further boxes of due work, of rooms above: each finds what a killed worker left behind.
SWEEPS: list[Callable[[], int]] = []

# What each purpose does; documents.sealing fills it (AppConfig.ready).
STEPS: dict[str, Callable[[Job], None]] = {}


class LeaseLost(Exception):
    """Another run holds the job now: leave everything to it."""


class StepFailed(Exception):
    """A step cannot be done. ``message`` is an Indonesian sentence; trying again helps only when not permanent."""

    def __init__(self, message: str, *, permanent: bool = True):
        super().__init__(message)
        self.message = message
        self.permanent = permanent


class Outcome(NamedTuple):
    """What ``run_pending`` did: numbers of runs by their end."""

    done: int
    postponed: int
    failed: int


class Swept(NamedTuple):
    woken: int
    closed: int
    removed: int


def find(job_id) -> Job | None:
    for model in MODELS:
        job = model.objects.filter(pk=job_id).first()
        if job is not None:
            return job
    return None


def open_job(model: type[Job], document, purpose: str) -> Job:
    """The job of this purpose for the document, due now and woken after commit; asking twice gives one job."""
    job, _ = model.objects.get_or_create(document=document, purpose=purpose)
    model.objects.filter(pk=job.pk, state=Job.State.WAITING).update(run_after=timezone.now())
    transaction.on_commit(lambda: wake(job.pk))
    return job


def reopen(model: type[Job], document, purpose: str) -> None:
    """Have a finished job done once more, from its first attempt."""
    model.objects.filter(document=document, purpose=purpose).exclude(state=Job.State.RUNNING).update(
        state=Job.State.WAITING, attempts=0, deaths=0, finished_at=None
    )
    open_job(model, document, purpose)


def wake(job_id) -> None:
    """Put a call of ``run`` into the queue."""
    from .tasks import run_job  # the task imports this module

    run_job.enqueue(str(job_id))


def claim(job_id) -> Job | None:
    """Take the lease, or None when the job is done, held by another run, or not due yet."""
    now, holder = timezone.now(), f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"
    for model in MODELS:
        with writing():
            claimed = (
                model.objects.filter(pk=job_id)
                .claimable(now)
                .update(
                    state=Job.State.RUNNING,
                    lease_by=holder,
                    lease_until=now + LEASE,
                    attempts=F("attempts") + 1,
                    deaths=Case(When(state=Job.State.RUNNING, then=F("deaths") + 1), default=0),
                )
            )
        if claimed:
            return model.objects.select_related("document__office__region").get(pk=job_id)
    return None


def extend(job: Job) -> None:
    """Hold the lease for another while; LeaseLost when it is another's."""
    _update_held(job, lease_until=timezone.now() + LEASE)


def finish(job: Job) -> None:
    """Close the job; call it inside the transaction that writes the result, so that LeaseLost undoes both."""
    _give_up(job, state=Job.State.DONE, finished_at=timezone.now(), last_error="")


def put_back(job: Job, *, delay: timedelta = timedelta(0), error: str = "") -> None:
    """Give the lease back; the job is due again after the delay."""
    _give_up(job, state=Job.State.WAITING, run_after=timezone.now() + delay, last_error=error)


def fail(job: Job, message: str) -> None:
    """Stop trying; the message is shown to the office."""
    _give_up(job, state=Job.State.FAILED, finished_at=timezone.now(), last_error=message)


def _give_up(job: Job, **values) -> None:
    _update_held(job, lease_until=None, lease_by="", **values)


def _update_held(job: Job, **values) -> None:
    """One UPDATE that asks whether the lease is still ours."""
    held = type(job).objects.filter(pk=job.pk, state=Job.State.RUNNING, lease_by=job.lease_by)
    with writing():
        if not held.update(**values):
            raise LeaseLost(str(job.pk))


def run(job_id) -> str:
    """Claim and do one job. Returns ``done``, ``postponed``, ``failed``, or ``left`` when it was not ours to do."""
    job = claim(job_id)
    if job is None:
        return "left"
    try:
        return _run_claimed(job)
    except LeaseLost:
        logger.warning("Job %s was taken over by another run", job.pk)
        return "left"


def _run_claimed(job: Job) -> str:
    if job.deaths >= MAX_DEATHS:
        fail(
            job,
            job.last_error
            or "Pekerjaan ini berkali-kali terhenti di tengah jalan. Hubungi pengelola aplikasi.",
        )
        return "failed"
    try:
        STEPS[job.purpose](job)
    except LeaseLost:
        raise
    except Exception as problem:
        return _after_failure(job, problem)
    return "done"


def _after_failure(job: Job, problem: Exception) -> str:
    _log_without_values(job, problem)
    message, permanent = reason_of(problem)
    if permanent:
        fail(job, message)
        return "failed"
    put_back(job, delay=BACKOFF[min(job.attempts, len(BACKOFF)) - 1], error=message)
    return "postponed"


def _log_without_values(job: Job, problem: Exception) -> None:
    """Where it happened, never what it said: an exception may quote a name from the paper."""
    where = " < ".join(
        f"{f.filename}:{f.lineno} {f.name}" for f in reversed(traceback.extract_tb(problem.__traceback__))
    )
    logger.error(
        "Job %s (%s), attempt %s: %s at %s", job.pk, job.purpose, job.attempts, type(problem).__name__, where
    )


def reason_of(problem: Exception) -> tuple[str, bool]:
    """(Indonesian sentence for the office, whether trying again is useless)."""
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        return "Ruang penyimpanan penuh.", False
    if isinstance(problem, OSError):
        return "Berkas tidak dapat ditulis atau dibaca di peladen.", False
    if isinstance(problem, OperationalError):
        return "Basis data sedang sibuk.", False
    message = getattr(problem, "message", "")
    if isinstance(message, str) and message:
        return message, getattr(problem, "permanent", True)
    return f"Kesalahan tak terduga ({type(problem).__name__}). Hubungi pengelola aplikasi.", False


def retry(*, job: Job, by) -> Job:
    """Try a job again now that has failed, or that waits for its next attempt after trouble.

    Effects: state waiting, attempts zero, due now, audit entry, woken after commit. Refused for a job without trouble.
    """
    with writing():
        again = (
            type(job)
            .objects.filter(pk=job.pk)
            .in_trouble()
            .update(state=Job.State.WAITING, attempts=0, deaths=0, run_after=timezone.now(), finished_at=None)
        )
        if not again:
            raise Refusal(
                "Pekerjaan ini tidak dalam keadaan gagal atau tertunda. Muat ulang halaman untuk melihat keadaannya."
            )
        audit.record(by, "document.job_retried", job.document, purpose=job.purpose)
        transaction.on_commit(lambda: wake(job.pk))
    job.refresh_from_db()
    return job


def run_pending() -> Outcome:
    """Do every job that is due, here and now, with what follows from it. For commands, the demo and tests."""
    ends = {"done": 0, "postponed": 0, "failed": 0, "left": 0}
    while due := [pk for model in MODELS for pk in model.objects.claimable().values_list("pk", flat=True)]:
        for job_id in due:
            ends[run(job_id)] += 1
    return Outcome(ends["done"], ends["postponed"], ends["failed"])


def any_running() -> bool:
    """Whether some run, of any process, holds a job."""
    return any(model.objects.filter(state=Job.State.RUNNING).exists() for model in MODELS)


def sweep() -> Swept:
    """Find what a killed worker left behind.

    Effects in order: opens a job for each sealed paper that lacks a timestamp or whose newest one ends soon; wakes
    each due job that no queue row waits for; closes queue rows that dead workers left running and drops old ones; removes old temporary files, unsigned files nobody needs, papers made ahead and never ordered, and signs of life.
    """
    from . import ahead, stamping  # these deeds import this module

    stamping.open_due_jobs()
    queued = _queued_job_ids()
    due = [pk for model in MODELS for pk in model.objects.claimable().values_list("pk", flat=True)]
    sleeping = [pk for pk in due if str(pk) not in queued]
    for pk in sleeping:
        wake(pk)
    closed = _close_queue_rows()
    now = timezone.now()
    WorkerBeat.objects.filter(at__lt=now - BEAT_KEPT).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - QUEUE_ROW_KEPT).delete()
    removed = storage.remove_stale_temporaries() + leftovers.sweep() + ahead.sweep()
    woken = len(sleeping) + sum(sweep_above() for sweep_above in SWEEPS)
    return Swept(woken, closed, removed)


def _queued_job_ids() -> set[str]:
    """Empty with another queue than the database: a second wake does no harm, the claim decides."""
    rows = DBTaskResult.objects.filter(status="READY", task_path="documents.tasks.run_job")
    return {row["args"][0] for row in rows.values_list("args_kwargs", flat=True) if row.get("args")}


def _close_queue_rows() -> int:
    alive = set(WorkerBeat.objects.alive().values_list("name", flat=True))
    now = timezone.now()
    running = DBTaskResult.objects.running().filter(started_at__lt=now - timedelta(minutes=1))
    dead = [
        pk
        for pk, workers in running.values_list("pk", "worker_ids")
        if not workers or workers[-1] not in alive
    ]
    return DBTaskResult.objects.filter(pk__in=dead).update(
        status="FAILED",
        finished_at=now,
        exception_class_path="documents.jobs.LeaseLost",
        traceback="worker died",
    )
