"""PURE: how a check of evidence says that something does not fit."""

from collections.abc import Callable

from documents.verification import Check, failed

from .records import RecordError


class Mismatch(Exception):
    """Why the evidence does not fit; an Indonesian phrase without the full stop."""


def same(what: str, one, other) -> None:
    if one != other:
        raise Mismatch(f"{what} berbeda")


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
