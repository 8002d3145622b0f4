"""What the queue calls. The row of the mail decides whether there is something to do."""

from django_tasks import task

from . import outbox


@task()
def send_mail(mail_id: str) -> str:
    return outbox.send(mail_id)
