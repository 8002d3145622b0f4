"""DEED: hand over an office's sealed papers as one ZIP that can be checked without us."""

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.models import Office
from accounts.refusals import Refusal
from accounts.writing import writing

from . import certificates, papers, storage
from .models import Document

COLUMNS = ("path", "sha256", "kind", "number", "event", "date", "office")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
    chosen = Document.objects.published().filter(office__in=offices).exclude(file="")
    return chosen.sealed_between(first, last).select_related("office").order_by("sealed_at", "pk")


def export_archive(
    *, offices, target: Path | IO[bytes], by, first: date | None = None, last: date | None = None
) -> Exported:
    """Write sealed PDFs, ``manifest.csv`` and ``verifikasi.html`` into one ZIP.

    Effects in order: writes the ZIP (a path gets it under a temporary name first), then one audit entry per office.
    A file that is missing or no longer has its digest is left out and named in the result.
    """
    if isinstance(target, Path):
        temporary = target.with_name(f".{target.name}.sementara")
        try:
            with temporary.open("wb") as out:
                exported = _write_zip(out, papers_of(offices, first=first, last=last))
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    else:
        exported = _write_zip(target, papers_of(offices, first=first, last=last))
    _note_export(offices, by, exported, first, last)
    return exported


def _write_zip(out: IO[bytes], documents) -> Exported:
    rows, missing, size = [], [], 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:  # a PDF is compressed already
        for document in documents.iterator(chunk_size=200):
            if not storage.exists(document.file) or storage.sha256_of(document.file) != document.sha256:
                missing.append(str(document.pk))
                continue
            path = path_in_bundle(document)
            bundle.write(storage.path_of(document.file), path)
            rows.append(manifest_row(document, path))
            size += document.size
        bundle.writestr("manifest.csv", manifest(rows))
        bundle.writestr("verifikasi.html", verification_page(rows))
        bundle.writestr("akar.pem", certificates.root_pem())
    return Exported(len(rows), size, missing)


def path_in_bundle(document: Document) -> str:
    """``2024/deklarasi-…-7f3a0c21.pdf``: readable, and never twice the same."""
    name = storage.download_name(document).removesuffix(".pdf")
    return f"{document.sealed_at:%Y}/{name[:90]}-{document.pk.hex[:8]}.pdf"


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


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def verification_page(rows: list[dict[str, str]]) -> str:
    """One self-contained file that compares dropped PDFs with the manifest, offline; opened from disk."""
    listed = {
        row["sha256"]: f"{row['number'] or row['path']} – {row['kind']}, {row['office']}" for row in rows
    }
    data = json.dumps(listed, ensure_ascii=False).replace("<", "\\u003c")
    return render_to_string("documents/offline_check.html", {"data": data, "count": len(rows)})


def _note_export(offices, by, exported: Exported, first, last) -> None:
    with writing():
        for office in offices:
            audit.record(
                by,
                "archive.exported",
                office,
                documents=exported.documents,
                missing=len(exported.missing),
                first=first,
                last=last,
            )
