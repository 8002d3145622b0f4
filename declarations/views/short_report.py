"""Page: the short report and the draft for the press, to be copied or shared."""

from urllib.parse import quote

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.refusals import Refusal
from accounts.roles import Permission
from events.access import get_event
from events.models import Event

from ..short_report import press_of, whatsapp_of

HELD = (Event.State.RUNNING, Event.State.CLOSED, Event.State.ARCHIVED)
NOT_HELD = "Kegiatan belum berlangsung. Laporan singkat dapat dibuat setelah kegiatan dimulai."


@never_cache
@require_GET
def short_report(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    if event.state not in HELD:
        raise Refusal(NOT_HELD)
    text = whatsapp_of(event)
    context = {
        "event": event,
        "section": "papers",
        "text": text,
        "share_url": f"https://wa.me/?text={quote(text)}",
        "press": press_of(event),
    }
    return render(request, "declarations/short_report.html", context)
