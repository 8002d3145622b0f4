"""DEED: hand out a sealed file, to a person or to a system of theirs."""

from django.http import FileResponse

from accounts import audit
from accounts.writing import writing

from . import storage
from .models import Document


def hand_out(document: Document, *, by) -> FileResponse | None:
    """The file as a download; audit ``document.downloaded``. None while there is no sealed file."""
    if not document.can_be_downloaded or not storage.exists(document.file):
        return None
    response = storage.file_response(document.file, filename=storage.download_name(document))
    with writing():
        audit.record(by, "document.downloaded", document, sha256=document.sha256)
    return response
