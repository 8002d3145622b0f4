"""PURE: how a check of evidence says that something does not fit."""

from collections.abc import Callable, Set

from documents.verification import Check, failed

from .records import RecordError

# What every evidence with a text has; each type adds its own parts.
FRAME = frozenset(
    (
        "schema",
        "type",
        "document",
        "event",
        "declaration",
        "text",
        "text_sha256",
        "text_version",
        "renderer",
    )
)


class Mismatch(Exception):
    """Why the evidence does not fit; an Indonesian phrase without the full stop."""


def same(what: str, one, other) -> None:
    if one != other:
        raise Mismatch(f"{what} berbeda")


def unknown_parts(evidence: dict, known: Set[str]) -> str:
    """A newer version's parts are read past, but named: never ignored silently. Empty, or a sentence."""
    unknown = sorted(set(evidence) - FRAME - known)
    return f" Bagian yang belum dikenal versi ini: {', '.join(unknown)[:80]}." if unknown else ""


def guarded(begins: str, check: Callable[[], Check]) -> Check:
    """Run a check; whatever is wrong with the evidence becomes a sentence, never an exception."""
    try:
        return check()
    except Mismatch as problem:
        return failed(f"{begins}: {problem}.")
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        RecordError,
    ) as problem:
        return failed(f"{begins}: susunannya tidak dikenal ({type(problem).__name__}).")
