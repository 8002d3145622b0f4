"""The two screens of the hall: the MC's rundown and teleprompter, and the board on the projector."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Permission
from events.access import get_event

from .. import hall_board, hall_page, hall_taps, hall_wire, hall_worker

UNREADABLE = "Kiriman dari layar pembawa acara tidak terbaca."


@cache_control(no_cache=True, private=True)
@require_GET
def mc(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    page = hall_page.page_of(event)
    context = {"event": event, **page, "page_data": _page_data(request, event, page["state"])}
    return render(request, "declarations/hall/mc.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def mc_taps(request, code):
    """GET what the day looks like now, with a fresh token; POST taps and get an answer for each."""
    event = get_event(request, code, Permission.EVENT_RUN)
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request), "state": hall_page.state_of(event)})
    body = request.read(hall_wire.MAX_BYTES + 1)
    try:
        if len(body) > hall_wire.MAX_BYTES:
            raise hall_wire.WireError
        sent_at, taps = hall_wire.read_taps(body)
    except hall_wire.WireError:
        return JsonResponse({"error": "unreadable", "message": UNREADABLE}, status=400)
    results = hall_taps.take_taps(
        event=event, taps=[hall_taps.Tap(**tap) for tap in taps], by=request.user, sent_at=sent_at
    )
    event.refresh_from_db()
    answers = [result._asdict() for result in results]
    return JsonResponse({"results": answers, "state": hall_page.state_of(event)})


@cache_control(no_cache=True, private=True)
@require_GET
def mc_worker(request, code):
    """The service worker of this event's MC screen; its scope is the folder it lies in."""
    event = get_event(request, code, Permission.EVENT_RUN)
    page = reverse("declarations:mc", args=[event.code])
    return HttpResponse(hall_worker.source(page), content_type="text/javascript; charset=utf-8")


@never_cache
@require_GET
def hall_board_page(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    papers = hall_board.papers_of(event)
    chosen = _chosen(request, papers)
    query = f"?naskah={chosen}" if chosen else ""
    page_data = {
        "data_url": reverse("declarations:hall_board_data", args=[event.code]) + query,
        "ink_url": reverse("declarations:hall_board_ink", args=[event.code]),
        "most_inks": hall_board.MOST_INKS,
        "time_zone": event.time_zone,
    }
    context = {"event": event, "papers": papers, "chosen": chosen, "page_data": page_data}
    return render(request, "declarations/hall/board.html", context)


@cache_control(no_cache=True, private=True)
@require_GET
def hall_board_data(request, code):
    """304 while nothing was done at the event since the last answer."""
    event = get_event(request, code, Permission.EVENT_VIEW)
    chosen = _uuid(request.GET.get("naskah"))
    etag = f'"{hall_board.version_of(event)}-{chosen or "semua"}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        answer = HttpResponseNotModified()
    else:
        answer = JsonResponse(hall_board.board_of(event, hall_board.papers_of(event, chosen)))
    answer["ETag"] = etag
    return answer


@cache_control(private=True, max_age=3600)
@require_GET
def hall_board_ink(request, code):
    """Drawn signatures by their id; what does not count, or is of another event, is left out."""
    event = get_event(request, code, Permission.EVENT_VIEW)
    ids = [found for text in request.GET.getlist("id") if (found := _uuid(text))]
    return JsonResponse(hall_board.inks_of(event, ids))


def _page_data(request, event, state: dict) -> dict:
    return {
        "code": event.code,
        "url": reverse("declarations:mc_taps", args=[event.code]),
        "worker_url": reverse("declarations:mc_worker", args=[event.code]),
        "csrf": get_token(request),
        "time_zone": event.time_zone,
        "state": state,
    }


def _chosen(request, papers) -> UUID | None:
    """The paper named by ``naskah``; 404 for one that is not of this event."""
    wanted = request.GET.get("naskah")
    if not wanted:
        return None
    if not any(str(paper.pk) == wanted for paper in papers):
        raise Http404("Tidak ditemukan.")
    return UUID(wanted)


def _uuid(text) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
