"""The standing people of this room: everybody of Cerme, its neighbours, and the supervisors above."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from events import attendees, panels, readiness, scheduling
from events.hooks import Hook
from tests.accounts.factories import (
    MembershipFactory,
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
)
from tests.accounts.flushing import flushable  # noqa: F401

from .factories import cerme_event


@pytest.fixture(autouse=True)
def own_room_only(monkeypatch):
    """Rooms above register checks, panels and hooks here; these tests ask what this room says by itself."""
    own = {
        step: [check for check in checks if check.__module__ == "events.readiness"]
        for step, checks in readiness.CHECKS.items()
    }
    monkeypatch.setattr(readiness, "CHECKS", own)
    monkeypatch.setattr(panels, "PANELS", [])
    monkeypatch.setattr(attendees, "before_withdraw", Hook())
    for name in ("on_schedule", "on_start", "on_close", "on_reopen", "on_archive", "on_cancel"):
        monkeypatch.setattr(scheduling, name, Hook())


@pytest.fixture
def event():
    return cerme_event()


@pytest.fixture
def organizer(event):
    return organizer_of(event.office)


@pytest.fixture
def operator(event):
    return member(event.office, Role.OPERATOR)


@pytest.fixture
def neighbour():
    """Organizer of another kecamatan of the same regency."""
    return organizer_of(panwaslu_benjeng())


@pytest.fixture
def stranger():
    """Organizer of Purwodadi, another regency."""
    return organizer_of(panwaslu_purwodadi())


@pytest.fixture
def supervisor():
    return member(bawaslu_gresik(), Role.SUPERVISOR)


@pytest.fixture
def viewer():
    return member(bawaslu_gresik(), Role.VIEWER)


@pytest.fixture
def ended():
    """Their term at Cerme is over."""
    yesterday = timezone.localdate() - timedelta(days=1)
    return MembershipFactory(office=panwaslu_cerme(), ends=yesterday).user


@pytest.fixture
def staff(client, organizer):
    """The browser of the organizer."""
    client.force_login(organizer)
    return client
