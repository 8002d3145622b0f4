import os
import subprocess
import sys
import threading

import pytest
from django.db import connection, connections

from accounts import audit
from accounts.audit import record, verify_stream
from accounts.models import AuditEntry, Office
from accounts.writing import let_writer_pass, others_wait, writing

from .factories import panwaslu_cerme
from .test_audit import failing_deed

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, ROUNDS = 4, 12


def in_threads(work, count=THREADS):
    """Run the work in several threads with connections of their own; return what went wrong."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def append_entries():
    """Count up in a read-then-write, with an audit entry in the same transaction, nested as deeds nest."""
    for _ in range(ROUNDS):
        with writing():
            office = Office.objects.select_for_update().get(name="Panwaslu Kecamatan Cerme")
            with writing():
                office.address = str(int(office.address) + 1)
                office.save(update_fields=["address"])
                record(audit.SYSTEM, "office.updated", office)


CHILD = """
import django, sys
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from tests.accounts.test_writing import append_entries
append_entries()
"""


def test_nothing_is_lost_between_threads_and_processes():
    office = panwaslu_cerme(address="0")
    name = connection.settings_dict["NAME"]
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CHILD, str(name)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stderr=subprocess.PIPE,
    )
    errors = in_threads(append_entries)
    _, trouble = child.communicate(timeout=120)
    assert (errors, child.returncode, trouble.decode()[-2000:]) == ([], 0, "")
    office.refresh_from_db()
    expected = (THREADS + 1) * ROUNDS
    report = verify_stream(office.audit_stream)
    assert (int(office.address), report.entries, report.problem) == (expected, expected, "")


def test_failed_deed_leaves_nothing_and_gives_the_lock_back():
    office = panwaslu_cerme(address="0")
    with pytest.raises(KeyError):
        failing_deed(writing, office)
    assert AuditEntry.objects.count() == 0
    assert in_threads(append_entries, 1) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has row locks")
def test_writers_wait_for_each_other():
    """The positive control: while one writes, another one cannot even begin."""
    panwaslu_cerme(address="0")
    began, inside = threading.Event(), []

    def second():
        began.set()
        with writing():
            inside.append("second")

    with writing():
        thread = threading.Thread(target=lambda: (second(), connections.close_all()))
        thread.start()
        began.wait(5)
        thread.join(0.2)
        inside.append("first")
    thread.join(10)
    assert inside == ["first", "second"]


def test_long_work_stops_while_another_thread_writes_and_goes_on_afterwards():
    passed = threading.Event()

    def work():
        let_writer_pass()
        passed.set()

    with writing(), others_wait():
        other = threading.Thread(target=work)
        other.start()
        assert not passed.wait(0.2)
    assert passed.wait(5)
    other.join()


def test_long_work_of_the_writer_itself_does_not_stop():
    with writing(), others_wait():
        assert let_writer_pass()  # False after a second in vain


def test_long_work_goes_on_after_a_writer_has_failed():
    with pytest.raises(RuntimeError), writing(), others_wait():
        raise RuntimeError
    passed = threading.Event()
    threading.Thread(target=lambda: (let_writer_pass(), passed.set())).start()
    assert passed.wait(5)
