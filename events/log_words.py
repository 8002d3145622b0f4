"""What values stored in the history of an event are called where their field has no choices of its own."""

from regions.zones import ZONES

from . import copying, paper_kinds
from .posts import ROLES

# Fields of a paper that are no fields of a model.
PAPER_FIELDS = {"date": "tanggal surat", "classification": "kode klasifikasi"}


def zone(value: str) -> str | None:
    return ZONES.get(value)


def role(value: str) -> str | None:
    return ROLES.get(value)


def copied_part(value: str) -> str | None:
    return copying.PARTS[value].label if value in copying.PARTS else None


def typed_field(name: str) -> str | None:
    """What the page *Isian berkas* calls a field; "undangan.opening" is a piece of the office's own wording."""
    kind, _, block = name.partition(".")
    if block and (paper := paper_kinds.get(kind)):
        return f"kalimat {paper.label} ({_block_label(paper, block)})"
    if name in PAPER_FIELDS:
        return PAPER_FIELDS[name]
    found = (
        detail.label
        for paper in paper_kinds.KINDS.values()
        for detail in paper.details
        if detail.name == name
    )
    return next(found, None)


def _block_label(paper, name: str) -> str:
    return next((block.label for block in paper.blocks if block.name == name), "bagian lain").lower()


WORDS = {
    "time_zone": zone,
    "expected_roles": role,
    "roles": role,
    "parts": copied_part,
    "fields": typed_field,
}
