"""What the inbox of tablets holds about one batch, and the rows a batch adds to it (KIOSK.md §8.2, §8.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from events.models import Device

from .classification import Entry, Moment
from .kiosk_chain import Link
from .kiosk_reading import Reading
from .models import KioskItem

Status = KioskItem.Status
# What is known once an item can be opened; everything before is frozen from arrival on.
READ = (
    "kind",
    "record_sha256",
    "prev_hash",
    "record",
    "device_signature",
    "target",
    "applied_at",
    "status",
    "code",
)


@dataclass
class Work:
    """One item on its way through the door: its row in the inbox, its verdict, and what follows."""

    reading: Reading
    moment: Moment | None = None
    entry: Entry | None = None  # of a signature or an arrival
    row: KioskItem | None = None
    status: str = ""
    code: str = ""
    flags: list[str] = field(default_factory=list)
    was: str = ""
    applied_at: datetime | None = None  # of a void
    twin: "Work | None" = None  # the same item again in one batch
    is_news: bool = False  # something of it was written

    @property
    def kind(self) -> str:
        return self.reading.record.kind if self.reading.record else ""

    def decide(self, status: str, code: str = "") -> None:
        self.status, self.code = status, code


class Inbox:
    """Items with the numbers of this batch, their neighbours in the chain, and voids that wait for one of them."""

    def __init__(self, device: Device, works: Sequence[Work]):
        ids = {work.reading.id for work in works}
        seqs = {work.reading.seq for work in works}
        targets = {UUID(work.reading.data["target"]) for work in works if work.kind == "void"}
        here = Q(item_id__in=ids | targets) | Q(device=device, seq__in=seqs | {seq + 1 for seq in seqs})
        voids = Q(device=device, kind="void", status=Status.STORED, applied_at=None, target__in=ids)
        self.device, self.rows = device, list(KioskItem.objects.filter(here | voids).defer("sealed"))
        self.by_key = {(row.item_id, row.sealed_sha256): row for row in self.own}
        read = [row for row in self.rows if row.record_sha256 and row.status != Status.QUARANTINED]
        self.authentic = {row.item_id: row for row in read}
        self.seen: set[UUID] = set()  # numbers of authentic records of this batch

    def same(self, reading: Reading) -> KioskItem | None:
        return self.by_key.get(reading.key)

    def other_with_id(self, reading: Reading) -> KioskItem | None:
        """A record that was read under this number and consists of other bytes, or came from another tablet."""
        found = self.authentic.get(reading.id)
        if found is None or (
            found.sealed_sha256 == reading.sealed_sha256 and found.device_id == self.device.pk
        ):
            return None
        return found

    def ids_at(self, seq: int) -> set[UUID]:
        """Records of this tablet that were read under this sequence number."""
        return {row.item_id for row in self.own if row.seq == seq and row.record_sha256}

    @property
    def own(self) -> list[KioskItem]:
        return [row for row in self.rows if row.device_id == self.device.pk]

    def waiting_voids(self, ids: set[UUID]) -> list[KioskItem]:
        return [
            row
            for row in self.own
            if row.kind == "void"
            and row.status == Status.STORED
            and row.applied_at is None
            and row.target in ids
        ]

    def untouchable(self) -> set[UUID]:
        """Numbers of records that no void of this tablet can take back; signatures are asked for themselves."""
        rows = self.authentic.values()
        return {row.item_id for row in rows if row.kind != "signature" or row.code == "unknown_declaration"}


def write_row(work: Work, *, device: Device, via: str, operator, now: datetime) -> KioskItem:
    """The row of the work, unsaved: a new one, or the quarantined one with what could be read of it this time."""
    reading = work.reading
    row = work.row or KioskItem(
        item_id=reading.id,
        sealed_sha256=reading.sealed_sha256,
        sealed=reading.sealed,
        event_id=device.event_id,
        device=device,
        seq=reading.seq,
        kid=reading.kid,
        via=via,
        received_at=now,
        operator=operator,
    )
    row.status, row.code = work.status, work.code
    if reading.record:
        row.kind, row.record_sha256 = work.kind, reading.record.sha256
        row.prev_hash = reading.data["prev_hash"]
        in_signature = work.entry is not None and work.entry.signature is not None
        row.record = None if in_signature else reading.record.raw
        row.device_signature = None if in_signature else reading.signature
        row.target, row.applied_at = reading.data.get("target"), work.applied_at
    work.row = row
    return row


def link_of(row: KioskItem) -> Link:
    return Link(row.seq, row.prev_hash, row.record_sha256)
