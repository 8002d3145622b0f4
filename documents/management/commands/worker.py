"""The process that renders and seals. It wakes on the queue, and on its own every 30 s to find what was left behind."""

import gc
import logging
import os
import resource
import secrets
import socket
import sys
import threading
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from accounts.writing import writing
from documents import jobs, pdf
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
        parser.add_argument("--interval", type=float, default=1, help="jeda antarpemeriksaan antrean, detik")

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
        pulse = Pulse(worker.worker_id)
        pulse.beat()
        jobs.sweep()
        pulse.start()
        try:
            worker.run()
        finally:
            pulse.stop()
            connections.close_all()
        if worker.running and not batch:
            logger.info("Worker starts afresh")
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves, same process id


class LimitedWorker(Worker):
    """Ends its life after a task that left it too big."""

    def run_task(self, db_task_result):
        super().run_task(db_task_result)
        if resident_memory() > MEMORY_PER_LIFE:
            self.max_tasks = self._run_tasks


class Pulse(threading.Thread):
    """Writes the sign of life every ten seconds, also while a long paper is being made, and sweeps now and then."""

    def __init__(self, name: str):
        super().__init__(daemon=True)
        self.worker = name
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
            except (DatabaseError, OSError):
                logger.exception("No sign of life written")
                connections.close_all()
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
