"""A tablet that talks to the API: pairs, asks and hands in as the app does."""

import json
import secrets
from uuid import UUID

from django.test import Client

from accounts import audit
from accounts.canonical import b64u
from accounts.models import User
from declarations.demo.tablet import Tablet
from events import keys
from events.models import Device, Event, EventSite
from events.pairing import issue_code
from tests.accounts.factories import organizer_of

API = "/api/v1/kiosk/"
APP = "1.0.0+3f9c2a1"


class Kiosk:
    """``reply`` is the last answer; ``pair()`` must come first."""

    def __init__(
        self, event: Event, *, label: str = "Meja 1", site: EventSite | None = None, by: User | None = None
    ):
        self.event, self.tablet, self.client, self.token = event, Tablet(event.pk), Client(), ""
        self.code = issue_code(event=event, label=label, site=site, by=by or organizer_of(event.office)).code

    def pair(self, **changes):
        self.ask("pair", self.pair_body(**changes))
        if self.reply.status_code == 200:
            body = self.reply.json()
            self.token = body["token"]
            self.tablet.start(UUID(body["device"]["id"]))
        return self.reply

    def pair_body(self, **changes) -> dict:
        code = changes.get("code", self.code)
        body = {
            "proto": "netralitas-kiosk/1",
            "code": code,
            "public_key": b64u(self.tablet.public),
            "proof": b64u(self.tablet.proof(code)),
            "app": APP,
            "sent_at_device": "2026-11-22T02:41:07.123Z",
        }
        return {**body, **changes}

    def ask(self, name: str, body=None, *, method: str = "post", **headers):
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        if method == "get":
            self.reply = self.client.get(API + name, body, headers=headers)
        else:
            raw = (
                body
                if isinstance(body, (str, bytes))
                else json.dumps({"proto": "netralitas-kiosk/1", **(body or {})})
            )
            self.reply = self.client.post(API + name, raw, content_type="application/json", headers=headers)
        return self.reply

    def roster(self, since: int | None = None, **headers):
        return self.ask("roster", {} if since is None else {"since": since}, method="get", **headers)

    def send(self, *records, items=None, **changes):
        items = self.items(*records) if items is None else items
        return self.ask(
            "sync",
            {"app": APP, "pending": len(items), "next_seq": self.tablet.seq, "items": items, **changes},
        )

    def items(self, *records) -> list[dict]:
        return self.tablet.items(records, keys.event_key(event=self.event, by=audit.SYSTEM))

    def beat(self, **changes):
        body = {
            "sent_at_device": "2026-11-22T02:41:07.123Z",
            "app": APP,
            "pending": 0,
            "next_seq": self.tablet.seq,
            "link": self.tablet.link.hex(),
        }
        return self.ask("heartbeat", {**body, **changes})

    def unpair(self, **changes):
        return self.ask("unpair", {"next_seq": self.tablet.seq, "link": self.tablet.link.hex(), **changes})

    @property
    def device(self) -> Device:
        return Device.objects.get(pk=self.tablet.device)


def paired(event: Event, **fields) -> Kiosk:
    kiosk = Kiosk(event, **fields)
    assert kiosk.pair().status_code == 200
    return kiosk


def junk(length: int = 40) -> str:
    return b64u(secrets.token_bytes(length))
