"""PURE: local names (*sebutan lain*): the label of the nearest ancestor counts (DOMAIN §10.3)."""

import math
import time
from collections.abc import Callable, Iterable

from .codes import ancestor_codes

DEFAULTS = {"kepala_desa": "Kepala Desa", "desa": "Desa", "camat": "Camat", "kecamatan": "Kecamatan"}
KEYS = tuple(DEFAULTS)
LIFETIME = 300  # seconds after which another process's change is seen


class LabelBook:
    """All labels of the country, about forty rows, kept per process so that lists of many rows ask nothing.

    ``fetch`` returns (region code, key, label) rows. A change made in this process must call ``forget``.
    """

    def __init__(self, fetch: Callable[[], Iterable[tuple[str, str, str]]], clock=time.monotonic):
        self._fetch, self._clock = fetch, clock
        self.forget()

    def forget(self) -> None:
        """Read the labels afresh at the next question."""
        self._labels: dict[str, dict[str, str]] = {}
        self._good_until = -math.inf

    def remember(self, rows: Iterable[tuple[str, str, str]] = ()) -> None:
        """Take these rows as all there is (tests start with none)."""
        labels: dict[str, dict[str, str]] = {}
        for code, key, label in rows:
            labels.setdefault(code, {})[key] = label
        self._labels, self._good_until = labels, self._clock() + LIFETIME

    def label(self, code: str, key: str) -> str:
        """Return the label valid in the region; KeyError for a key that does not exist."""
        if self._clock() > self._good_until:
            self.remember(self._fetch())
        default = DEFAULTS[key]
        for place in (code, *reversed(ancestor_codes(code))):
            if key in self._labels.get(place, {}):
                return self._labels[place][key]
        return default
