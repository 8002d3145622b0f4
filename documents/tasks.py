"""What the queue calls. Each task only wakes a job row; documents.jobs decides whether there is something to do."""

from django_tasks import task

from . import jobs


@task()
def run_job(job_id: str) -> str:
    return jobs.run(job_id)
