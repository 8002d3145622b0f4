"""Pages: attendance on paper: print numbered sheets, attach what comes back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Permission
from documents import storage

from ..access import get_event, get_of_event, may_in_event
from ..forms.base import posted, saved
from ..forms.sheets import ScanForm, SheetsForm
from ..issuing import refuse_unless_issuable
from ..models import AttendanceScan
from ..sheets import SHEETS_AT_ONCE, newest_series, sheets_pdf


@require_http_methods(["GET", "POST"])
def sheets(request, code):
    right = Permission.EVENT_VIEW if request.method == "GET" else Permission.EVENT_RUN
    event = get_event(request, code, right)
    if request.method == "POST":
        refuse_unless_issuable(event)
    form = SheetsForm(posted(request), event=event)
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Lembar daftar hadir siap dicetak.")
        return redirect("events:sheets", event.code)
    newest = list(newest_series(event))
    older = event.sheets.exclude(series=newest[0].series) if newest else event.sheets.none()
    context = {
        "event": event,
        "section": "papers",
        "form": form,
        "sheets": _with_scans(event, newest),
        "older": _with_scans(event, older),
        "files": [
            (part[0].number, part[-1].number)
            for start in range(0, len(newest), SHEETS_AT_ONCE)
            if (part := newest[start : start + SHEETS_AT_ONCE])
        ],
        "run": may_in_event(request.user, Permission.EVENT_RUN, event),
    }
    return render(request, "events/sheets.html", context)


@never_cache
@require_GET
def sheets_print(request, code, first):
    """At most ten sheets of the newest series, beginning with this one."""
    event = get_event(request, code, Permission.EVENT_VIEW)
    chosen = list(newest_series(event).filter(number__gte=first)[:SHEETS_AT_ONCE])
    if not chosen:
        raise Http404("Tidak ditemukan.")
    response = HttpResponse(sheets_pdf(event, chosen), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="daftar-hadir-{chosen[0].code}.pdf"'
    return response


@require_http_methods(["GET", "POST"])
def sheet_scan(request, code, pk):
    event = get_event(request, code, Permission.EVENT_RUN)
    refuse_unless_issuable(event)
    sheet = get_of_event(event.sheets.select_related("event"), pk=pk)
    files = request.FILES if request.method == "POST" else None
    form = ScanForm(posted(request), files, sheet=sheet)
    if request.method == "POST" and (rows := saved(form, by=request.user)):
        messages.success(request, f"Pindaian disimpan; {len(rows)} baris dicatat.")
        if form.unknown_rows:
            numbers = ", ".join(map(str, form.unknown_rows))
            messages.warning(
                request, f"Baris {numbers} tidak bernama pada daftar. Tambahkan orangnya di halaman Peserta."
            )
        return redirect("events:sheets", event.code)
    return render(
        request, "events/sheet_scan.html", {"event": event, "section": "papers", "form": form, "sheet": sheet}
    )


@require_GET
def scan_file(request, code, pk):
    event = get_event(request, code, Permission.EVENT_VIEW)
    scan = get_of_event(AttendanceScan.objects.filter(sheet__event=event).select_related("sheet"), pk=pk)
    if not storage.exists(scan.file):
        raise Http404("Tidak ditemukan.")
    name = f"daftar-hadir-{scan.sheet.code}-{scan.page}.jpg"
    return storage.file_response(scan.file, filename=name, content_type="image/jpeg")


def _with_scans(event, sheets) -> list:
    """The sheets with ``scanned``, in one query for all of them."""
    found: dict = {}
    for scan in AttendanceScan.objects.filter(sheet__event=event):
        found.setdefault(scan.sheet_id, []).append(scan)
    sheets = list(sheets)
    for sheet in sheets:
        sheet.event, sheet.scanned = event, found.get(sheet.pk, [])
    return sheets
