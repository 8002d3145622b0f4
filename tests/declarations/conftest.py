"""What most tests of this room begin with; a file with other needs defines its own."""

import pytest

from tests.declarations import day
from tests.declarations.guests import Guest
from tests.declarations.kiosk import paired
from tests.declarations.tablets import Paired


@pytest.fixture
def paper():
    """Open for signing, three people on its list."""
    return day.open_paper(3)


@pytest.fixture
def row(paper):
    """The first of them."""
    return day.rows(paper)[0]


@pytest.fixture
def guest(row):
    """The same with the own phone."""
    return Guest(row.attendee)


@pytest.fixture
def tablet(paper):
    """A paired tablet whose records go straight into the intake."""
    return Paired(paper.event)


@pytest.fixture
def kiosk(paper):
    """A paired tablet that talks to the API."""
    return paired(paper.event)


@pytest.fixture
def active(kiosk):
    """Its probe has arrived."""
    assert kiosk.send(kiosk.tablet.probe()).status_code == 200
    return kiosk
