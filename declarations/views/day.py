"""The page *Hari-H*: who is here, who has signed, what goes on; and the desk that notes who comes (EVENTS.md §5, §10)."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import UUIDField
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from accounts.roles import Permission
from events.access import get_event, get_of_event, may_in_event
from events.arrivals import note_arrival, take_back_arrival
from events.forms.arrivals import WalkInForm
from events.models import RundownTap
from events.rundown import tap_item

from ..day_board import day_of, search
from ..roster import LEAST_LETTERS
from ..signing import enroll_newcomers

KINDS = {"mulai": RundownTap.Kind.START, "selesai": RundownTap.Kind.FINISH}


@never_cache
@require_GET
def day(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    return render(request, "declarations/day/day.html", {**_board(request, event), **_desk(event, "")})


@never_cache
@require_GET
def day_board(request, code):
    """The part of the page that renews itself."""
    event = get_event(request, code, Permission.EVENT_RUN)
    return render(request, "declarations/day/_board.html", _board(request, event))


@never_cache
@require_POST
def day_search(request, code):
    """Names travel in the body, so that they reach neither an address bar nor a log."""
    event = get_event(request, code, Permission.EVENT_RUN)
    desk = _desk(event, request.POST.get("q", "").strip()[:80])
    if request.htmx:
        return render(request, "declarations/day/_hits.html", desk)
    return render(request, "declarations/day/day.html", {**_board(request, event), **desk})


@require_POST
def day_arrive(request, code, pk):
    event = get_event(request, code, Permission.EVENT_RUN)
    person = get_of_event(event.attendees.select_related("event"), pk=pk)
    try:
        note_arrival(attendee=person, by=request.user, number=_number(request))
        messages.success(request, f"{person.label} tercatat hadir.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("declarations:day", event.code)


@require_POST
def day_take_back(request, code, pk):
    event = get_event(request, code, Permission.EVENT_RUN)
    person = get_of_event(event.attendees.select_related("event"), pk=pk)
    try:
        take_back_arrival(attendee=person, by=request.user)
        messages.success(request, f"Kehadiran {person.label} dibatalkan.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("declarations:day", event.code)


@never_cache
@require_http_methods(["GET", "POST"])
def walk_in(request, code):
    event = get_event(request, code, Permission.EVENT_RUN)
    form = WalkInForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            person = form.save(by=request.user)
        except Refusal as refusal:
            form.add_error(None, " ".join([refusal.message, *refusal.issues]))
        else:
            for paper in event.declarations.open():
                paper.event = event
                enroll_newcomers(declaration=paper, by=request.user)
            messages.success(request, f"{person.label} tercatat hadir tanpa undangan.")
            return redirect("declarations:day", event.code)
    status = 400 if form.errors else 200
    return render(request, "declarations/day/walk_in.html", {"event": event, "form": form}, status=status)


@require_POST
def day_tap(request, code, pk, kind):
    """An agenda item begins or ends now; the MC's screen and this page tell the same story."""
    event = get_event(request, code, Permission.EVENT_RUN)
    if kind not in KINDS:
        raise Http404("Tidak ditemukan.")
    try:
        tap_item(
            event=event, item_id=pk, id=_number(request), kind=KINDS[kind], at=timezone.now(), by=request.user
        )
    except Refusal as refusal:
        messages.error(request, " ".join([refusal.message, *refusal.issues]))
    return redirect("declarations:day", event.code)


def _board(request, event) -> dict:
    return {
        "event": event,
        **day_of(event),
        "may_review": may_in_event(request.user, Permission.SIGNATURE_REVIEW, event),
    }


def _desk(event, query: str) -> dict:
    """What the search found; each button carries a number of its own, so that a second tap counts once."""
    hits = search(event, query)
    found = [(row.attendee, uuid4()) for row in hits.rows]
    too_short = bool(query) and len(query) < LEAST_LETTERS
    return {"event": event, "query": query, "count": hits.count, "found": found, "too_short": too_short}


def _number(request):
    """The number of the button; a request without one counts as a tap of its own."""
    try:
        return UUIDField().clean(request.POST.get("nomor", ""))
    except ValidationError:
        return uuid4()
