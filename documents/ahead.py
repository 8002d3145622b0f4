"""DEED: papers printed before they are ordered, while people still sign (PDF.md §2.4, level A).

The click then only has to seal. Nothing may depend on it: whatever is missing, outdated or broken here, the plain way
of ``documents.sealing`` makes the same paper, to the byte.
"""

import json
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from importlib.metadata import version
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.canonical import canonical_bytes, sha256_hex
from accounts.writing import writing

from . import pdf, printing, signers, storage
from .models import AheadPaper, Document, RenderJob, SealJob

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
KEPT = timedelta(days=1)
RESERVED = ("kind", "source", "title", "event_code", "number", "classification")


class Candidate(NamedTuple):
    """A paper that may be ordered soon. ``mark``: changes whenever the paper may have changed; cheap to ask.

    ``arguments()``: those of ``issue_document`` as it would be ordered now, or None when something stands against it.
    """

    kind: str
    source: str
    office: Any
    event_code: str
    mark: str
    arguments: Callable[[], dict | None]


# Rooms above: what may be ordered soon.
CANDIDATES: list[Callable[[], Iterable[Candidate]]] = []


# -- making ------------------------------------------------------------------------------------------------------


def next_due() -> Candidate | None:
    """The next paper worth making now; None while real work waits or runs."""
    if _real_work():
        return None
    known = {(row.kind, row.source): row for row in AheadPaper.objects.all()}
    busy = {row.event_code for row in known.values() if row.lease_until and row.lease_until > timezone.now()}
    for candidate in _candidates():
        row = known.get((candidate.kind, candidate.source))
        if candidate.event_code not in busy and (row is None or row.mark != candidate.mark):
            return candidate
    return None


def make_next() -> bool:
    """Make one paper ahead, if one is due; whether there was one.

    Effects in order: the reserved row is claimed by lease; the paper is printed and checked, its file stored as that of
    a paper before its seal; the row says what the file is. A paper that cannot be ordered now only leaves its mark.
    """
    candidate = next_due()
    row = candidate and _claim(candidate)
    if not candidate or not row:
        return False
    try:
        rendered, key = _make(row, candidate)
    except Exception as problem:
        logger.warning("Paper ahead %s was not made: %s", row.pk, type(problem).__name__)
        _release(row, mark=candidate.mark)
        return True
    except BaseException:  # told to stop: another time
        _release(row)
        raise
    if rendered is None:
        _release(row, mark=candidate.mark)
    else:
        _keep(row, rendered, key=key, mark=candidate.mark)
    return True


def _real_work() -> bool:
    models = (RenderJob, SealJob)
    return any(
        model.objects.claimable().exists() or model.objects.filter(state=model.State.RUNNING).exists()
        for model in models
    )


def _candidates() -> Iterator[Candidate]:
    for source in CANDIDATES:
        yield from source()


def _claim(candidate: Candidate) -> AheadPaper | None:
    """The row with a lease of ours; None when another process was faster."""
    now, holder = timezone.now(), f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"
    with writing():
        AheadPaper.objects.get_or_create(
            kind=candidate.kind,
            source=candidate.source,
            defaults={"office": candidate.office, "event_code": candidate.event_code},
        )
        mine = AheadPaper.objects.filter(kind=candidate.kind, source=candidate.source)
        if not mine.free(now).update(lease_by=holder, lease_until=now + LEASE):
            return None
    return AheadPaper.objects.select_related("office__region").get(
        kind=candidate.kind, source=candidate.source
    )


def _make(row: AheadPaper, candidate: Candidate) -> tuple[pdf.Rendered | None, str]:
    """(the printed paper, its key); None when it cannot be ordered, or lies there already."""
    arguments = candidate.arguments()
    if arguments is None:
        return None, ""
    document = _document(row, arguments)
    key = key_of(document)
    if key == row.key and storage.exists(storage.unsigned_name(row)):
        return None, key
    return printing.print_paper(document), key


def _keep(row: AheadPaper, rendered: pdf.Rendered, *, key: str, mark: str) -> None:
    """File and row together, or neither: once the paper was ordered its folder belongs to the document."""
    staged = storage.stage(storage.unsigned_name(row), rendered.pdf)
    with writing():
        if _release(
            row,
            mark=mark,
            key=key,
            unsigned_sha256=rendered.sha256,
            unsigned_size=len(rendered.pdf),
            pages=rendered.pages,
            versions=rendered.versions,
            made_at=timezone.now(),
        ):
            storage.put_in_place(staged, storage.unsigned_name(row))
            return
    staged.unlink(missing_ok=True)


def _document(row: AheadPaper, arguments: dict) -> Document:
    """The document as ``issue_document`` would write it; never stored."""
    frozen = canonical_bytes(arguments["snapshot"])
    return Document(
        pk=row.pk,
        public_token=row.public_token,
        office=row.office,
        input_sha256=sha256_hex(frozen),
        snapshot=frozen.decode(),
        seal_plan=signers.plan_of(row.office),
        **{name: arguments[name] for name in RESERVED},
    )


def _release(row: AheadPaper, **values) -> bool:
    """Give the lease back; False when the row is gone or another's."""
    with writing():
        held = AheadPaper.objects.filter(pk=row.pk, lease_by=row.lease_by)
        return bool(held.update(lease_by="", lease_until=None, **values))


# -- using -------------------------------------------------------------------------------------------------------


def key_of(document: Document) -> str:
    """Hash of everything the printed file depends on: what it says, what it is called, and what prints it.

    Asked at the click, in a web process: without loading what prints, which takes a second.
    """
    printers = {name: version(name) for name in ("weasyprint", "pydyf", "pikepdf")}
    made = {"facts": asdict(printing.facts_of(document)), "app": settings.APP_VERSION, "by": printers}
    return sha256_hex(json.dumps(made, sort_keys=True).encode())


def use(document: Document) -> bool:
    """Give the document that is about to be written the file made ahead; False when there is none that is exactly it.

    Part of the transaction of ``issue_document``. Effects: reserved id and token, state sealing and what is known of
    the file; the reserved row goes either way, and a file that was not used with it, after commit.
    """
    reserved = AheadPaper.objects.select_for_update().filter(kind=document.kind, source=document.source)
    row = reserved.first() if document.source else None
    if row is None:
        return False
    own = document.pk, document.public_token
    document.pk, document.public_token = row.pk, row.public_token
    fits = row.key == key_of(document) and storage.exists(storage.unsigned_name(row))
    if fits:
        document.state = Document.State.SEALING
        document.unsigned_sha256, document.unsigned_size = row.unsigned_sha256, row.unsigned_size
        document.pages, document.versions = row.pages, row.versions
        document.pdf_profile = printing.PDF_PROFILE
    else:
        document.pk, document.public_token = own
        _remove_after_commit(row)
    AheadPaper.objects.filter(pk=row.pk).delete()
    return fits


def sweep() -> int:
    """Remove reserved rows older than a day with their files; returns how many.

    Asked inside the transaction: the file of a row that was ordered a moment ago belongs to its document.
    """
    with writing():
        old = list(_too_old().select_for_update())
        for row in old:
            _remove_after_commit(row)
        AheadPaper.objects.filter(pk__in=[row.pk for row in old]).delete()
    return len(old)


def _too_old():
    return AheadPaper.objects.free().filter(created_at__lt=timezone.now() - KEPT)


def _remove_after_commit(row: AheadPaper) -> None:
    name = storage.unsigned_name(row)
    transaction.on_commit(lambda: storage.remove(name), robust=True)
