"""Page: the short report and the draft for the press, to be copied or shared."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.roles import Permission
from events.access import get_event

from ..short_report import press_of, whatsapp_of


@never_cache
@require_GET
def short_report(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    text = whatsapp_of(event)
    context = {
        "event": event,
        "section": "papers",
        "text": text,
        "share_url": f"https://wa.me/?{urlencode({'text': text})}",
        "press": press_of(event),
    }
    return render(request, "declarations/short_report.html", context)
