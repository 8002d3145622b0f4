"""DEED: an officer signs a waiting paper at the BSrE gateway (PDF.md §4.5).

What the officer types goes to the gateway and nowhere else: not into the job, the log, the session or an error.
"""

import logging

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from . import bsre, certificates, jobs, pades, pdf, sealing, signers
from .models import Document, Job, SealJob

logger = logging.getLogger(__name__)

CHANGED = "Layanan BSrE mengubah berkas. Segel dibatalkan."
NOT_WAITING = "Dokumen ini tidak menunggu tanda tangan BSrE. Muat ulang halaman untuk melihat keadaannya."
BUSY = "Dokumen ini sedang diproses. Muat ulang halaman sesaat lagi."
VERBS = {"document.signed_at_gateway": "menandatangani dokumen lewat BSrE"}


def waits_for_officer(document: Document) -> bool:
    return document.state == Document.State.SEALING and signers.is_interactive(document.seal_plan)


@sensitive_variables("credentials")
def seal_by_officer(*, document: Document, credentials: bsre.Credentials, by) -> Document:
    """Have the waiting paper signed, checked and registered.

    Effects in order: the seal job is claimed; the gateway signs; the file is stored, read back and checked; the paper is
    sealed as by a worker; audit entry of who asked for it. When anything fails the job waits for an officer again and
    nothing of the answer is kept. Refused when the paper does not wait for an officer, when the gateway refuses or is
    not there, and when it changed more than a signature needs.
    """
    if not waits_for_officer(document):
        raise Refusal(NOT_WAITING)
    job = _claim(document)
    try:
        sealing.seal_with(job, lambda unsigned: _signed(unsigned, credentials))
    except jobs.LeaseLost:
        raise Refusal(BUSY) from None
    except Exception as problem:  # ``from None``: no traceback may lead to what was typed
        _wait_again(job)
        logger.error("Signing at the gateway failed for %s: %s", document.pk, type(problem).__name__)
        raise Refusal(jobs.reason_of(problem)[0]) from None
    document.refresh_from_db()
    if document.state == Document.State.SEALED:
        with writing():
            audit.record(by, "document.signed_at_gateway", document, number=document.number)
    return document


def _claim(document: Document) -> SealJob:
    waiting = SealJob.objects.filter(document=document, purpose=Job.Purpose.SEAL).exclude(
        state=Job.State.DONE
    )
    with writing():
        waiting.exclude(state=Job.State.RUNNING).update(state=Job.State.WAITING, run_after=timezone.now())
    found = waiting.first()
    job = found and jobs.claim(found.pk)
    if not job:
        raise Refusal(BUSY)
    return job


def _wait_again(job: SealJob) -> None:
    jobs.put_back(job, delay=signers.NEVER, error=job.WAITS_FOR_OFFICER)


@sensitive_variables("credentials")
def _signed(unsigned: bytes, credentials: bsre.Credentials) -> bytes:
    """What the gateway made of the paper, when it is our paper with one invisible, genuine signature."""
    from .gateway_check import only_signed  # slow import

    signed = bsre.sign(unsigned, credentials)
    if not only_signed(unsigned, signed):
        raise Refusal(CHANGED)
    report = pades.report(signed, certificates.trusted_roots())
    if not report.genuine or report.integrity != pades.Integrity.INTACT or pdf.validate(signed):
        raise Refusal(CHANGED)
    return signed
