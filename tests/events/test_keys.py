"""The key of an event: made once, kept encrypted, destroyed with a trace."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry
from events import keys
from events.models import EventKey
from tests.events.factories import EventFactory

pytestmark = pytest.mark.django_db


def test_event_gets_one_key_and_keeps_it():
    event = EventFactory()
    made = keys.event_key(event=event, by=audit.SYSTEM)
    assert keys.event_key(event=event, by=audit.SYSTEM) == made
    public = keys.private_key(made).public_key()
    assert public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) == bytes(made.public)
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["event.key_made"]


def test_private_half_lies_encrypted_in_the_database():
    made = keys.event_key(event=EventFactory(), by=audit.SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM events_eventkey")
        [stored] = cursor.fetchone()
    assert made.private not in stored


def test_destroyed_key_opens_nothing_and_a_new_one_gets_a_new_name():
    event = EventFactory()
    first = keys.event_key(event=event, by=audit.SYSTEM)
    for _ in range(2):
        keys.destroy_event_key(key=first, by=audit.SYSTEM)
    assert keys.private_key(first) is None
    assert keys.event_key(event=event, by=audit.SYSTEM).kid == "e2"
    verbs = [entry.verb for entry in AuditEntry.objects.order_by("seq")]
    assert verbs == ["event.key_made", "event.key_destroyed", "event.key_made"]


def test_database_knows_no_half_destroyed_key():
    made = keys.event_key(event=EventFactory(), by=audit.SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventKey.objects.filter(pk=made.pk).update(private="")
