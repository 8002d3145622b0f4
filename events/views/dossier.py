"""Pages: everything that is sealed for an event, in one click."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require
from accounts.roles import Permission
from documents.downloads import hand_out_all

from ..access import get_event
from ..dossier import newest_cover, order_cover
from ..dossier_paper import sealed_of

AGAIN, HELD_UP = 2, 15  # seconds between two looks of the waiting page; while something stands against it


@require_POST
def dossier(request, code):
    """The cover is ordered when it does not say everything yet; the ZIP comes at once when nothing has to be made."""
    event = _event(request, code, Permission.EVENT_PLAN)
    if order_cover(event=event, by=request.user).is_sealed:
        return _zip(request, event)
    return redirect("events:dossier_progress", event.code)


@never_cache
@require_GET
def progress(request, code):
    """Looks again by itself until the cover is sealed, then starts the download; works without JavaScript."""
    event = _event(request, code, Permission.EVENT_VIEW)
    cover = newest_cover(event)
    response = render(request, "events/dossier.html", {"event": event, "section": "papers", "cover": cover})
    if cover and cover.is_sealed:
        response["Refresh"] = f"0; url={reverse('events:dossier_zip', args=[event.code])}"
    elif cover:
        response["Refresh"] = str(HELD_UP if cover.trouble else AGAIN)
    return response


@never_cache
@require_GET
def download(request, code):
    """What is sealed now, with or without a cover."""
    return _zip(request, _event(request, code, Permission.EVENT_VIEW))


def _event(request, code, permission):
    event = get_event(request, code, permission)
    require(request.user, Permission.DOCUMENT_VIEW, event.office)
    return event


def _zip(request, event):
    return hand_out_all(sealed_of(event), by=request.user, name=f"berkas lengkap {event.code}")
