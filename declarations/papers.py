"""PURE: frozen snapshot → the paper: HTML, ink and metadata for documents.pdf (PDF.md §8, DOMAIN §3.2).

Reads no model and no clock. A template prints what people heard and signed word for word; what it adds around it is
only the form of the paper: number, parties, place and date, who read it, who signed, the foot.
"""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from accounts.canonical import canonical_bytes, unb64u
from documents import letterhead
from documents.papers import Composition, DocumentFacts
from documents.pdf import Ink, PaperMeta, qr_svg
from documents.text_blocks import blocks
from regions.wording import listed
from regions.wording import number as grouped_number
from regions.zones import zone_label

from . import evidence_file, paper_rows, paper_words
from .strokes import decode, outline

# Pieces of a template name in a snapshot: "<template>@<version>".
TEMPLATE_VERSION = 1
DRAFT_IDENTIFIER = "0" * 32

# Kind of paper → what the list of documents calls it.
LABELS = {
    "pledge": "Ikrar",
    "declaration": "Deklarasi",
    "joint_commitment": "Komitmen Bersama",
    "integrity_pact": "Pakta Integritas",
    "mou": "Nota Kesepahaman",
    "addendum": "Addendum (tanda tangan susulan)",
}


def template_of(kind: str, signing_mode: str) -> str:
    """Which template prints this paper: the way of signing decides, then the kind."""
    if signing_mode == "two_party":
        return "mou"
    if signing_mode == "individual":
        return "integrity_pact"
    if signing_mode == "read_aloud":
        return "pledge"
    return "joint_commitment" if signing_mode == "blocs" or kind == "joint_commitment" else "declaration"


def compose(snapshot: dict, *, document: DocumentFacts) -> Composition:
    """The paper as it will be sealed, with its evidence."""
    evidence = evidence_file.evidence_of(snapshot, document)
    root = evidence["merkle"]["root"]
    inks: dict[str, Ink] = {}
    context = context_of(snapshot, inks)
    context |= {
        "classes": _classes(snapshot, "contoh" if document.is_demo else ""),
        "foot": letterhead.foot(evidence_file.title_of(snapshot), document.number.partition("; ")[0]),
        "proof": f"Naskah {snapshot['text_sha256'][:8]} · Bukti {root[:8]}",
        "seal": seal_of(snapshot, document, root),
        "replaces": document.replaces,
        "revision": document.revision,
        "addenda": listed(snapshot.get("addenda", [])),
    }
    return Composition(
        html=html_of(snapshot, context),
        inks=inks,
        meta=_meta(
            snapshot,
            document.number,
            document.office,
            document.revision,
            document.input_sha256[:32],
            document.kind,
            root,
        ),
        attachment=canonical_bytes(evidence),
    )


def compose_draft(snapshot: dict) -> Composition:
    """The same paper with "DRAF" behind it: no seal field, no QR code, no evidence."""
    inks: dict[str, Ink] = {}
    context = context_of(_as_planned(snapshot), inks) | {"totals": None}
    numbers = "; ".join(snapshot["declaration"]["numbers"])
    demo = "contoh" if snapshot["office"].get("is_demo") else ""
    context |= {
        "classes": f"{_classes(snapshot, demo)} draf",
        "foot": letterhead.foot(context["title_text"], "".join(context["numbers"][:1])),
        "proof": "DRAF – belum disegel",
        "seal": None,
    }
    meta = _meta(
        snapshot, numbers, snapshot["office"]["name"], 1, DRAFT_IDENTIFIER, snapshot["declaration"]["kind"]
    )
    return Composition(html=html_of(snapshot, context), inks=inks, meta=meta)


def printed_texts(snapshot: dict) -> list[tuple[str, str]]:
    """Everything the paper will print, as (what it is, text): checked for missing glyphs before freezing."""
    text, found = snapshot["text"], []
    found += [("naskah", line) for line in (text["title"], text.get("opening", ""), text.get("closing", ""))]
    found += [("naskah", point) for point in text.get("points", [])]
    found += [
        ("kop surat", line)
        for line in [*snapshot["office"]["letterhead"], snapshot["office"].get("address", "")]
    ]
    found += [("nomor naskah", line) for line in snapshot["declaration"]["numbers"]]
    found += [("tempat", snapshot["declaration"].get("place", ""))]
    found += [
        ("nama kegiatan", snapshot["event"]["title"]),
        ("tempat kegiatan", snapshot["event"].get("venue", "")),
    ]
    found += [("tentang", snapshot["declaration"].get("subject", ""))]
    for person in snapshot["signatories"]:
        found += [(f"nama {person['name']}", line) for line in paper_rows.printed_lines(person)]
    for party in snapshot["parties"]:
        representative = party.get("representative", {})
        lines = [party["institution"], party.get("address", ""), *representative.values()]
        found += [(f"pihak {party['institution']}", line) for line in lines]
    for witness in snapshot["witnesses"]:
        name = witness.get("name", "")
        lines = [name, witness.get("position", ""), witness.get("agency", "")]
        found += [(f"saksi {name}", line) for line in lines]
    found += [("dokumen utama", line) for line in paper_rows.main_lines(snapshot)]
    reading = snapshot.get("reading", {}).get("led_by", {})
    found += [("pembaca ikrar", line) for line in reading.values()]
    return [(label, line) for label, line in found if line]


