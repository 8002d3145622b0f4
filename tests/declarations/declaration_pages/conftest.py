"""The browser of an organizer of Cerme, their event and one paper of it."""

import pytest

from tests.accounts.factories import organizer_of, panwaslu_cerme
from tests.declarations import factories


@pytest.fixture
def event():
    return factories.event(panwaslu_cerme())


@pytest.fixture
def organizer(event):
    return organizer_of(event.office)


@pytest.fixture
def client(client, organizer):
    client.force_login(organizer)
    return client


@pytest.fixture
def paper(event):
    return factories.declaration(event)
