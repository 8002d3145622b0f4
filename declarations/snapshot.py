"""Freeze: a paper as it stands now → one canonical object that printer and evidence need, and nothing else (PDF.md §1.1).

Reads the database, never the clock: freezing twice without a change between gives the same bytes. The moment of the
click is not in it; ``as_of`` is the newest moment at which something that counts was received or decided.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from accounts.canonical import parse_canonical
from documents.pdf import image_uri
from events.models import Category
from events.models.attendees import CATEGORY_GROUPS
from events.people import labelled_number, mask, print_number

from .evidence import canonical_text, format_time
from .models import Declaration, Signatory, Signature
from .models.declarations import SigningMode
from .paper_words import printable
from .papers import TEMPLATE_VERSION, template_of

SCHEMA = "netralitas-snapshot/1"
LOGO_PIXELS = 400
OUTCOMES = ("signed", "refused", "absent", "excused")
LATE_CODES = ("after_close", "after_seal")
IDENTITY_LABELS = {"nip": "NIP", "ni_pppk": "NI PPPK", "nrp": "NRP", "local": "Nomor"}
# Printed in the column Unsur; the rest as on screens.
PAPER_CATEGORIES = {Category.ASN: "ASN"}


def freeze(declaration: Declaration, *, only: Signatory | None = None, open_reason: str = "") -> dict:
    """The snapshot of a paper, or of the sheet of one person (``only``) of a paper signed one by one.

    ``declaration`` with event, office, regions and text at hand. Pending people count as absent.
    """
    rows, signatures = _rows(declaration, only)
    people = [signatory_entry(n, row, signatures.get(row.pk), declaration) for n, row in enumerate(rows, 1)]
    labels = _group_labels(declaration)
    totals = count(rows, labels)
    reading = reading_entry(declaration)
    frozen = {
        "schema": SCHEMA,
        "template": f"{template_of(declaration.kind, declaration.signing_mode)}@{TEMPLATE_VERSION}",
        "as_of": format_time(as_of(declaration, rows, signatures.values())),
        "office": office_entry(declaration.event.office),
        "event": event_entry(declaration.event),
        "declaration": declaration_entry(declaration),
        "text": canonical_text(declaration.text_version.content),
        "text_sha256": declaration.text_version.sha256,
        "text_version": text_entry(declaration.text_version),
        "parties": party_entries(declaration, rows),
        "witnesses": witness_entries(declaration),
        "groups": [{"key": key, "label": labels[key]} for key in _group_order(declaration)],
        "village_word": declaration.event.region.local_name("desa").lower(),
        "signatories": people,
        "totals": totals,
        "review": review_entry(declaration, only, open_reason),
        "public": public_entry(declaration, totals),
    }
    return frozen | ({"reading": reading} if reading else {})


def tidy_away(values: dict[str, Any]) -> dict[str, Any]:
    """Absent fields are left out (KIOSK §7.1); texts in the form that is printed."""
    kept = {name: printable(value) if isinstance(value, str) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value not in ("", None, [], {})}


# -- people ------------------------------------------------------------------------------------------------------


def _rows(declaration: Declaration, only: Signatory | None) -> tuple[list[Signatory], dict]:
    """Rows in printed order, and the signature that counts by signatory."""
    rows = declaration.signatories.current().select_related("attendee").in_order()
    rows = list(rows.filter(pk=only.pk) if only else rows)
    if declaration.signing_mode in (SigningMode.BLOCS, SigningMode.READ_ALOUD):
        order = _group_order(declaration)
        rows.sort(key=lambda row: order.index(row.bloc) if row.bloc in order else len(order))
    valid = declaration.signatures.valid().filter(signatory__in=[row.pk for row in rows])
    return rows, {signature.signatory_id: signature for signature in valid}


def signatory_entry(
    order: int, row: Signatory, signature: Signature | None, declaration: Declaration
) -> dict:
    """One person as printed, with the whole record when there is one (PDF.md §5.2)."""
    outcome = "absent" if row.outcome == Signatory.Outcome.PENDING else row.outcome
    in_blocs = declaration.signing_mode in (SigningMode.BLOCS, SigningMode.READ_ALOUD)
    entry = {
        "order": order,
        "bloc": row.bloc if in_blocs else "",
        "name": row.name or row.position,
        "category": row.category or "lainnya",
        "unsur": _unsur(row, declaration),
        "position": row.position,
        "agency": row.agency,
        "village": row.village,
        "rank": row.rank,
        "remote": took_part_remotely(row, signature),
        "capacity": row.capacity,
        "on_behalf_of": behalf_entry(row),
        "outcome": outcome,
        **identity_entry(row, declaration),
        **(record_entry(signature, declaration) if signature else {}),
    }
    if not entry["remote"]:
        del entry["remote"]
    return tidy_away(entry)


def took_part_remotely(row: Signatory, signature: Signature | None) -> bool:
    """How it came about, not how it was planned: only a personal link signs from afar, a tablet never does.

    Of somebody without a record nothing but the plan is known.
    """
    return signature.channel == Signature.Channel.LINK if signature else row.remote


def behalf_entry(row: Signatory) -> dict:
    if row.capacity != Signatory.Capacity.ON_BEHALF:
        return {}
    return tidy_away(
        {
            "name": row.on_behalf_of_name,
            "position": row.on_behalf_of_position,
            "letter_no": row.letter_no,
        }
    )


def record_entry(signature: Signature, declaration: Declaration) -> dict:
    late = signature.code in LATE_CODES
    zone = declaration.event.zone
    return {
        "channel": signature.channel,
        "method": signature.method,
        "signed_at": format_time(signature.signed_at),
        "received_at": format_time(signature.received_at),
        "flags": sorted(signature.flags),
        "record": parse_canonical(bytes(signature.record)),
        "record_sha256": signature.record_sha256,
        "late": signature.signed_at.astimezone(zone).date().isoformat() if late else "",
        "decision": decision_entry(signature),
    }


def decision_entry(signature: Signature) -> dict:
    if signature.decided_at is None:
        return {}
    return tidy_away(
        {
            "code": signature.code,
            "at": format_time(signature.decided_at),
            "reason": signature.status_reason,
        }
    )


def identity_entry(row: Signatory, declaration: Declaration) -> dict:
    """The printed number, only when the paper is set to print it, and never that of somebody who was represented."""
    wanted, attendee = declaration.identity_print, row.attendee
    stands_in = row.capacity == Signatory.Capacity.ON_BEHALF and not attendee.is_representative
    number = attendee.identity_number
    if wanted == Declaration.IdentityPrint.NONE or not number or stands_in:
        return {}
    full = wanted == Declaration.IdentityPrint.FULL
    label = IDENTITY_LABELS.get(attendee.identity_kind, "Nomor")
    return {
        "identity": labelled_number(attendee.identity_kind, number) if full else f"{label}. {mask(number)}",
        "identity_label": label,
        "identity_number": print_number(number) if full else mask(number),
    }


def _unsur(row: Signatory, declaration: Declaration) -> str:
    if row.category == Category.VILLAGE_HEAD:
        return declaration.event.region.local_name("kepala_desa")
    if row.category in PAPER_CATEGORIES:
        return PAPER_CATEGORIES[Category(row.category)]
    return Category(row.category).label if row.category else ""


# -- counts ------------------------------------------------------------------------------------------------------


def count(rows: Iterable[Signatory], labels: dict[str, str]) -> dict:
    """Totals and totals per group; for village heads also villages ("23 dari 25 desa")."""
    rows = list(rows)
    by_group = []
    for key, label in labels.items():
        group = [row for row in rows if (row.bloc or "lainnya") == key]
        if group:
            villages = _villages(group) if key == "kepala_desa" else {}
            by_group.append({"key": key, "label": label, **_counts(group), **villages})
    return {**_counts(rows), "by_group": by_group}


def _counts(rows: list[Signatory]) -> dict[str, int]:
    outcomes = ["absent" if row.outcome == Signatory.Outcome.PENDING else row.outcome for row in rows]
    return {"listed": len(rows), **{outcome: outcomes.count(outcome) for outcome in OUTCOMES}}


def _villages(rows: list[Signatory]) -> dict[str, int]:
    listed = {row.attendee.village_id for row in rows if row.attendee.village_id}
    signed = {row.attendee.village_id for row in rows if row.outcome == Signatory.Outcome.SIGNED} & listed
    return {"villages_listed": len(listed), "villages_signed": len(signed)} if listed else {}


def _group_order(declaration: Declaration) -> list[str]:
    """Groups in the order of the paper: the chosen blocs first, then the rest in their usual order."""
    chosen = [key for key in declaration.blocs if key in CATEGORY_GROUPS]
    return [*chosen, *(key for key in CATEGORY_GROUPS if key not in chosen)]


def _group_labels(declaration: Declaration) -> dict[str, str]:
    labels = {key: CATEGORY_GROUPS[key][0] for key in _group_order(declaration)}
    return labels | {"kepala_desa": declaration.event.region.local_name("kepala_desa")}


# -- everything around the people ----------------------------------------------------------------------------------


def office_entry(office) -> dict:
    address = ", ".join(line.strip() for line in office.address.splitlines() if line.strip())
    contact = [f"Telepon {office.phone}" if office.phone else "", office.email]
    return tidy_away(
        {
            "name": office.name,
            "letterhead": [printable(line) for line in office.letterhead],
            "address": " · ".join(part for part in (address, *contact) if part),
            "paper_size": office.paper_size,
            "logo": logo_of(office),
        }
    ) | ({"is_demo": True} if office.is_demo else {})


def logo_of(office) -> str:
    """The logo as data URI; a file that is no picture is left out rather than stopping the paper."""
    if not office.logo:
        return ""
    try:
        with office.logo.open("rb") as file:
            return image_uri(file.read(), max_pixels=LOGO_PIXELS)
    except (OSError, ValueError):
        return ""


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


def as_of(declaration: Declaration, rows: Iterable[Signatory], signatures: Iterable[Signature]) -> datetime:
    """The newest moment of what is in the snapshot; never the click on the button."""
    moments = [moment for signature in signatures for moment in (signature.received_at, signature.decided_at)]
    moments += [row.outcome_at for row in rows]
    moments += [declaration.read_at, declaration.opened_at]
    found = [moment for moment in moments if moment is not None]
    return max(found) if found else declaration.event.starts_at or datetime(2000, 1, 1, tzinfo=UTC)
