"""Carry a demo event through its day: start, read, sign, close, seal – by the same deeds that people use."""

import secrets
from datetime import datetime, time
from pathlib import Path

from django.utils import timezone

from documents import jobs, storage
from events.models import Event
from events.scheduling import close_event, start_event

from ..evidence import format_time, make_record, uuid7
from ..intake import take_in
from ..models import Declaration, Signatory
from ..sample_strokes import BOX, sample_signature
from ..sealing import seal_declaration
from ..signing import close_signing, open_signing, record_reading
from ..strokes import decode

BATCH = 50  # as many records as a tablet hands in at once (KIOSK §9)


def complete(event: Event, spec: dict, *, by) -> list[Declaration]:
    """Start the event, let everybody listed sign every paper, close and order the seals. Finished papers stay as they are."""
    if event.state == Event.State.SCHEDULED:
        start_event(event=event, by=by, accept_warnings=True)
    declarations = list(event.declarations.select_related("event", "text_version").order_by("order"))
    for declaration, facts in zip(declarations, spec["documents"], strict=True):
        run_paper(declaration, facts, by=by)
    event.refresh_from_db()
    if event.state == Event.State.RUNNING:
        close_event(event=event, by=by, accept_warnings=True)
    for declaration in declarations:
        declaration.refresh_from_db()
        if declaration.state == Declaration.State.CLOSED:
            seal_declaration(declaration=declaration, by=by)
    return declarations


def run_paper(declaration: Declaration, facts: dict, *, by):
    if declaration.state == Declaration.State.DRAFT:
        if facts.get("reading"):
            read_aloud(declaration, facts["reading"], by=by)
        open_signing(declaration=declaration, by=by)
        declaration.refresh_from_db()
    if declaration.state != Declaration.State.OPEN:
        return
    pending = list(declaration.signatories.pending().in_order())
    for start in range(0, len(pending), BATCH):
        bodies = [
            signed_record(declaration, signatory, start + i)
            for i, signatory in enumerate(pending[start : start + BATCH])
        ]
        results = take_in(bodies, declaration=declaration, via="web", by=by)
        refused = [result for result in results if result.status != "stored"]
        if refused:
            raise RuntimeError(
                f"{len(refused)} demo signatures were not stored: {refused[0].code} {refused[0].message}"
            )
    close_signing(declaration=declaration, by=by)


def read_aloud(declaration: Declaration, reading: dict, *, by):
    event = declaration.event
    at = datetime.combine(event.date, time.fromisoformat(reading["time"]), tzinfo=event.zone)
    record_reading(
        declaration=declaration,
        led_by_name=reading["name"],
        led_by_position=reading["position"],
        at=at,
        followed_by_all=reading["followed_by_all"],
        by=by,
    )


def signed_record(declaration: Declaration, signatory: Signatory, number: int) -> bytes:
    """The canonical record a tablet would hand in for this person, with an invented signature."""
    now = timezone.now()
    person = {
        "name": signatory.name or signatory.position,
        "category": signatory.category or "lainnya",
        "position": signatory.position,
        "agency": signatory.agency,
    }
    strokes = sample_signature(stable_seed(signatory, number))
    record = make_record(
        {
            "id": uuid7(int(now.timestamp() * 1000), secrets.token_bytes(10)),
            "event": str(declaration.event_id),
            "declaration": str(declaration.pk),
            "text_sha256": declaration.text_version.sha256,
            "attendee": str(signatory.attendee_id),
            "source": "roster",
            "signatory": {key: value[:120] for key, value in person.items()},
            "capacity": "self",
            "outcome": "signed",
            "agree": True,
            "method": "drawn",
            "strokes": strokes,
            "capture": {"ms": 2400, "pointer": "touch", "box": [int(BOX[0]), int(BOX[1])], "attempts": 1},
            "salt": secrets.token_bytes(16),
            "signed_at_device": format_time(now),
            "app": "contoh",
        }
    )
    assert decode(strokes)
    return record.raw


def stable_seed(signatory: Signatory, number: int) -> int:
    return int.from_bytes(f"{signatory.name}{number}".encode()[-8:], "big")


def write_papers(declarations: list[Declaration], slug: str, folder: Path) -> list[Path]:
    """Do all waiting jobs and write each sealed paper as ``<slug>-<kind>.pdf`` (``-2`` … when a kind repeats)."""
    jobs.run_pending()
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for declaration in declarations:
        for document in sealed_papers(declaration):
            path = free_name(folder, f"{slug}-{declaration.kind}", written)
            path.write_bytes(storage.read(document.file))
            written.append(path)
    return written


def sealed_papers(declaration: Declaration):
    from documents.models import Document

    declaration.refresh_from_db()
    if declaration.document_id:
        return Document.objects.filter(pk=declaration.document_id, state="sealed")
    sources = [f"signatory:{pk}" for pk in declaration.signatories.values_list("pk", flat=True)]
    return Document.objects.filter(source__in=sources, state="sealed").order_by("title")


def free_name(folder: Path, stem: str, taken: list[Path]) -> Path:
    number, path = 1, folder / f"{stem}.pdf"
    while path in taken:
        number += 1
        path = folder / f"{stem}-{number}.pdf"
    return path
