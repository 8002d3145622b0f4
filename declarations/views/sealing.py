from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Permission

from .. import closing, sealing
from ..access import get_declaration, may_in_declaration, require


@require_POST
def seal(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_SEAL, even_archived=True)
    reason = request.POST.get("alasan", "")[:300]
    sealing.seal_declaration(declaration=found, by=request.user, reason=reason)
    messages.success(request, "Dokumen sedang dibuat dan disegel. Halaman ini akan menunjukkan hasilnya.")
    return redirect(found)


@require_POST
def close_and_seal(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_SEAL)
    require(may_in_declaration(request.user, Permission.EVENT_RUN, found))
    issues = closing.close_and_seal(declaration=found, by=request.user)
    if issues:
        messages.warning(request, "Penandatanganan ditutup, tetapi naskah belum disegel.")
    for issue in issues:
        messages.warning(request, issue)
    if not issues:
        messages.success(
            request, "Penandatanganan ditutup. Dokumen sedang disegel; halaman ini akan menunjukkan hasilnya."
        )
    return redirect(found)


@require_POST
def take_back_sealing(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_SEAL, even_archived=True)
    reason = request.POST.get("alasan", "")[:300]
    taken = sealing.take_back_sealing(declaration=found, by=request.user, reason=reason)
    messages.success(request, f"Naskah ditarik dari penyegelan. {taken.state_note}")
    return redirect(found)


@never_cache
@require_GET
def preview(request, pk):
    """The paper as it would look now, marked DRAF; made for this look only."""
    found = get_declaration(request, pk, Permission.EVENT_VIEW)
    response = HttpResponse(sealing.draft_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="pratinjau.pdf"'
    return response
