from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from accounts.roles import Permission
from declarations.models import Declaration
from documents.models import Document
from events.models import Event

BARE_ERROR = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><title>Terjadi kesalahan – Netralitas</title>'
    "<h1>Terjadi kesalahan pada server</h1><p>Data yang sudah tersimpan tetap aman. Muat ulang halaman ini. "
    "Bila masih terjadi, laporkan kepada administrator beserta waktu kejadian.</p></html>"
)


@require_GET
def home(request):
    """What needs me now, what comes next, what was sealed last."""
    events = Event.objects.visible_to(request.user, Permission.EVENT_VIEW).select_related("office", "region")
    declarations = Declaration.objects.visible_to(request.user, Permission.EVENT_VIEW).select_related(
        "event", "text_version"
    )
    return render(
        request,
        "home.html",
        {
            "running": events.plans().filter(state=Event.State.RUNNING).order_by("starts_at")[:5],
            "upcoming": events.plans().filter(state__in=["draft", "scheduled"]).order_by("starts_at")[:6],
            "to_seal": declarations.filter(state=Declaration.State.CLOSED).order_by("-closed_at")[:6],
            "recent": Document.objects.visible_to(request.user, Permission.DOCUMENT_VIEW)
            .filter(state="sealed")
            .select_related("office")
            .order_by("-sealed_at")[:6],
        },
    )


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
