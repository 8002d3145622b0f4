"""/api/v1/recap: coverage per region for Bawaslu's own systems, scoped like the owner of the token (DESIGN §7)."""

from ninja import Router, Schema
from pydantic import Field

from accounts.api import TOKEN_LIMIT, ApiTokenAuth, errors
from regions.models import Region

from .access import recap_region, recap_roots
from .recap import Line, recap_of

recap = Router(tags=["recap"], auth=ApiTokenAuth(), throttle=[TOKEN_LIMIT])


class Place(Schema):
    code: str
    name: str
    level: str


class Counts(Schema):
    events: dict[str, int] = Field(description="Banyaknya kegiatan per status")
    sealed: int = Field(description="Naskah tersegel")
    signatures: int
    villages_signed: int
    villages: int


class LineOut(Counts):
    region: Place
    own_level: bool = Field(description="Kegiatan yang diselenggarakan pada tingkat wilayah ini sendiri")


class RecapOut(Schema):
    region: Place | None = Field(description="Kosong untuk seluruh Indonesia")
    total: Counts
    lines: list[LineOut]
    missing: list[Place] = Field(description="Desa/kelurahan yang belum; hanya untuk satu kecamatan")


@recap.get("", url_name="recap", response={200: RecapOut} | errors(401, 403, 404, 422, 429))
def of_region(request, region: str = ""):
    """Rekapitulasi tepat di bawah satu wilayah (kode Kemendagri); tanpa kode: wilayah kerja pemilik token."""
    found = recap_of(request.user, recap_region(region, recap_roots(request.user)))
    return {
        "region": _place(found.region) if found.region else None,
        "total": _counts(found.total),
        "lines": [
            {"region": _place(line.region), "own_level": line.is_own, **_counts(line)} for line in found.lines
        ],
        "missing": [_place(village) for village in found.missing],
    }


def _place(region: Region) -> dict:
    return {"code": region.code, "name": region.name, "level": region.level}


def _counts(line: Line) -> dict:
    names = ("sealed", "signatures", "villages_signed", "villages")
    return {"events": line.states, **{name: getattr(line, name) for name in names}}
