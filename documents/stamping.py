"""DEED: a sealed paper gets the timestamp it could not have yet, or a new one before the old one ends (PDF.md §4.4).

The file grows at its end; the old bytes stay its beginning, the register keeps every hash. Retried with back-off for
ever, and found again by ``sweep``.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import audit
from accounts.canonical import sha256_hex
from accounts.writing import writing

from . import jobs, leftovers, pades, storage, timestamps, verification
from .models import Document, HashRegister, Job, SealJob

FULL = "B-LTA"
RENEW_BEFORE = timedelta(days=180)
LONGER = timedelta(days=30)  # that a renewal must gain
AT_ONCE = 200  # papers that one sweep takes up
NO_ANSWER = "Otoritas stempel waktu belum menjawab. Dokumen tetap sah pada tingkat segel sekarang."
NO_LISTS = "Daftar pencabutan sertifikat dari penerbitnya belum dapat diambil."
NO_ADDRESS = (
    "Sertifikat segel tidak menyebut alamat daftar pencabutan, sehingga tingkat B-LTA tidak dapat dicapai."
    " Dokumen tetap sah pada tingkat segel sekarang."
)
DAMAGED = "Berkas tersegel di peladen hilang atau rusak. Pulihkan dari cadangan."
VERBS = {
    "document.timestamped": "memberi stempel waktu pada dokumen",
    "document.renewed": "memperbarui stempel waktu dokumen",
}


def due(now: datetime | None = None):
    """Sealed papers, also superseded ones, that lack a timestamp or whose newest one ends within half a year."""
    soon = (now or timezone.now()) + RENEW_BEFORE
    kept = Document.objects.filter(state__in=(Document.State.SEALED, Document.State.SUPERSEDED))
    return kept.filter(~Q(pades_level=FULL) | Q(timestamp_expires__lt=soon))


def open_due_jobs() -> int:
    """For ``sweep``: a job for each paper that is due and has none that waits, runs, or needs a person."""
    if not timestamps.are_configured():
        return 0
    mine = SealJob.objects.filter(document=OuterRef("pk"), purpose=Job.Purpose.UPGRADE)
    papers = due().exclude(Exists(mine.unfinished())).defer("snapshot")[:AT_ONCE]
    for document in papers:
        with writing():
            jobs.reopen(SealJob, document, Job.Purpose.UPGRADE)
    return len(papers)


def open_later(document: Document) -> None:
    """Right after a seal that no authority stamped: ask again in a minute. Call it inside the transaction."""
    if document.pades_level != FULL and timestamps.are_configured():
        job = jobs.open_job(SealJob, document, Job.Purpose.UPGRADE)
        SealJob.objects.filter(pk=job.pk).update(
            run_after=timezone.now() + jobs.BACKOFF[1], last_error=NO_ANSWER
        )


def upgrade_step(job: Job) -> None:
    """Sealed file → the same with proofs and a new timestamp behind it, stored, read back, checked, registered.

    StepFailed when nobody answers (tried again for ever) or the stored file is not the registered one (permanent).
    """
    document = job.document
    if not due().filter(pk=document.pk).exists():
        jobs.finish(job)
        return
    old = _registered_bytes(document)
    name = _left_behind(document, old) or _lift(job, old)
    data = storage.read(name)
    report = _self_check(document, name, old, data)
    jobs.extend(job)
    with writing():
        jobs.finish(job)
        _register(document, name, data, report)


def _registered_bytes(document: Document) -> bytes:
    data = storage.read(document.file) if storage.exists(document.file) else b""
    if sha256_hex(data) != document.sha256:
        raise jobs.StepFailed(DAMAGED)
    return data


def _left_behind(document: Document, old: bytes) -> str:
    """The file of a run that was killed between rename and commit: longer than the registered one, and beginning so."""
    for name in storage.sealed_names(document):
        if name != document.file and len(found := storage.read(name)) > len(old) and found.startswith(old):
            return name
    return ""


def _lift(job: Job, old: bytes) -> str:
    data = timestamps.first_answer(lambda authority: pades.upgrade(old, authority=authority))
    if data is None:
        raise jobs.StepFailed(NO_ANSWER, permanent=False)
    jobs.extend(job)
    name = storage.sealed_name(job.document, sha256_hex(data))
    storage.store(name, data)
    return name


def _self_check(document: Document, name: str, old: bytes, data: bytes) -> verification.Report:
    """A file that is not better than the old one is removed: otherwise it would grow with every attempt."""
    report = verification.verify_file(data, changes=False)
    problem = _problem(document, report, data.startswith(old))
    if not problem:
        return report
    storage.remove(name)
    if problem == NO_LISTS and report.seal and not report.seal.can_be_asked_about:
        raise jobs.StepFailed(NO_ADDRESS)
    raise jobs.StepFailed(f"Stempel waktu belum dapat dipakai. {problem}", permanent=False)


def _problem(document: Document, report: verification.Report, is_prefix: bool) -> str:
    if report.failed or not report.valid or not is_prefix:
        return " ".join(report.checks[check].message for check in report.failed) or "Berkas berubah."
    if report.pades_level != FULL:
        return NO_LISTS
    renewed = document.pades_level == FULL  # otherwise the level is what was gained
    if renewed and report.timestamp_expires <= document.timestamp_expires + LONGER:
        return "Sertifikat otoritas stempel waktu segera berakhir; perbarui otoritasnya."
    return ""


def _register(document: Document, name: str, data: bytes, report: verification.Report) -> None:
    """One transaction: the paper's new file and level, its further hash, the audit entry; the old file goes after commit."""
    old, digest = document, sha256_hex(data)
    renewed = old.pades_level == FULL
    changed = Document.objects.filter(pk=document.pk, sha256=old.sha256).update(
        sha256=digest,
        size=len(data),
        file=name,
        pades_level=report.pades_level,
        timestamp_expires=report.timestamp_expires,
    )
    if not changed:
        leftovers.clear_after_commit(document)
        return
    reasons = HashRegister.Reason
    HashRegister.objects.create(
        sha256=digest,
        document=document,
        reason=reasons.RENEWED if renewed else reasons.TIMESTAMPED,
        revision=document.revision,
        issued_at=timezone.now(),
    )
    audit.record(
        audit.SYSTEM,
        "document.renewed" if renewed else "document.timestamped",
        document,
        sha256=digest,
        replaces_sha256=old.sha256,
        size=len(data),
        pades_level=report.pades_level,
        number=document.number,
        revision=document.revision,
    )
    leftovers.clear_after_commit(document)
