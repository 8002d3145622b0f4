"""PURE: who says what time it is: timestamp authorities (RFC 3161) in the order of the settings, and our own CRLs.

An authority outside (SEAL_TSA_URLS) gives independent time. The installation's own one, "jam kantor", gives only the
structure of level B-LTA: a protected end of the file and a place for independent time later (PDF.md §4.4, §10).
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings

from . import certificates
from .certificates import SealKey
from .outside import without_access

logger = logging.getLogger(__name__)

SECONDS = 10  # that an authority outside may take
PAUSE = 60  # seconds for which one that did not answer is not asked again: two hundred papers must not wait in a row

_silent_until: dict[str, float] = {}


class Unavailable(Exception):
    """The authority gave no usable timestamp; the paper is sealed without, and asks again later."""


@dataclass(frozen=True)
class Authority:
    """``key`` for the one of this installation, ``url`` for one outside."""

    key: SealKey | None = None
    url: str = ""

    @property
    def is_local(self) -> bool:
        return self.key is not None


def authorities() -> Iterator[Authority]:
    """In the order in which they are asked. Refusal when the local keys cannot be opened."""
    for url in settings.SEAL_TSA_URLS:
        yield Authority(url=url)
    if settings.SEAL_TSA_LOCAL:
        yield Authority(key=certificates.tsa_key())


def are_configured() -> bool:
    """Is there anybody to ask? Otherwise papers stay at B-B and do not wait for anything."""
    return bool(settings.SEAL_TSA_URLS or settings.SEAL_TSA_LOCAL)


def first_answer(make: Callable[[Authority], bytes]) -> bytes | None:
    """What ``make`` gives with the first authority that answers; None when none does."""
    for authority in authorities():
        if _silent_until.get(authority.url, 0) > time.monotonic():
            continue
        try:
            return make(authority)
        except Unavailable as problem:
            name = without_access(authority.url) or "own clock"
            logger.warning("Timestamp authority %s gave nothing: %s", name, problem)
            if authority.url:
                _silent_until[authority.url] = time.monotonic() + PAUSE
    return None


def forget_silence() -> None:
    """Ask every authority again at once."""
    _silent_until.clear()
