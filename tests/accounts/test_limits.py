"""Limits: exact for one process, shared between several, and cheap: an ordinary tablet never writes for them."""

import threading
import time

import pytest
import time_machine
from django.core.cache import cache

from accounts.limits import LIMITS, Limit


@pytest.fixture
def limit():
    yield from _limits(1)


@pytest.fixture
def processes():
    """Two of the same name count like two processes do."""
    yield from _limits(2)


def _limits(count):
    made = [Limit("uji", 20, lambda request: request, step=5) for _ in range(count)]
    yield made[0] if count == 1 else made
    for each in made:
        LIMITS.remove(each)


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-22T02:41:30Z", tick=False) as moved:
        yield moved


@pytest.mark.django_db
def test_one_process_counts_exactly(limit, clock):
    assert [limit.allow_request("a") for _ in range(25)] == [True] * 20 + [False] * 5
    assert limit.allow_request("b") is True
    assert limit.wait() == 30


@pytest.mark.django_db
def test_next_minute_begins_at_zero(limit, clock):
    while limit.allow_request("a"):
        pass
    clock.shift(30)
    assert limit.allow_request("a") is True


@pytest.mark.django_db
def test_two_processes_share_the_limit(processes, clock):
    allowed = [process.allow_request("a") for _ in range(30) for process in processes]
    assert 20 <= sum(allowed) <= 25
    assert not any(process.allow_request("a") for process in processes)


def test_few_requests_never_touch_the_cache(limit, monkeypatch):
    monkeypatch.setattr("accounts.limits.cache", None)  # any use would fail
    assert all(limit.allow_request("a") for _ in range(4))


@pytest.mark.django_db
def test_cache_is_written_once_in_five_requests(limit, clock, monkeypatch):
    told = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: told.append(value))
    for _ in range(15):
        limit.allow_request("a")
    assert len(told) == 3


def test_broken_cache_refuses_nobody_below_the_limit(limit, clock, monkeypatch, caplog):
    class Broken:
        def get(self, *args):
            raise ConnectionError("redis://:rahasia@192.0.2.1")

    monkeypatch.setattr("accounts.limits.cache", Broken())
    assert [limit.allow_request("a") for _ in range(21)] == [True] * 20 + [False]
    assert "rahasia" not in caplog.text


def test_caller_without_a_name_is_not_limited(limit):
    assert all(limit.allow_request(None) for _ in range(100))


def test_memory_does_not_grow_with_every_caller(limit, monkeypatch):
    monkeypatch.setattr("accounts.limits.MOST_CALLERS", 10)
    for number in range(100):
        limit.allow_request(number)
    assert len(limit._counts) <= 12


def test_threads_of_one_process_count_together(limit, clock, monkeypatch):
    class Broken:
        def get(self, *args):
            time.sleep(0.05)  # others count meanwhile
            raise ConnectionError

    monkeypatch.setattr("accounts.limits.cache", Broken())
    allowed = []
    threads = [threading.Thread(target=lambda: allowed.append(limit.allow_request("a"))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 20
