from django.shortcuts import redirect
from django.urls import reverse

OPEN_PAGES = ("account_change_password", "account_logout", "account_reauthenticate")


class OneTimePasswordMiddleware:
    """Who came in with a one-time password gets an own one before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        must_change = getattr(request.user, "must_change_password", False)
        if must_change and request.path not in map(reverse, OPEN_PAGES):
            return redirect("account_change_password")
        return self.get_response(request)
