"""Carry a demo event through its day: start, read, sign, close, seal – by the same deeds that people use."""

import secrets
from datetime import datetime, time
from pathlib import Path
from time import sleep

from django.utils import timezone

from accounts.refusals import Refusal
from documents import jobs, storage
from events.models import Event
from events.scheduling import close_event, start_event

from ..evidence import format_time, make_record
from ..intake import new_id, take_in
from ..models import Declaration, Signatory
from ..sample_strokes import BOX, sample_signature
from ..sealing import seal_declaration
from ..signing import close_signing, open_signing, record_reading
from .desk import Desk
from .tablet import APP

PAUSE = 0.2  # seconds between two looks at a job that another worker does


def complete(event: Event, spec: dict, *, by) -> list[Declaration]:
    """Start the event, let everybody listed sign every paper, close and order the seals. Finished papers stay as they are.

    Who is there signs at a paired tablet, who takes part from afar by the way of personal links.
    """
    if event.state == Event.State.SCHEDULED:
        start_event(event=event, by=by, accept_warnings=True)
    declarations = list(event.declarations.select_related("event", "text_version").order_by("order"))
    desk = Desk(event, by=by) if event.state == Event.State.RUNNING else None
    for declaration, facts in zip(declarations, spec["documents"], strict=True):
        run_paper(declaration, facts, desk, by=by)
    event.refresh_from_db()
    if desk:
        desk.leave()
    if event.state == Event.State.RUNNING:
        close_event(event=event, by=by, accept_warnings=True)
    for declaration in declarations:
        declaration.refresh_from_db()
        if declaration.state == Declaration.State.CLOSED:
            seal_declaration(declaration=declaration, by=by)
    return declarations


def run_paper(declaration: Declaration, facts: dict, desk: Desk | None, *, by):
    if declaration.state == Declaration.State.DRAFT:
        if facts.get("reading"):
            read_aloud(declaration, facts["reading"], by=by)
        open_signing(declaration=declaration, by=by)
        declaration.refresh_from_db()
    if declaration.state != Declaration.State.OPEN:
        return
    pending = list(enumerate(declaration.signatories.pending().in_order()))
    desk.sign(what_is_signed(row, number) for number, row in pending if not row.remote)
    sign_from_afar(declaration, [(number, row) for number, row in pending if row.remote], by=by)
    close_signing(declaration=declaration, by=by)


def sign_from_afar(declaration: Declaration, people: list[tuple[int, Signatory]], *, by):
    bodies = [make_record(what_is_signed(row, number) | of_a_page(declaration)).raw for number, row in people]
    results = take_in(bodies, declaration=declaration, via="link", by=by)
    if refused := [result for result in results if result.status != "stored"]:
        raise RuntimeError(f"{len(refused)} demo signatures were not stored: {refused[0].code}")


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


def what_is_signed(signatory: Signatory, number: int) -> dict:
    """The fields of a signature that speak of the person, with an invented drawing; the rest is the tablet's."""
    person = {
        "name": signatory.name or signatory.position,
        "category": signatory.category or "lainnya",
        "position": signatory.position,
        "agency": signatory.agency,
    }
    return {
        "kind": "signature",
        "declaration": signatory.declaration_id,
        "text_sha256": signatory.declaration.text_version.sha256,
        "attendee": signatory.attendee_id,
        "source": "roster",
        "signatory": {key: value[:120] for key, value in person.items()},
        "capacity": "self",
        "outcome": "signed",
        "agree": True,
        "method": "drawn",
        "strokes": sample_signature(stable_seed(signatory, number)),
        "capture": {"ms": 2400, "pointer": "touch", "box": [int(BOX[0]), int(BOX[1])], "attempts": 1},
    }


def of_a_page(declaration: Declaration) -> dict:
    """What the page of a personal link adds."""
    return {
        "id": new_id(),
        "event": declaration.event_id,
        "salt": secrets.token_bytes(16),
        "signed_at_device": format_time(timezone.now()),
        "app": APP,
    }


def stable_seed(signatory: Signatory, number: int) -> int:
    return int.from_bytes(f"{signatory.name}{number}".encode()[-8:], "big")


def write_papers(declarations: list[Declaration], slug: str, folder: Path) -> list[Path]:
    """Seal what waits and write each sealed paper as ``<slug>-<kind>.pdf`` (``-2`` … when a kind repeats)."""
    seal_waiting(declarations)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for declaration in declarations:
        for document in sealed_papers(declaration):
            path = free_name(folder, f"{slug}-{declaration.kind}", written)
            path.write_bytes(storage.read(document.file))
            written.append(path)
    return written


def seal_waiting(declarations: list[Declaration]):
    """Do all waiting jobs; what the worker of a running server has in its hands is waited for, till its lease ends at most.

    Refusal when a paper stays unsealed, for a missing file would not be noticed.
    """
    jobs.run_pending()
    while (unsealed := unsealed_of(declarations)) and jobs.any_running():
        sleep(PAUSE)
        jobs.run_pending()
    if unsealed:
        titles = "; ".join(str(declaration) for declaration in unsealed)
        raise Refusal(f"Belum tersegel: {titles}. Periksa antrean segel, lalu jalankan perintah ini lagi.")


def unsealed_of(declarations: list[Declaration]) -> list[Declaration]:
    chosen = Declaration.objects.filter(pk__in=[declaration.pk for declaration in declarations])
    return list(
        chosen.exclude(state__in=[Declaration.State.SEALED, Declaration.State.VOID]).select_related(
            "text_version__pledge_text"
        )
    )


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
