"""One write at a time on SQLite, waiting in the kernel instead of polling (STACK §6)."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_local = threading.local()
_nobody_writes = threading.Event()  # in this process
_nobody_writes.set()


class _LockFile:
    """One open file per thread; closed when its thread is gone."""

    def __init__(self, path: str):
        self.path = path
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __del__(self):
        os.close(self.handle)


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that waits its turn: an exclusive ``flock`` beside the SQLite file, then ``atomic()``.

    A plain transaction elsewhere and when already inside one: a nested flock would release the outer one.
    ``on_commit`` callbacks run inside the lock, so let them only enqueue.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or connection.is_in_memory_db():
        with transaction.atomic():
            yield
        return
    path = f"{connection.settings_dict['NAME']}.lock"
    if getattr(_local, "file", None) is None or _local.file.path != path:
        _local.file = _LockFile(path)
    handle = _local.file.handle
    fcntl.flock(handle, fcntl.LOCK_EX)
    _nobody_writes.clear()
    _local.writes = True
    try:
        with transaction.atomic():
            yield
    finally:
        _local.writes = False
        _nobody_writes.set()
        fcntl.flock(handle, fcntl.LOCK_UN)


def let_writer_pass() -> None:
    """Long work of the processor stops here, a second at most, while another thread of this process writes.

    Both would share one processor, and everybody who waits for the turn to write would wait for this work as well.
    """
    if not getattr(_local, "writes", False):
        _nobody_writes.wait(1)
