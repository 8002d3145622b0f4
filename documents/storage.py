"""Private files below ``DATA_DIR/files``: never served by path, only streamed by a view that checked first."""

import hashlib
import os
import re
import secrets
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.http import FileResponse
from django.utils.text import slugify

TEMPORARY = ".sementara"
UNSIGNED = "tanpa-segel.pdf"
IS_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY = 24 * 3600


def path_of(name: str) -> Path:
    """Absolute path of a stored name; ValueError for one that leaves the folder."""
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / name).resolve()
    if path == root or not path.is_relative_to(root):
        raise ValueError("name leaves the folder of private files")
    return path


def unsigned_name(document) -> str:
    return f"dokumen/{document.pk}/{UNSIGNED}"


def sealed_name(document, sha256: str) -> str:
    """Named after its content: a worker that lost its lease can never write over the file that was registered."""
    return f"dokumen/{document.pk}/segel-{sha256[:16]}.pdf"


def sealed_names(document) -> list[str]:
    """Sealed files of the paper, registered or left behind."""
    folder = path_of(f"dokumen/{document.pk}")
    return sorted(f"dokumen/{document.pk}/{path.name}" for path in folder.glob("segel-*.pdf"))


def old_unsigned_names(*, older_than: float = DAY) -> dict[uuid.UUID, str]:
    """Names of unsigned files that lie there longer than this (seconds), by the id of their paper."""
    found = {}
    for path in (Path(settings.MEDIA_ROOT) / "dokumen").glob(f"*/{UNSIGNED}"):
        if IS_ID.fullmatch(path.parent.name) and time.time() - path.stat().st_mtime > older_than:
            found[uuid.UUID(path.parent.name)] = f"dokumen/{path.parent.name}/{UNSIGNED}"
    return found


def store(name: str, data: bytes) -> None:
    """Write whole or not at all: temporary name (mode 0600), fsync, rename, fsync of the folder. OSError when full."""
    put_in_place(stage(name, data), name)


def stage(name: str, data: bytes) -> Path:
    """Write beside the name and sync; what is never put in place is removed by ``remove_stale_temporaries``."""
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}{TEMPORARY}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def put_in_place(temporary: Path, name: str) -> None:
    try:
        os.replace(temporary, path_of(name))
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(temporary.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(name: str) -> bytes:
    """FileNotFoundError when nothing was stored under the name."""
    return path_of(name).read_bytes()


def exists(name: str) -> bool:
    return bool(name) and path_of(name).is_file()


def touch(name: str) -> bool:
    """Its age counts from now; False when it is not there."""
    try:
        os.utime(path_of(name))
    except FileNotFoundError:
        return False
    return True


def old_names(folder: str, *, older_than: float = DAY) -> list[str]:
    """Names of the files below a folder that were written or touched longer ago than this (seconds)."""
    root, now = Path(settings.MEDIA_ROOT), time.time()
    paths = [path for path in (root / folder).rglob("*") if path.is_file()]
    return [str(path.relative_to(root)) for path in paths if now - path.stat().st_mtime > older_than]


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def sha256_of(name: str) -> str:
    with path_of(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_stale_temporaries(*, older_than: float = DAY) -> int:
    """Remove what killed writers left behind; younger files may still be in use. Returns how many."""
    root, removed = Path(settings.MEDIA_ROOT), 0
    for path in root.rglob(f"*{TEMPORARY}"):
        if time.time() - path.stat().st_mtime > older_than:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def download_name(document) -> str:
    """``deklarasi-netralitas-kecamatan-cerme.pdf``: letters, digits and hyphens only."""
    words = slugify(f"{document.title} {document.number}".replace("/", "-"))[:120].strip("-")
    revision = f"-revisi-{document.revision}" if document.revision > 1 else ""
    return f"{words or 'dokumen'}{revision}.pdf"


def file_response(name: str, *, filename: str, content_type: str = "application/pdf") -> FileResponse:
    """Stream a private file as a download that no cache keeps and no browser guesses about."""
    response = FileResponse(
        path_of(name).open("rb"), as_attachment=True, filename=filename, content_type=content_type
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
