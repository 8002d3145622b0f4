"""A paper's row → its unsigned PDF: what it may print about itself, composition, rendering, both validators."""

from collections.abc import Callable

from accounts.canonical import parse_canonical, sha256_hex

from . import enclosures, jobs, papers, pdf, pictures, signers
from .models import Document

PDF_PROFILE = "PDF/A-3a, PDF/UA-1"


def print_paper(document: Document, *, between: Callable[[], None] = lambda: None) -> pdf.Rendered:
    """From its snapshot only; the row need not be stored yet. ``between`` runs after the page is made.

    StepFailed when a validator refuses the file, and what ``pdf.render`` raises.
    """
    composed = compose(document)
    rendered = pdf.render(
        composed.html,
        inks=dict(composed.inks),
        attachment=composed.attachment,
        meta=composed.meta,
        enclosed=enclosures.read(composed.enclosures),
        pictures=pictures.read(composed.pictures),
    )
    between()
    broken = sorted({failure.rule for failure in pdf.validate(rendered.pdf)})
    if broken:
        raise jobs.StepFailed(f"Berkas tidak memenuhi PDF/A: {', '.join(broken)}.")
    return rendered


def snapshot_of(document: Document) -> dict:
    """The frozen input; ValueError when it is not the one that was hashed."""
    frozen = document.snapshot.encode()
    if sha256_hex(frozen) != document.input_sha256:
        raise ValueError("snapshot does not match its hash")
    return parse_canonical(frozen)


def facts_of(document: Document) -> papers.DocumentFacts:
    """What the paper may print about itself."""
    old = document.supersedes
    return papers.DocumentFacts(
        id=str(document.pk),
        kind=document.kind,
        kind_label=papers.label(document.kind),
        title=document.title,
        number=document.number,
        classification=document.classification,
        office=document.office.name,
        event_code=document.event_code,
        revision=document.revision,
        input_sha256=document.input_sha256,
        token=document.public_token,
        verify_url=document.verify_url,
        is_demo=document.office.is_demo,
        seal_sentence=signers.sentence(document.seal_plan),
        seal_field=not signers.is_interactive(document.seal_plan),
        replaces=old
        and papers.Replaced(str(old.pk), old.number, old.sha256, old.revision, document.revision_reason),
    )


def compose(document: Document) -> papers.Composition:
    """HTML, ink and evidence of the paper, from its snapshot only."""
    return papers.get(document.kind).compose(snapshot_of(document), document=facts_of(document))
