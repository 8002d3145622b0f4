"""Sealed papers for tests: the whole way of the jobs, and what poppler reads on the pages."""

import subprocess

from django.utils import timezone

from accounts import audit
from declarations import planning, sealing, signing
from declarations.models import Declaration
from declarations.models.texts import Kind
from documents import jobs, storage
from documents.models import Document, RenderJob, SealJob
from documents.sealing import void_document
from tests.declarations import day, factories

BY = audit.SYSTEM


def sealed(paper: Declaration, reason: str = "") -> Declaration:
    sealing.seal_declaration(declaration=paper, by=audit.SYSTEM, reason=reason)
    jobs.run_pending()
    paper.refresh_from_db()
    return paper


def words_of(document: Document) -> str:
    """What poppler reads on the pages, in one line."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=storage.read(document.file),
        capture_output=True,
        check=True,
    )
    return " ".join(done.stdout.decode().split())


def read(paper: Declaration) -> Declaration:
    return signing.record_reading(
        declaration=paper,
        led_by_name="Rudiyanto",
        led_by_position="Sekretaris Daerah",
        at=timezone.now(),
        followed_by_all=True,
        by=BY,
    )


def two_party(event, paper: Declaration, **numbers) -> Declaration:
    planning.set_parties(
        declaration=paper,
        by=BY,
        parties=[
            {
                "institution": "Panwaslu Kecamatan Cerme",
                "representative_name": "Imam Shohib",
                "position": "Ketua Panwaslu Kecamatan Cerme",
                "address": "Cerme",
                "number": numbers.get("first", "021/HM.02.00/10/2024"),
            },
            {
                "institution": "Pemerintah Kecamatan Cerme",
                "representative_name": "Sugiarto, S.IP., M.Si.",
                "position": "Camat Cerme",
                "number": numbers.get("second", "470/118/2024"),
            },
        ],
    )
    return paper


def pledge():
    return factories.approved_text(kind=Kind.PLEDGE, title="Ikrar Netralitas (contoh)")


def being_sealed(count: int = 2, **fields) -> Declaration:
    """Sealing has been ordered; no job has run."""
    paper = day.closed_paper(count, **fields)
    sealing.seal_declaration(declaration=paper, by=BY)
    paper.refresh_from_db()
    return paper


def pact(count: int = 2) -> dict:
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    return {"event": day.running_event(), "text_version": text, "signing_mode": "", "count": count}


def give_up(document: Document, message: str = "Kata sandi kunci segel salah.") -> RenderJob:
    RenderJob.objects.filter(document=document).update(state="failed", last_error=message)
    return RenderJob.objects.get(document=document)


def seal_sheet(document: Document) -> None:
    for model in (RenderJob, SealJob, SealJob):  # render, seal, what follows
        assert jobs.run(model.objects.claimable().get(document=document).pk) == "done"


def take_back(paper: Declaration, reason: str = "Nama salah eja") -> Declaration:
    sealing.take_back_sealing(declaration=paper, by=BY, reason=reason)
    paper.refresh_from_db()
    return paper


def void(document: Document, reason: str = "Nomor keliru.") -> None:
    void_document(document=document, reason=reason, by=BY)
