"""DEED: hand over an office's sealed papers as one ZIP that can be checked without us."""

import csv
import io
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.models import Office
from accounts.refusals import Refusal
from accounts.spreadsheets import harmless
from accounts.writing import writing

from . import certificates, papers, storage
from .models import Document

COLUMNS = ("path", "sha256", "kind", "number", "event", "date", "office")
CHUNK = 256 * 1024  # bytes of a paper that are in memory at once
AT_ONCE = 200  # papers read from the database at once
INCOMPLETE = "TIDAK-LENGKAP.txt"


class Exported(NamedTuple):
    documents: int
    size: int
    missing: list[str]


def offices_of(code_or_id: str):
    """The office with this id or letter code, or the offices of the region with this code.

    Refused when there is none, and when a bare number means two different things.
    """
    text = code_or_id.strip()
    by_code = Office.objects.filter(Q(region__code=text) | (Q(letter_code=text) & ~Q(letter_code="")))
    by_id = (
        Office.objects.filter(pk=int(text)) if text.isascii() and text.isdecimal() else Office.objects.none()
    )
    if by_id and by_code and set(by_id) != set(by_code):
        names = "; ".join(f"nomor {office.pk}: {office}" for office in [*by_id, *by_code])
        raise Refusal(f"{text} adalah nomor sebuah kantor dan kode wilayah kantor lain ({names}).")
    if not (found := by_code or by_id):
        raise Refusal(f"Kantor dengan kode atau nomor {text} tidak ditemukan.")
    return found


def papers_of(offices, *, first: date | None = None, last: date | None = None):
    """Every paper with a sealed file: those in force, replaced and void, oldest first."""
    chosen = Document.objects.with_file().filter(office__in=offices)
    return chosen.sealed_between(first, last).select_related("office").order_by("sealed_at", "pk")


def export_archive(
    *, offices, target: Path | IO[bytes], by, first: date | None = None, last: date | None = None
) -> Exported:
    """Write sealed PDFs, ``manifest.csv`` and ``verifikasi.html`` into one ZIP.

    Effects in order: writes the ZIP (a path gets it under a temporary name first), then one audit entry per office.
    A file that is missing or no longer has its digest is left out and named in the result.
    """
    bundle = Bundle(papers_of(offices, first=first, last=last))
    if isinstance(target, Path):
        temporary = target.with_name(f".{target.name}.sementara")
        try:
            with temporary.open("wb") as out:
                out.writelines(bundle.stream())
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    else:
        target.writelines(bundle.stream())
    exported = Exported(len(bundle.rows), bundle.size, [str(document.pk) for document in bundle.missing])
    _note_export(offices, by, exported.documents, missing=len(exported.missing), first=first, last=last)
    return exported


def hand_out_bundle(*, documents, by) -> Iterator[bytes]:
    """The same ZIP of any selection of papers, in pieces, for a download.

    Effects: one audit entry per office, before the first byte leaves.
    """
    documents = documents.with_file().order_by("sealed_at", "pk")
    counts = Counter(documents.values_list("office", flat=True))
    with writing():
        for office in Office.objects.filter(pk__in=counts).order_by("pk"):
            audit.record(by, "archive.exported", office, documents=counts[office.pk])
    return Bundle(documents).stream()


class _Outlet(io.RawIOBase):
    """What zipfile has written and nobody has taken yet. Nothing can be changed behind: no seek, no tell."""

    def __init__(self):
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


class Bundle:
    """A ZIP that is made while it is handed out: never more than one piece of one paper in memory.

    ``rows`` (of the manifest), ``missing`` (papers whose file is lost or changed) and ``size`` fill up on the way.
    """

    def __init__(self, documents):
        self.ids: list[UUID] = list(documents.values_list("pk", flat=True))
        self.rows: list[dict[str, str]] = []
        self.missing: list[Document] = []
        self.size = 0

    def stream(self) -> Iterator[bytes]:
        outlet = _Outlet()
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as bundle:  # a PDF is compressed already
            for document in self._documents():
                if not storage.exists(document.file) or storage.sha256_of(document.file) != document.sha256:
                    self.missing.append(document)
                    continue
                yield from self._add(bundle, document, outlet)
            bundle.writestr("manifest.csv", manifest(self.rows))
            bundle.writestr("verifikasi.html", verification_page(self.rows))
            bundle.writestr("akar.pem", certificates.root_pem())
            if self.missing:
                bundle.writestr(INCOMPLETE, missing_in_words(self.missing))
        yield outlet.take()

    def _documents(self) -> Iterator[Document]:
        """In small groups by id: no query stays open as long as somebody's slow download."""
        for start in range(0, len(self.ids), AT_ONCE):
            ids = self.ids[start : start + AT_ONCE]
            found = Document.objects.select_related("office").defer("snapshot").in_bulk(ids)
            yield from (found[pk] for pk in ids if pk in found)

    def _add(self, bundle: zipfile.ZipFile, document: Document, outlet: _Outlet) -> Iterator[bytes]:
        path = path_in_bundle(document)
        entry = zipfile.ZipInfo(path, date_time=timezone.localtime(document.sealed_at).timetuple()[:6])
        entry.file_size = document.size
        entry.external_attr = 0o644 << 16
        with storage.path_of(document.file).open("rb") as file, bundle.open(entry, "w") as inside:
            while piece := file.read(CHUNK):
                inside.write(piece)
                yield outlet.take()
        self.rows.append(manifest_row(document, path))
        self.size += document.size


def missing_in_words(documents: Iterable[Document]) -> str:
    """Which papers should be in the ZIP and are not."""
    lines = [
        f"- {document} ({papers.label(document.kind)}), SHA-256 {document.sha256}" for document in documents
    ]
    head = "Berkas dokumen berikut hilang atau berubah di peladen, sehingga tidak ikut dalam arsip ini:"
    return "\r\n".join([head, *lines, "Hubungi pengelola aplikasi untuk memulihkannya dari cadangan.", ""])


def path_in_bundle(document: Document) -> str:
    """``2024/deklarasi-…-7f3a0c21.pdf``: readable, and never twice the same."""
    return f"{document.sealed_at:%Y}/{name_in_bundle(document)}"


def name_in_bundle(document: Document) -> str:
    name = storage.download_name(document).removesuffix(".pdf")
    return f"{name[:90]}-{document.pk.hex[:8]}.pdf"


def manifest_row(document: Document, path: str) -> dict[str, str]:
    day = str(document.public.get("date", ""))[:10] or timezone.localdate(document.sealed_at).isoformat()
    return {
        "path": path,
        "sha256": document.sha256,
        "kind": papers.label(document.kind),
        "number": document.number,
        "event": document.event_code,
        "date": day,
        "office": document.office.name,
    }


def manifest(rows: Iterable[dict[str, str]]) -> bytes:
    """CSV as Indonesian Excel opens it: BOM, semicolons, and no cell that a spreadsheet takes for a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";")
    table.writerow(COLUMNS)
    table.writerows([harmless(row[column]) for column in COLUMNS] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def verification_page(rows: list[dict[str, str]]) -> str:
    """One self-contained file that compares dropped PDFs with the manifest, offline; opened from disk."""
    listed = {
        row["sha256"]: f"{row['number'] or row['path']} – {row['kind']}, {row['office']}" for row in rows
    }
    data = json.dumps(listed, ensure_ascii=False).replace("<", "\\u003c")
    return render_to_string("documents/offline_check.html", {"data": data, "count": len(rows)})


def _note_export(offices, by, documents: int, **facts) -> None:
    with writing():
        for office in offices:
            audit.record(by, "archive.exported", office, documents=documents, **facts)
