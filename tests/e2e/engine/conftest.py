"""The engine's tests talk to the stand-in server, not to a house; a tablet is fresh, or paired as well."""

import pytest

from .stand import Stand
from .tab import Tab


@pytest.fixture(scope="session")
def stand():
    stand = Stand()
    yield stand
    stand.close()


@pytest.fixture(scope="session")
def base_url(stand):
    return stand.url


@pytest.fixture
def server(stand):
    stand.reset()
    yield stand
    assert stand.problems == []


@pytest.fixture
def tablet(server, new_context):
    return Tab(new_context(), server)


@pytest.fixture
def paired(tablet):
    return tablet.pair()
