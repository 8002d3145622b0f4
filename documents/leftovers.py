"""DEED: no file of a paper stays longer than it is needed. A page with names on it that nobody may open has no purpose."""

from collections.abc import Callable

from django.db import transaction

from accounts.canonical import sha256_hex

from . import storage
from .models import Document

# Rooms above: fn() removes files of theirs that nobody needs any more and returns how many; ``jobs.sweep`` calls them.
SWEEPERS: list[Callable[[], int]] = []


def clear_after_commit(document: Document) -> None:
    """Once the paper is withdrawn for good; trouble with the disk is left to ``sweep``."""
    transaction.on_commit(lambda: clear(document), robust=True)


def clear(document: Document) -> int:
    """Remove what the paper no longer needs, as its row stands now; returns how many files.

    A paper on its way keeps everything. One withdrawn before its seal loses its unsigned file and a seal that arrived
    too late. Of one that was sealed the unsigned file and shorter sealed ones go, but only when the registered file is
    there, is the one that was registered, and begins with them.
    """
    fresh = Document.objects.defer("snapshot").filter(pk=document.pk).first()
    return _remove(_needless(fresh)) if fresh else 0


def sweep(*, older_than: float = storage.DAY) -> int:
    """The same for old unsigned files that a killed worker left behind, also those whose paper is unknown."""
    names = storage.old_unsigned_names(older_than=older_than)
    known = Document.objects.defer("snapshot").in_bulk(names)
    removed = sum(_remove(_needless(known[pk]) if pk in known else [name]) for pk, name in names.items())
    return removed + sum(sweeper() for sweeper in SWEEPERS)


def _needless(document: Document) -> list[str]:
    unsigned = storage.unsigned_name(document)
    if document.state in Document.UNSEALED_STATES:
        return []
    if not document.was_sealed:
        return [unsigned, *storage.sealed_names(document)]
    return [*_earlier_files(document), *([unsigned] if _holds_the_unsigned(document) else [])]


def _earlier_files(document: Document) -> list[str]:
    """Sealed files from before the newest timestamp: the registered one begins with each of them, byte for byte."""
    others = [name for name in storage.sealed_names(document) if name != document.file]
    if not others or not storage.exists(document.file):
        return []
    current = storage.read(document.file)
    if sha256_hex(current) != document.sha256:
        return []
    return [
        name for name in others if len(old := storage.read(name)) < len(current) and current.startswith(old)
    ]


def _holds_the_unsigned(document: Document) -> bool:
    """Is there an unsigned file, and does the sealed one begin with the file that was rendered?"""
    if (
        not storage.exists(storage.unsigned_name(document))
        or not storage.exists(document.file)
        or not document.unsigned_size
    ):
        return False
    return sha256_hex(storage.read(document.file)[: document.unsigned_size]) == document.unsigned_sha256


def _remove(names: list[str]) -> int:
    there = [name for name in names if storage.exists(name)]
    for name in there:
        storage.remove(name)
    return len(there)
