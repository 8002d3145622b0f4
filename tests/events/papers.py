"""Rendering the papers of an event for tests: the real snapshot, the real printer, the real validator."""

import io

import pypdf

from documents import papers, pdf, pictures
from documents.sealing import compose, facts_of
from events.issuing import issue_event_paper, preview_pdf

__all__ = ["checked", "issued", "papers", "preview_pdf", "text_of"]


def issued(event, kind, by, **more):
    """(document, its unsigned PDF), as the worker would print it."""
    document = issue_event_paper(event=event, kind=kind, by=by, **more)
    return document, printed(document)


def printed(document) -> bytes:
    composed = compose(document)
    return pdf.render(
        composed.html,
        inks=dict(composed.inks),
        attachment=composed.attachment,
        meta=composed.meta,
        pictures=pictures.read(composed.pictures),
    ).pdf


def checked(document) -> bytes:
    """The PDF of a document; fails unless it is PDF/A-3a and PDF/UA-1."""
    made = printed(document)
    assert pdf.validate(made) == []
    assert facts_of(document).id
    return made


def text_of(made: bytes) -> str:
    """The text of all pages, blanks collapsed."""
    reader = pypdf.PdfReader(io.BytesIO(made))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())
