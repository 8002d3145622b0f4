import re
import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import audit
from accounts.access import current_offices
from accounts.refusals import Refusal

from . import log

WITHOUT_SESSION = ("/kios/", "/api/v1/kiosk/")
REQUEST_ID = re.compile(r"^[0-9a-zA-Z-]{8,64}$")


class RequestIdMiddleware:
    """Give every request an id for the logs, and the audit log its address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-Id", "")
        request.id = given if REQUEST_ID.match(given) else uuid.uuid4().hex
        log_token = log.request_id.set(request.id)
        ip_token = audit.client_ip.set(client_ip(request))
        try:
            response = self.get_response(request)
        finally:
            log.request_id.reset(log_token)
            audit.client_ip.reset(ip_token)
        response["X-Request-Id"] = request.id
        return response


def client_ip(request) -> str:
    """The address of the caller as the outermost trusted proxy saw it."""
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


class SessionMiddleware(sessions.SessionMiddleware):
    """Sessions for people. A tablet has none: a cookie, or ``Vary: Cookie``, would spoil its offline shell."""

    def process_request(self, request):
        super().process_request(request)
        if request.path.startswith(WITHOUT_SESSION):
            request.session = self.SessionStore(None)

    def process_response(self, request, response):
        if request.path.startswith(WITHOUT_SESSION):
            return response
        return super().process_response(request, response)


class OfficeTimeZoneMiddleware:
    """Show hours in the zone of the user's office."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.offices = list(current_offices(request.user)) if request.user.is_authenticated else []
        zone = request.offices[0].time_zone if request.offices else settings.TIME_ZONE
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


class RefusalMiddleware:
    """Turn a refusal that no view caught into a page that says what to do (409)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refusal):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"error": "refused", "message": exception.message}, status=409)
        return render(request, "409.html", {"refusal": exception}, status=409)
