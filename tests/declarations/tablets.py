"""Paired tablets for tests: they make, chain, sign and seal records as the app does, and hand them in."""

import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from accounts import audit
from accounts.canonical import parse_canonical
from accounts.models import User
from declarations.demo.tablet import Tablet
from declarations.evidence import Record, uuid7
from declarations.kiosk_intake import ItemResult, take_in_items
from declarations.models import Declaration, Signatory
from events.keys import event_key
from events.models import Device, Event
from tests.declarations import day

OF_THE_PAGE = ("v", "id", "salt", "event", "signed_at_device", "app")


class Paired(Tablet):
    """A tablet together with its row and the key of its event."""

    def __init__(self, event: Event, label: str = "Meja 1", *, probed: bool = True, **fields):
        super().__init__(event.pk)
        self.key = event_key(event=event, by=audit.SYSTEM)
        self.row = Device.objects.create(
            id=self.device,
            event=event,
            label=label,
            public_key=self.public,
            token_sha256=secrets.token_hex(32),
            chain_link=self.link.hex(),
            **{"paired_by": officer(), "paired_at": timezone.now() - timedelta(hours=1), **fields},
        )
        if probed:
            self.hand_in(self.probe())

    def signs(self, row: Signatory, seed: int = 1, *, at: datetime | None = None, clock: int = 0, **changes):
        """The record of a drawn signature of this person on this tablet."""
        return self._of(day.record(row, seed, **changes), at, clock, changes)

    def refuses(self, row: Signatory, **changes) -> Record:
        return self._of(day.refusal(row, **changes), None, 0, changes)

    def walk_in(self, paper: Declaration, name: str, *, attendee: str | None = None, **changes) -> Record:
        """Somebody without an invitation signs."""
        at = changes.pop("at", None)
        clock = changes.pop("clock", 0)
        row = Signatory(declaration=paper, attendee_id=attendee or new_person())
        person = {"name": name, "category": "pns", "position": "Staf", "agency": "Dinas Tamu (contoh)"}
        changes = {"source": "walk_in", "signatory": person, **changes}
        return self._of(day.record(row, **changes), at, clock, changes)

    def arrives(self, who, *, at: datetime | None = None, **changes) -> Record:
        """The record of an arrival at the desk."""
        person = {"name": who.printed_name or "Tamu (contoh)", "category": who.category or "lainnya"}
        fields = {
            "kind": "attendance",
            "attendee": who.pk,
            "source": "roster",
            "signatory": person,
            "found_by": "qr",
        }
        return self.record({**fields, **changes}, at=at)

    def _of(self, made: Record, at, clock: int, changes: dict) -> Record:
        fields = {name: value for name, value in parse_canonical(made.raw).items() if name not in OF_THE_PAGE}
        kept = {name: changes[name] for name in OF_THE_PAGE if name in changes}
        return self.record({**fields, **kept}, at=at, clock_offset_ms=clock)

    def sealed(self, *records: Record) -> list[dict]:
        return self.items(records, self.key)

    def hand_in(
        self, *records, via: str = "sync", sent: datetime | None = None, **options
    ) -> list[ItemResult]:
        """Records are sealed first; what is sealed already goes as it is."""
        items = [self.item(each, self.key) if isinstance(each, Record) else each for each in records]
        return hand_in(self, items, via=via, sent=sent, **options)


def hand_in(
    tablet: Paired, items: list[dict], *, via: str = "sync", sent=None, now=None, by=None
) -> list[ItemResult]:
    device = Device.objects.get(pk=tablet.row.pk)
    sent = sent or now or timezone.now()
    return take_in_items(
        items,
        device=device,
        via=via,
        by=by or device,
        sent_at_device=sent if via == "sync" else None,
        now=now,
    )


def officer() -> User:
    return User.objects.get_or_create(
        email="petugas-tablet@contoh.example", defaults={"full_name": "Petugas Tablet (contoh)"}
    )[0]


def new_person() -> str:
    return uuid7(int(timezone.now().timestamp() * 1000), secrets.token_bytes(10))


def verdicts(results: list[ItemResult]) -> list[tuple[str, str]]:
    """(status, first code)"""
    return [(result.status, result.codes[0] if result.codes else "") for result in results]


def statuses(results: list[ItemResult]) -> list[str]:
    return [result.status for result in results]


def device_of(tablet: Paired) -> Device:
    return Device.objects.get(pk=tablet.row.pk)