def _as_planned(snapshot: dict) -> dict:
    """People who have not signed yet stand in the table with an empty cell."""
    people = [
        person | ({"outcome": "signed"} if person["outcome"] == "absent" else {})
        for person in snapshot["signatories"]
    ]
    return {**snapshot, "signatories": people}


# -- parts of the context --------------------------------------------------------------------------------------


def context_of(snapshot: dict, inks: dict[str, Ink]) -> dict:
    """Words and rows for the template; fills ``inks`` with the drawings it refers to."""
    declaration, text = snapshot["declaration"], _printable_text(snapshot["text"])
    title = text["title"]
    put = put_ink(inks)
    parties = paper_rows.parties(snapshot, put)
    return {
        "title_lines": [line for line in title.splitlines() if line.strip()],
        "title_text": " ".join(title.split()),
        "kind": declaration["kind"],
        "numbers": declaration["numbers"],
        "subject": declaration.get("subject", ""),
        "letterhead": snapshot["office"],
        "opening": blocks(text.get("opening", "")),
        "points": text.get("points", []),
        "articles": paper_words.articles(text.get("points", [])) if declaration["kind"] == "mou" else [],
        "closing": blocks(text.get("closing", "")),
        "legal_basis": [
            paper_words.citation(basis) for basis in snapshot["text_version"].get("legal_basis", [])
        ],
        "reading": paper_words.reading(snapshot),
        "occasion": paper_words.occasion(snapshot),
        "this_day": paper_words.this_day(snapshot),
        "place_date": paper_words.place_and_date(snapshot),
        "zone": zone_label(snapshot["event"]["time_zone"]),
        "parties": parties,
        "sides": paper_rows.sides(snapshot, parties),
        "person": paper_rows.sheet(snapshot, put) if declaration["signing_mode"] == "individual" else None,
        "witnesses": paper_rows.witnesses(snapshot),
        "totals": paper_rows.totals(snapshot),
        "outcomes": paper_rows.outcomes(snapshot),
        "blocs": paper_rows.blocs(snapshot, put)
        if declaration["signing_mode"] not in ("two_party", "individual") or "addendum" in snapshot
        else [],
        "addendum": paper_rows.addendum(snapshot),
    }


def _printable_text(text: dict) -> dict:
    """The signed text as letters on paper; what is hashed stays in the snapshot as it is."""
    show = letterhead.printable
    return {
        name: [show(point) for point in part] if name == "points" else show(part)
        for name, part in text.items()
    }


def put_ink(inks: dict[str, Ink]) -> paper_rows.PutInk:
    """A function that registers a drawing (S1 as base64url) in ``inks`` and returns its address for <img src>."""

    def put(key: str, strokes: str, alt: str) -> str:
        inks[key] = Ink.from_outline(outline(decode(unb64u(strokes)).strokes), alt=alt)
        return f"ink:{key}"

    return put


def html_of(snapshot: dict, context: dict) -> str:
    name = snapshot["template"].partition("@")[0]
    return render_to_string(f"declarations/pdf/{name}.html", context)


def _classes(snapshot: dict, extra: str) -> str:
    mode = snapshot["declaration"]["signing_mode"]
    letter = mode in ("two_party", "individual") and "addendum" not in snapshot
    margins = "letter" if letter else "table"
    return f"{snapshot['office']['paper_size'].lower()} {margins} {extra}".strip()


def _meta(
    snapshot: dict, number: str, office: str, revision: int, identifier: str, kind: str, root: str = ""
) -> PaperMeta:
    declaration = snapshot["declaration"]
    signed = snapshot["totals"]["signed"]
    described = f"{LABELS[kind]}, {snapshot['event']['title']}"
    return PaperMeta(
        title=evidence_file.title_of(snapshot),
        document_number=number,
        event_code=snapshot["event"]["code"],
        text_sha256=snapshot["text_sha256"],
        merkle_root=root,
        revision=revision,
        office=office,
        as_of=datetime.fromisoformat(snapshot["as_of"]),
        identifier=identifier,
        description=f"{described}; {grouped_number(signed)} penanda tangan" if signed else described,
        kind=declaration["kind"],
    )


def seal_of(snapshot: dict, document: DocumentFacts, root: str) -> dict:
    """What stands in the block with the QR code: only what is certain before the seal (PDF.md §4.6)."""
    people = snapshot["signatories"]  # a signature with pen is none of the electronic ones
    signed = any(person["outcome"] == "signed" and "sheet" not in person for person in people)
    return {
        "qr": mark_safe(qr_svg(document.verify_url)),  # noqa: S308 - drawn by us from our own address
        "url": document.verify_url,
        "office": document.office,
        "sentence": document.seal_sentence,
        "has_field": document.seal_field,
        "signed": signed,
        "text": letterhead.in_fours(snapshot["text_sha256"]),
        "proof": letterhead.in_fours(root),
    }
