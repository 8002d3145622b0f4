"""Several hands at once, with real connections: one number each, one paper, one run per job."""

import threading
from collections import Counter
from datetime import date

import pytest
from django.db import connections

from accounts import audit
from documents import jobs, sealing
from documents.models import Document, HashRegister, LetterNumber, RenderJob, SealJob
from documents.numbering import reserve_number
from tests.accounts.factories import panwaslu_cerme
from tests.documents.factories import issue, snapshot

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings(r"ignore:unclosed file .*(sRGB2014\.icc|\.woff2):ResourceWarning"),
]
HANDS = 4


def at_once(work):
    """Run the work in several threads that start together; returns what each gave or what stopped it."""
    start, given = threading.Barrier(HANDS), []

    def run():
        start.wait()
        try:
            given.append(work())
        except Exception as problem:
            given.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_hands_that_reserve_together_leave_no_gap_and_no_double():
    office = panwaslu_cerme()

    def reserve():
        for _ in range(5):
            reserve_number(office=office, date=date(2024, 10, 2), classification="PM.05", by=audit.SYSTEM)

    assert at_once(reserve) == [None] * HANDS
    taken = LetterNumber.objects.order_by("sequence").values_list("sequence", "suffix")
    assert list(taken) == [(number, 0) for number in range(1, 5 * HANDS + 1)]


def test_paper_issued_by_many_clicks_is_one_paper():
    office = panwaslu_cerme()
    papers = at_once(lambda: issue(office=office, source="declaration:1").pk)
    assert len(set(papers)) == 1
    assert (Document.objects.count(), RenderJob.objects.count()) == (1, 1)


def test_job_that_many_workers_want_is_done_by_one():
    document = issue(office=panwaslu_cerme())
    job = RenderJob.objects.get().pk
    assert Counter(at_once(lambda: jobs.run(job))) == {"done": 1, "left": HANDS - 1}
    at_once(jobs.run_pending)
    document.refresh_from_db()
    assert document.state == "sealed"
    assert list(HashRegister.objects.values_list("pk", flat=True)) == [document.sha256]


def test_paper_that_is_being_sealed_is_either_sealed_or_withdrawn(monkeypatch):
    office = panwaslu_cerme()
    document = issue(office=office, source="declaration:1")
    jobs.run(RenderJob.objects.get().pk)
    at_the_door, register, void = threading.Event(), sealing._register, sealing._void

    def arrive(*values):
        at_the_door.set()
        register(*values)

    def void_while_the_seal_arrives(document, reason):
        worker.start()
        at_the_door.wait(1)
        worker.join(1)
        void(document, reason)

    def seal():
        jobs.run(SealJob.objects.get(document=document).pk)
        connections.close_all()

    worker = threading.Thread(target=seal)
    monkeypatch.setattr(sealing, "_register", arrive)
    monkeypatch.setattr(sealing, "_void", void_while_the_seal_arrives)

    issue(office=office, source="declaration:1", snapshot=snapshot(sentence="Data yang lebih baru."))
    worker.join()

    document.refresh_from_db()
    assert (document.state, document.sha256, document.sealed_at) == ("void", "", None)
    assert not HashRegister.objects.exists()
