"""Pages: invitations of an event: who was told, who answered, the calendar file."""

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.roles import Permission

from .. import calendar_entry
from ..access import get_event
from ..calendar_file import CONTENT_TYPE


@never_cache
@require_GET
def calendar_download(request, code):
    """The calendar file for staff; 404 while the event is a draft."""
    event = get_event(request, code, Permission.EVENT_VIEW)
    if not calendar_entry.has_entry(event):
        raise Http404("Tidak ditemukan.")
    return calendar_response(event)


def calendar_response(event, person=None) -> HttpResponse:
    response = HttpResponse(
        calendar_entry.file_to_download(event, person),
        content_type=f"{CONTENT_TYPE}; charset=utf-8; method=PUBLISH",
    )
    response["Content-Disposition"] = f'attachment; filename="{calendar_entry.file_name(event)}"'
    return response
