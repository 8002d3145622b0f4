"""The desk of a demo event: one tablet, paired by code, that hands in what people sign – the way of real tablets."""

from collections.abc import Iterable, Sequence

from accounts.canonical import b64u
from events.devices import retire_device
from events.keys import event_key
from events.models import Device, Event
from events.pairing import issue_code, pair_device

from ..evidence import Record, first_link
from ..kiosk_intake import chain_state, take_in_items
from .tablet import APP, Tablet

LABEL = "Meja 1 (contoh)"
BATCH = 50  # as many records as a tablet hands in at once (KIOSK §9)


class Desk:
    """``by`` is the officer at the desk, who also made the code."""

    def __init__(self, event: Event, *, by):
        self.by, self.tablet = by, Tablet(event.pk)
        code = issue_code(event=event, label=LABEL, by=by).code
        made = pair_device(
            code=code, public_key=self.tablet.public, app=APP, chain_link_for=self._begin_chain
        )
        self.device = made.device
        self.key = event_key(event=event, by=self.device)
        self.hand_in([self.tablet.probe()])

    def _begin_chain(self, device: Device) -> str:
        self.tablet.start(device.pk)
        return first_link(str(device.event_id), str(device.pk), b64u(self.tablet.public)).hex()

    def sign(self, people: Iterable[dict]) -> None:
        """Make, sign and seal a record of each, and hand them in as a tablet does."""
        self.hand_in([self.tablet.record(fields) for fields in people])

    def hand_in(self, records: Sequence[Record]) -> None:
        """RuntimeError when anything of it does not count."""
        items = self.tablet.items(records, self.key)
        for start in range(0, len(items), BATCH):
            results = take_in_items(
                items[start : start + BATCH],
                device=self.device,
                via="sync",
                by=self.device,
                sent_at_device=None,
            )
            refused = [result for result in results if result.status != "stored"]
            if refused:
                raise RuntimeError(f"{len(refused)} demo records were not stored: {refused[0].codes}")

    def leave(self) -> None:
        """*Lepas tablet*: the server holds the whole chain, so the tablet may forget it."""
        self.device.refresh_from_db()
        if chain_state(self.device, {}) != (self.tablet.seq, self.tablet.link.hex()):
            raise RuntimeError("the chain of the demo tablet is not whole")
        retire_device(device=self.device, by=self.by)
