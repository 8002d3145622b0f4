"""The process that renders and seals. It wakes on the queue, and on its own every 30 s to find what was left behind."""

import gc
import logging
import os
import resource
import secrets
import socket
import sys
import threading
import time
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError, OperationalError, close_old_connections, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import is_locked_database_exception

from accounts.writing import writing
from documents import jobs, pdf
from documents.ahead_process import AheadProcess
from documents.models import WorkerBeat

logger = logging.getLogger(__name__)

BEAT_EVERY = 10  # seconds
SWEEP_EVERY = 3  # beats
# WeasyPrint and Pango grow in long-lived processes (PDF.md §1.3): start afresh in time.
TASKS_PER_LIFE = 200
MEMORY_PER_LIFE = 600 * 1024  # KiB


class Command(BaseCommand):
    help = "Jalankan pekerja yang membuat dan menyegel dokumen."

    def add_arguments(self, parser):
        parser.add_argument(
            "--batch", action="store_true", help="kerjakan semua yang menunggu, lalu berhenti"
        )
        parser.add_argument(
            "--interval", type=float, default=0.15, help="jeda antarpemeriksaan antrean, detik"
        )

    def handle(self, *args, batch, interval, **options):
        pdf.prepare_process()
        gc.freeze()
        gc.set_threshold(200_000, 50, 100)
        worker = LimitedWorker(
            queue_names=["default"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=TASKS_PER_LIFE,
            worker_id=f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}",
            excluded_queue_names=[],
        )
        worker.configure_signals()
        pulse = Pulse(worker.worker_id, worker.ahead)
        pulse.beat()
        jobs.sweep()
        pulse.start()
        try:
            worker.run()
        finally:
            pulse.stop()
            worker.ahead.stop(for_good=True)
            connections.close_all()
        if worker.running and not batch:
            logger.info("Worker starts afresh")
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves, same process id


class LimitedWorker(Worker):
    """Ends its life after a task that left it too big, and asks an empty queue in passing.

    The queue is emptied by the package's own loop, which takes the only write lock of SQLite at each look. While there
    is nothing to do one plain SELECT asks instead, often enough that nobody waits for it.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.ahead = AheadProcess()
        self.stay = not self.batch
        self.batch = True  # the loop of the package ends when the queue is empty

    def run(self):
        super().run()
        while self.stay and self.running and self._run_tasks < self.max_tasks:
            time.sleep(self.interval)
            close_old_connections()
            if self._is_called():
                super().run()

    def _is_called(self) -> bool:
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        try:
            return ready.filter(queue_name__in=self.queue_names).exists()
        except OperationalError as problem:
            if is_locked_database_exception(problem):
                return False
            raise

    def run_task(self, db_task_result):
        self.ahead.stop()
        super().run_task(db_task_result)
        if resident_memory() > MEMORY_PER_LIFE:
            self.max_tasks = self._run_tasks


class Pulse(threading.Thread):
    """Writes the sign of life every ten seconds, also while a long paper is being made; sweeps now and then.

    Starts what may be printed ahead.
    """

    def __init__(self, name: str, ahead: AheadProcess):
        super().__init__(daemon=True)
        self.worker = name
        self.ahead = ahead
        self.started_at = timezone.now()
        self.stopped = threading.Event()

    def run(self):
        beats = 0
        while not self.stopped.wait(BEAT_EVERY):
            beats += 1
            try:
                self.beat()
                if beats % SWEEP_EVERY == 0:
                    jobs.sweep()
                self.ahead.start_if_due()
            except (DatabaseError, OSError):
                logger.exception("No sign of life written")
                connections.close_all()
            except Exception as problem:  # a paper that cannot be made ahead must not silence the pulse
                logger.error("No paper was made ahead: %s", type(problem).__name__)
        WorkerBeat.objects.filter(name=self.worker).delete()
        connections.close_all()

    def beat(self):
        with writing():
            WorkerBeat.objects.update_or_create(
                name=self.worker,
                defaults={
                    "at": timezone.now(),
                    "host": socket.gethostname(),
                    "pid": os.getpid(),
                    "started_at": self.started_at,
                },
            )

    def stop(self):
        self.stopped.set()
        if self.is_alive():
            self.join(timeout=5)


def resident_memory() -> int:
    """KiB that this process holds now (its highest mark where /proc is missing)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() // 1024
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
