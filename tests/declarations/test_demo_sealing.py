"""The demo hands out every sealed paper, also beside a server whose worker takes jobs at the same time."""

import pytest

from accounts.refusals import Refusal
from declarations.demo import complete
from documents import jobs
from documents.models import Job, RenderJob
from tests.declarations.seals import being_sealed, give_up

pytestmark = pytest.mark.django_db


def test_paper_in_the_hands_of_another_worker_is_waited_for(monkeypatch, tmp_path):
    paper = being_sealed()
    held = jobs.claim(RenderJob.objects.get(document=paper.document).pk)
    waits = []

    def other_worker_gives_it_back(seconds):
        waits.append(seconds)
        jobs.put_back(held)

    monkeypatch.setattr(complete, "sleep", other_worker_gives_it_back)
    [path] = complete.write_papers([paper], "cerme-2024", tmp_path)

    assert waits == [complete.PAUSE]
    assert path.read_bytes().startswith(b"%PDF")
    paper.refresh_from_db()
    assert paper.state == "sealed"


def test_paper_that_cannot_be_sealed_is_named_and_not_waited_for(monkeypatch, tmp_path):
    paper = being_sealed()
    give_up(paper.document)
    monkeypatch.setattr(complete, "sleep", lambda seconds: pytest.fail("nobody works on it"))
    with pytest.raises(Refusal, match="Belum tersegel: ") as refused:
        complete.write_papers([paper], "cerme-2024", tmp_path)
    assert paper.title in refused.value.message
    assert not any(tmp_path.iterdir())


def test_a_job_counts_as_running_while_somebody_holds_it():
    job = RenderJob.objects.get(document=being_sealed().document)
    assert not jobs.any_running()
    held = jobs.claim(job.pk)
    assert jobs.any_running()
    jobs.put_back(held)
    assert not jobs.any_running()
    assert RenderJob.objects.get(pk=job.pk).state == Job.State.WAITING
