"""One write at a time on SQLite, waiting in the kernel instead of polling (STACK §6)."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_local = threading.local()


class _Writers:
    """Threads of this process that hold something others wait for."""

    def __init__(self):
        self.lock, self.nobody, self.count = threading.Lock(), threading.Event(), 0
        self.nobody.set()

    def change(self, by: int) -> None:
        with self.lock:
            self.count += by
            if self.count:
                self.nobody.clear()
            else:
                self.nobody.set()


_writers = _Writers()


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
    try:
        with others_wait(), transaction.atomic():
            yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def others_wait() -> Iterator[None]:
    """Around work that others wait for, such as what is done while a row is locked; ``writing()`` is such on SQLite."""
    if getattr(_local, "writes", False):
        yield
        return
    _writers.change(1)
    _local.writes = True
    try:
        yield
    finally:
        _local.writes = False
        _writers.change(-1)


def let_writer_pass() -> bool:
    """Long work of the processor stops here, a second at most, while others wait for another thread of this process.

    Both would share one processor, and everybody who waits for the turn to write would wait for this work as well.
    False when the second was not enough: then the work had better go on than ask again.
    """
    return getattr(_local, "writes", False) or _writers.nobody.wait(1)
