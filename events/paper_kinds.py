"""PURE: the papers of an event that are not promises: letters, lists, minutes. One plain list; each module adds its own.

A paper is frozen, printed and sealed by ``events.issuing``; what it says comes from ``freeze`` alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Freeze = Callable[..., dict]
Needs = Callable[[Any], list[str]]


@dataclass(frozen=True)
class Detail:
    """Something a person types for this paper before it is issued; ``rows`` > 1 makes it a longer text."""

    name: str
    label: str
    required: bool = False
    rows: int = 1
    max_length: int = 300
    initial: str = ""
    help_text: str = ""


@dataclass(frozen=True)
class Block:
    """Wording that an office may change: fixed tokens only (``events.wording_tokens``)."""

    name: str
    label: str
    default: str


@dataclass(frozen=True)
class Part:
    """One paper of a kind of which each person gets an own one; ``key`` is stable and goes into the source."""

    key: str
    label: str


@dataclass(frozen=True)
class EventPaper:
    """``freeze(event, settings) -> dict`` (with parts: ``freeze(event, settings, part)``) gives what is printed: plain
    JSON with ``title``, and optionally ``as_of`` (ISO, newest moment of what it holds) and ``public`` (PUBLIC_KEYS).
    It never depends on the click. ``needs(event)`` lists in words what still stands against issuing.
    ``numbered``: gets a number of the office's book. ``classification``: the code of DOMAIN §6 under which it is filed;
    of a numbered one it stands in the number and may be changed per event. ``layout``: letter, table or landscape.
    ``parts(event)``: one paper per person. ``context(content)`` adds to what the template sees.
    ``sources(content)``: what the evidence names as its sources; ``enclosures(content)``: sealed papers it carries.
    ``pictures(content)``: photos it prints. ``drafts(event)``: first words for typed fields
    (field → text), offered on the page as long as nothing was typed there. ``after_archive``: may still be made when the event is archived.
    """

    kind: str
    label: str
    template: str
    needs: Needs
    freeze: Freeze
    about: str = ""
    numbered: bool = False
    signed_by_chair: bool = True
    classification: str = ""
    layout: str = "letter"
    details: tuple[Detail, ...] = ()
    blocks: tuple[Block, ...] = ()
    parts: Callable[[Any], list[Part]] | None = None
    context: Callable[[dict], dict] | None = None
    sources: Callable[[dict], list[dict]] | None = None
    enclosures: Callable[[dict], tuple] | None = None
    pictures: Callable[[dict], tuple] | None = None
    drafts: Callable[[Any], dict[str, str]] | None = None
    after_archive: bool = False
    version: int = 1
    order: int = 100
    classes: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())  # (label, URL name with the code of the event)

    def __post_init__(self):
        if self.layout not in ("letter", "table", "landscape"):
            raise ValueError(f"unknown layout {self.layout!r}")


KINDS: dict[str, EventPaper] = {}


def register(paper: EventPaper) -> EventPaper:
    """Make a kind known, once per process. ValueError when another one holds its name."""
    known = KINDS.setdefault(paper.kind, paper)
    if known is not paper and known != paper:
        raise ValueError(f"event paper {paper.kind!r} is registered twice")
    return known


def get(kind: str) -> EventPaper | None:
    return KINDS.get(kind)


def in_order() -> list[EventPaper]:
    return sorted(KINDS.values(), key=lambda paper: (paper.order, paper.label))


def source_of(event_pk, kind: str, part: str = "") -> str:
    """The key under which the documents room keeps the revisions of a paper together."""
    return f"event:{event_pk}:{kind}" + (f":{part}" if part else "")
