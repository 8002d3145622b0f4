from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission

from ..access import get_declaration
from ..forms.corrections import NameForm
from .asked import posted


@require_http_methods(["GET", "POST"])
def correct_name(request, pk, signatory):
    """A name that was misspelt when its bearer signed."""
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW)
    row = get_object_or_404(found.signatories.current().select_related("attendee"), pk=signatory)
    form = NameForm(posted(request), signatory=row, by=request.user)
    if request.method == "POST" and (made := form.saved()):
        then = " Segel revisi agar tercetak pada dokumen." if found.is_sealed else ""
        messages.success(request, f"Nama diperbaiki menjadi {made.after}.{then}")
        return redirect(found)
    others = row.attendee.signatories.current().filter(name=row.name).exclude(pk=row.pk)
    context = {
        "declaration": found,
        "row": row,
        "form": form,
        "others": others.select_related("declaration__text_version"),
        "corrections": row.corrections.select_related("by"),
    }
    return render(request, "declarations/correct_name.html", context)
