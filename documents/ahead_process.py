"""The process beside a worker that prints papers before they are ordered: one at a time, nice, gone when work comes."""

import os
import subprocess
import sys
import threading

from django.conf import settings

from . import ahead

NICENESS = 15


class AheadProcess:
    """``start_if_due`` is asked now and then, ``stop`` before each real task and at the end of the worker."""

    def __init__(self):
        self._process: subprocess.Popen | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start_if_due(self) -> bool:
        if self.is_running or ahead.next_due() is None:
            return False
        with self._lock:
            if self._closed:
                return False
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "make_ahead", "--skip-checks"]
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command, stdout=subprocess.DEVNULL, cwd=settings.BASE_DIR
            )
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)
        return True

    def stop(self, *, for_good: bool = False) -> None:
        """It gives its lease back and ends; nobody waits for it, but at the end of the worker."""
        with self._lock:
            self._closed = self._closed or for_good
            if self.is_running:
                self._process.terminate()
                if for_good:
                    self._process.wait(timeout=10)
