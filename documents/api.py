"""/api/v1/archive/*: sealed papers for Bawaslu's own systems, scoped like the owner of the token (DESIGN §7)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.core.paginator import Paginator
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api import TOKEN_LIMIT, ApiError, ApiTokenAuth, Day, Plain, errors

from . import papers
from .access import documents_of, get_document
from .downloads import hand_out
from .models import Document

archive = Router(tags=["archive"], auth=ApiTokenAuth(), throttle=[TOKEN_LIMIT])

NOT_READY = "Dokumen ini belum disegel, sehingga belum dapat diunduh."


class Office(Schema):
    id: int
    name: str


class Paper(Schema):
    """Satu dokumen; tidak memuat nama penanda tangan atau data pribadi lain."""

    id: UUID
    kind: str
    kind_label: str
    title: str
    number: str
    classification: str
    office: Office
    event: str = Field(description="Kode kegiatan")
    date: str = Field(description="Tanggal pada naskah, kosong bila tidak ada")
    state: Literal["rendering", "sealing", "sealed", "superseded", "void"]
    revision: int
    sealed_at: datetime | None
    sha256: str
    size: int
    pages: int
    pdf_profile: str
    pades_level: str = Field(description="Tingkat segel yang tercapai")
    verify_url: str


class PaperDetail(Paper):
    supersedes: UUID | None
    revision_reason: str
    void_reason: str
    voided_at: datetime | None
    certificate_fingerprint: str


class Papers(Schema):
    total: int
    page: int
    pages: int
    items: list[Paper]


class Filters(Schema):
    office: int | None = Field(None, ge=1, le=2**31 - 1, description="Nomor kantor")
    kind: Plain | None = Field(None, max_length=40)
    number: Plain | None = Field(None, max_length=300, description="Nomor dokumen, persis")
    q: Plain | None = Field(None, max_length=200, description="Bagian dari nomor, judul, atau kode kegiatan")
    state: Literal["rendering", "sealing", "sealed", "superseded", "void"] | None = None
    first: Day | None = Field(None, description="Disegel sejak tanggal ini")
    last: Day | None = Field(None, description="Disegel sampai tanggal ini")
    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(50, ge=1, le=200)

    def choose(self, documents):
        equal = {name: getattr(self, name) for name in ("office", "kind", "number", "state")}
        documents = documents.filter(**{name: value for name, value in equal.items() if value is not None})
        if self.q:
            documents = documents.search(self.q.strip())
        return documents.sealed_between(self.first, self.last)


@archive.get(
    "/documents",
    url_name="archive_documents",
    response={200: Papers} | errors(401, 403, 422, 429),
)
def documents(request, filters: Query[Filters]):
    """Dokumen yang dapat dibuka pemilik token, terbaru lebih dahulu."""
    chosen = filters.choose(documents_of(request)).order_by("-created_at", "pk")
    pages = Paginator(chosen, filters.per_page)
    page = pages.get_page(filters.page)
    items = [_paper(document) for document in page] if filters.page <= pages.num_pages else []
    return {"total": pages.count, "page": filters.page, "pages": pages.num_pages, "items": items}


@archive.get(
    "/documents/{uuid:pk}",
    url_name="archive_document",
    response={200: PaperDetail} | errors(401, 403, 404, 429),
)
def document(request, pk: UUID):
    """Satu dokumen."""
    found = get_document(request, pk)
    return {
        **_paper(found),
        "supersedes": found.supersedes_id,
        "revision_reason": found.revision_reason,
        "void_reason": found.void_reason,
        "voided_at": found.voided_at,
        "certificate_fingerprint": found.certificate_fingerprint,
    }


@archive.get(
    "/documents/{uuid:pk}/file",
    url_name="archive_file",
    response={200: bytes} | errors(401, 403, 404, 409, 429),
    openapi_extra={
        "responses": {200: {"description": "Berkas PDF tersegel", "content": {"application/pdf": {}}}}
    },
)
def file(request, pk: UUID):
    """Berkas PDF tersegel; pengunduhan dicatat seperti pengunduhan dari halaman."""
    response = hand_out(get_document(request, pk), by=request.user)
    if response is None:
        raise ApiError(409, "not_ready", NOT_READY)
    return response


def _paper(document: Document) -> dict:
    same = (
        "id",
        "kind",
        "title",
        "number",
        "classification",
        "state",
        "revision",
        "sealed_at",
        "sha256",
        "size",
        "pages",
        "pdf_profile",
        "pades_level",
        "verify_url",
    )
    return {
        **{name: getattr(document, name) for name in same},
        "kind_label": papers.label(document.kind),
        "office": {"id": document.office_id, "name": document.office.name},
        "event": document.event_code,
        "date": str(document.public.get("date", ""))[:10],
    }
