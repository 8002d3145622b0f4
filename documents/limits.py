"""How often one address may ask, counted in the shared cache so that all processes count together."""

from django.core.cache import cache

from accounts import audit

MISSED_TOKENS = ("token", 60, 60)  # name, allowed, per seconds
UPLOADS = ("upload", 20, 60)


def is_over(limit: tuple[str, int, int]) -> bool:
    """Has this address used up its share?"""
    return cache.get(_key(limit), 0) >= limit[1]


def count(limit: tuple[str, int, int]) -> None:
    key = _key(limit)
    if not cache.add(key, 1, limit[2]):
        try:
            cache.incr(key)
        except ValueError:  # ran out between the two calls
            cache.set(key, 1, limit[2])


def _key(limit: tuple[str, int, int]) -> str:
    return f"limit:{limit[0]}:{audit.client_ip.get() or 'unknown'}"
