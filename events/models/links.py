"""Personal links: the address by which one invited person answers, reads and signs (EVENTS.md §4)."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import Actor
from accounts.querysets import OfficeScopedQuerySet

from .attendees import Attendee

TICKET = 16  # hex characters of the digest that a tablet may know to recognise the QR of an invitation


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PersonalLinkQuerySet(OfficeScopedQuerySet):
    office_path = "attendee__event__office"

    def usable(self):
        return self.filter(revoked_at=None)

    def find(self, token: str):
        """The usable link with its attendee and event, or None."""
        found = self.usable().select_related("attendee__event__office__region")
        return found.filter(digest=digest_of(token)).first()


class PersonalLink(models.Model):
    """128 bits for one attendee; only the SHA-256 is stored, the address is shown once."""

    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="links", verbose_name="peserta")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)  # by a tap, never by a preview's GET
    revoked_at = models.DateTimeField(null=True, blank=True)
    # The room code of the meeting was typed on this link.
    admitted_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "tautan pribadi"
        verbose_name_plural = "tautan pribadi"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendee"], condition=Q(revoked_at=None), name="one_usable_link_per_attendee"
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="personal_link_has_digest"),
        ]

    def __str__(self):
        return f"Tautan {self.attendee}"

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(16)

    @property
    def ticket(self) -> str:
        return self.digest[:TICKET]

    @property
    def audit_stream(self) -> str:
        return self.attendee.audit_stream

    @property
    def audit_actor(self) -> Actor:
        return Actor("link", str(self.pk), f"Tautan pribadi {self.attendee}")
