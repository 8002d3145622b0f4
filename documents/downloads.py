"""DEED: hand out a sealed file, to a person or to a system of theirs."""

from django.http import FileResponse, StreamingHttpResponse
from django.utils.text import slugify

from accounts import audit
from accounts.writing import writing

from . import archive, storage
from .models import Document


def hand_out(document: Document, *, by) -> FileResponse | None:
    """The file as a download; audit ``document.downloaded``. None while there is no sealed file."""
    if not document.can_be_downloaded or not storage.exists(document.file):
        return None
    response = storage.file_response(document.file, filename=storage.download_name(document))
    with writing():
        audit.record(by, "document.downloaded", document, sha256=document.sha256)
    return response


def hand_out_all(documents, *, by, name: str) -> StreamingHttpResponse:
    """The sealed files of a selection as one ZIP that is made on the way; audit ``archive.exported`` per office."""
    pieces = archive.hand_out_bundle(documents=documents, by=by)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:60]}.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
