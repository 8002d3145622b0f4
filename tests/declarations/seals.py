"""Sealed papers for tests: the whole way of the jobs, and what poppler reads on the pages."""

import subprocess

from accounts import audit
from declarations import sealing
from declarations.models import Declaration
from documents import jobs, storage
from documents.models import Document


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
