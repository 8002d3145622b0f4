"""Freeze: a paper as it stands now → one canonical object that printer and evidence need, and nothing else (PDF.md §1.1).

Reads the database, never the clock: freezing twice without a change between gives the same bytes. The moment of the
click is not in it; ``as_of`` is the newest moment at which something that counts was received or decided.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from accounts.models import AuditEntry
from documents.letterhead import letterhead_of, printable
from events.models import PaperSettings
from regions.wording import roman

from .device_chains import add_device_evidence
from .evidence import canonical_text, format_time
from .models import Declaration, NameCorrection, SheetSignature, Signatory, Signature
from .models.texts import Kind
from .papers import TEMPLATE_VERSION, template_of
from .snapshot_people import (
    corrections_of,
    count,
    group_labels,
    group_order,
    rows_of,
    sheets_of,
    signatory_entry,
    tidy_away,
)

SCHEMA = "netralitas-snapshot/1"
# Deeds of the log that take in a record or decide about one.
ABOUT_RECORDS = (
    "signature.received",
    "kiosk.items_received",
    "signature.reviewed",
    "signature.replaced",
    "kiosk.item_decided",
    "signatory.name_corrected",
    "signature.noted_from_sheet",
)


def freeze(
    declaration: Declaration,
    *,
    only: Signatory | None = None,
    people: Iterable[Signatory] | None = None,
    open_reason: str = "",
) -> dict:
    """The snapshot of a paper, or of the sheet of one person (``only``) of a paper signed one by one.

    ``declaration`` with event, office, regions and text at hand. Pending people count as absent. ``people`` says whose
    rows, with attendee, when they are not simply everybody's newest.
    """
    rows, signatures = rows_of(declaration, only, people)
    corrections = corrections_of(rows)
    notes = sheets_of(rows)
    people = [
        signatory_entry(
            n, row, signatures.get(row.pk), declaration, corrections.get(row.pk, []), notes.get(row.pk)
        )
        for n, row in enumerate(rows, 1)
    ]
    devices = add_device_evidence(people, signatures.values())
    labels = group_labels(declaration)
    totals = count(rows, labels)
    reading = reading_entry(declaration)
    frozen = {
        "schema": SCHEMA,
        "template": f"{template_of(declaration.kind, declaration.signing_mode)}@{TEMPLATE_VERSION}",
        "as_of": format_time(
            as_of(declaration, rows, [*signatures.values(), *notes.values()], corrections.values())
        ),
        "office": letterhead_of(declaration.event.office),
        "event": event_entry(declaration.event),
        "declaration": declaration_entry(declaration),
        "text": canonical_text(declaration.text_version.content),
        "text_sha256": declaration.text_version.sha256,
        "text_version": text_entry(declaration.text_version),
        "parties": party_entries(declaration, rows),
        "witnesses": witness_entries(declaration),
        "groups": [{"key": key, "label": labels[key]} for key in group_order(declaration)],
        "village_word": declaration.event.region.local_name("desa").lower(),
        "signatories": people,
        "totals": totals,
        "review": review_entry(declaration, only, open_reason),
        "public": public_entry(declaration, totals),
    }
    head = audit_head(declaration, [*signatures.values(), *notes.values()])
    more = {"reading": reading, "devices": devices, "audit": head, "layout": layout_entry(declaration)}
    return frozen | {name: part for name, part in more.items() if part}


def audit_head(declaration: Declaration, signatures: Iterable[Signature | SheetSignature]) -> dict:
    """The newest entry of the log about a record on the paper or a decision about it; never the click."""
    wanted = {str(signature.pk) for signature in signatures}
    wanted |= {str(signature.signatory_id) for signature in signatures if signature.signatory_id}
    entries = AuditEntry.objects.filter(stream=declaration.audit_stream, verb__in=ABOUT_RECORDS)
    for entry in entries.order_by("-seq").iterator(chunk_size=50):
        items = {item.get("id", "") for item in entry.facts.get("items", [])}
        if wanted & {entry.object_id, entry.facts.get("item", ""), *items}:
            return {"stream": entry.stream_id, "seq": entry.seq, "hash": entry.hash}
    return {}


def freeze_addendum(
    declaration: Declaration, *, people: Iterable[Signatory], number: int, to: dict, open_reason: str = ""
) -> dict:
    """The snapshot of the paper that adds late signatures to a sealed one: only their rows, each with its own time.

    ``to`` is the sealed paper: {document, title, number?, date?, revision, sha256, merkle_root}.
    """
    frozen = freeze(declaration, people=people, open_reason=open_reason)
    zone = declaration.event.zone
    for person in frozen["signatories"]:
        signed_at = datetime.fromisoformat(person["signed_at"])
        person["late"] = signed_at.astimezone(zone).date().isoformat()
    name = addendum_name(number)
    frozen["public"] |= {"title": f"{name} – Tanda Tangan Susulan {frozen['public']['title']}"}
    frozen |= {
        "template": f"addendum@{TEMPLATE_VERSION}",
        "addendum": {"number": number, "name": name, "to": tidy_away(to)},
        "parties": [],
        "witnesses": [],
    }
    frozen.pop("reading", None)
    frozen.pop("layout", None)
    return frozen


def addendum_name(number: int) -> str:
    return f"Addendum {roman(number)}"


# -- everything around the people ----------------------------------------------------------------------------------


def event_entry(event) -> dict:
    elections = event.elections.order_by("voting_date", "name")
    return tidy_away(
        {
            "id": str(event.pk),
            "code": event.code,
            "title": event.title,
            "office": event.office.name,
            "region": {"code": event.region_id, "name": event.region.full_name},
            "venue": ", ".join(part for part in (event.venue_room, event.venue) if part),
            "venue_address": event.venue_address,
            "mode": event.mode,
            "starts_at": format_time(event.starts_at) if event.starts_at else "",
            "time_zone": event.time_zone,
            "elections": [
                {
                    "kind": election.kind,
                    "name": election.name,
                    "voting_date": election.voting_date.isoformat(),
                }
                for election in elections
            ],
        }
    )


def declaration_entry(declaration: Declaration) -> dict:
    day = declaration.date or declaration.event.date
    return tidy_away(
        {
            "id": str(declaration.pk),
            "kind": declaration.kind,
            "signing_mode": declaration.signing_mode,
            "place": declaration.place,
            "date": day.isoformat() if day else "",
            "classification": declaration.classification,
            "subject": declaration.subject,
            "identity_print": declaration.identity_print,
        }
    ) | {"numbers": numbers_of(declaration)}


def numbers_of(declaration: Declaration) -> list[str]:
    """The number of the paper; a two-party paper has one of each party, the first one's first."""
    if declaration.is_two_party:
        numbers = [party.number for party in declaration.parties.order_by("order")]
    else:
        numbers = [declaration.number]
    return list(dict.fromkeys(printable(number) for number in numbers if number))


