import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from . import audit, encryption
from .models import User
from .writing import writing

logger = logging.getLogger(__name__)

ONE_TIME_EXPIRED = (
    "Kata sandi sekali pakai ini sudah kedaluwarsa. Minta kata sandi baru kepada administrator kantor Anda."
)
MAIL_FAILED = "Surel belum dapat dikirim. Minta kata sandi baru kepada administrator kantor Anda."


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions about our accounts: offices make users, nobody signs up; sessions are logged."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Alamat surel atau kata sandi salah.",
        "incorrect_password": "Kata sandi salah.",
        "enter_current_password": "Kata sandi sekarang salah.",
        "account_inactive": "Akun ini tidak aktif. Hubungi administrator kantor Anda.",
        "too_many_login_attempts": "Terlalu banyak percobaan masuk yang gagal. Coba lagi beberapa menit lagi.",
    }

    def is_open_for_signup(self, request):
        return False

    def can_delete_email(self, email_address):
        return False

    def get_login_redirect_url(self, request):
        """Who came with a one-time password chooses an own one first."""
        if request.user.must_change_password:
            return reverse("account_change_password")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("home")

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user is not None and user.one_time_has_expired:
            raise ValidationError(ONE_TIME_EXPIRED)
        return user

    def authentication_failed(self, request, **credentials):
        """Tell the log when somebody tries a known address; unknown ones would only fill it."""
        user = User.objects.filter(email=str(credentials.get("email", "")).strip().lower()).first()
        if user is not None:
            with writing():
                audit.record(audit.SYSTEM, "session.refused", user)

    def login(self, request, user):
        super().login(request, user)
        with writing():
            audit.record(user, "session.started", user)

    def logout(self, request):
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            with writing():
                audit.record(user, "session.ended", user)

    def set_password(self, user, password):
        """An own password ends the one-time one."""
        user.one_time_until = None
        with writing():
            super().set_password(user, password)
            audit.record(user, "password.changed", user)

    def send_mail(self, template_prefix, email, context):
        """A mail server that does not answer must not become an error page; the office can help instead."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            logger.error("mail %s was not sent: %s", template_prefix, type(error).__name__)
            messages.error(current.request, MAIL_FAILED)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted."""

    CONTEXT = "mfa.authenticator.data"

    def encrypt(self, text):
        return encryption.encrypt(text.encode(), self.CONTEXT).decode()

    def decrypt(self, encrypted_text):
        return encryption.decrypt(encrypted_text, self.CONTEXT).decode()
