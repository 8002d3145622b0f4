import hypothesis
import pytest

from accounts.limits import LIMITS
from declarations import kiosk_build
from regions.models import label_book
from tests.accounts.flushing import flushable  # noqa: F401 - transactional tests empty append-only tables

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("netralitas", deadline=None)
hypothesis.settings.load_profile("netralitas")


def pytest_configure(config):
    """A module of the tablet may have been changed since `make`; only once, before workers start."""
    if not hasattr(config, "workerinput"):
        kiosk_build.ensure_built()


@pytest.fixture(autouse=True)
def _no_real_mail_or_network(monkeypatch):
    """A test that opens a connection to another machine is wrong."""
    import socket

    real = socket.socket.connect

    def connect(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"A test tried to reach {host}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _local_names_known():
    """The first local name of a process costs a query; no test that counts queries should pay it."""
    label_book.remember()


@pytest.fixture(autouse=True)
def _nobody_has_asked_too_often():
    """Limits are counted per process; each test begins at zero."""
    for limit in LIMITS:
        limit.forget()
