"""What the queue calls. The row of the mail decides whether there is something to do."""

from django_tasks import task

from . import outbox


@task(priority=-50)  # a paper waits for nobody, least of all for a mail server that does not answer
def send_mail(mail_id: str) -> str:
    return outbox.send(mail_id)
