"""*Urungkan*: the newest removal of a session can be taken back by one button beside its message.

What is needed for it waits in the session on the server, never in the page; a later removal takes its place.
"""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from .refusals import Refusal

KEY = "undo"
TAG = "undo"  # base.html puts the button beside messages that carry it
TOO_LATE = (
    "Yang dapat diurungkan hanya penghapusan terakhir. Tambahkan kembali datanya bila masih diperlukan."
)


def offer(request: HttpRequest, text: str, *, url: str, facts: dict[str, Any] | None = None) -> None:
    """Tell that it is done, with a button that posts to ``url``; ``facts`` (plain JSON) are what that page will need."""
    request.session[KEY] = {"token": secrets.token_urlsafe(9), "url": url, "facts": facts or {}}
    messages.success(request, text, extra_tags=TAG)


def take(request: HttpRequest) -> dict[str, Any]:
    """The facts of the offer whose button was pressed, once. Refusal when something else was removed meanwhile."""
    offered = request.session.get(KEY)
    asked = (request.POST.get("token"), request.path)
    if not offered or asked != (offered["token"], offered["url"]):
        raise Refusal(TOO_LATE)
    del request.session[KEY]
    return offered["facts"]
