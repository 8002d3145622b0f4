"""PURE: the kutipan of one signer: what of the sealed paper is taken over, its evidence, and the page (PDF.md §5.4, §8.3).

It proves that one entry stands in the list of a sealed paper and shows nobody else: the path consists of hashes of
salted entries.
"""

from datetime import datetime

from accounts.canonical import canonical_bytes
from documents import letterhead, merkle
from documents.letter_evidence import document_entry
from documents.papers import Composition, DocumentFacts
from documents.pdf import INK_RULE, Ink, PaperMeta, renderer_entry
from regions.wording import long_date_no_day

from . import paper_rows
from .evidence_file import SCHEMA, person_entry
from .papers import context_of, html_of, put_ink, seal_of

KIND = "kutipan"
LABEL = "Kutipan tanda tangan"
# Of the sealed paper's snapshot; everything that names other people stays out.
TAKEN = ("as_of", "office", "event", "declaration", "text", "text_sha256", "text_version", "village_word")


def excerpt_snapshot(main: dict, *, order: int, of: dict, title: str, own: dict | None = None) -> dict:
    """What is frozen for the kutipan of row ``order`` of the snapshot ``main``.

    ``of``: {document, title, number?, sha256, verify_url} of the sealed paper. ``own``: {number, opening} only in the
    copy handed to the signer.
    """
    people, index = main["signatories"], order - 1
    leaves = [merkle.leaf_hash(canonical_bytes(person_entry(person))) for person in people]
    person = people[index]
    record = person.get("record", {})
    device = [
        {name: each[name] for name in ("device", "kind", "label", "public_key") if name in each}
        for each in main.get("devices", [])
        if each["device"] == record.get("device")
    ]
    frozen = {
        "schema": "netralitas-excerpt/1",
        "template": "excerpt@1",
        "title": title,
        **{name: main[name] for name in TAKEN},
        "signatories": [person],
        "proof": {
            "index": index,
            "size": len(people),
            "path": [step.hex() for step in merkle.audit_path(leaves, index)],
            "root": merkle.root_of_leaves(leaves).hex(),
        },
        "of": of,
        "parties": [],
        "witnesses": [],
        "groups": [],
        "totals": {"listed": 0},
        "public": {
            name: value
            for name, value in main["public"].items()
            if name in ("office", "number", "event", "place", "date", "time_zone", "text_sha256")
        }
        | {"title": f"Kutipan {of['title']}"[:300]},
    }
    return frozen | ({"device": device[0]} if device else {}) | ({"own": own} if own else {})


def evidence_of(snapshot: dict, document: DocumentFacts) -> dict:
    """The object whose canonical bytes are attached to the kutipan."""
    taken = ("declaration", "text", "text_sha256", "text_version", "proof", "of", "device")
    declaration = snapshot["declaration"]
    return (
        {
            "schema": SCHEMA,
            "type": "excerpt",
            "document": document_entry(document, title=snapshot["title"], as_of=snapshot["as_of"]),
            "event": {name: value for name, value in snapshot["event"].items() if name != "venue_address"},
            "signatory": person_entry(snapshot["signatories"][0]),
            "renderer": renderer_entry(snapshot["template"]) | {"ink": INK_RULE},
        }
        | {name: snapshot[name] for name in taken if name in snapshot}
        | {
            "declaration": {
                name: declaration[name]
                for name in ("id", "kind", "signing_mode", "place", "date", "numbers")
                if name in declaration
            }
        }
        | snapshot.get("own", {})
    )


def compose_excerpt(snapshot: dict, *, document: DocumentFacts) -> Composition:
    """The kutipan as it will be sealed, with its evidence."""
    inks: dict[str, Ink] = {}
    root, person = snapshot["proof"]["root"], snapshot["signatories"][0]
    context = context_of(snapshot, {}) | {
        "classes": f"{snapshot['office']['paper_size'].lower()} table kutipan{' contoh' if document.is_demo else ''}",
        "title_text": snapshot["title"],
        "foot": letterhead.foot(snapshot["title"], document.number.partition("; ")[0]),
        "proof": f"Naskah {snapshot['text_sha256'][:8]} · Bukti {root[:8]}",
        "seal": seal_of(snapshot, document, root),
        "fields": _fields(snapshot),
        "row": {
            "number": person["order"],
            **paper_rows.row(person, snapshot["event"]["time_zone"], put_ink(inks)),
        },
        "steps": len(snapshot["proof"]["path"]),
        "size": snapshot["proof"]["size"],
        "of": snapshot["of"],
        "replaces": document.replaces,
        "revision": document.revision,
    }
    return Composition(
        html=html_of(snapshot, context),
        inks=inks,
        meta=_meta(snapshot, document, root),
        attachment=canonical_bytes(evidence_of(snapshot, document)),
    )


def _fields(snapshot: dict) -> list[tuple[str, str]]:
    of, day = snapshot["of"], snapshot["declaration"].get("date", "")
    fields = [
        ("Nomor", of.get("number", "")),
        ("Tanggal", long_date_no_day(datetime.fromisoformat(day).date()) if day else ""),
        ("Kegiatan", snapshot["event"]["title"]),
        ("Halaman verifikasi", of["verify_url"]),
    ]
    return [field for field in fields if field[1]]


def _meta(snapshot: dict, document: DocumentFacts, root: str) -> PaperMeta:
    return PaperMeta(
        title=snapshot["title"],
        document_number=document.number,
        event_code=snapshot["event"]["code"],
        text_sha256=snapshot["text_sha256"],
        merkle_root=root,
        revision=document.revision,
        office=document.office,
        as_of=datetime.fromisoformat(snapshot["as_of"]),
        identifier=document.input_sha256[:32],
        description=f"{LABEL}, {snapshot['event']['title']}",
        kind=KIND,
    )
