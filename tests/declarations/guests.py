"""People with a personal link on their own phone, and what its pages say to them."""

from django.test import Client
from django.urls import reverse

from accounts import audit
from declarations import intake
from events import links

NIP = "198609262015051001"
PHONE = "+6281234567890"


class Guest:
    """A person with the own phone: no login, no cookie kept for anything."""

    def __init__(self, attendee, opened=True, **options):
        self.link, self.token = links.make_link(attendee=attendee, by=audit.SYSTEM)
        self.client = Client(**options)
        if opened:
            self.post("open")

    def url(self, name, *rest):
        return reverse(f"tautan:{name}", args=[self.token, *rest])

    def get(self, name="home", *rest):
        return self.client.get(self.url(name, *rest))

    def post(self, name, *rest, **data):
        return self.client.post(self.url(name, *rest), data)

    def send(self, paper, body):
        raw = body if isinstance(body, bytes) else body.raw
        return self.client.post(
            self.url("submit", paper.pk),
            raw,
            content_type="application/json",
            headers={"accept": "application/json"},
        )

    def type_name(self, paper, row, **changes):
        fields = {
            "text_sha256": paper.text_version.sha256,
            "record_id": intake.new_id(),
            "agree": "1",
            "typed_name": row.name,
        }
        return self.post("typed", paper.pk, **{**fields, **changes})


def html(response):
    return response.content.decode()
