"""check_deployment opens every living event key, so that a wrong key ring is found before the day, not on it."""

import base64

import pytest

from accounts import audit
from events.keys import destroy_event_key, event_key
from events.models import EventKey
from netralitas.management.commands.check_deployment import closed_event_keys
from tests.events.factories import cerme_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    return event_key(event=cerme_event(), by=audit.SYSTEM)


def ring(kid: str, byte: int) -> str:
    return f"{kid}:{base64.b64encode(bytes([byte]) * 32).decode()}"


def test_keys_that_open_are_no_problem(key):
    assert closed_event_keys() == []


def test_key_of_another_ring_is_named_with_its_event(key, settings):
    settings.FIELD_KEYS = ring("lain", 7)
    [problem] = closed_event_keys()
    assert problem.startswith(f"Kunci kegiatan {key.event.code} ({key.event.title}), e1: tidak dapat dibuka")


def test_only_the_key_that_does_not_open_is_named(key):
    other = event_key(event=cerme_event(), by=audit.SYSTEM)
    EventKey.objects.filter(pk=other.pk).update(public=bytes(key.public))  # not its other half
    [problem] = closed_event_keys()
    assert other.event.code in problem


def test_destroyed_key_is_not_asked(key, settings):
    destroy_event_key(key=key, by=audit.SYSTEM)
    settings.FIELD_KEYS = ring("lain", 7)
    assert closed_event_keys() == []


def test_problem_reaches_the_report_of_the_command(key, settings, capsys):
    from django.core.management import call_command

    settings.FIELD_KEYS = ring("lain", 7)
    with pytest.raises(SystemExit) as ended:
        call_command("check_deployment", "--json")
    assert ended.value.code == 1
    assert "tidak dapat dibuka" in capsys.readouterr().out
