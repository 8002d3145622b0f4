"""Pages: attendees from a file. Upload or paste, columns, dry run over all rows, import, undo."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.roles import Permission
from accounts.spreadsheets import CONTENT_TYPES, XLSX

from ..access import get_event, get_of_event, may_edit
from ..forms.base import posted, saved
from ..forms.imports import ColumnsForm, ImportForm, TableForm, samples_of, skipped_rows
from ..import_files import faulty_rows, template
from ..import_plan import dry_run
from ..importing import apply_upload, book_of, discard_upload, kept_errors, undo_import
from ..imports.headers import NIK, has_nik, headers_of
from ..imports.matching import CHANGED, DOUBLE, FAULTY, NEW, SAME
from ..imports.tables import Unusable
from ..imports.text_files import CP1252
from .programme import editable

PER_PAGE = 100
LABELS = {
    FAULTY: ("Galat", "danger"),
    NEW: ("Baru", "done"),
    CHANGED: ("Diperbarui", "active"),
    DOUBLE: ("Duplikat dalam berkas", "waiting"),
    SAME: ("Sama", "muted"),
}


@require_http_methods(["GET", "POST"])
def start(request, code):
    event = editable(request, code)
    files = request.FILES if request.method == "POST" else None
    form = ImportForm(posted(request), files, event=event)
    if request.method == "POST" and (upload := saved(form, by=request.user)):
        return redirect(next_page(upload), event.code, upload.pk)
    batches = event.import_batches.select_related("applied_by").defer("details")[:20]
    context = {"event": event, "section": "attendees", "form": form, "batches": batches}
    return render(request, "events/import.html", context)


@require_GET
def template_file(request, code):
    editable(request, code)
    return _xlsx(template(), "templat-peserta.xlsx")


@never_cache
@require_http_methods(["GET", "POST"])
def columns(request, code, pk):
    """GET shows the rows above the header and what each column holds; POST keeps that and goes on to the dry run."""
    event, upload = upload_of(request, code, pk)
    book = book_of(upload)
    rows = book.sheet(upload.sheet).rows
    headers = headers_of(rows, upload.header_row)
    samples = samples_of(rows, upload.header_row, headers)
    form = ColumnsForm(posted(request), upload=upload, headers=headers, samples=samples)
    if request.method == "POST" and saved(form, by=request.user):
        return redirect("events:import_check", event.code, upload.pk)
    context = {
        "event": event,
        "section": "attendees",
        "upload": upload,
        "form": form,
        "table_form": TableForm(upload=upload, book=book),
        "skipped": skipped_rows(rows, upload.header_row),
        "nik": NIK if has_nik(headers) else "",
    }
    return render(request, "events/import_columns.html", context)


@require_POST
def table(request, code, pk):
    event, upload = upload_of(request, code, pk)
    form = TableForm(request.POST, upload=upload, book=book_of(upload))
    if not saved(form, by=request.user):
        messages.error(request, "Pilih lembar dan baris judul dari daftar.")
    return redirect("events:import_columns", event.code, upload.pk)


@never_cache
@require_GET
def check(request, code, pk):
    """The dry run over all rows; ``?hasil=galat`` shows those of one kind."""
    event, upload = upload_of(request, code, pk)
    if not upload.is_checked:
        return redirect("events:import_columns", event.code, upload.pk)
    book = book_of(upload)
    plan = plan_of(event, upload, book)
    chosen = request.GET.get("hasil", "")
    rows = [row for row in plan.rows if chosen not in LABELS or row.status == chosen]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    context = {
        "event": event,
        "section": "attendees",
        "upload": upload,
        "plan": plan,
        "page": page,
        "lines": [_line(plan, row) for row in page],
        "chosen": chosen if chosen in LABELS else "",
        "kinds": [(key, *LABELS[key], plan.counts[key]) for key in LABELS],
        "skipped": skipped_rows(plan.table, upload.header_row),
        "is_cp1252": book.encoding == CP1252,
        "encoding": book.encoding,
        "nik": NIK if has_nik(plan.headers) else "",
    }
    return render(request, "events/import_check.html", context)


@never_cache
@require_GET
def errors(request, code, pk):
    event, upload = upload_of(request, code, pk)
    return _xlsx(faulty_rows(plan_of(event, upload, book_of(upload))), "galat.xlsx")


@require_POST
def apply(request, code, pk):
    event, upload = upload_of(request, code, pk)
    batch = apply_upload(upload=upload, by=request.user)
    if batch is None:
        messages.info(request, "Tidak ada yang berubah: semua baris yang benar sudah ada di daftar.")
        return redirect("events:attendees", event.code)
    messages.success(request, f"Impor selesai: {batch.counts[NEW]} baru, {batch.counts[CHANGED]} diperbarui.")
    return redirect("events:import_batch", event.code, batch.pk)


@require_POST
def discard(request, code, pk):
    event, upload = upload_of(request, code, pk)
    discard_upload(upload=upload)
    messages.info(request, "Berkas dihapus. Perbaiki berkasnya, lalu unggah lagi.")
    return redirect("events:import", event.code)


@require_GET
def batch(request, code, pk):
    event = get_event(request, code, Permission.EVENT_PLAN)
    found = get_of_event(event.import_batches.select_related("applied_by", "undone_by"), pk=pk)
    context = {
        "event": event,
        "section": "attendees",
        "batch": found,
        "errors": kept_errors(found),
        "counts": [(label, tone, found.counts.get(key, 0)) for key, (label, tone) in LABELS.items()],
        "edit": may_edit(request.user, event),
    }
    return render(request, "events/import_batch.html", context)


@require_POST
def undo(request, code, pk):
    event = editable(request, code)
    found = get_of_event(event.import_batches, pk=pk)
    done = undo_import(batch=found, by=request.user)
    messages.success(
        request, f"Impor dibatalkan: {done.removed} peserta dihapus, {done.restored} dikembalikan."
    )
    if done.kept:
        messages.info(
            request, f"{done.kept} peserta tetap ada karena sudah digabungkan dengan data yang lebih lama."
        )
    return redirect("events:attendees", event.code)


def upload_of(request, code, pk):
    event = editable(request, code)
    return event, get_of_event(event.import_uploads.select_related("event__office", "event__region"), pk=pk)


def plan_of(event, upload, book):
    rows = book.sheet(upload.sheet).rows
    try:
        return dry_run(event=event, rows=rows, header=upload.header_row, mapping=upload.columns)
    except Unusable as problem:
        raise Refusal(str(problem)) from None


def next_page(upload) -> str:
    return "events:import_check" if upload.is_checked else "events:import_columns"


def _line(plan, row) -> dict:
    """One row as the page shows it: what stands in the file, what is wrong with it and where."""
    label, tone = LABELS[row.status]
    cells = plan.table[row.number - 1]
    name_at = next((column for column, field in plan.mapping.items() if field == "full_name"), None)
    name = "" if name_at is None or name_at >= len(cells) else str(cells[name_at]).strip()
    return {
        "number": row.number,
        "label": label,
        "tone": tone,
        "name": name,
        "about": ", ".join(filter(None, (row.values.get("position"), row.values.get("agency")))),
        "issues": [(plan.place(issue.column), issue.value[:80], issue.message) for issue in row.issues],
        "notes": row.notes,
    }


def _xlsx(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[XLSX])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
