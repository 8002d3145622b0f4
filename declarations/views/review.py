from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission
from regions.wording import clock_with_zone, long_date_no_day

from .. import review as deeds
from ..access import get_declaration, may_in_declaration
from ..intake import MESSAGES
from ..models import Declaration, Signature
from ..strokes import bounding_box, decode, outline_path


@require_http_methods(["GET", "POST"])
def review(request, pk):
    """GET what waits for a decision; POST closes the question about one unreadable body."""
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW)
    if request.method == "POST":
        number = request.POST.get("kiriman", "")
        if not number.isdecimal() or len(number) > 18:
            raise Http404("Tidak ditemukan.")
        item = get_object_or_404(found.inbox_items, pk=number)
        deeds.settle_item(item=item, reason=request.POST.get("alasan", ""), by=request.user)
        messages.success(request, "Kiriman ditandai selesai ditinjau.")
        return redirect("declarations:review", found.pk)
    may_seal = may_in_declaration(request.user, Permission.DECLARATION_SEAL, found)
    return render(request, "declarations/review.html", {**_context(found), "may_seal": may_seal})


@require_http_methods(["GET", "POST"])
def review_resolve(request, pk, signature):
    """GET one record, also one that counts (the wrong name was tapped); POST the decision about it."""
    found = get_declaration(request, pk, Permission.SIGNATURE_REVIEW)
    stored = get_object_or_404(found.signatures.select_related("signatory", "operator"), pk=signature)
    if request.method == "GET":
        item = _shown(stored, found.event.time_zone)
        return render(request, "declarations/review_one.html", {"declaration": found, "item": item})
    decision = request.POST.get("keputusan", "")
    if decision not in deeds.Decision.values:
        raise Http404("Tidak ditemukan.")
    row = found.signatories.current().filter(pk=_uuid_or_none(request.POST.get("penanda_tangan"))).first()
    deeds.resolve(
        signature=stored,
        decision=decision,
        reason=request.POST.get("alasan", ""),
        signatory=row,
        by=request.user,
    )
    messages.success(request, "Keputusan tersimpan.")
    return redirect("declarations:review", found.pk)


# -- what the page shows ---------------------------------------------------------------------------------------------


def _context(found: Declaration) -> dict:
    waiting = list(
        found.signatures.to_review().select_related("signatory", "operator").order_by("received_at")
    )
    first = _first_ones(found, waiting)
    decided = found.signatures.exclude(decided_at=None).select_related("signatory", "decided_by")
    zone = found.event.time_zone
    return {
        "declaration": found,
        "event": found.event,
        "conflicts": [
            {"now": _shown(s, zone), "first": _shown(first[s.signatory_id], zone)}
            for s in waiting
            if s.status == Signature.Status.CONFLICT and s.signatory_id in first
        ],
        "held": [
            {
                "now": _shown(s, zone),
                "first": _shown(first[s.signatory_id], zone) if s.signatory_id in first else None,
            }
            for s in waiting
            if s.status == Signature.Status.HELD or s.signatory_id not in first
        ],
        "counting": found.signatures.valid()
        .select_related("signatory")
        .defer("record", "strokes")
        .order_by("signatory__order", "signatory__name"),
        "inbox": list(found.inbox_items.filter(resolved_at=None)),
        "decided": [_shown(s, zone) for s in decided.order_by("-decided_at")[:50]],
        "pending": list(found.signatories.current().pending().in_order())
        if any(s.signatory_id is None for s in waiting)
        else [],
    }


def _first_ones(found: Declaration, waiting: list[Signature]) -> dict:
    """The signature that counts, for each person of the list, in one query."""
    people = {signature.signatory_id for signature in waiting}
    valid = found.signatures.valid().filter(signatory__in=people).select_related("signatory")
    return {signature.signatory_id: signature for signature in valid}


def _shown(signature: Signature, zone: str) -> dict:
    """A record in words and, when it was drawn, as path data for inline SVG (attributes only)."""
    record = deeds.record_of(signature).data
    person = record["signatory"]
    return {
        "signature": signature,
        "name": person["name"],
        "post": ", ".join(person[key] for key in ("position", "agency") if person.get(key)),
        "why": MESSAGES.get(signature.code, ""),
        "on_behalf_of": record.get("on_behalf_of", {}).get("name", ""),
        "typed_name": record.get("typed_name", ""),
        "hour": f"{long_date_no_day(signature.signed_at, zone)} pukul {clock_with_zone(signature.signed_at, zone)}",
        "drawing": _drawing(signature),
    }


def _drawing(signature: Signature) -> dict | None:
    if not signature.strokes:
        return None
    strokes = decode(bytes(signature.strokes)).strokes
    return {"box": " ".join(str(n) for n in bounding_box(strokes)), "path": outline_path(strokes)}


def _uuid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
