"""The real worker process: own folder, own database, real signals."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKE_PAPER = """
from accounts import audit
from tests.documents.factories import issue
from accounts.writing import writing
for number in range(2):
    with writing():
        issue(source=f"uji:{number}", by=audit.SYSTEM)
"""
SLOW = """
import sys, time
from tests.documents.factories import register_test_kind
from documents import pades
register_test_kind()
real = pades.seal
def slow(*args, **kwargs):
    print("sealing", flush=True)
    time.sleep(60)
pades.seal = slow
from django.core.management import call_command
call_command("worker", batch=True)
"""
WORK = """
from tests.documents.factories import register_test_kind
register_test_kind()
from django.core.management import call_command
call_command("worker")
"""


@pytest.fixture
def house(tmp_path):
    """Environment of a freshly migrated house; the tests' own database stays out of it."""
    env = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "TEST_DATA_DIR": str(tmp_path / "uji"),
        "DJANGO_SETTINGS_MODULE": "netralitas.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/netralitas.sqlite3",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "WARNING",
        "HTTPS": "0",
    }
    manage(env, "migrate", "--verbosity", "0")
    return env


def manage(env, *args, code=0):
    done = subprocess.run(
        [sys.executable, "manage.py", *args, "--skip-checks"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout


def python(env, code):
    return subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )


def rows(env, sql):
    with sqlite3.connect(Path(env["DATA_DIR"]) / "netralitas.sqlite3") as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail("waited in vain")


def states(env):
    return sorted(state for (state,) in rows(env, "SELECT state FROM documents_document"))


def test_worker_seals_what_waits_and_ends_cleanly_on_a_signal(house):
    with python(house, MAKE_PAPER) as maker:
        assert maker.wait(60) == 0
    with python(house, WORK) as worker:
        try:
            wait_until(lambda: states(house) == ["sealed", "sealed"])
            assert rows(house, "SELECT count(*) FROM documents_workerbeat") == [(1,)]
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0
        finally:
            worker.kill()
    assert rows(house, "SELECT count(*) FROM documents_hashregister") == [(2,)]
    assert rows(house, "SELECT count(*) FROM documents_workerbeat") == [(0,)]


def test_worker_killed_between_render_and_seal_leaves_one_sealed_revision(house):
    with python(house, MAKE_PAPER) as maker:
        assert maker.wait(60) == 0
    with python(house, SLOW) as worker:
        assert worker.stdout.readline() == "sealing\n"
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    assert "sealing" in states(house)
    with sqlite3.connect(Path(house["DATA_DIR"]) / "netralitas.sqlite3") as database:
        for table in ("documents_renderjob", "documents_sealjob"):
            database.execute(f"UPDATE {table} SET lease_until = '2020-01-01' WHERE state = 'running'")
    database.close()
    assert json.loads(manage(house, "sweep", "--json"))["woken"] >= 1
    with python(house, WORK.replace('"worker"', '"seal_pending", "--json"')) as sealer:
        said = json.loads(sealer.stdout.read())
    assert (said["failed"], said["waiting"]) == (0, 0)
    assert states(house) == ["sealed", "sealed"]
    assert rows(house, "SELECT count(*), count(DISTINCT document_id) FROM documents_hashregister") == [(2, 2)]