def text_entry(version) -> dict:
    basis = [
        tidy_away({"citation": basis.citation, "articles": basis.articles})
        for basis in version.legal_bases.order_by("valid_from", "key")
    ]
    return tidy_away(
        {
            "key": version.pledge_text.key,
            "number": version.number,
            "origin": version.origin,
            "legal_basis": basis,
        }
    )


def party_entries(declaration: Declaration, rows: list[Signatory]) -> list[dict]:
    by_party = {row.party_id: order for order, row in enumerate(rows, 1) if row.party_id}
    return [
        tidy_away(
            {
                "role": party.label,
                "institution": party.institution,
                "representative": tidy_away({"name": party.representative_name, "position": party.position}),
                "address": party.address,
                "number": party.number,
                "signatory": by_party.get(party.pk),
            }
        )
        for party in declaration.parties.order_by("order")
    ]


def witness_entries(declaration: Declaration) -> list[dict]:
    return [
        tidy_away(
            {
                "role": witness.role,
                "name": witness.name,
                "position": witness.position,
                "agency": witness.agency,
            }
        )
        for witness in declaration.witnesses.order_by("order", "pk")
    ]


def reading_entry(declaration: Declaration) -> dict:
    if not declaration.read_at:
        return {}
    return {
        "led_by": tidy_away({"name": declaration.read_by_name, "position": declaration.read_by_position}),
        "at": format_time(declaration.read_at),
        "followed_by_all": declaration.read_followed_by_all,
    }


def layout_entry(declaration: Declaration) -> dict:
    """What the office wants otherwise than usual on a paper of two parties: {first_party?: "left", stamp_duty?: true}."""
    if not declaration.is_two_party:
        return {}
    chosen = PaperSettings.objects.filter(office=declaration.event.office_id).first() or PaperSettings()
    is_left = chosen.first_party == PaperSettings.FirstParty.LEFT
    wants_stamp = chosen.stamp_duty and declaration.kind == Kind.MOU
    return {
        **({"first_party": "left"} if is_left else {}),
        **({"stamp_duty": True} if wants_stamp else {}),
    }


def review_entry(declaration: Declaration, only: Signatory | None, open_reason: str) -> dict:
    """What was decided; on the sheet of one person only about them, so that no other sheet becomes a revision."""
    signatures = only.signatures if only else declaration.signatures
    statuses = list(signatures.values_list("status", flat=True))
    return {
        **{name: statuses.count(name) for name in ("conflict", "held", "revoked")},
        "quarantined": declaration.inbox_items.count(),
        **({"open_reason": printable(open_reason)} if open_reason else {}),
    }


def public_entry(declaration: Declaration, totals: dict) -> dict:
    """What anybody with the QR code may read: no names."""
    day = declaration.date or declaration.event.date
    return {
        "title": " ".join(printable(declaration.title).split()),
        "office": declaration.event.office.name,
        "number": "; ".join(numbers_of(declaration)),
        "event": printable(declaration.event.title),
        "place": printable(declaration.place),
        "date": day.isoformat() if day else "",
        "time_zone": declaration.event.time_zone,
        "totals": [{"label": group["label"], "count": group["signed"]} for group in totals["by_group"]],
        "text_sha256": declaration.text_version.sha256,
    }


def as_of(
    declaration: Declaration,
    rows: Iterable[Signatory],
    signatures: Iterable[Signature | SheetSignature],
    corrections: Iterable[list[NameCorrection]],
) -> datetime:
    """The newest moment of what is in the snapshot; never the click on the button."""
    moments = [moment for signature in signatures for moment in signature.moments]
    moments += [correction.at for made in corrections for correction in made]
    moments += [row.outcome_at for row in rows]
    moments += [declaration.read_at, declaration.opened_at]
    found = [moment for moment in moments if moment is not None]
    return max(found) if found else declaration.event.starts_at or datetime(2000, 1, 1, tzinfo=UTC)
