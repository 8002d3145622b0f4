"""PURE: which people a text speaks for (DOMAIN §1 fact 1, §9.1)."""

import re
from collections import Counter
from collections.abc import Iterable

ASN = frozenset({"pns", "pppk", "asn"})
EVERYBODY = "semua"
# A lurah is a PNS whose post the data names like a category; an acting one is still the lurah.
LURAH = re.compile(
    r"(?:(?:pj|pjs|plt|plh)\.?\s+|penjabat\s+(?:sementara\s+)?|pelaksana\s+(?:tugas|harian)\s+)?lurah\b",
    re.IGNORECASE,
)


def is_covered(applies_to: Iterable[str], category: str, position: str = "") -> bool:
    """Does a text that applies to these categories speak for such a person?

    ``asn`` ("ASN, not said which") counts where ``pns`` or ``pppk`` is named and the other way round.
    """
    named = set(applies_to)
    if category in named or EVERYBODY in named:
        return True
    if category not in ASN:
        return False
    return (
        "asn" in named
        or (category == "asn" and bool(ASN & named))
        or ("lurah" in named and bool(LURAH.match(position.strip())))
    )


def uncovered(people: Iterable[tuple[str, str]], texts: Iterable[Iterable[str]]) -> dict[str, int]:
    """How many people (category, position) of each category no text speaks for; people without one do not count."""
    texts = [tuple(text) for text in texts]
    missing = Counter(
        category
        for category, position in people
        if category and not any(is_covered(text, category, position) for text in texts)
    )
    return dict(missing)
