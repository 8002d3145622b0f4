from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.roles import Permission

from .. import excerpts
from ..access import get_declaration


@require_POST
def make_excerpt(request, pk, signatory):
    """Order the kutipan of one signer; the page of the document says when it is sealed."""
    found = get_declaration(request, pk, Permission.DECLARATION_SEAL, even_archived=True)
    row = get_object_or_404(found.signatories.current().select_related("attendee"), pk=signatory)
    row.declaration = found
    document = excerpts.issue_excerpt(signatory=row, by=request.user)
    if not document.is_sealed:
        messages.success(request, "Kutipan sedang dibuat dan disegel. Muat ulang halaman ini sesaat lagi.")
    return redirect(document)
