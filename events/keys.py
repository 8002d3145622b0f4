"""DEEDS: the key of an event, to which tablets seal what people sign; opened only here (KIOSK.md §7.4)."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from accounts import audit
from accounts.canonical import b64u, unb64u
from accounts.writing import writing

from .locking import lock
from .models import Event, EventKey

CURVE = ec.SECP256R1()


def event_key(*, event: Event, by) -> EventKey:
    """The key that tablets of this event use now, made at the first call; audit ``event.key_made``."""
    with writing():
        lock(event)
        found = event.keys.filter(destroyed_at=None).order_by("-created_at").first()
        if found is not None:
            return found
        private = ec.generate_private_key(CURVE)
        made = EventKey.objects.create(
            event=event,
            kid=f"e{event.keys.count() + 1}",
            public=private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
            private=b64u(private.private_numbers().private_value.to_bytes(32)),
        )
        audit.record(by, "event.key_made", event, kid=made.kid)
    return made


def private_key(key: EventKey) -> ec.EllipticCurvePrivateKey | None:
    """The private half, or None when it was destroyed. ValueError when the key ring cannot open it."""
    if key.destroyed_at is not None:
        return None
    return ec.derive_private_key(int.from_bytes(unb64u(key.private)), CURVE)


def destroy_event_key(*, key: EventKey, by) -> EventKey:
    """Nothing sealed to this key can be opened any more; a second time changes nothing. Audit ``event.key_destroyed``."""
    with writing():
        key.refresh_from_db()
        if key.destroyed_at is None:
            key.private, key.destroyed_at = "", timezone.now()
            key.save(update_fields=["private", "destroyed_at"])
            audit.record(by, "event.key_destroyed", key.event, kid=key.kid)
    return key
