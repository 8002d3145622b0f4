"""Several tablets at once: one signature per person counts, on both databases. With a control that does lose."""

import secrets
import threading

import pytest
from django.db import IntegrityError, connections

from accounts import audit
from accounts.canonical import parse_canonical
from declarations import intake, signing
from declarations.models import Declaration, Signatory, Signature
from events.models import Event
from events.scheduling import close_event
from tests.accounts.flushing import flushable  # noqa: F401
from tests.declarations import day, factories

THREADS = 6

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work) -> list:
    """Run `work(number)` in THREADS threads that start together; what they returned or raised."""
    barrier, found = threading.Barrier(THREADS), []

    def run(number):
        barrier.wait()
        try:
            found.append(work(number))
        except Exception as problem:
            found.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_several_signatures_of_a_person_one_counts_and_all_are_kept():
    paper = day.open_paper(2)
    row = day.rows(paper)[0]
    records = [day.record(row, seed) for seed in range(THREADS)]

    results = at_once(
        lambda number: day.hand_in(Declaration.objects.get(pk=paper.pk), records[number])[0].status
    )

    assert sorted(results) == ["conflict"] * (THREADS - 1) + ["stored"]
    assert paper.signatures.valid().count() == 1
    assert paper.signatures.count() == THREADS


def test_same_record_from_several_tablets_is_stored_once():
    paper = day.open_paper(2)
    record = day.record(day.rows(paper)[0])

    results = at_once(lambda number: day.hand_in(Declaration.objects.get(pk=paper.pk), record)[0].status)

    assert sorted(results) == ["duplicate"] * (THREADS - 1) + ["stored"]
    assert paper.signatures.count() == 1


def test_clicks_at_once_on_one_plain_form_are_one_signature():
    paper = day.open_paper(2)
    first = parse_canonical(day.typed(day.rows(paper)[0]).raw)

    def click(number):
        fields = {**first, "salt": secrets.token_bytes(16)}
        here = Declaration.objects.get(pk=paper.pk)
        return intake.take_in_form(fields, declaration=here, via="web", by=audit.SYSTEM).status

    assert sorted(at_once(click)) == ["duplicate"] * (THREADS - 1) + ["stored"]
    assert (paper.signatures.count(), paper.inbox_items.count()) == (1, 0)


def test_post_named_on_several_tablets_gets_one_name():
    event = day.running_event()
    factories.attendee(event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    paper = day.open_paper(0, event=event)
    row = day.rows(paper)[0]

    def name(number):
        found = Signatory.objects.get(pk=row.pk)
        return signing.name_signatory(signatory=found, full_name=f"Nama {number}", by=audit.SYSTEM).name

    results = at_once(name)

    row.refresh_from_db()
    assert [found for found in results if isinstance(found, str)] == [row.name]
    assert [str(type(found).__name__) for found in results].count("Refusal") == THREADS - 1
    assert row.attendee.full_name == row.name


def test_event_ends_while_people_sign_without_a_deadlock():
    paper = day.open_paper(THREADS)
    people = day.rows(paper)
    event = paper.event

    def sign_or_end(number):
        if number == 0:
            close_event(event=Event.objects.get(pk=event.pk), by=audit.SYSTEM, accept_warnings=True)
            return "stored"
        fresh = Declaration.objects.get(pk=paper.pk)
        return day.hand_in(fresh, day.record(people[number]))[0].status

    assert at_once(sign_or_end) == ["stored"] * THREADS
    paper.refresh_from_db()
    assert paper.state == "closed"


def test_who_only_looks_before_writing_runs_into_the_constraint():
    """The control: without the lock all of them see a free name. Only the database stops the second one."""
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    records = [day.record(row, seed) for seed in range(THREADS)]
    looked = threading.Barrier(THREADS)

    def look_then_write(number):
        free = not Signature.objects.valid().filter(signatory=row.pk).exists()
        looked.wait()
        if free:
            stored(paper, row, records[number])
        return free

    results = at_once(look_then_write)

    assert len([result for result in results if result is True]) == 1
    assert len([result for result in results if isinstance(result, IntegrityError)]) == THREADS - 1


def stored(paper, row, record) -> Signature:
    """A row that counts, written past the door."""
    return Signature.objects.create(
        id=record.id,
        declaration=paper,
        signatory=row,
        outcome="signed",
        method="drawn",
        record=record.raw,
        record_sha256=record.sha256,
        strokes=record.strokes,
        text_sha256=record.data["text_sha256"],
        signed_at_device=record.signed_at_device,
        signed_at=record.signed_at_device,
    )


def test_row_that_another_writer_was_quicker_with_becomes_a_conflict(monkeypatch):
    """Behind the lock stands the constraint: a writer that slips past the lock cannot make a second one count."""
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    mine, theirs = day.record(row, 1), day.record(row, 2)
    real = intake._known
    slipped = []

    def known_before_the_other_writer(items, declaration):
        known = real(items, declaration)
        if not slipped:
            slipped.append(True)
            stored(paper, row, theirs)
        return known

    monkeypatch.setattr(intake, "_known", known_before_the_other_writer)

    [result] = day.hand_in(paper, mine, by=audit.SYSTEM)

    assert (result.status, result.code) == ("conflict", "second_outcome")
    assert [s.pk for s in paper.signatures.valid()] == [theirs.id]
