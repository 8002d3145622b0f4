"""``evidence.json``: from a frozen snapshot, what a stranger needs to check a paper without us (PDF.md §5).

PURE. Schema ``netralitas-evidence/1``, described in docs/evidence.md; evidence_check.py reads it. Identity numbers,
phones and the printer's settings stay out.
"""

from typing import Any

from accounts.canonical import canonical_bytes
from documents import merkle
from documents.letter_evidence import document_entry as entry_of_document
from documents.papers import DocumentFacts
from documents.pdf import INK_RULE, renderer_entry

SCHEMA = "netralitas-evidence/1"
# Of a person as printed; everything else of the snapshot's entry is for the printer.
PERSON = (
    "order",
    "salt",
    "bloc",
    "name",
    "category",
    "position",
    "agency",
    "village",
    "rank",
    "capacity",
    "on_behalf_of",
    "outcome",
    "channel",
    "method",
    "signed_at",
    "flags",
    "clock",
    "record",
    "record_sha256",
    "device_signature",
    "receipt",
    "sheet",
    "decision",
    "correction",
    "late",
)
COUNTED = ("listed", "signed", "refused", "absent", "excused")


def evidence_of(snapshot: dict, document: DocumentFacts) -> dict[str, Any]:
    """The object whose canonical bytes are attached to the paper."""
    people = [person_entry(person) for person in snapshot["signatories"]]
    evidence = {
        "schema": SCHEMA,
        "type": "addendum" if "addendum" in snapshot else "declaration",
        "document": document_entry(snapshot, document),
        "event": {name: value for name, value in snapshot["event"].items() if name != "venue_address"},
        "declaration": {
            name: snapshot["declaration"][name]
            for name in ("id", "kind", "signing_mode", "place", "date", "numbers")
            if name in snapshot["declaration"]
        },
        "text": snapshot["text"],
        "text_sha256": snapshot["text_sha256"],
        "text_version": snapshot["text_version"],
        "parties": snapshot["parties"],
        "witnesses": snapshot["witnesses"],
        "signatories": people,
        "totals": totals_of(people),
        "review": snapshot["review"],
        "devices": snapshot.get("devices", []),
        "merkle": {"size": len(people), "root": root_of(people)},
        "renderer": renderer_entry(snapshot["template"]) | {"ink": INK_RULE},
    }
    sides = {name: value for name, value in snapshot.get("layout", {}).items() if name == "first_party"}
    more = {**snapshot, "layout": sides}
    return evidence | {name: more[name] for name in ("reading", "audit", "layout") if more.get(name)}


def person_entry(person: dict) -> dict[str, Any]:
    entry = {name: person[name] for name in PERSON if name in person}
    return entry | ({"identity": person["commitment"]} if "commitment" in person else {})


def root_of(people: list[dict]) -> str:
    """Root of the Merkle tree over the entries, 64 hex digits."""
    return merkle.root([canonical_bytes(person) for person in people]).hex()


def totals_of(people: list[dict]) -> dict[str, Any]:
    """Recomputed by the checker; ``by_category`` counts who signed."""
    outcomes = [person["outcome"] for person in people]
    by_category: dict[str, int] = {}
    for person in people:
        if person["outcome"] == "signed":
            by_category[person["category"]] = by_category.get(person["category"], 0) + 1
    counted = {name: outcomes.count(name) for name in COUNTED if name != "listed"}
    late = sum("late" in person for person in people)
    return {"listed": len(people), **counted, "late": late, "by_category": by_category}


def title_of(snapshot: dict) -> str:
    """What the paper calls itself, in one line; an addendum begins with its own name."""
    title = " ".join(snapshot["text"]["title"].split())
    added = snapshot.get("addendum")
    return f"{added['name']} – Tanda Tangan Susulan {title}" if added else title


def document_entry(snapshot: dict, document: DocumentFacts) -> dict[str, Any]:
    entry = entry_of_document(document, title=title_of(snapshot), as_of=snapshot["as_of"])
    return entry | ({"addendum_to": snapshot["addendum"]["to"]} if "addendum" in snapshot else {})
