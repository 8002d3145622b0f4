"""DEEDS: issue a paper, seal it, revoke it. Snapshot → render → check → seal → read back → register (PDF.md §1).

Each step can be killed anywhere and run again: files are whole or not there, rows change in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.canonical import canonical_bytes, sha256_hex
from accounts.models import Office
from accounts.refusals import Refusal
from accounts.writing import writing

from . import (
    ahead,
    jobs,
    leftovers,
    pades,
    papers,
    printing,
    signers,
    stamping,
    storage,
    timestamps,
    verification,
)
from .models import Document, HashRegister, Job, RenderJob, SealJob
from .printing import compose, facts_of, snapshot_of

__all__ = [
    "compose",
    "facts_of",
    "hold_office",
    "issue_document",
    "register_steps",
    "seal_with",
    "snapshot_of",
    "void_document",
    "withdraw_document",
]

# What of a snapshot's "public" object the public page may show; anything else in it stays inside.
PUBLIC_KEYS = frozenset(
    {
        "title",
        "office",
        "number",
        "event",
        "place",
        "date",
        "time_zone",
        "totals",
        "text_sha256",
        "merkle_root",
    }
)
VERBS = {
    "document.issued": "menerbitkan dokumen",
    "document.withdrawn": "menarik dokumen sebelum disegel",
    "document.sealed": "menyegel dokumen",
    "document.superseded": "menggantikan dokumen dengan revisi baru",
    "document.voided": "mencabut dokumen",
    "document.downloaded": "mengunduh dokumen",
    "document.job_retried": "mencoba lagi pembuatan dokumen",
    "archive.exported": "mengekspor arsip",
    "number.reserved": "memesan nomor surat",
    "number.issued": "memakai nomor surat",
    "number.voided": "membatalkan nomor surat",
    "number.initial_set": "mengatur nomor awal surat",
}


def issue_document(
    *,
    kind: str,
    title: str,
    office,
    event_code: str,
    number: str,
    classification: str,
    snapshot: dict,
    by,
    source: str = "",
    supersedes: Document | None = None,
    amends: Document | None = None,
    reason: str = "",
    posts: Iterable[str] = (),
) -> Document:
    """Freeze a snapshot as a paper that will be rendered and sealed.

    Effects in order: a living paper of the same kind, source (or office) and snapshot is returned; an earlier
    paper of the source that is not yet sealed is withdrawn; the row (rendering) and its render job are written, with
    the audit entry – or the row (sealing) and its seal job when exactly this paper was made ahead; a worker is woken
    after commit. The paper in ``supersedes`` stays in force until the new one is
    sealed; the one in ``amends`` is only added to. ``snapshot["public"]`` holds what the public page may show (PUBLIC_KEYS).
    ``posts``: of those who signed, without names; the archive is searched by them.

    Refused when the source already has a sealed paper and ``supersedes`` does not name it, when that one is no longer
    in force, or when a revision has no reason. ValueError for an unknown kind or a snapshot without canonical form.
    """
    papers.get(kind)
    frozen = canonical_bytes(snapshot)
    digest = sha256_hex(frozen)
    with writing():
        hold_office(office)
        family = Document.objects.filter(kind=kind, source=source)
        family = family if source else family.filter(office=office)
        replaced = _locked(supersedes)
        same = _same_paper(family, digest, replaced)
        if same:
            return same
        _check_succession(family, source, replaced, reason)
        _withdraw_unsealed(family, source, replaced, by)
        revision = _next_revision(family, source, replaced)
        document = Document(
            kind=kind,
            title=title,
            office=office,
            source=source,
            event_code=event_code,
            number=number,
            classification=classification,
            revision=revision,
            revision_reason="" if revision == 1 else reason.strip() or "Revisi sebelumnya dicabut.",
            supersedes=replaced,
            amends=amends,
            input_sha256=digest,
            snapshot=frozen.decode(),
            public={key: value for key, value in snapshot.get("public", {}).items() if key in PUBLIC_KEYS},
            posts="\n".join(dict.fromkeys(" ".join(post.split()) for post in posts if post.strip())),
            created_by=audit.user_or_none(by),
            seal_plan=signers.plan_of(office),
        )
        is_made = ahead.use(document)
        document.save(force_insert=True)
        audit.record(
            by, "document.issued", document, kind=kind, number=number, revision=revision, input_sha256=digest
        )
        if is_made:
            jobs.open_job(SealJob, document, Job.Purpose.SEAL)
        else:
            jobs.open_job(RenderJob, document, Job.Purpose.RENDER)
    return document


def void_document(*, document: Document, reason: str, by) -> Document:
    """Revoke a paper: its page then reads DICABUT with the reason; file and hash stay.

    Effects in order: state void with reason and time, audit entry, ``on_voided`` of its kind; a file that was never
    sealed is removed after commit. A second call changes nothing. Refused without a reason and for a paper that a later
    revision has already replaced.
    """
    if not reason.strip():
        raise Refusal("Tuliskan alasan pencabutan dokumen.")
    kind = papers.KINDS.get(document.kind)
    with writing():
        if kind and kind.hold:
            kind.hold(document)
        hold_office(document.office)
        document = _locked(document)
        if document.state == Document.State.VOID:
            return document
        if not document.can_be_voided:
            raise Refusal("Dokumen ini sudah digantikan revisi yang lebih baru. Cabutlah revisi terbarunya.")
        _void(document, reason.strip())
        audit.record(by, "document.voided", document, reason=document.void_reason, number=document.number)
        if kind and kind.on_voided:
            kind.on_voided(document, by=by)
    return document


def withdraw_document(*, document: Document, reason: str, by) -> Document:
    """Take a paper back that is not sealed yet; for the room above, which knows what becomes of its source.

    Effects: state void with reason, audit entry; its file is removed after commit. A paper that is sealed or void stays
    as it is.
    """
    with writing():
        hold_office(document.office)
        document = _locked(document)
        if document.state in Document.UNSEALED_STATES:
            _withdraw(document, reason, by)
    return document


def hold_office(office) -> None:
    """One paper of an office at a time changes its standing, till the end of the transaction.

    Taken before papers, numbers and the office's log by whoever writes several of them: a paper that is being sealed
    cannot be withdrawn at the same moment, and two deeds never wait for each other.

    One order everywhere: own job row → event → declaration → office → paper → number → logs (office's, then event's).
    Event and declaration stand before the office because a deed of the day that holds them also writes rows that point
    to the office (a reserved number), which waits for this lock. Who starts below, like ``void_document``, therefore
    lets the room above lock first (``hold`` of ``papers.register``).
    """
    Office.objects.select_for_update().get(pk=office.pk)


# --- succession -------------------------------------------------------------------------------------------------


def _locked(document: Document | None) -> Document | None:
    return document and Document.objects.select_for_update(of=("self",)).select_related("office").get(
        pk=document.pk
    )


def _same_paper(family, digest: str, replaced: Document | None) -> Document | None:
    return family.living().filter(input_sha256=digest).exclude(pk=replaced and replaced.pk).first()


def _check_succession(family, source: str, replaced: Document | None, reason: str) -> None:
    if replaced is None:
        if source and family.sealed().exists():
            raise Refusal(
                "Dokumen ini sudah disegel. Untuk memperbaikinya, terbitkan revisi dengan alasannya."
            )
        return
    if not replaced.is_sealed:
        raise Refusal(
            f"Dokumen yang hendak digantikan tidak berlaku ({replaced.get_state_display().lower()})."
        )
    if not reason.strip():
        raise Refusal("Tuliskan alasan revisi; alasan itu tercetak pada dokumen baru.")


def _withdraw_unsealed(family, source: str, replaced: Document | None, by) -> None:
    """A newer snapshot takes the place of a paper that nobody has seen yet."""
    earlier = family.unsealed() if source else Document.objects.none()
    if replaced:
        earlier = earlier | replaced.successors.unsealed()
    for document in Document.objects.filter(pk__in=earlier.values("pk")).select_related("office"):
        _withdraw(document, "Diganti dengan data yang lebih baru sebelum disegel.", by)


def _withdraw(document: Document, reason: str, by) -> None:
    _void(document, reason)
    audit.record(by, "document.withdrawn", document, number=document.number)


def _next_revision(family, source: str, replaced: Document | None) -> int:
    latest = replaced.revision if replaced else 0
    if source:
        counted = family.exclude(state=Document.State.VOID, sha256="")
        latest = max(latest, counted.aggregate(newest=Max("revision"))["newest"] or 0)
    return latest + 1


def _void(document: Document, reason: str) -> None:
    document.state, document.void_reason, document.voided_at = Document.State.VOID, reason, timezone.now()
    document.save(update_fields=["state", "void_reason", "voided_at"])
    leftovers.clear_after_commit(document)


# --- steps of the jobs ------------------------------------------------------------------------------------------


def register_steps(purposes) -> None:
    jobs.STEPS[purposes.RENDER] = render_step
    jobs.STEPS[purposes.SEAL] = seal_step
    jobs.STEPS[purposes.FOLLOW_UP] = follow_up_step
    jobs.STEPS[purposes.UPGRADE] = stamping.upgrade_step


def render_step(job: Job) -> None:
    """Snapshot → PDF/A-3a, checked, stored without seal; opens the seal job."""
    document = job.document
    if document.state != Document.State.RENDERING:
        leftovers.clear(document)  # withdrawn meanwhile
        jobs.finish(job)
        return
    rendered = printing.print_paper(document, between=lambda: jobs.extend(job))
    storage.store(storage.unsigned_name(document), rendered.pdf)
    with writing():
        jobs.finish(job)
        rendering = Document.objects.filter(pk=document.pk, state=Document.State.RENDERING)
        if rendering.update(
            state=Document.State.SEALING,
            unsigned_sha256=rendered.sha256,
            unsigned_size=len(rendered.pdf),
            pages=rendered.pages,
            versions=rendered.versions,
            pdf_profile=printing.PDF_PROFILE,
        ):
            jobs.open_job(SealJob, document, Job.Purpose.SEAL)
        else:
            leftovers.clear_after_commit(document)  # withdrawn while it was rendered


def seal_step(job: Job) -> None:
    """Unsigned PDF → sealed, stored, read back, checked, registered."""
    document = job.document
    if document.state != Document.State.SEALING:
        leftovers.clear(document)
        jobs.finish(job)
        return
    if signers.is_interactive(document.seal_plan):
        jobs.put_back(job, delay=signers.NEVER, error=job.WAITS_FOR_OFFICER)
        return
    seal_with(job, lambda unsigned: _stamped_seal(document, unsigned))


def seal_with(job: Job, make: Callable[[bytes], bytes]) -> None:
    """What ``make`` gives for the unsigned paper is stored, read back, checked and registered; ends the claimed job.

    A file that was left behind by a run that was killed is taken over instead. Raises what ``make`` raises, StepFailed
    when the seal is not in order.
    """
    document = job.document
    unsigned = _unsigned_bytes(document)
    if unsigned is None:
        _render_again(job)
        return
    name = _left_behind(document, unsigned) or _seal(job, make(unsigned))
    sealed = storage.read(name)
    report = _self_check(name, unsigned, sealed)
    jobs.extend(job)
    with writing():
        jobs.finish(job)
        hold_office(document.office)
        _register(document, name, sealed, report)


def follow_up_step(job: Job) -> None:
    """What the room above wants done once after the seal, in one transaction with the end of the job."""
    kind = papers.get(job.document.kind)
    with writing():
        jobs.finish(job)
        if kind.on_sealed:
            kind.on_sealed(job.document)


def _unsigned_bytes(document: Document) -> bytes | None:
    """The stored file if it is still the one that was rendered."""
    name = storage.unsigned_name(document)
    if not storage.exists(name):
        return None
    data = storage.read(name)
    return data if sha256_hex(data) == document.unsigned_sha256 else None


def _render_again(job: Job) -> None:
    """The unsigned file is gone or damaged: rendering gives the same bytes again, sealing waits for it."""
    with writing():
        jobs.put_back(job, delay=jobs.BACKOFF[-1], error="Berkas sebelum segel rusak dan dibuat ulang.")
        Document.objects.filter(pk=job.document_id, state=Document.State.SEALING).update(
            state=Document.State.RENDERING, unsigned_sha256="", unsigned_size=0
        )
        jobs.reopen(RenderJob, job.document, Job.Purpose.RENDER)


def _left_behind(document: Document, unsigned: bytes) -> str:
    """The sealed file of a run that was killed between rename and commit: it begins with the unsigned one."""
    for name in storage.sealed_names(document):
        if storage.read(name).startswith(unsigned):
            return name
    return ""


def _stamped_seal(document: Document, unsigned: bytes) -> bytes:
    """Sealed with a timestamp, or without when no authority answers."""
    key = signers.planned_key(document)
    try:
        return timestamps.first_answer(
            lambda authority: pades.seal(unsigned, signer=key, authority=authority)
        ) or pades.seal(unsigned, signer=key)
    except ValueError as problem:
        raise jobs.StepFailed("Berkas tidak memiliki ruang segel yang kosong.") from problem


def _seal(job: Job, sealed: bytes) -> str:
    """Store what was sealed; returns the name of the file."""
    jobs.extend(job)
    name = storage.sealed_name(job.document, sha256_hex(sealed))
    storage.store(name, sealed)
    return name


def _self_check(name: str, unsigned: bytes, sealed: bytes) -> verification.Report:
    """The bytes read back, as a stranger would check them; a file that fails is removed and never handed out."""
    report = verification.verify_file(sealed, changes=False)
    problems = [
        check.message for check in report.checks.values() if check.status == verification.Status.FAILED
    ]
    if not report.valid and not problems:
        problems.append("Berkas ini tidak bersegel.")
    if not sealed.startswith(unsigned):
        problems.append("Isi berkas berubah saat disegel.")
    if problems:
        storage.remove(name)
        raise jobs.StepFailed(f"Pemeriksaan sesudah penyegelan gagal: {' '.join(problems)}")
    return report


def _register(document: Document, name: str, sealed: bytes, report: verification.Report) -> None:
    """One transaction: the paper, its hash, the audit entry, the paper it replaces, and the job of what follows."""
    now, digest = timezone.now(), sha256_hex(sealed)
    waiting = Document.objects.filter(pk=document.pk, state=Document.State.SEALING)
    if not waiting.update(
        state=Document.State.SEALED,
        sha256=digest,
        size=len(sealed),
        file=name,
        pades_level=report.pades_level,
        sealed_at=now,
        certificate_fingerprint=report.certificate_fingerprint,
        timestamp_expires=report.timestamp_expires,
    ):
        leftovers.clear_after_commit(document)  # withdrawn meanwhile, the seal came too late
        return
    document.refresh_from_db()
    HashRegister.objects.create(
        sha256=digest,
        document=document,
        reason=HashRegister.Reason.SEALED,
        revision=document.revision,
        issued_at=now,
    )
    audit.record(
        audit.SYSTEM,
        "document.sealed",
        document,
        sha256=digest,
        size=len(sealed),
        pades_level=document.pades_level,
        number=document.number,
        revision=document.revision,
    )
    _supersede(document)
    if papers.get(document.kind).on_sealed:
        jobs.open_job(SealJob, document, Job.Purpose.FOLLOW_UP)
    stamping.open_later(document)
    leftovers.clear_after_commit(document)


def _supersede(document: Document) -> None:
    old = Document.objects.filter(pk=document.supersedes_id, state=Document.State.SEALED)
    if old.update(state=Document.State.SUPERSEDED):
        audit.record(
            audit.SYSTEM,
            "document.superseded",
            document.supersedes,
            by_document=str(document.pk),
            reason=document.revision_reason,
        )
