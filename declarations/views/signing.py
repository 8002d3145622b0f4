"""The pages of the tablet: find your name, read and sign, thank you. A signed-in officer stands beside it (KIOSK §3)."""

import logging
import secrets

from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.roles import Permission
from events.access import may_in_event
from events.models import Attendee
from regions.wording import clock, clock_with_zone

from .. import intake, roster, signing
from ..access import get_declaration
from ..evidence import MAX_BYTES, format_time
from ..models import Declaration, Signatory, Signature
from ..records import ID7, RecordError

logger = logging.getLogger(__name__)

ALLOWED = ["drawn", "typed", "thumb", "on_behalf_of", "refused"]
NOT_OPEN = {
    Declaration.State.DRAFT: "Penandatanganan belum dibuka.",
    Declaration.State.CLOSED: "Penandatanganan sudah ditutup. Panggil petugas.",
}
FINISHED = "Penandatanganan sudah selesai. Panggil petugas."
TOO_LARGE = "Tanda tangan terlalu besar (paling banyak 64 KB). Hapus coretan, lalu ulangi."
BUSY = "Server sedang sibuk. Tanda tangan masih ada di tablet ini; coba kirim lagi."
BUSY_FORM = "Server sedang sibuk. Isian masih ada di halaman ini; kirim sekali lagi."
AGREE_FIRST = "Centang pernyataan dahulu."
TYPE_NAME = "Ketik nama lengkap Anda."


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
    if not found.is_open or _is_taken(row):
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
        context = {"declaration": found, "event": found.event, "row": row, "message": message}
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
        fields = _typed_fields(found, row, request.POST)
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
    stored = get_object_or_404(found.signatures, pk=signature)
    search_url = reverse("declarations:sign_search", args=[found.pk])
    context = {
        "outcome": stored.outcome,
        "status": "stored",  # the next person never learns whether something is doubtful
        "receipt": stored.record_sha256[:8].upper(),
        "search_url": search_url,
        "next_url": search_url,
    }
    return render(request, "declarations/signing/thanks.html", context)


# -- searching -----------------------------------------------------------------------------------------------------


def _search_context(request, found: Declaration, query: str) -> dict:
    message = "" if found.is_open else NOT_OPEN.get(found.state, FINISHED)
    hits = roster.find(found, query) if found.is_open else roster.Hits(0, [])
    if query and found.is_open and not hits.count and _enroll_newcomers(request, found):
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
    taken = _is_taken(row) and row.outcome_at
    return {
        "url": reverse("declarations:sign", args=[found.pk, row.pk]),
        "name": row.name,
        "position": row.position,
        "agency": row.agency or row.village,
        "recorded_at": clock(row.outcome_at, found.event.time_zone) if taken else "",
        "tail": tail,
    }


def _is_taken(row: Signatory) -> bool:
    return row.outcome in (Signatory.Outcome.SIGNED, Signatory.Outcome.REFUSED)


def _enroll_newcomers(request, found: Declaration) -> bool:
    """Somebody written into the list of attendees after opening is looked for by name: bring the list up to date."""
    listed = found.signatories.values("attendee")
    newcomers = Attendee.objects.filter(event=found.event_id, created_at__gte=found.opened_at).expected()
    if not newcomers.exclude(pk__in=listed).exists():
        return False
    return any(signing.enroll_signatories(declaration=found, by=request.user))


def _walk_in_url(request, found: Declaration) -> str:
    """Where staff write down a guest; empty for those who may not."""
    if found.is_two_party or not may_in_event(request.user, Permission.EVENT_PLAN, found.event).allowed:
        return ""
    return reverse("events:attendee_add", args=[found.event.code])


# -- signing -------------------------------------------------------------------------------------------------------


def _row(found: Declaration, pk) -> Signatory:
    return get_object_or_404(found.signatories.current().select_related("attendee"), pk=pk)


def _stored(take_in, handed, found: Declaration, by):
    """What intake answers; None when the database is busy, nothing was kept and the same may be sent again."""
    try:
        return take_in(handed, declaration=found, via=Signature.Channel.WEB, by=by)
    except OperationalError:
        logger.exception("A signature could not be stored now")
        return None


