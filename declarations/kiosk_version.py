"""How old the app on a tablet is. PURE: version texts in, one word out (KIOSK §9 "Versions").

A tablet keeps signing whatever the answer; only pairing and the roster are refused to apps that are too old.
"""

import re

VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:\+(\w{1,20}))?\Z", re.ASCII)
RELEASES = 2  # how far behind an app may be

NONE, AVAILABLE, REQUIRED = "none", "available", "required"


def standing(app: str, current: str) -> str:
    """``available`` for another build, ``required`` for more than two releases behind; ``none`` for what is no version."""
    theirs, ours = VERSION.match(app), VERSION.match(current)
    if not theirs or not ours or app == current:
        return NONE
    (major, minor), (our_major, our_minor) = (
        [int(part) for part in found.groups()[:2]] for found in (theirs, ours)
    )
    if major < our_major or (major == our_major and minor < our_minor - RELEASES):
        return REQUIRED
    return AVAILABLE


def is_too_old(app: str, current: str) -> bool:
    return standing(app, current) == REQUIRED
