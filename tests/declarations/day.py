"""A paper on its day: people listed, event running, records handed in as the signing page would build them."""

import secrets
from datetime import datetime

from django.utils import timezone

from accounts import audit
from declarations import intake, signing
from declarations.evidence import Record, format_time, make_record, uuid7
from declarations.models import Declaration, Signatory
from declarations.sample_strokes import sample_signature
from events.models import Attendee, Event
from tests.declarations import factories


def running_event(**fields) -> Event:
    return factories.event(**{"state": Event.State.RUNNING, **fields})


def people(event: Event, count: int = 3, **fields) -> list[Attendee]:
    fields = {"category": "pns", "position": "Kepala Seksi", "agency": "Kecamatan Cerme", **fields}
    return [
        factories.attendee(event, **{"full_name": f"Peserta {letter} (contoh)", **fields})
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count]
    ]


def open_paper(count: int = 3, by=audit.SYSTEM, *, event: Event | None = None, **fields) -> Declaration:
    """A collective paper that `count` people may sign now."""
    event = event or running_event()
    if count:
        people(event, count)
    paper = factories.declaration(event, by, **fields)
    return signing.open_signing(declaration=paper, by=by)


def rows(paper: Declaration) -> list[Signatory]:
    return list(paper.signatories.current().in_order())


def record(row: Signatory, seed: int = 1, *, at: datetime | None = None, **changes) -> Record:
    """The record of a drawn signature of this person; changes with value None leave a field out."""
    paper, now = row.declaration, timezone.now()
    person = {
        "name": row.name or "Tanpa Nama (contoh)",
        "category": row.category or "lainnya",
        "position": row.position,
        "agency": row.agency,
    }
    fields = {
        "id": uuid7(int(now.timestamp() * 1000), secrets.token_bytes(10)),
        "event": paper.event_id,
        "declaration": paper.pk,
        "text_sha256": paper.text_version.sha256,
        "attendee": row.attendee_id,
        "source": "roster",
        "signatory": person,
        "capacity": "self",
        "outcome": "signed",
        "agree": True,
        "method": "drawn",
        "strokes": sample_signature(seed),
        "capture": {"ms": 2400, "pointer": "touch", "box": [800, 320], "attempts": 1},
        "salt": secrets.token_bytes(16),
        "signed_at_device": format_time(at or now),
        "app": "web/1",
    }
    return make_record({name: value for name, value in {**fields, **changes}.items() if value is not None})


def refusal(row: Signatory, **changes) -> Record:
    without = dict.fromkeys(("agree", "method", "strokes", "capture"))
    return record(row, outcome="refused", **{**without, **changes})


def typed(row: Signatory, **changes) -> Record:
    without = dict.fromkeys(("strokes", "capture"))
    return record(row, method="typed", typed_name=row.name, **{**without, **changes})


def hand_in(paper: Declaration, *records, by=audit.SYSTEM) -> list[intake.Result]:
    bodies = [item.raw if isinstance(item, Record) else item for item in records]
    return intake.take_in(bodies, declaration=paper, via="web", by=by)


def everybody_signs(paper: Declaration, by=audit.SYSTEM) -> list[intake.Result]:
    return hand_in(paper, *[record(row, seed) for seed, row in enumerate(rows(paper), 1)], by=by)


def closed_paper(count: int = 3, by=audit.SYSTEM, **fields) -> Declaration:
    """Signed by everybody and closed."""
    paper = open_paper(count, by, **fields)
    everybody_signs(paper, by)
    return signing.close_signing(declaration=paper, by=by)


def rows_by_bloc(paper: Declaration, *blocs: str) -> list[Signatory]:
    return [row for bloc in blocs for row in rows(paper) if row.bloc == bloc]
