"""How often somebody may ask, counted in the shared cache so that all processes count together."""

from django.core.cache import cache

from accounts import audit

MISSED_TOKENS = ("token", 60, 60)  # name, allowed, per seconds
UPLOADS = ("upload", 20, 60)


def is_over(limit: tuple[str, int, int], who: str = "") -> bool:
    """Has this address, or whoever ``who`` names instead, used up its share?"""
    return cache.get(_key(limit, who), 0) >= limit[1]


def count(limit: tuple[str, int, int], who: str = "") -> None:
    key = _key(limit, who)
    if not cache.add(key, 1, limit[2]):
        try:
            cache.incr(key)
        except ValueError:  # ran out between the two calls
            cache.set(key, 1, limit[2])


def _key(limit: tuple[str, int, int], who: str) -> str:
    return f"limit:{limit[0]}:{who or audit.client_ip.get() or 'unknown'}"
