"""Page: hand in the rescue file of a tablet that cannot send by itself (KIOSK.md §9 "Staff web")."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.refusals import Refusal
from accounts.roles import Permission
from events.access import get_event

from ..rescue import take_in_rescue_file
from ..rescue_file import LARGEST, TOO_LARGE, RescueFile, RescueFileError, parse
from ..tablet_alerts import spans

CHOOSE = "Pilih berkas penyelamat dahulu."


@require_http_methods(["GET", "POST"])
def rescue(request, code):
    """Also for closed and archived events: what comes late is held for a decision, never refused."""
    event = get_event(request, code, Permission.EVENT_RUN, even_archived=True)
    if request.method == "GET":
        return render(request, "declarations/tablets/rescue.html", {"event": event})
    try:
        outcome = take_in_rescue_file(event=event, file=_parsed(request), by=request.user)
    except (RescueFileError, Refusal) as error:
        context = {"event": event, "error": error.message}
        return render(request, "declarations/tablets/rescue.html", context, status=422)
    context = {"event": event, "outcome": outcome, "missing": spans(outcome.missing)}
    return render(request, "declarations/tablets/rescued.html", context)


def _parsed(request) -> RescueFile:
    upload = request.FILES.get("berkas")
    if upload is None:
        raise RescueFileError(CHOOSE)
    if upload.size > LARGEST:
        raise RescueFileError(TOO_LARGE)
    return parse(upload.read())
