"""What tablets and this server say to each other, as schemas (KIOSK.md §9). Unknown fields are ignored on both sides."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from accounts.api import Error, Moment, Plain
from accounts.canonical import unb64u

from .evidence import MAX_BYTES, PROTOCOL

MOST_ITEMS = 50
LARGEST_SEQ = 2**31 - 1

Protocol = Literal["netralitas-kiosk/1"]
assert Protocol.__args__ == (PROTOCOL,)


def _bytes(text: str) -> str:
    unb64u(text)
    return text


Line = Annotated[Plain, StringConstraints(max_length=60)]
Reason = Annotated[Plain, StringConstraints(max_length=300)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Bytes = Annotated[str, AfterValidator(_bytes)]
Seq = Annotated[int, Field(ge=0, le=LARGEST_SEQ, strict=True)]
Count = Annotated[int, Field(ge=0, le=LARGEST_SEQ, strict=True)]


class Stamped(Schema):
    """In every reply: which protocol, and the time of the server (UTC)."""

    proto: Protocol = PROTOCOL
    server_time: datetime


class KioskError(Error, Stamped):
    pass


# -- pair --------------------------------------------------------------------------------------------------------


class PairIn(Schema):
    proto: str = Field(max_length=40)
    code: str = Field(max_length=40, description="12 karakter Crockford base32")
    public_key: Bytes = Field(max_length=120, description="Titik P-256 tanpa kompresi, 65 bita, base64url")
    proof: Bytes = Field(
        max_length=120, description="ECDSA r‖s atas netralitas-kiosk/1|pair|<code>, base64url"
    )
    app: Line
    sent_at_device: Moment | None = None


class DeviceOut(Schema):
    id: UUID
    label: str
    site: str


class EventOut(Schema):
    id: UUID
    code: str
    title: str
    office: str
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None


class SealKey(Schema):
    kid: str
    public: str


class StaffPin(Schema):
    salt: str
    iterations: int
    hash: str


class PairOut(Stamped):
    token: str
    device: DeviceOut
    event: EventOut
    seal_key: SealKey
    staff_pin: StaffPin


# -- roster ------------------------------------------------------------------------------------------------------


class Text(Schema):
    """Objek naskah baku; SHA-256 atas bentuk bakunya adalah ``text_sha256``."""

    title: str = ""
    opening: str = ""
    points: list[str] = []
    closing: str = ""
    consent: str = ""


class PaperOut(Schema):
    id: UUID
    kind: str
    title: str
    text: Text
    text_sha256: Hash
    version: int
    state: Literal["draft", "open", "closed"]
    requires_reading: bool
    read_at: datetime | None = None
    read_by: str | None = None


class RowOut(Schema):
    id: UUID
    name: str
    position: str
    agency: str
    category: str
    declarations: list[UUID]
    precedence: int
    tail: str | None = None
    ticket: str | None = None
    site: str | None = None


class Pair(Schema):
    declaration: UUID
    attendee: UUID


class Done(Pair):
    at: str = Field(description="Jam di zona waktu kegiatan, HH.MM")


class RosterEvent(Schema):
    state: str
    signing: Literal["open", "closed"]
    title: str
    office: str
    wipe_roster_at: datetime
    wipe_sent_at: datetime


class RosterOut(Stamped):
    seq: int
    full: bool
    rows_total: int
    event: RosterEvent
    declarations: list[PaperOut]
    rows: list[RowOut]
    gone: list[UUID]
    done: list[Done]
    undone: list[Pair]


# -- sync --------------------------------------------------------------------------------------------------------


class ItemIn(Schema):
    id: str = Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
    seq: Seq
    kid: str = Field(min_length=1, max_length=8, pattern=r"^[a-z0-9]+$")
    c: Bytes = Field(min_length=1, max_length=MAX_BYTES)


class SyncIn(Schema):
    proto: Protocol
    batch: UUID | None = None
    sent_at_device: Moment | None = None
    app: Line = ""
    pending: Count = 0
    next_seq: Seq = 0
    items: list[ItemIn] = Field(min_length=1, max_length=MOST_ITEMS)


class Receipt(Schema):
    sealed_sha256: Hash
    record_sha256: Hash | None = None
    received_at: datetime
    n: int


class Result(Schema):
    id: UUID
    status: Literal["stored", "duplicate", "conflict", "held", "quarantined", "retry"]
    codes: list[str]
    was: str | None = None
    receipt: Receipt | None = None


Upgrade = Literal["none", "available", "required"]
DeviceState = Literal["paired", "active", "draining", "revoked"]


class SyncOut(Stamped):
    device_state: DeviceState
    upgrade: Upgrade
    results: list[Result]


# -- heartbeat, time, unpair -------------------------------------------------------------------------------------


class HeartbeatIn(Schema):
    proto: Protocol
    sent_at_device: Moment
    app: Line = ""
    pending: Count
    quarantine: Count = 0
    next_seq: Seq
    link: Hash | Literal[""] = ""
    oldest_pending_at: Moment | None = None
    roster_seq: Count = 0
    persisted: bool | None = None
    free_mb: Count | None = None
    battery: int | None = Field(None, ge=0, le=100)
    signing: Literal["", "open", "closed"] = ""
    ready: bool = False
    operator: Line = ""


class Command(Schema):
    do: Literal["resend", "refresh_roster", "wipe_roster", "message"]
    seqs: list[int] | None = None
    text: str | None = None


class HeartbeatOut(Stamped):
    device_state: DeviceState
    roster_seq: int
    signing: Literal["open", "closed"]
    upgrade: Upgrade
    commands: list[Command]


class TimeIn(Schema):
    t0: (
        Annotated[int, Field(ge=-(2**53), le=2**53)]
        | Annotated[str, StringConstraints(pattern=r"^[0-9TZ:.+-]{1,40}$")]
    )


class TimeOut(Stamped):
    t0: int | str


class Bridge(Schema):
    seq: Seq
    record_sha256: Hash


class UnpairIn(Schema):
    proto: Protocol = PROTOCOL
    next_seq: Seq
    link: Hash
    quarantined: list[Bridge] = Field([], max_length=2000)
    forced: bool = Field(
        False, description="Berkas penyelamat sudah diunduh dan petugas menyetujui penghapusan"
    )
    reason: Reason = ""


class UnpairOut(Stamped):
    device_state: DeviceState


class MissingRecords(KioskError):
    seqs: list[int]
