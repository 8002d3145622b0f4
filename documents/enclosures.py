"""Sealed papers inside another paper: read from the archive, each with the hash it was frozen with."""

import hashlib
from collections.abc import Iterable

from . import jobs, storage
from .models import Document
from .papers import Enclosure
from .pdf import Enclosed


def read(enclosures: Iterable[Enclosure]) -> list[Enclosed]:
    """The bytes of each; StepFailed, with its name, when a file is lost or no longer what it was."""
    wanted = list(enclosures)
    files = dict(Document.objects.filter(pk__in=[each.document for each in wanted]).values_list("pk", "file"))
    files = {str(pk): name for pk, name in files.items()}
    return [Enclosed(each.name, _content(each, files), each.description) for each in wanted]


def _content(enclosure: Enclosure, files: dict[str, str]) -> bytes:
    name = files.get(enclosure.document, "")
    if storage.exists(name):
        content = storage.read(name)[: enclosure.size]
        if hashlib.sha256(content).hexdigest() == enclosure.sha256:
            return content
    raise jobs.StepFailed(
        f"Berkas “{enclosure.description}” hilang atau berubah di peladen. Pulihkan dari cadangan, lalu coba lagi."
    )
