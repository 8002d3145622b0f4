"""What all papers print alike: the letterhead of the office, the foot, digests, and texts without what nobody sees (PDF.md §8.1)."""

from typing import Any

from .fonts import printable_form
from .pdf import image_uri

LOGO_PIXELS = 400
SOFT_HYPHEN = "\u00ad"
FOOT_TITLE = 42  # characters of the title at the foot of each page: one line


def printable(text: str) -> str:
    """What of a text a paper shows: no soft hyphens, zero-width or control characters; lines stay lines."""
    return "\n".join(printable_form(line).replace(SOFT_HYPHEN, "") for line in text.split("\n"))


def tidy(value: Any) -> Any:
    """The same values with texts as they are printed and without what is empty, at any depth."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        kept = {name: tidy(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in ("", None, [], {})}
    if isinstance(value, list | tuple):
        return [tidy(inner) for inner in value]
    return value


def letterhead_of(office) -> dict:
    """{name, letterhead: [line …], address?, paper_size, logo?: data URI, is_demo?}"""
    address = ", ".join(line.strip() for line in office.address.splitlines() if line.strip())
    contact = [f"Telepon {office.phone}" if office.phone else "", office.email]
    return tidy(
        {
            "name": office.name,
            "letterhead": office.letterhead,
            "address": " · ".join(part for part in (address, *contact) if part),
            "paper_size": office.paper_size,
            "logo": logo_of(office),
            "is_demo": office.is_demo or None,
        }
    )


def logo_of(office) -> str:
    """The logo as data URI; a file that is no picture is left out rather than stopping the paper."""
    if not office.logo:
        return ""
    try:
        with office.logo.open("rb") as file:
            return image_uri(file.read(), max_pixels=LOGO_PIXELS)
    except (OSError, ValueError):
        return ""


def foot(title: str, number: str = "") -> str:
    """At the foot of each page: short title, and the number on a line of its own."""
    short = title if len(title) <= FOOT_TITLE else _shortened(title)
    return "\n".join([short, *([number] if number else [])])


def feet_ever(title: str, number: str = "") -> list[str]:
    """``foot`` as it is now and as it once was, for who reads pages: "…, TNI …" and before that "…, TNI, …"."""
    now = foot(title, number)
    return list(dict.fromkeys([now, now.replace(_shortened(title), _cut(title) + " …")]))


def _shortened(title: str) -> str:
    """Whole words with " …" behind them, without what would stand before it: "Deklarasi Netralitas ASN, TNI …"."""
    return _cut(title).rstrip(" ,;:–-/(") + " …"


def _cut(title: str) -> str:
    return title[: FOOT_TITLE - 1].rsplit(" ", 1)[0]


def in_eights(digest: str) -> str:
    """A digest in groups, so that it can be compared by eye and breaks at blanks."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def in_fours(digest: str) -> str:
    """A digest as papers print it, to be compared by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
