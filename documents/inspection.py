"""Look into a stranger's file without trusting it: another process with little memory and little time (PDF.md §6)."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from .register import Axis

SECONDS = 20
MEMORY = 512 * 1024 * 1024
AT_ONCE = 2
KEPT = 3600  # seconds that a result is remembered by its hash
LABELS = {
    "file_integrity": "Keutuhan berkas",
    "seal": "Segel",
    "certificate": "Sertifikat",
    "timestamp": "Stempel waktu",
    "evidence": "Bukti",
    "text": "Naskah",
    "device_signatures": "Tanda tangan tablet",
    "chain": "Rantai tablet",
}
TONES = {"ok": "done", "failed": "danger", "absent": "muted"}
BUSY = "Isi berkas belum diperiksa karena peladen sedang sibuk. Coba lagi sesaat lagi."
TOO_MUCH = "Isi berkas tidak dapat diperiksa dalam batas waktu dan memori."

LIMITED = (
    "import resource, runpy, sys; memory, seconds = int(sys.argv[1]), int(sys.argv[2]);"
    "resource.setrlimit(resource.RLIMIT_AS, (memory, memory));"
    "resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds));"
    "sys.argv = sys.argv[3:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


def look_into(file, sha256: str) -> list[Axis]:
    """One line per check of ``verify_document``; the file is gone afterwards, the result is kept by its hash."""
    known = cache.get(f"inspected:{sha256}")
    if known is None:
        known = _inspect(file)
        if known != [["Isi berkas", "waiting", BUSY]]:
            cache.set(f"inspected:{sha256}", known, KEPT)
    return [Axis(*line) for line in known]


def _inspect(file) -> list[list[str]]:
    with _place() as free:
        if not free:
            return [["Isi berkas", "waiting", BUSY]]
        with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
            file.seek(0)
            for chunk in file.chunks():
                copy.write(chunk)
            copy.flush()
            return _run(copy.name)


def _run(path: str) -> list[list[str]]:
    command = [sys.executable, "-c", LIMITED, str(MEMORY), str(SECONDS)]
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own command, the path is ours
            [*command, manage, "verify_document", path, "--json"],
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**os.environ, "DATA_DIR": str(settings.DATA_DIR)},
        )
        checks = json.loads(done.stdout)["checks"] if done.returncode in (0, 1) else None
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return [["Isi berkas", "danger", TOO_MUCH]]
    if checks is None:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return [["Isi berkas", "danger", lines[-1] if done.returncode == 2 and lines else TOO_MUCH]]
    return [
        [label, TONES.get(checks[name]["status"], "muted"), checks[name]["message"]]
        for name, label in LABELS.items()
        if name in checks
    ]


@contextmanager
def _place() -> Iterator[bool]:
    """True while one of the few places is ours; the lock goes with the process, whatever happens."""
    for number in range(AT_ONCE):
        handle = os.open(Path(settings.DATA_DIR) / f"periksa-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        try:
            yield True
        finally:
            os.close(handle)
        return
    yield False
