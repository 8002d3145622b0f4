"""What an authentic record counts for (KIOSK §8.2): one answer for signing pages, personal links and tablets.

Reads nothing and writes nothing: the door has read everything into ``Known`` before, and stores what is decided here.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from events.models import Attendee, Event

from .evidence import Record
from .models import Declaration, Signatory, Signature

GRACE = timedelta(minutes=15)  # after closing, for those who stand in the queue
SURE_CLOCK = timedelta(seconds=120)

STORED, DUPLICATE, CONFLICT, HELD = "stored", "duplicate", "conflict", "held"
QUARANTINED, RETRY = "quarantined", "retry"
FINAL = (STORED, DUPLICATE, CONFLICT, HELD)
ROWS = {STORED: Signature.Status.VALID, CONFLICT: Signature.Status.CONFLICT, HELD: Signature.Status.HELD}

# Why something waits for a person; shown to staff, never on the tablet.
MESSAGES = {
    "unreadable": "Kiriman tidak dapat dibaca.",
    "invalid_record": "Isi kiriman tidak sah.",
    "bad_device_signature": "Kiriman tidak ditandatangani dengan kunci tablet ini.",
    "id_reuse": "Nomor catatan ini sudah dipakai oleh kiriman lain dengan isi yang berbeda.",
    "unknown_declaration": "Naskah yang disebut bukan naskah kegiatan ini.",
    "unknown_attendee": "Peserta tidak dikenal dalam kegiatan ini.",
    "attendee_removed": "Peserta sudah dikeluarkan dari daftar sebelum tanda tangan diterima.",
    "not_assigned": "Peserta tidak terdaftar sebagai penanda tangan naskah ini.",
    "walk_in_matches_roster": "Nama dan instansi peserta tanpa undangan ini sama dengan peserta yang sudah terdaftar.",
    "text_mismatch": "Naskah yang ditandatangani bukan naskah yang ditetapkan untuk dokumen ini.",
    "before_open": "Diterima sebelum penandatanganan dibuka.",
    "after_close": "Diterima lebih dari 15 menit setelah penandatanganan ditutup.",
    "after_seal": "Diterima setelah dokumen disegel.",
    "after_revocation": "Dibuat setelah tablet dicabut.",
    "event_cancelled": "Kegiatan sudah dibatalkan.",
    "seq_reuse": "Nomor urut tablet ini sudah dipakai oleh catatan lain.",
    "void_too_late": "Pembatalan tidak dapat dijalankan: naskah sudah ditutup, atau catatan itu tidak dapat dibatalkan"
    " dari tablet ini.",
    "voided": "Dibatalkan petugas di tablet.",
    "second_outcome": "Orang yang sama sudah tercatat pada naskah ini.",
    "after_refusal": "Orang ini sebelumnya tercatat tidak menandatangani.",
    "refusal_after_signature": "Orang ini sebelumnya tercatat menandatangani.",
    # Nothing was kept: the tablet or the rescue file still holds it.
    "unknown_key": "Kunci kegiatan untuk kiriman ini tidak ada di peladen ini. Pulihkan kunci dari cadangan.",
    "unsupported_version": "Versi catatan ini belum dikenal. Perbarui aplikasi di peladen.",
    "busy": "Peladen sedang sibuk. Coba lagi sebentar lagi.",
    "store_failed": "Kiriman belum dapat disimpan. Coba lagi; jika berulang, hubungi pengelola peladen.",
}


class Moment(NamedTuple):
    """When a record was made, as well as we can know; ``earliest`` decides in favour of the person who signed."""

    signed_at: datetime
    earliest: datetime
    is_sure: bool  # the clocks agree
    is_late: bool  # handed in more than two minutes later


@dataclass
class Entry:
    """One authentic record on its way to a row. ``paper`` is None for an arrival, which belongs to no paper."""

    record: Record
    paper: Declaration | None
    moment: Moment
    origin: dict = field(default_factory=dict)  # columns of Signature that say how it came
    is_weak: bool = False  # a drawing so small or short that it may be an accident
    code: str = ""  # why it is held, when the door knows already
    is_taken_back: bool = False  # a void of the same tablet waits for it
    verdict: tuple[str, str] = ("", "")  # status, code
    signature: Signature | None = None

    @property
    def is_of_tablet(self) -> bool:
        return self.origin.get("device") is not None

    @property
    def place(self) -> tuple[UUID, UUID]:
        return self.paper.pk, self.record.attendee


@dataclass
class Known:
    """What the database holds about the people and records of one batch, read once."""

    event: Event
    attendees: dict[UUID, Attendee]
    signatories: dict[tuple[UUID, UUID], Signatory]  # paper and attendee
    outcomes: dict[UUID, str]  # signatory → outcome of the valid signature
    records: dict[UUID, Signature] = field(default_factory=dict)


def classify(entry: Entry, known: Known) -> tuple[str, str]:
    """(status, code): what holds it first, then whether the person is on record already."""
    if code := why_held(entry, known):
        return HELD, code
    row = known.signatories[entry.place]
    earlier = known.outcomes.get(row.pk)
    if earlier is None:
        return _beside_a_note(entry, row)
    if earlier == entry.record.outcome:
        return CONFLICT, "second_outcome"
    return CONFLICT, "after_refusal" if earlier == "refused" else "refusal_after_signature"


def _beside_a_note(entry: Entry, row: Signatory) -> tuple[str, str]:
    """No record counts yet. Somebody noted as signed with pen may sign again; what says otherwise is for a person."""
    if row.outcome == Signatory.Outcome.SIGNED and entry.record.outcome != Signatory.Outcome.SIGNED:
        return CONFLICT, "refusal_after_signature"
    return STORED, ""


def why_held(entry: Entry, known: Known) -> str:
    """The code of what a person must decide, or ""."""
    attendee = known.attendees.get(entry.record.attendee)
    if known.event.state == Event.State.CANCELLED:
        return "event_cancelled"
    if entry.code:
        return entry.code
    if attendee is None:
        return "unknown_attendee"
    if attendee.withdrawn_at:
        return "attendee_removed"
    if entry.paper is None:
        return ""
    if entry.place not in known.signatories:
        return "not_assigned"
    return why_not_this_paper(entry)


def why_not_this_paper(entry: Entry) -> str:
    """What speaks against the record, whoever made it."""
    if entry.record.data["text_sha256"] != entry.paper.text_version.sha256:
        return "text_mismatch"
    return why_untimely(entry.paper, entry.moment)


def why_untimely(paper: Declaration, moment: Moment) -> str:
    state = Declaration.State(paper.state)
    if state == Declaration.State.DRAFT:
        return "before_open"
    if state == Declaration.State.OPEN:
        return ""
    if state != Declaration.State.CLOSED:
        return "after_seal"
    return "after_close" if moment.earliest > paper.closed_at + GRACE else ""


def flags_of(entry: Entry, known: Known) -> list[str]:
    """Remarks that never change the status."""
    record, person = entry.record, known.attendees.get(entry.record.attendee)
    listed, opened = person.printed_name if person else "", entry.paper.opened_at
    remarks = {
        **remarks_on(entry),
        "weak": entry.is_weak,
        "late": is_after_window(known.event, entry.moment),
        # As the list says, not as an earlier record has named somebody expected by post.
        "name_differs": bool(listed)
        and record.data["capacity"] == "self"
        and record.data["signatory"]["name"] != listed,
        # Tablets may open by PIN before the officer does; the page of today cannot.
        "before_open": entry.is_of_tablet and bool(opened) and entry.moment.signed_at < _whole(opened),
    }
    return [name for name, applies in remarks.items() if applies]


def is_after_window(event: Event, moment: Moment) -> bool:
    """*Susulan*: made after the planned hours of signing while the paper was still open. Valid and printed as late."""
    closes = event.signing_closes_at
    return closes is not None and moment.earliest > closes + GRACE


def remarks_on(entry: Entry) -> dict[str, bool]:
    """What is worth knowing of arrivals as well."""
    return {
        "clock_uncertain": not entry.moment.is_sure,
        "offline": entry.moment.is_late,
        "walk_in": entry.record.data["source"] == "walk_in",
    }


def _whole(moment: datetime) -> datetime:
    """Records carry milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
