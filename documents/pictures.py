"""Photos that a paper prints: read from the private files, each with the hash it was frozen with."""

import hashlib
from collections.abc import Iterable

from . import jobs, storage
from .papers import Picture


def read(pictures: Iterable[Picture]) -> dict[str, bytes]:
    """Hash → bytes; StepFailed, with the caption, when a file is lost or no longer what it was."""
    return {each.sha256: _content(each) for each in pictures}


def _content(picture: Picture) -> bytes:
    if storage.exists(picture.name):
        content = storage.read(picture.name)
        if hashlib.sha256(content).hexdigest() == picture.sha256:
            return content
    raise jobs.StepFailed(
        f"Foto “{picture.caption}” hilang atau berubah di peladen. Pulihkan dari cadangan, lalu coba lagi."
    )
