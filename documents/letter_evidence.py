"""PURE: ``evidence.json`` of a paper that nobody signs one by one – a letter, a list, minutes – and its check (PDF.md §5.1).

Type ``letter`` of ``netralitas-evidence/1``: what the paper is, of which event, on which papers it rests, what printed
it. No people.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from accounts.canonical import canonical_bytes

from .papers import DocumentFacts

if TYPE_CHECKING:
    from .verification import Judgement, Paper

SCHEMA = "netralitas-evidence/1"
KNOWN = {"schema", "type", "document", "event", "sources", "content_sha256", "renderer"}
# What an event says of itself in evidence; anything else in a snapshot is for the printer.
EVENT = (
    "id",
    "code",
    "title",
    "office",
    "region",
    "venue",
    "mode",
    "starts_at",
    "time_zone",
    "elections",
)
DIGEST = re.compile(r"[0-9a-f]{64}")


def letter_evidence(
    document: DocumentFacts,
    *,
    event: Mapping,
    sources: Sequence[Mapping] = (),
    renderer: Mapping,
    as_of: str = "",
    content_sha256: str = "",
) -> bytes:
    """Canonical bytes of the evidence.

    ``event``: at least ``code``. ``sources``: {kind?, title?, sha256} of each paper, photo or sheet this one rests on.
    ``renderer``: from ``pdf.renderer_entry(template)``. ``content_sha256``: hash of what the paper says, when its XMP
    carries it. ValueError for a source without a hash.
    """
    for source in sources:
        if not DIGEST.fullmatch(str(source.get("sha256", ""))):
            raise ValueError("a source without its hash")
    evidence = {
        "schema": SCHEMA,
        "type": "letter",
        "document": document_entry(document, as_of=as_of),
        "event": {name: event[name] for name in EVENT if event.get(name)},
        "sources": [dict(source) for source in sources],
        "renderer": dict(renderer),
    }
    return canonical_bytes(evidence | ({"content_sha256": content_sha256} if content_sha256 else {}))


def document_entry(document: DocumentFacts, *, title: str = "", as_of: str = "") -> dict:
    """The part ``document`` of every type: what is certain before the seal. Empty fields are left out."""
    entry = {
        "id": document.id,
        "kind": document.kind,
        "title": title or document.title,
        "number": document.number,
        "classification": document.classification,
        "office": document.office,
        "revision": document.revision,
        "as_of": as_of,
        "verify_url": document.verify_url,
    }
    if document.replaces:
        old = document.replaces
        entry["supersedes"] = {"document": old.id, "sha256": old.sha256, "reason": old.reason}
    return {name: value for name, value in entry.items() if value != ""}


# -- check -------------------------------------------------------------------------------------------------------


def judge_letter(evidence: dict, paper: "Paper") -> "Judgement":
    """Do document, event and sources fit the file? There is no text that people signed, and no tablet."""
    from .verification import Judgement, absent, failed, ok

    document = evidence["document"]
    reason = _mismatch(evidence, paper.xmp)
    sources = evidence.get("sources", [])
    unknown = sorted(set(evidence) - KNOWN)
    more = f" Bagian yang belum dikenal versi ini: {', '.join(unknown)[:80]}." if unknown else ""
    rests = f" {len(sources)} berkas sumber tercantum dengan sidiknya." if sources else ""
    checks = {
        "evidence": failed(f"Bukti tidak cocok: {reason}.")
        if reason
        else ok(f"Bukti surat cocok dengan berkas.{rests}{more}", sources=len(sources)),
        "text": absent("Surat tanpa naskah yang ditandatangani."),
    }
    return Judgement(
        checks, {"kind": str(document["kind"]), "title": str(document["title"]), "signatures": 0}
    )


def _mismatch(evidence: dict, xmp: Mapping[str, str]) -> str:
    """Why it does not fit, as an Indonesian phrase; empty when it does."""
    document = evidence["document"]
    pairs = (
        ("nomor dokumen", xmp.get("documentNumber", ""), document.get("number", "")),
        ("judul", xmp.get("title", ""), document["title"]),
        ("jenis dokumen", xmp.get("documentKind", ""), document["kind"]),
        ("revisi", xmp.get("revision"), str(document["revision"])),
        ("kode kegiatan", xmp.get("eventCode", ""), evidence["event"]["code"]),
        ("sidik isi", xmp.get("textSha256", ""), evidence.get("content_sha256", "")),
    )
    different = [what for what, on_file, in_evidence in pairs if on_file != in_evidence]
    if different:
        return f"{different[0]} berbeda"
    if "signatories" in evidence or xmp.get("merkleRoot"):
        return "surat tidak memuat penanda tangan"
    if any(not DIGEST.fullmatch(str(source["sha256"])) for source in evidence.get("sources", [])):
        return "sidik berkas sumber tidak lengkap"
    return ""
