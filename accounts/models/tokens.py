import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

PREFIX = "ntr_"


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def usable(self, now=None):
        now = now or timezone.now()
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None, user__is_active=True)

    def find(self, token: str):
        """The usable row of a token as the caller sent it, or None."""
        return self.usable().select_related("user").filter(digest=digest_of(token)).first()


class ApiToken(models.Model):
    """Key for Bawaslu's own systems; it reaches what its owner reaches. Only its SHA-256 is stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens", verbose_name="pemilik"
    )
    name = models.CharField("nama", max_length=80)
    start = models.CharField("awal token", max_length=12, editable=False)
    digest = models.CharField("sidik digital", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("dibuat pada", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("berlaku sampai", null=True, blank=True)
    revoked_at = models.DateTimeField("dicabut pada", null=True, blank=True)
    last_used_at = models.DateTimeField("terakhir dipakai", null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "token API"
        verbose_name_plural = "token API"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(digest=""), name="api_token_has_digest"),
        ]

    def __str__(self):
        return f"{self.name} ({self.start}…)"

    @staticmethod
    def new_secret() -> str:
        return PREFIX + secrets.token_urlsafe(32)

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
