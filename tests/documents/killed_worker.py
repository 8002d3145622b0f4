"""A house whose workers are killed by SIGKILL, one step after the other; prints one JSON object per step.

Started by test_killed.py with DATA_DIR and DATABASE_URL of an own, migrated house. Each worker is a forked process.
"""

import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from accounts import audit  # noqa: E402
from accounts.models import AuditEntry  # noqa: E402
from accounts.writing import writing  # noqa: E402
from documents import jobs, pades, papers, storage, verification  # noqa: E402
from documents.models import Document, RenderJob, SealJob  # noqa: E402
from tests.documents import sample  # noqa: E402
from tests.documents.factories import compose, issue  # noqa: E402

KIND = "uji_dibunuh"
# step → (module, function, how many calls pass before, whether it is done when the worker dies)
STEPS = {
    "freeze": ("documents.jobs", "open_job", 0, False),
    "render": ("documents.pdf", "render", 0, False),
    "repack": ("documents.repack", "repack", 0, False),
    "validation": ("documents.pdf", "validate", 0, True),
    "unsigned file before rename": ("documents.storage", "put_in_place", 0, False),
    "unsigned file after rename": ("documents.storage", "put_in_place", 0, True),
    "seal": ("documents.pades", "seal", 0, False),
    "sealed, not yet written": ("documents.pades", "seal", 0, True),
    "sealed file before rename": ("documents.storage", "put_in_place", 1, False),
    "after rename, before commit": ("documents.verification", "verify_file", 0, True),
    "registered, before commit": ("documents.sealing", "_register", 0, True),
    "after commit, before the hook": ("documents.sealing", "follow_up_step", 0, False),
    "hook done, before commit": ("documents.papers", "heard", 0, True),
}


def heard(document) -> None:
    """What the room above does after the seal: a line in the audit log, undone with its transaction."""
    audit.record(audit.SYSTEM, "document.downloaded", document, number=document.number)


def die(module: str, name: str, passing: int, done: bool) -> None:
    """From now on this process kills itself in, or right after, that call."""
    home = importlib.import_module(module)
    real, calls = getattr(home, name), []

    def deadly(*args, **options):
        calls.append(name)
        if len(calls) <= passing:
            return real(*args, **options)
        if done:
            real(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(home, name, deadly)
    for purpose, step in jobs.STEPS.items():  # registered by name at start
        if step is real:
            jobs.STEPS[purpose] = deadly


def worker(step: str, *deadly) -> int:
    """Make the paper, once, and do every job, in a process of its own; minus the signal that ended it."""
    connections.close_all()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        if deadly:
            die(*deadly)
        with writing():
            issue(kind=KIND, source=step, by=audit.SYSTEM)
        jobs.run_pending()
        os._exit(0)
    except BaseException as problem:
        print(repr(problem), file=sys.stderr, flush=True)
        os._exit(1)


def files() -> set[str]:
    return {path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def after(step: str) -> dict:
    before = files()
    ended = worker(step, *STEPS[step])
    left = sorted(files() - before)
    running = sum(model.objects.filter(state="running").count() for model in (RenderJob, SealJob))
    for model in (RenderJob, SealJob):
        model.objects.filter(state="running").update(lease_until="2020-01-01T00:00:00Z")
    jobs.sweep()
    again = worker(step)
    found = facts(step)
    remove_old_temporaries()
    return {
        "step": step,
        "ended": ended,
        "left": left,
        "running": running,
        "again": again,
        **found,
    }


def facts(step: str) -> dict:
    document = Document.objects.get(source=step)
    log = AuditEntry.objects.filter(object_id=str(document.pk))
    data = storage.read(document.file)
    said = verification.verify_file(data)
    return {
        "state": document.state,
        "valid": said.valid,
        "registered": list(document.hashes.values_list("sha256", flat=True)) == [document.sha256],
        "sealed_files": storage.sealed_names(document) == [document.file],
        "seals": log.filter(verb="document.sealed").count(),
        "hooks": log.filter(verb="document.downloaded").count(),
        "chain": all(report.first_broken is None for report in audit.verify_all()),
        "open_jobs": sum(m.objects.exclude(state="done").count() for m in (RenderJob, SealJob)),
    }


def remove_old_temporaries() -> None:
    """Two days later a sweep leaves no half-written file."""
    old = time.time() - 2 * 24 * 3600
    for path in Path(settings.MEDIA_ROOT).rglob(f"*{storage.TEMPORARY}"):
        os.utime(path, (old, old))
    jobs.sweep()
    assert not list(Path(settings.MEDIA_ROOT).rglob(f"*{storage.TEMPORARY}"))


if __name__ == "__main__":
    papers.heard = heard
    papers.register(KIND, "Surat uji", compose, lambda document: papers.heard(document))
    pades.seal(
        sample.rendered("memorandum").pdf, signer=sample.seal_key()
    )  # slow imports once, not per worker

    for step in sys.argv[1:]:
        print(json.dumps(after(step)), flush=True)
