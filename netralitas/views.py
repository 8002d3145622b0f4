from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, When
from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.duties import duties_of
from accounts.roles import Permission, roles_in_words
from documents.models import Document
from events.models import Event

from .first_steps import steps_of

AHEAD = 25  # events read for the home page: a few that run, a few that come
BARE_ERROR = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><title>Terjadi kesalahan – Netralitas</title>'
    "<h1>Terjadi kesalahan pada server</h1><p>Data yang sudah tersimpan tetap aman. Muat ulang halaman ini. "
    "Bila masih terjadi, laporkan kepada administrator beserta waktu kejadian.</p></html>"
)


@require_GET
def home(request):
    """What needs me now, what comes next, what was sealed last."""
    duties = duties_of(request.user)
    ahead = list(_ahead(request.user))
    recent = (
        Document.objects.visible_to(request.user, Permission.DOCUMENT_VIEW)
        .sealed()
        .select_related("office")
        .order_by("-sealed_at")[:6]
    )
    office = request.offices[0] if request.offices else None
    # An office with sealed papers is no beginner's any more; that saves the question.
    steps = [] if recent else steps_of(request.user, office)
    context = {
        "duties": duties,
        "duty_count": len(duties),
        "running": [event for event in ahead if event.is_running][:5],
        "upcoming": [event for event in ahead if not event.is_running][:6],
        "recent": recent,
        "first_steps": steps,
        "first_steps_done": sum(step.done for step in steps),
    }
    return render(request, "home.html", context)


@require_GET
def duty_count(request):
    """How many things wait, for the head of every other page.

    The browser keeps the answer for a minute, so that most pages cost the server nothing for it.
    """
    response = render(request, "_duty_count.html", {"duty_count": len(duties_of(request.user))})
    response["Cache-Control"] = "private, max-age=60"
    patch_vary_headers(response, ["Cookie"])
    return response


@require_GET
def help_page(request):
    """The main ways, who may do what, the keys and the terms on one page."""
    return render(request, "help.html", {"roles": roles_in_words()})


def _ahead(user):
    """Running events first, then those to come by their date."""
    events = Event.objects.visible_to(user, Permission.EVENT_VIEW).plans().filter(state__in=Event.OPEN_STATES)
    rank = Case(When(state=Event.State.RUNNING, then=0), default=1)
    return events.select_related("office").order_by(rank, "starts_at")[:AHEAD]


@login_not_required
@require_GET
def favicon(request):
    """Browsers ask for this name on papers and other answers that are no pages of ours."""
    return redirect(static("img/favicon.svg"))


def forbidden(request, exception=None):
    """403 with the reason; a page for people, JSON for the API."""
    reason = str(exception or "")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": "forbidden", "message": reason}, status=403)
    return render(request, "403.html", {"reason": reason}, status=403)


@login_not_required
def server_error(request):
    """500 in Indonesian also when the page itself cannot be made (static files not collected, as after a restore)."""
    try:
        return HttpResponseServerError(render_to_string("500.html"))
    except Exception:  # the first failure is logged already; this is the last line
        return HttpResponseServerError(BARE_ERROR)


@login_not_required
def csrf_failure(request, reason=""):
    """The form was open too long or came from elsewhere; nothing was stored."""
    if "application/json" in request.headers.get("Accept", ""):
        message = "Sesi halaman ini sudah berakhir. Muat ulang halaman, lalu kirim lagi."
        return JsonResponse({"error": "csrf", "message": message}, status=403)
    return render(request, "403_csrf.html", status=403)
