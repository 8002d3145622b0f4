"""DEEDS: issue and revoke API tokens; they reach what their owner reaches."""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from . import audit
from .models import ApiToken, User
from .models.tokens import digest_of
from .refusals import Refusal
from .writing import writing


class NewToken(NamedTuple):
    token: ApiToken
    secret: str  # shown once


def issue_token(*, user: User, name: str, expires_at: datetime | None = None) -> NewToken:
    """Make a token for the user's own systems, store only its hash, tell the log."""
    if not name.strip():
        raise Refusal("Nama token wajib diisi.")
    secret = ApiToken.new_secret()
    with writing():
        token = ApiToken.objects.create(
            user=user, name=name.strip(), start=secret[:8], digest=digest_of(secret), expires_at=expires_at
        )
        audit.record(user, "token.issued", user, name=token.name, expires_at=expires_at)
    return NewToken(token, secret)


def revoke_token(*, token: ApiToken, by: User) -> ApiToken:
    """Close the door for whoever holds the secret; a second time changes nothing."""
    if token.revoked_at is None:
        with writing():
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            audit.record(by, "token.revoked", token.user, name=token.name)
    return token


def user_of_token(secret: str) -> User | None:
    """The owner of a usable token, for the ``Authorization: Bearer`` header; remembers the day of use."""
    token = ApiToken.objects.find(secret)
    if token is None:
        return None
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at.date() != now.date():
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user
