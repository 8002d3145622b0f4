"""PURE: frozen snapshot → a paper of an event: HTML, metadata, evidence. Reads no model and no clock."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from accounts.canonical import canonical_bytes, sha256_hex
from documents.letter_evidence import letter_evidence
from documents.letterhead import foot, in_fours
from documents.papers import Composition, DocumentFacts
from documents.pdf import PaperMeta, qr_svg, renderer_entry

from . import paper_kinds

DRAFT_IDENTIFIER = "0" * 32


def compose(snapshot: dict, *, document: DocumentFacts) -> Composition:
    """The paper as it will be sealed."""
    paper = _paper_of(snapshot)
    context = _context(snapshot) | {
        "classes": _classes(snapshot, "contoh" if document.is_demo else ""),
        "seal": _seal(snapshot, document),
        "replaces": document.replaces,
        "revision": document.revision,
    }
    return Composition(
        html=_html(snapshot, context),
        meta=_meta(snapshot, document.number, document.revision, document.input_sha256[:32], document.kind),
        attachment=evidence_of(snapshot, document),
        enclosures=paper.enclosures(snapshot["content"]) if paper and paper.enclosures else (),
        pictures=_pictures(snapshot),
    )


def compose_draft(snapshot: dict, kind: str) -> Composition:
    """The same paper with "DRAF" behind it: no seal field, no QR code, no evidence."""
    demo = "contoh" if snapshot["office"].get("is_demo") else ""
    context = _context(snapshot) | {"classes": f"{_classes(snapshot, demo)} draf", "seal": None}
    context["proof"] = "DRAF – belum disegel"
    return Composition(
        html=_html(snapshot, context),
        meta=_meta(snapshot, snapshot["number"], 1, DRAFT_IDENTIFIER, kind),
        pictures=_pictures(snapshot),
    )


def compose_plain(snapshot: dict, kind: str) -> Composition:
    """A paper that is filled in by hand: neither draft nor sealed."""
    demo = "contoh" if snapshot["office"].get("is_demo") else ""
    context = _context(snapshot) | {"classes": _classes(snapshot, demo), "seal": None}
    meta = _meta(snapshot, snapshot["number"], 1, content_sha256(snapshot)[:32], kind)
    return Composition(html=_html(snapshot, context), meta=meta)


def evidence_of(snapshot: dict, document: DocumentFacts) -> bytes:
    """``evidence.json``: what the paper is, of which event, on which papers it rests, and the hash of what it says."""
    return letter_evidence(
        document,
        event=snapshot["event"] | {"office": document.office},
        sources=[*snapshot.get("sources", []), *_own_sources(snapshot)],
        renderer=renderer_entry(snapshot["template"]),
        as_of=snapshot["as_of"],
        content_sha256=content_sha256(snapshot),
    )


def content_sha256(snapshot: dict) -> str:
    return sha256_hex(canonical_bytes(snapshot["content"]))


def printed_texts(value) -> list[str]:
    """Every text of a snapshot that may be printed, at any depth; pictures left out."""
    if isinstance(value, str):
        return [] if value.startswith("data:image/") else [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in printed_texts(item)]


def _paper_of(snapshot: dict) -> paper_kinds.EventPaper | None:
    template = snapshot["template"].partition("@")[0]
    return next((paper for paper in paper_kinds.KINDS.values() if paper.template == template), None)


def _pictures(snapshot: dict) -> tuple:
    paper = _paper_of(snapshot)
    return paper.pictures(snapshot["content"]) if paper and paper.pictures else ()


def _own_sources(snapshot: dict) -> list[dict]:
    paper = _paper_of(snapshot)
    return paper.sources(snapshot["content"]) if paper and paper.sources else []


def _context(snapshot: dict) -> dict:
    content = snapshot["content"]
    paper = _paper_of(snapshot)
    extra = paper.context(content) if paper and paper.context else {}
    return {
        "title_text": content["title"],
        "foot": foot(content["title"], snapshot["number"]),
        "proof": snapshot["settings"].get("foot_line", ""),
        "letterhead": snapshot["office"],
        "number": snapshot["number"],
        "date": snapshot["date"],
        "event": snapshot["event"],
        "settings": snapshot["settings"],
        "paper": content,
        "letterhead_template": "events/pdf/_letterhead.html",
        **extra,
    }


def _html(snapshot: dict, context: dict) -> str:
    return render_to_string(f"events/pdf/{snapshot['template'].partition('@')[0]}.html", context)


def _classes(snapshot: dict, extra: str) -> str:
    family = "sans" if snapshot["settings"].get("family") == "sans" else ""
    return " ".join(
        f"{snapshot['office']['paper_size'].lower()} {snapshot['layout']} {family} {extra}".split()
    )


def _meta(snapshot: dict, number: str, revision: int, identifier: str, kind: str) -> PaperMeta:
    return PaperMeta(
        title=snapshot["content"]["title"],
        document_number=number,
        event_code=snapshot["event"]["code"],
        text_sha256=content_sha256(snapshot),
        merkle_root="",
        revision=revision,
        office=snapshot["office"]["name"],
        as_of=datetime.fromisoformat(snapshot["as_of"]),
        identifier=identifier,
        description=f"{snapshot['content']['title']}, {snapshot['event']['title']}",
        kind=kind,
    )


def _seal(snapshot: dict, document: DocumentFacts) -> dict:
    """What stands in the block with the QR code: only what is certain before the seal (PDF.md §4.6)."""
    digest = content_sha256(snapshot)
    return {
        "qr": mark_safe(qr_svg(document.verify_url)),  # noqa: S308 - drawn by us from our own address
        "url": document.verify_url,
        "office": document.office,
        "sentence": document.seal_sentence,
        "has_field": document.seal_field,
        "content": in_fours(digest),
    }
