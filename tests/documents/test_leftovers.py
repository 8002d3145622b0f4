"""No page with names on it stays on the disk once nobody needs it; what is still needed stays."""

import os
import shutil
import time
import uuid

import pytest

from accounts.audit import SYSTEM
from documents import jobs, leftovers, pades, pdf, sealing, storage
from documents.models import Document, RenderJob, SealJob
from tests.documents.factories import issue, sealed_document, snapshot

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(r"ignore:unclosed file .*(sRGB2014\.icc|\.woff2):ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _empty_folder():
    """Papers of other tests are unknown here and would be swept."""
    shutil.rmtree(storage.path_of("dokumen"), ignore_errors=True)


@pytest.fixture
def document():
    """Rendered, not sealed yet."""
    document = issue(source="declaration:1")
    jobs.run(RenderJob.objects.get().pk)
    document.refresh_from_db()
    assert names_on_disk(document) == ["tanpa-segel.pdf"]
    return document


def names_on_disk(document) -> list[str]:
    folder = storage.path_of(f"dokumen/{document.pk}")
    return sorted(path.name for path in folder.glob("*"))


def make_old(name):
    before = time.time() - storage.DAY - 60
    os.utime(storage.path_of(name), (before, before))


def withdraw(document):
    sealing.void_document(document=document, reason="Ditarik.", by=SYSTEM)


def test_withdrawn_paper_loses_its_file_after_commit(document, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        withdraw(document)
    assert names_on_disk(document) == ["tanpa-segel.pdf"]
    for callback in waiting:
        callback()
    assert names_on_disk(document) == []


def test_newer_data_remove_the_file_of_the_paper_before(document, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        issue(source="declaration:1", snapshot=snapshot(names=["Nama Baru (contoh)"]))
    assert names_on_disk(document) == []


def test_paper_withdrawn_while_it_is_rendered_leaves_no_file(monkeypatch, django_capture_on_commit_callbacks):
    document, real = issue(), pdf.render

    def withdraw_meanwhile(*args, **kwargs):
        withdraw(document)
        return real(*args, **kwargs)

    monkeypatch.setattr(pdf, "render", withdraw_meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.run(RenderJob.objects.get().pk) == "done"
    assert names_on_disk(document) == []


def test_paper_withdrawn_while_it_is_sealed_leaves_no_file(
    document, monkeypatch, django_capture_on_commit_callbacks
):
    real = pades.seal

    def withdraw_meanwhile(data, **kwargs):
        withdraw(document)
        return real(data, **kwargs)

    monkeypatch.setattr(pades, "seal", withdraw_meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.run(SealJob.objects.get().pk) == "done"
    assert names_on_disk(document) == []


def test_job_of_a_withdrawn_paper_clears_what_a_killed_run_left(document):
    storage.store(storage.sealed_name(document, "0" * 64), b"%PDF-1.7 terlambat")
    withdraw(document)
    assert len(names_on_disk(document)) == 2
    assert jobs.run(SealJob.objects.get().pk) == "done"
    assert names_on_disk(document) == []


def test_render_job_done_again_leaves_the_file_that_waits_for_its_seal(document):
    RenderJob.objects.update(state="waiting")
    assert jobs.run(RenderJob.objects.get().pk) == "done"
    assert names_on_disk(document) == ["tanpa-segel.pdf"]


def test_sealed_paper_keeps_one_file(document, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run(SealJob.objects.get().pk)
    document.refresh_from_db()
    assert names_on_disk(document) == [os.path.basename(document.file)]


def test_sweep_removes_the_unsigned_file_of_a_sealed_paper_after_a_day(document):
    jobs.run(SealJob.objects.get().pk)
    document.refresh_from_db()
    assert len(names_on_disk(document)) == 2
    assert jobs.sweep().removed == 0
    make_old(storage.unsigned_name(document))
    assert jobs.sweep().removed == 1
    assert names_on_disk(document) == [os.path.basename(document.file)]


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_unsigned_file_stays_when_the_sealed_one_does_not_hold_it(document, damage):
    jobs.run(SealJob.objects.get().pk)
    document.refresh_from_db()
    if damage == "lost":
        storage.remove(document.file)
    else:
        storage.store(document.file, b"%PDF-1.7 rusak")
    make_old(storage.unsigned_name(document))
    assert jobs.sweep().removed == 0
    assert "tanpa-segel.pdf" in names_on_disk(document)


def test_sweep_leaves_the_paper_that_waits_for_its_seal_for_days(document):
    make_old(storage.unsigned_name(document))
    assert jobs.sweep().removed == 0
    assert names_on_disk(document) == ["tanpa-segel.pdf"]


def test_sweep_removes_old_files_of_unknown_papers_and_nothing_else():
    stranger = Document(pk=uuid.uuid4())
    elsewhere = "dokumen/catatan/tanpa-segel.pdf"
    for name in (storage.unsigned_name(stranger), elsewhere):
        storage.store(name, b"%PDF-1.7")
        make_old(name)
    assert leftovers.sweep() == 1
    assert storage.exists(elsewhere)


def test_voiding_a_sealed_paper_keeps_its_file(django_capture_on_commit_callbacks):
    document = sealed_document()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(document)
    assert storage.exists(document.file)
