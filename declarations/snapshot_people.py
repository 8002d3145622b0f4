"""The people of a frozen paper: who stands in which row, the whole record behind it, and the counts (PDF.md §5.2)."""

from collections.abc import Iterable
from typing import Any

from accounts.canonical import b64u, parse_canonical, unb64u
from documents.letterhead import printable
from events.models import Category
from events.models.attendees import CATEGORY_GROUPS
from events.people import labelled_number, mask, print_number

from .evidence import format_time, identity_commitment
from .models import Declaration, NameCorrection, SheetSignature, Signatory, Signature
from .models.declarations import SigningMode

OUTCOMES = ("signed", "refused", "absent", "excused")
LATE_CODES = ("after_close", "after_seal")
IDENTITY_LABELS = {"nip": "NIP", "ni_pppk": "NI PPPK", "nrp": "NRP", "local": "Nomor"}
# Printed in the column Unsur; the rest as on screens.
PAPER_CATEGORIES = {Category.ASN: "ASN"}


def tidy_away(values: dict[str, Any]) -> dict[str, Any]:
    """Absent fields are left out (KIOSK §7.1); texts in the form that is printed."""
    kept = {name: printable(value) if isinstance(value, str) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value not in ("", None, [], {})}


# -- people ------------------------------------------------------------------------------------------------------


def rows_of(
    declaration: Declaration, only: Signatory | None, people: Iterable[Signatory] | None
) -> tuple[list[Signatory], dict]:
    """Rows in printed order, and the signature that counts by signatory."""
    if people is None:
        people = declaration.signatories.current().select_related("attendee").in_order()
        people = people.filter(pk=only.pk) if only else people
    rows = list(people)
    if declaration.signing_mode in (SigningMode.BLOCS, SigningMode.READ_ALOUD):
        order = group_order(declaration)
        rows.sort(key=lambda row: order.index(row.bloc) if row.bloc in order else len(order))
    valid = declaration.signatures.valid().filter(signatory__in=[row.pk for row in rows])
    return rows, {signature.signatory_id: signature for signature in valid}


def sheets_of(rows: list[Signatory]) -> dict:
    """Signatory → the note of a signature on a numbered sheet; one query."""
    notes = SheetSignature.objects.filter(signatory__in=[row.pk for row in rows], withdrawn_at=None)
    return {note.signatory_id: note for note in notes.select_related("scan__sheet__event")}


def corrections_of(rows: list[Signatory]) -> dict:
    """Signatory → what was put right in the name, oldest first; one query."""
    found: dict = {}
    for correction in NameCorrection.objects.filter(signatory__in=[row.pk for row in rows]).order_by(
        "at", "pk"
    ):
        found.setdefault(correction.signatory_id, []).append(correction)
    return found


def signatory_entry(
    order: int,
    row: Signatory,
    signature: Signature | None,
    declaration: Declaration,
    corrections: list[NameCorrection],
    note: SheetSignature | None = None,
) -> dict:
    """One person as printed, with the whole record when there is one, else the note of a sheet (PDF.md §5.2)."""
    outcome = "absent" if row.outcome == Signatory.Outcome.PENDING else row.outcome
    in_blocs = declaration.signing_mode in (SigningMode.BLOCS, SigningMode.READ_ALOUD)
    entry = {
        "order": order,
        "salt": b64u(bytes(row.salt)) if row.salt else "",
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
        **(record_entry(signature, declaration) if signature else sheet_entry(note, row)),
        "commitment": commitment_entry(row) if signature or note else {},
        "correction": correction_entry(row, signature, corrections),
    }
    if not entry["remote"]:
        del entry["remote"]
    return tidy_away(entry)


def took_part_remotely(row: Signatory, signature: Signature | None) -> bool:
    """How it came about, not how it was planned: only a personal link signs from afar, a tablet never does.

    Of somebody without a record nothing but the plan is known.
    """
    return signature.channel == Signature.Channel.LINK if signature else row.remote