def _form_again(request, found: Declaration, row: Signatory, message: str, status: int) -> HttpResponse:
    """The page with what was typed and its id, so that sending it again is a repetition and not a second signature."""
    typed = {**request.POST.dict(), "record_id": _record_id(request.POST)}
    if typed.get("text_sha256") != found.text_version.sha256:
        typed.pop("agree", None)  # the tick was for another text
    context = {**_sign_context(found, row), "message": message, "typed": typed}
    return render(request, "declarations/signing/sign.html", context, status=status)


def _sign_context(found: Declaration, row: Signatory) -> dict:
    version, search_url = found.text_version, reverse("declarations:sign_search", args=[found.pk])
    zone = found.event.time_zone
    return {
        "event": found.event,
        "declaration": found,
        "text": version.content,
        "text_sha256": version.sha256,
        "signatory": _person(row),
        "typed": {"record_id": intake.new_id()},
        "page_data": {
            "event": str(found.event_id),
            "declaration": str(found.pk),
            "text_sha256": version.sha256,
            "attendee": str(row.attendee_id),
            "signatory": _person(row),
            "submit_url": reverse("declarations:sign_submit", args=[found.pk, row.pk]),
            "done_url": search_url,
            "allow": ALLOWED,
        },
        "form_url": reverse("declarations:sign_typed", args=[found.pk, row.pk]),
        "back_url": search_url,
        "read_at": clock_with_zone(found.read_at, zone) if found.read_at else "",
    }


def _person(row: Signatory) -> dict[str, str]:
    """As shown on screen and written into the record; no number of any kind."""
    if _is_taken(row) and row.capacity == Signatory.Capacity.ON_BEHALF:
        row = signing.row_of(
            row.declaration, row.attendee
        )  # the page showed the official, not yet the stand-in
    return {
        "name": (row.name or row.position)[:120],
        "category": row.category or "lainnya",
        "position": row.position[:120],
        "agency": (row.agency or row.village)[:120],
    }


def _receipt(found: Declaration, result: intake.Result) -> dict:
    return {
        "status": result.status,
        "message": result.message,
        "next": reverse("declarations:sign_thanks", args=[found.pk, result.id]),
        "receipt": {"record_sha256": result.record_sha256},
    }


def _typed_fields(found: Declaration, row: Signatory, data) -> dict:
    """The fields of a record from the plain form. Refusal for what a person has to fill in first."""
    now = timezone.now()
    fields = {
        "id": _record_id(data),
        "event": found.event_id,
        "declaration": found.pk,
        "text_sha256": data.get("text_sha256", ""),
        "attendee": row.attendee_id,
        "source": "roster",
        "signatory": _person(row),
        "capacity": "self",
        "salt": secrets.token_bytes(16),
        "signed_at_device": format_time(now),
        "app": "formulir/1",
    }
    if data.get("refuse"):
        return fields | {"outcome": "refused"}
    if not data.get("agree"):
        raise Refusal(AGREE_FIRST)
    if not data.get("typed_name", "").strip():
        raise Refusal(TYPE_NAME)
    fields |= {"outcome": "signed", "agree": True, "method": "typed", "typed_name": data["typed_name"]}
    return fields | (_behalf_fields(row, data) if data.get("on_behalf") else {})


def _record_id(data) -> str:
    """The id hidden in the page when it was made; a fresh one when it is missing or spoilt, so that nothing is lost."""
    posted = data.get("record_id", "")
    return posted if ID7.match(posted) else intake.new_id()


def _behalf_fields(row: Signatory, data) -> dict:
    if not data.get("on_behalf_name", "").strip():
        raise Refusal("Isi nama Anda sendiri sebagai yang mewakili.")
    official = _person(row)
    return {
        "capacity": "on_behalf_of",
        "signatory": {
            **official,
            "name": data["on_behalf_name"],
            "position": data.get("on_behalf_position", ""),
        },
        "on_behalf_of": {
            "name": official["name"],
            "position": official["position"],
            "letter_no": data.get("on_behalf_letter_no", "")[:60],
        },
    }
