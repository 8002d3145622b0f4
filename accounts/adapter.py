from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions about our accounts: offices make users, nobody signs up."""

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        """Who came with a one-time password chooses an own one first."""
        if request.user.must_change_password:
            return reverse("account_change_password")
        return super().get_login_redirect_url(request)
