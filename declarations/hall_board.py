"""What the projector in the hall shows: who has signed, in order of precedence, and how many of each unsur.

Only signatures that count. Never a number of a person, never who refused, is absent or still awaited, and nothing
about records somebody has to look at (KIOSK promise 7).
"""

from collections import Counter
from uuid import UUID

from accounts.models import AuditStream
from events.models import Event
from events.models.attendees import CATEGORY_GROUPS, GROUP_OF
from regions.wording import clock_with_zone

from .models import Declaration, Signatory, Signature
from .strokes import StrokeError, bounding_box, decode, outline_path

FORMAT = "1"  # part of the ETag: a new shape of the answer is a new answer
MOST_INKS = 40
State = Declaration.State
SHOWN = ("pk", "declaration_id", "attendee_id", "order", "name", "category", "position", "agency", "village")
BEHALF = ("on_behalf_of_name", "on_behalf_of_position", "capacity", "remote")


def version_of(event: Event) -> str:
    """Grows with every deed on the event: whatever the board shows comes from a deed with its audit entry."""
    found = AuditStream.objects.filter(pk=event.audit_stream).values_list("head_seq", flat=True).first()
    return f"{FORMAT}-{found or 0}"


def board_of(event: Event, papers: list[Declaration]) -> dict:
    """Three queries, whatever the number of papers and people."""
    ids = [paper.pk for paper in papers]
    rows = Signatory.objects.current().filter(declaration__in=ids)
    signed = list(rows.signed().only(*SHOWN, *BEHALF).in_order())
    hands = _hands(ids)
    counts = _counts(rows)
    word = event.region.local_name("desa").lower()
    return {
        "papers": [
            {
                **_paper(paper, event),
                **_totals(counts.get(paper.pk, []), word),
                "people": [
                    _person(row, hands.get((row.declaration_id, row.attendee_id)))
                    for row in signed
                    if row.declaration_id == paper.pk
                ],
            }
            for paper in papers
        ]
    }


def papers_of(event: Event, chosen: UUID | None = None) -> list[Declaration]:
    """All papers of the event in their order, or the chosen one; what was revoked is not shown."""
    found = event.declarations.exclude(state=State.VOID).select_related("text_version__pledge_text")
    return list(found.filter(pk=chosen) if chosen else found)


def inks_of(event: Event, ids: list[UUID]) -> dict[str, dict]:
    """{signature: {"box", "path"}} of drawn signatures that count, at most MOST_INKS: path data, not a picture."""
    found = Signature.objects.valid().filter(declaration__event=event, pk__in=ids[:MOST_INKS])
    drawn = found.exclude(strokes=None).values_list("pk", "strokes")
    return {str(pk): ink for pk, strokes in drawn if (ink := _ink(bytes(strokes)))}


def _ink(strokes: bytes) -> dict | None:
    try:
        drawn = decode(strokes).strokes
    except StrokeError:  # kept as it came in; the board shows the name without it
        return None
    return {"box": " ".join(str(n) for n in bounding_box(drawn)), "path": outline_path(drawn)}


def _paper(paper: Declaration, event: Event) -> dict:
    read = f"{clock_with_zone(paper.read_at, event.time_zone)}" if paper.read_at else ""
    return {
        "id": str(paper.pk),
        "title": paper.title,
        "kind": paper.get_kind_display(),
        "state": paper.state,
        "read_at": read,
        "read_by": ", ".join(part for part in (paper.read_by_name, paper.read_by_position) if part)
        if read
        else "",
    }


def _hands(ids: list[UUID]) -> dict[tuple, tuple]:
    """(paper, person) → (signature, method) of the signature that counts."""
    valid = Signature.objects.valid().filter(declaration__in=ids, outcome="signed").order_by()
    rows = valid.values_list("declaration_id", "signatory__attendee_id", "pk", "method")
    return {(paper, person): (str(pk), method) for paper, person, pk, method in rows}


def _person(row: Signatory, hand: tuple | None) -> dict:
    signature, method = hand or ("", "")
    person = {
        "id": str(row.pk),
        "name": row.name or row.position,
        "post": _post(row),
        "unsur": row.group_label,
        "ink": signature if method == Signature.Method.DRAWN else "",
        "method": method,
    }
    if row.capacity == Signatory.Capacity.ON_BEHALF:
        person["behalf"] = row.on_behalf_of_position or row.on_behalf_of_name
    return person


def _post(row: Signatory) -> str:
    """ "Camat Cerme", "Kepala Seksi, Kecamatan Cerme": the place is added unless the post names it already."""
    place = row.agency or row.village
    if place and place.split()[-1].lower() in row.position.lower():
        return row.position
    return ", ".join(part for part in (row.position, place) if part)


def _counts(rows) -> dict:
    """Paper → (category, village, outcome) of everybody on its list; one query."""
    found: dict = {}
    for paper, *row in rows.order_by().values_list(
        "declaration_id", "category", "attendee__village_id", "outcome"
    ):
        found.setdefault(paper, []).append(row)
    return found


def _totals(rows: list, village_word: str) -> dict:
    """Signed and expected, together, per unsur, and villages whose head signed ("23 dari 25 desa")."""
    expected, signed = Counter(), Counter()
    listed, done = set(), set()
    for category, village, outcome in rows:
        group = GROUP_OF.get(category, "lainnya")
        expected[group] += 1
        signed[group] += outcome == Signatory.Outcome.SIGNED
        if group == "kepala_desa" and village:
            listed.add(village)
            done |= {village} if outcome == Signatory.Outcome.SIGNED else set()
    groups = [
        {"label": label, "signed": signed[key], "expected": expected[key]}
        for key, (label, _) in CATEGORY_GROUPS.items()
        if expected[key]
    ]
    villages = {"signed": len(done), "expected": len(listed), "word": village_word} if listed else None
    return {
        "signed": sum(signed.values()),
        "expected": sum(expected.values()),
        "groups": groups,
        "villages": villages,
    }