def posts_of(people: list[dict]) -> list[str]:
    """Posts of those of the snapshot who signed, with office or village and without names: for searching."""
    words = ("position", "agency", "village")
    return [
        " ".join(person[word] for word in words if person.get(word))
        for person in people
        if person["outcome"] == "signed"
    ]


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
    late = signature.code in LATE_CODES or "late" in signature.flags
    zone = declaration.event.zone
    return {
        "channel": signature.channel,
        "method": signature.method,
        "signed_at": format_time(signature.signed_at),
        "received_at": format_time(signature.received_at),
        "flags": sorted(signature.flags),
        "clock": clock_entry(signature),
        "record": parse_canonical(bytes(signature.record)),
        "record_sha256": signature.record_sha256,
        "late": signature.signed_at.astimezone(zone).date().isoformat() if late else "",
        "decision": decision_entry(signature),
    }


def sheet_entry(note: SheetSignature | None, row: Signatory) -> dict:
    """A signature with pen: which sheet, which row, which scan, and why an officer noted it."""
    if note is None or row.outcome != Signatory.Outcome.SIGNED:
        return {}
    return {
        "channel": Signature.Channel.PAPER,
        "signed_at": format_time(note.signed_at),
        "sheet": {"ref": note.scan.sheet.code, "row": note.row, "scan_sha256": note.scan.sha256},
        "decision": {"code": "from_sheet", "at": format_time(note.at), "reason": note.reason},
    }


def clock_entry(signature: Signature) -> dict:
    """What a tablet's clock said, and how far it was off when signing and when handing in."""
    record = parse_canonical(bytes(signature.record))
    if "clock_offset_ms" not in record:
        return {}
    offset = signature.sync_offset_ms
    return {
        "device": record["signed_at_device"],
        "offset_signing_ms": record["clock_offset_ms"],
        **({} if offset is None else {"offset_sync_ms": offset}),
        "flags": sorted(flag for flag in signature.flags if flag.startswith("clock")),
    }


def correction_entry(row: Signatory, signature: Signature | None, corrections: list[NameCorrection]) -> dict:
    """Why the printed name is not the one in the record; nothing when it was right again at the time of signing."""
    made = [each for each in corrections if signature and each.at >= signature.received_at]
    if signature is None or not made:
        return {}
    before = made[0].before if "name_differs" in signature.flags else _recorded_name(signature)
    if printable(before) == printable(row.name):
        return {}
    return tidy_away(
        {
            "fields": ["name"],
            "before": before,
            "at": format_time(made[-1].at),
            "reason": made[-1].reason,
        }
    )


def _recorded_name(signature: Signature) -> str:
    return parse_canonical(bytes(signature.record))["signatory"]["name"]


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
    number = attendee.identity_number
    if wanted == Declaration.IdentityPrint.NONE or not number or belongs_to_absent(row):
        return {}
    full = wanted == Declaration.IdentityPrint.FULL
    label = IDENTITY_LABELS.get(attendee.identity_kind, "Nomor")
    return {
        "identity": labelled_number(attendee.identity_kind, number) if full else f"{label}. {mask(number)}",
        "identity_label": label,
        "identity_number": print_number(number) if full else mask(number),
    }


def belongs_to_absent(row: Signatory) -> bool:
    """Is the number on the list that of the official somebody stood in for, not the signer's?"""
    return row.capacity == Signatory.Capacity.ON_BEHALF and not row.attendee.is_representative


def commitment_entry(row: Signatory) -> dict:
    """Proves the number to whoever holds it with its opening; nobody can guess it from here (PDF.md §5.3)."""
    person = row.attendee
    if not (person.identity_number and person.identity_opening) or belongs_to_absent(row):
        return {}
    opening = unb64u(person.identity_opening)
    return {
        "kind": person.identity_kind,
        "commitment": identity_commitment(opening, person.identity_kind, person.identity_number),
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


def group_order(declaration: Declaration) -> list[str]:
    """Groups in the order of the paper: the chosen blocs first, then the rest in their usual order."""
    chosen = [key for key in declaration.blocs if key in CATEGORY_GROUPS]
    return [*chosen, *(key for key in CATEGORY_GROUPS if key not in chosen)]


def group_labels(declaration: Declaration) -> dict[str, str]:
    labels = {key: CATEGORY_GROUPS[key][0] for key in group_order(declaration)}
    return labels | {"kepala_desa": declaration.event.region.local_name("kepala_desa")}
