"""Pages: signatures with pen on numbered sheets, noted for one paper."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.roles import Permission

from ..access import get_declaration
from ..from_sheets import sign_from_sheets, withdraw_note
from ..models import SheetSignature
from ..sheet_rows import rows_of_scans


@require_http_methods(["GET", "POST"])
def sheet_notes(request, pk):
    """GET the signed rows of scanned sheets; POST those that count for this paper, with the reason."""
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW)
    complaint = ""
    if request.method == "POST":
        try:
            count = sign_from_sheets(
                declaration=found,
                keys=request.POST.getlist("baris"),
                reason=request.POST.get("alasan", ""),
                by=request.user,
            )
        except Refusal as refusal:
            complaint = refusal.message
        else:
            messages.success(request, f"{count} tanda tangan di lembar kertas dicatat.")
            return redirect("declarations:sheet_notes", found.pk)
    context = {
        "declaration": found,
        "event": found.event,
        "rows": rows_of_scans(found),
        "complaint": complaint,
        "chosen": set(request.POST.getlist("baris")),
        "reason": request.POST.get("alasan", ""),
    }
    return render(request, "declarations/sheet_notes.html", context, status=400 if complaint else 200)


@require_POST
def sheet_note_withdraw(request, pk, note):
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW)
    known = SheetSignature.objects.filter(signatory__declaration=found)
    withdraw_note(
        note=get_object_or_404(known.select_related("signatory__declaration"), pk=note),
        reason=request.POST.get("alasan", ""),
        by=request.user,
    )
    messages.success(request, "Catatan tanda tangan di lembar ditarik.")
    return redirect("declarations:sheet_notes", found.pk)
