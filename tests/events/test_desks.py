"""The PIN of the officers: made once, kept encrypted, checked by a tablet without the network."""

import hashlib
import re

import pytest
from django.db import connection

from accounts import audit
from accounts.models import AuditEntry
from events import desks
from tests.events.factories import EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(state="running")


def verbs():
    return list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))


def test_desk_keeps_one_pin_of_six_digits_encrypted(event):
    desk = desks.desk_of(event=event, by=audit.SYSTEM)
    assert re.fullmatch(r"\d{6}", desk.staff_pin)
    assert desks.desk_of(event=event, by=audit.SYSTEM).staff_pin == desk.staff_pin
    with connection.cursor() as cursor:
        cursor.execute("SELECT staff_pin FROM events_signingdesk")
        assert desk.staff_pin not in cursor.fetchone()[0]
    assert verbs() == ["event.desk_made"]


def test_renewed_pin_is_another_one_and_leaves_no_trace_of_either(event):
    before = desks.desk_of(event=event, by=audit.SYSTEM).staff_pin
    after = desks.renew_pin(event=event, by=audit.SYSTEM).staff_pin
    assert (before != after, verbs()) == (True, ["event.desk_made", "event.pin_renewed"])
    log = str(list(AuditEntry.objects.values("facts", "object_label")))
    assert (before in log, after in log) == (False, False)


def test_tablet_can_check_the_pin_without_network(event):
    desk = desks.desk_of(event=event, by=audit.SYSTEM)
    check = desks.pin_check(desk)
    again = hashlib.pbkdf2_hmac("sha256", desk.staff_pin.encode(), check.salt, 200_000)
    assert (check.hash, check.iterations, len(check.salt)) == (again, 200_000, 16)
    assert desks.pin_check(desk).salt != check.salt
