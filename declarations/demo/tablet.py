"""A tablet without a screen: makes, chains, signs and seals records exactly as static/js/kiosk does (KIOSK.md §7).

Demo events, benchmarks and tests sign with it, so that they take the way of real tablets.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from accounts.canonical import b64u
from events.models import EventKey

from ..envelope import CURVE, Opened, info, point_of, seal, sign
from ..evidence import PROTOCOL, Record, first_link, format_time, make_record, next_link, uuid7

APP = "contoh/1"


class Tablet:
    """Keeps its key, its place in the chain and what it made; knows nothing of the database but the event key."""

    def __init__(self, event: UUID, device: UUID | None = None):
        self.event, self.device = event, device or uuid4()
        self.private = ec.generate_private_key(CURVE)
        self.public = point_of(self.private)
        self.start()

    def start(self, device: UUID | None = None) -> None:
        """Begin the chain, under the id the server gave at pairing."""
        self.device = device or self.device
        self.seq, self.link = 0, first_link(str(self.event), str(self.device), b64u(self.public))

    def proof(self, code: str) -> bytes:
        """What ``pair`` asks for: possession of the private key."""
        return sign(f"{PROTOCOL}|pair|{code}".encode(), self.private)

    def record(self, fields: dict, *, at: datetime | None = None, clock_offset_ms: int = 0) -> Record:
        """The next record of the chain; ``fields`` are those of its kind, None leaves one out."""
        now = at or timezone.now()
        wanted = {
            "id": uuid7(int(now.timestamp() * 1000), secrets.token_bytes(10)),
            "salt": secrets.token_bytes(16),
            "event": self.event,
            "device": self.device,
            "device_seq": self.seq,
            "prev_hash": self.link.hex(),
            "signed_at_device": format_time(now),
            "clock_offset_ms": clock_offset_ms,
            "clock_age_s": 0,
            "app": APP,
            **fields,
        }
        made = make_record({name: value for name, value in wanted.items() if value is not None})
        self.seq, self.link = self.seq + 1, next_link(self.link, made.sha256)
        return made

    def probe(self, **changes) -> Record:
        agent = {"browser": "contoh", "platform": "contoh", "standalone": False, "screen": "1180x820"}
        return self.record({"kind": "probe", "agent": agent, **changes})

    def void(self, target: Record, reason: str = "wrong_person", **changes) -> Record:
        return self.record({"kind": "void", "target": target.id, "reason": reason, **changes})

    def item(self, record: Record, key: EventKey) -> dict:
        """The row of the outbox as ``sync`` carries it: {id, seq, kid, c}."""
        context = info(self.event, key.kid, self.device, record.id)
        sealed = seal(Opened(sign(record.raw, self.private), record.raw), bytes(key.public), context)
        seq = record.data["device_seq"]
        return {"id": str(record.id), "seq": seq, "kid": key.kid, "c": b64u(sealed)}

    def items(self, records: Iterable[Record], key: EventKey) -> list[dict]:
        return [self.item(record, key) for record in records]
