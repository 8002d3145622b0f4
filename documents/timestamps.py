"""PURE: who says what time it is: timestamp authorities (RFC 3161) in the order of the settings, and our own CRLs.

An authority outside (SEAL_TSA_URLS) gives independent time. The installation's own one, "jam kantor", gives only the
structure of level B-LTA: a protected end of the file and a place for independent time later (PDF.md §4.4, §10).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from . import certificates
from .certificates import SealKey

SECONDS = 10  # that an authority outside may take


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
