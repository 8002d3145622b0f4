"""The pages of the tablet: find your name, read and sign, thank you. A signed-in officer stands beside it (KIOSK §3)."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.roles import Permission
from events.access import may_in_event
from regions.wording import clock

from .. import intake, roster, signing
from ..access import get_declaration
from ..evidence import MAX_BYTES
from ..models import Declaration, Signatory, Signature
from ..records import RecordError
from .sign_page import BUSY_FORM, TOO_LARGE, filled_again, is_taken, sign_context, stored, typed_fields

ALLOWED = ["drawn", "typed", "thumb", "on_behalf_of", "refused"]
NOT_OPEN = {
    Declaration.State.DRAFT: "Penandatanganan belum dibuka.",
    Declaration.State.CLOSED: "Penandatanganan sudah ditutup. Panggil petugas.",
}
FINISHED = "Penandatanganan sudah selesai. Panggil petugas."
BUSY = "Server sedang sibuk. Tanda tangan masih ada di tablet ini; coba kirim lagi."


@never_cache
@require_http_methods(["GET", "POST"])
def sign_search(request, pk):
    """The names travel in the body of a POST, so that they reach neither an address bar nor a log."""
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    query = request.POST.get("q", "").strip()[:80]
    return render(request, "declarations/signing/search.html", _search_context(request, found, query))


@never_cache
@require_http_methods(["GET", "POST"])
def sign(request, pk, signatory):
    """GET the text and the pad; POST the name of somebody who was expected by post only."""
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    row = _row(found, signatory)
    if not found.is_open or is_taken(row):
        return redirect("declarations:sign_search", found.pk)
    message = ""
    if request.method == "POST":
        try:
            signing.name_signatory(
                signatory=row, full_name=request.POST.get("full_name", ""), by=request.user
            )
            return redirect("declarations:sign", found.pk, row.pk)
        except Refusal as refusal:
            message = " ".join([refusal.message, *refusal.issues])
    if not row.name:
        back_url = reverse("declarations:sign_search", args=[found.pk])
        context = {"row": row, "message": message, "back_url": back_url}
        return render(request, "declarations/signing/name.html", context)
    return render(request, "declarations/signing/sign.html", _sign_context(found, row))


@never_cache
@require_POST
def sign_submit(request, pk, signatory):
    """One canonical record in, its receipt out. Never more than 64 KB are read."""
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return JsonResponse({"status": "refused", "message": TOO_LARGE}, status=413)
    results = _stored(intake.take_in, [body], found, request.user)
    if results is None:
        return JsonResponse({"status": "retry", "message": BUSY}, status=503)
    [result] = results
    if result.status == intake.QUARANTINED:
        return JsonResponse({"status": result.status, "message": result.message}, status=422)
    return JsonResponse(_receipt(found, result))


@never_cache
@require_POST
def sign_typed(request, pk, signatory):
    """The way without JavaScript: the typed name, or the choice not to sign.

    A page that stayed open while the name was taken is received like any other: intake keeps it beside the first.
    """
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    row = _row(found, signatory)
    try:
        fields = typed_fields(found, row, request.POST)
        result = _stored(intake.take_in_form, fields, found, request.user)
    except (Refusal, RecordError) as problem:
        return _form_again(request, found, row, problem.message, status=400)
    if result is None:
        return _form_again(request, found, row, BUSY_FORM, status=503)
    if result.status == intake.QUARANTINED:
        return _form_again(request, found, row, result.message, status=400)
    return redirect("declarations:sign_thanks", found.pk, result.id)


@never_cache
@require_GET
def sign_thanks(request, pk, signature) -> HttpResponse:
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    signature = get_object_or_404(found.signatures, pk=signature)
    search_url = reverse("declarations:sign_search", args=[found.pk])
    context = {
        "outcome": signature.outcome,
        "status": "stored",  # the next person never learns whether something is doubtful
        "receipt": signature.record_sha256[:8].upper(),
        "search_url": search_url,
        "next_url": search_url,
    }
    return render(request, "declarations/signing/thanks.html", context)


# -- searching -----------------------------------------------------------------------------------------------------


def _search_context(request, found: Declaration, query: str) -> dict:
    message = "" if found.is_open else NOT_OPEN.get(found.state, FINISHED)
    hits = roster.find(found, query) if found.is_open else roster.Hits(0, [])
    if (
        query
        and found.is_open
        and not hits.count
        and signing.enroll_newcomers(declaration=found, by=request.user)
    ):
        hits = roster.find(found, query)
    tails = roster.tails(found, hits.rows)
    return {
        "event": found.event,
        "declaration": found,
        "query": query,
        "count": hits.count,
        "results": [_hit(found, row, tails.get(row.pk, "")) for row in hits.rows],
        "message": message,
        "search_url": reverse("declarations:sign_search", args=[found.pk]),
        "search_method": "post",
        "walk_in_url": _walk_in_url(request, found),
        "exit_url": reverse("declarations:declaration", args=[found.pk]),
    }


def _hit(found: Declaration, row: Signatory, tail: str) -> dict:
    """A taken name shows the hour, never the choice."""
    taken = is_taken(row) and row.outcome_at
    return {
        "url": reverse("declarations:sign", args=[found.pk, row.pk]),
        "name": row.name,
        "position": row.position,
        "agency": row.agency or row.village,
        "recorded_at": clock(row.outcome_at, found.event.time_zone) if taken else "",
        "tail": tail,
    }


def _walk_in_url(request, found: Declaration) -> str:
    """Where staff write down a guest; empty for those who may not."""
    if found.is_two_party or not may_in_event(request.user, Permission.EVENT_PLAN, found.event).allowed:
        return ""
    return reverse("events:attendee_add", args=[found.event.code])


# -- signing -------------------------------------------------------------------------------------------------------


def _row(found: Declaration, pk) -> Signatory:
    return get_object_or_404(found.signatories.current().select_related("attendee"), pk=pk)


def _stored(take_in, handed, found: Declaration, by):
    return stored(take_in, handed, found, via=Signature.Channel.WEB, by=by)


def _form_again(request, found: Declaration, row: Signatory, message: str, status: int) -> HttpResponse:
    context = filled_again(_sign_context(found, row), request.POST, message)
    return render(request, "declarations/signing/sign.html", context, status=status)


def _sign_context(found: Declaration, row: Signatory) -> dict:
    search_url = reverse("declarations:sign_search", args=[found.pk])
    return sign_context(
        found,
        row,
        submit_url=reverse("declarations:sign_submit", args=[found.pk, row.pk]),
        form_url=reverse("declarations:sign_typed", args=[found.pk, row.pk]),
        done_url=search_url,
        back_url=search_url,
        allow=ALLOWED,
    )


def _receipt(found: Declaration, result: intake.Result) -> dict:
    return {
        "status": result.status,
        "message": result.message,
        "next": reverse("declarations:sign_thanks", args=[found.pk, result.id]),
        "receipt": {"record_sha256": result.record_sha256},
    }
