"""How often a caller may ask, counted across all processes without a database write per request.

Each process counts for itself and tells the shared cache only every ``step`` requests, so an ordinary tablet never
writes there. The limit is exact with one process and overshoots by less than ``step`` per further process.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from ninja.throttling import BaseThrottle

MINUTE = 60  # seconds
MOST_CALLERS = 10_000  # remembered per limit and process

logger = logging.getLogger(__name__)


@dataclass
class Count:
    """Of one caller in the running minute."""

    shared: int = 0  # what all processes together have told the cache
    own: int = 0  # what this process has not told yet
    on_its_way: int = 0  # what it is telling just now


class Limit(BaseThrottle):
    """``per_minute`` requests of one caller; ``caller(request)`` names them, None is not limited.

    A broken cache never refuses: then each process counts alone.
    """

    def __init__(self, name: str, per_minute: int, caller: Callable, *, step: int = 10):
        self.name, self.per_minute, self.caller, self.step = name, per_minute, caller, step
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[str, Count] = {}
        LIMITS.append(self)

    def allow_request(self, request) -> bool:
        who = self.caller(request)
        return who is None or self.count(str(who))

    def wait(self) -> int:
        """Seconds until the next minute begins."""
        return max(1, math.ceil(MINUTE - time.time() % MINUTE))

    def count(self, who: str) -> bool:
        """Count one request; False when it is one too many."""
        with self._lock:
            count = self._count_of(who)
            if count.shared + count.on_its_way + count.own >= self.per_minute:
                return False
            count.own += 1
            if count.own < self.step:
                return True
            fresh, count.own = count.own, 0
            count.on_its_way += fresh
            key = f"limit:{self.name}:{self._minute}:{who}"
        total = self._told(key, fresh)
        with self._lock:
            count.on_its_way -= fresh
            count.shared = max(count.shared + fresh, total)
            return count.shared <= self.per_minute

    def forget(self) -> None:
        with self._lock:
            self._counts.clear()

    def _count_of(self, who: str) -> Count:
        minute = int(time.time() // MINUTE)
        if minute != self._minute or len(self._counts) > MOST_CALLERS:
            self._minute = minute
            self._counts.clear()
        return self._counts.setdefault(who, Count())

    def _told(self, key: str, fresh: int) -> int:
        """Add to what all processes have counted; the new sum, 0 when the cache does not answer."""
        try:
            total = cache.get(key, 0) + fresh
            cache.set(key, total, 2 * MINUTE)
        except Exception:  # whatever a cache may raise: no reason to keep a signature waiting
            logger.warning("limit %s: the cache does not answer, each process counts alone", self.name)
            return 0
        return total


LIMITS: list[Limit] = []
