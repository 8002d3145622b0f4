"""Pages *Perlu ditinjau* of one paper: what waits, one record, and the bytes of a body nobody could read."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Permission

from .. import review as deeds
from ..access import get_declaration, may_in_declaration
from ..models import Declaration, InboxItem, KioskItem
from ..review_list import (
    LINES,
    question_about,
    question_of_body,
    questions_about,
    waiting_bodies,
    waiting_signatures,
)
from .asked import back_to, uuid_or_none

DECIDED = 50


@require_http_methods(["GET", "POST"])
def review(request, pk):
    """GET what waits for a decision; POST closes the question about one unreadable body."""
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW, even_archived=True)
    if request.method == "POST":
        body = _body(found, request.POST.get("kiriman", ""))
        settled = deeds.settle_item(item=body, reason=request.POST.get("alasan", ""), by=request.user)
        tell_settled(request, settled, "Kiriman ditandai selesai ditinjau.")
        return redirect(back_to(request, request.path))
    may_seal = may_in_declaration(request.user, Permission.DECLARATION_SEAL, found)
    return render(request, "declarations/review.html", {**_context(found), "may_seal": may_seal})


@require_http_methods(["GET", "POST"])
def review_resolve(request, pk, signature):
    """GET one record, also one that counts (the wrong name was tapped); POST the decision about it."""
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW, even_archived=True)
    known = found.signatures.select_related("signatory", "operator", "declaration__text_version")
    stored = get_object_or_404(known, pk=signature)
    if request.method == "GET":
        question = question_about(stored, found.event)
        context = {"declaration": found, "event": found.event, "question": question}
        return render(request, "declarations/review_one.html", context)
    decision = request.POST.get("keputusan", "")
    if decision not in deeds.Decision.values:
        raise Http404("Tidak ditemukan.")
    rows, people = found.signatories.current(), found.event.attendees
    deeds.resolve(
        signature=stored,
        decision=decision,
        reason=request.POST.get("alasan", ""),
        signatory=rows.filter(pk=uuid_or_none(request.POST.get("penanda_tangan"))).first(),
        person=people.filter(pk=uuid_or_none(request.POST.get("peserta"))).first(),
        seen=request.POST.get("keadaan", ""),
        by=request.user,
    )
    messages.success(request, "Keputusan tersimpan.")
    return redirect(back_to(request, reverse("declarations:review", args=[found.pk])))


@never_cache
@require_GET
def review_body(request, pk, number):
    """The bytes as they came."""
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW)
    item = get_object_or_404(found.inbox_items, pk=number)
    return as_download(bytes(item.body), f"kiriman-{item.pk}.bin")


def as_download(data: bytes, name: str) -> HttpResponse:
    """Never shown, whatever the bytes are."""
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def tell_settled(request, settled: InboxItem | KioskItem, words: str) -> None:
    """The first decision stays: who comes second reads whose it is and why."""
    reason = deeds.reason_of(request.POST.get("alasan", ""))
    if (settled.resolved_by_id, settled.resolution) == (request.user.pk, reason):
        messages.success(request, words)
    else:
        by = f" oleh {settled.resolved_by}" if settled.resolved_by else ""
        messages.warning(
            request,
            f"Kiriman ini sudah diputuskan{by}: {settled.resolution.rstrip('.')}. Keputusan itu tetap berlaku.",
        )


def _body(found: Declaration, number: str):
    if not number.isdecimal() or len(number) > 18:
        raise Http404("Tidak ditemukan.")
    return get_object_or_404(found.inbox_items, pk=number)


def _context(found: Declaration) -> dict:
    waiting = waiting_signatures(found.event, found)
    bodies = waiting_bodies(found.event, found)
    decided = found.signatures.exclude(decided_at=None).select_related("signatory", "decided_by")
    counting = found.signatures.valid().filter(signatory__replaced_by=None).select_related("signatory")
    questions = questions_about(found.event, waiting[:LINES])
    return {
        "declaration": found,
        "event": found.event,
        "questions": questions + [question_of_body(body) for body in bodies[:LINES]],
        "waiting": deeds.open_questions(found),
        "counting": counting.defer("record", "strokes").order_by("signatory__order", "signatory__name"),
        "decided": decided.defer("record", "strokes").order_by("-decided_at")[:DECIDED],
    }
