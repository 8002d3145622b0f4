"""PURE: the kinds of paper. Upper rooms register theirs in ``AppConfig.ready()``; this room keeps a plain list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pdf import Ink, PaperMeta


LOCAL_SEAL = (
    "Segel memakai sertifikat internal kantor, bukan dari Penyelenggara Sertifikasi Elektronik; segel membuktikan "
    "keutuhan berkas sejak disegel."
)


@dataclass(frozen=True)
class Replaced:
    """The paper that a later revision takes the place of, as the later one prints it."""

    id: str
    number: str
    sha256: str
    revision: int
    reason: str


@dataclass(frozen=True)
class DocumentFacts:
    """What a paper may print about itself. All of it is certain before rendering: no level, no time of sealing."""

    id: str
    kind: str
    kind_label: str
    title: str
    number: str
    classification: str
    office: str
    event_code: str
    revision: int
    input_sha256: str
    token: str
    verify_url: str
    is_demo: bool = False
    # What seals the paper, in a sentence; a gateway that brings its own field wants none prepared.
    seal_sentence: str = LOCAL_SEAL
    seal_field: bool = True
    replaces: Replaced | None = None


@dataclass(frozen=True)
class Enclosure:
    """A sealed paper that another one carries inside: the first ``size`` bytes of its file, as they were when frozen.

    ``document`` is its id. A sealed file only grows at its end, so that those bytes stay what they were.
    """

    document: str
    name: str
    sha256: str
    size: int
    description: str


@dataclass(frozen=True)
class Picture:
    """A photo that a paper prints by ``<img src="foto:SHA256">``: the stored JPEG of exactly this hash."""

    name: str
    sha256: str
    caption: str


@dataclass(frozen=True)
class Composition:
    """Input of ``pdf.render``: HTML, ink by ``<img src>``, metadata, and the bytes of ``evidence.json``.

    ``enclosures``: sealed papers that are embedded as files; the evidence names each as a source. ``pictures``: photos.
    """

    html: str
    meta: PaperMeta
    inks: Mapping[str, Ink] = field(default_factory=dict)
    attachment: bytes | None = None
    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Picture, ...] = ()


Compose = Callable[..., Composition]
OnSealed = Callable[[Any], None]
OnVoided = Callable[..., None]
Hold = Callable[[Any], None]


@dataclass(frozen=True)
class PaperKind:
    kind: str
    label: str
    compose: Compose
    on_sealed: OnSealed | None = None
    on_voided: OnVoided | None = None
    hold: Hold | None = None


KINDS: dict[str, PaperKind] = {}


def register(
    kind: str,
    label: str,
    compose: Compose,
    on_sealed: OnSealed | None = None,
    on_voided: OnVoided | None = None,
    hold: Hold | None = None,
) -> None:
    """Make a kind known. ``compose(snapshot, *, document: DocumentFacts) -> Composition`` reads no database and no
    clock; ``on_sealed(document)`` runs once after the seal, in the transaction that notes it as done;
    ``on_voided(document, by=…)`` runs in the transaction that voids the paper. What ``on_voided`` will lock of the
    room above, ``hold(document)`` locks before this room locks anything (order: ``documents.sealing.hold_office``).

    ValueError when another function already holds the name.
    """
    wanted = PaperKind(kind, label, compose, on_sealed, on_voided, hold)
    known = KINDS.get(kind)
    if known and known != replace(wanted, label=known.label):
        raise ValueError(f"paper kind {kind!r} is registered twice")
    KINDS[kind] = wanted


def get(kind: str) -> PaperKind:
    """ValueError for a kind nobody registered."""
    try:
        return KINDS[kind]
    except KeyError:
        raise ValueError(f"unknown paper kind {kind!r}") from None


def label(kind: str) -> str:
    """Words for people; also for papers whose kind is no longer registered."""
    return KINDS[kind].label if kind in KINDS else kind.replace("_", " ").capitalize()


def choices() -> list[tuple[str, str]]:
    return sorted(((paper.kind, paper.label) for paper in KINDS.values()), key=lambda pair: pair[1])
