"""What one invited person may read, sign and see again by the own link. Reads only; nothing here is about anybody else."""

from dataclasses import dataclass
from uuid import UUID

from accounts.canonical import parse_canonical
from events.models import Event, PersonalLink
from events.rooms import asks_room_code
from regions.wording import clock_with_zone, long_date

from .models import Declaration, Signatory, Signature

LIVE = (Event.State.SCHEDULED, Event.State.RUNNING)
WAYS = [
    "drawn",
    "typed",
    "on_behalf_of",
    "refused",
]  # a thumb or a witness needs an officer beside the person

NOTES = {
    Declaration.State.DRAFT: "Belum dibuka. Muat ulang halaman ini setelah naskah dibacakan.",
    Declaration.State.OPEN: "Dapat Anda baca dan tanda tangani sekarang.",
    Declaration.State.VOID: "Naskah ini dicabut dan tidak ditandatangani lagi.",
}
TOO_LATE = "Penandatanganan sudah ditutup. Bila Anda hadir tetapi belum menandatangani, hubungi panitia."
OUTCOMES = {"signed": "Menandatangani", "refused": "Tidak menandatangani"}
METHODS = {
    "drawn": "tanda tangan digambar",
    "typed": "nama diketik",
    "thumb": "cap jempol",
    "represented": "dengan saksi",
}
STANDING = {
    Signature.Status.CONFLICT: "Catatan ini tersimpan dan akan ditinjau petugas, karena Anda sudah tercatat sebelumnya.",
    Signature.Status.HELD: "Catatan ini tersimpan dan akan ditinjau petugas sebelum dihitung.",
    Signature.Status.REVOKED: "Catatan ini tidak berlaku lagi. Bila menurut Anda keliru, hubungi panitia.",
}


@dataclass(frozen=True)
class OwnPaper:
    """One paper on which the person is listed, with what was received from them, newest last."""

    declaration: Declaration
    row: Signatory
    records: list[Signature]

    @property
    def is_done(self) -> bool:
        return self.row.outcome in (Signatory.Outcome.SIGNED, Signatory.Outcome.REFUSED)

    @property
    def may_sign(self) -> bool:
        return self.declaration.is_open and not self.is_done

    @property
    def receipt(self) -> Signature | None:
        """The record that counts, else the newest one."""
        counting = [record for record in self.records if record.status == Signature.Status.VALID]
        return (counting or self.records or [None])[-1]

    @property
    def note(self) -> str:
        if self.is_done:
            at = clock_with_zone(self.row.outcome_at, self.declaration.event.time_zone)
            return f"Sudah tercatat pukul {at}."
        return NOTES.get(Declaration.State(self.declaration.state), TOO_LATE)

    @property
    def tone(self) -> str:
        return "done" if self.is_done else "active" if self.may_sign else "muted"


def own_papers(link: PersonalLink) -> list[OwnPaper]:
    """The papers of the event on which the person is listed, in the order of the event."""
    rows = Signatory.objects.current().filter(
        attendee=link.attendee_id, declaration__event=link.attendee.event_id
    )
    rows = rows.select_related("declaration__text_version", "declaration__event", "attendee")
    records: dict[UUID, list[Signature]] = {}
    for record in own_records(link):
        records.setdefault(record.declaration_id, []).append(record)
    found = [OwnPaper(row.declaration, row, records.get(row.declaration_id, [])) for row in rows]
    return sorted(found, key=lambda paper: (paper.declaration.order, paper.declaration.created_at))


def own_records(link: PersonalLink):
    """Everything received from this person on the papers of the event, by whatever door."""
    return Signature.objects.filter(
        declaration__event=link.attendee.event_id, signatory__attendee=link.attendee_id
    ).order_by("received_at", "pk")


def own_record(link: PersonalLink, pk: UUID) -> Signature | None:
    """A record only to the person whose it is, also when no row of the list stands behind it yet."""
    found = Signature.objects.filter(pk=pk, declaration__event=link.attendee.event_id)
    record = found.select_related("declaration__text_version", "declaration__event").first()
    if record is None or parse_canonical(bytes(record.record))["attendee"] != str(link.attendee_id):
        return None
    return record


def row_of(record: Signature) -> Signatory | None:
    """The row of the list for which this record counts; None for one that was set aside."""
    if record.status != Signature.Status.VALID or record.signatory_id is None:
        return None
    rows = Signatory.objects.current().select_related("declaration__event", "attendee")
    return rows.filter(pk=record.signatory_id).first()


def needs_room_code(link: PersonalLink) -> bool:
    return link.admitted_at is None and asks_room_code(link.attendee.event)


def receipt_of(record: Signature) -> dict:
    """What the person may keep: code, moment with zone, paper, choice, name and post as recorded. Nobody else's."""
    data, event = parse_canonical(bytes(record.record)), record.declaration.event
    person, behalf = data["signatory"], data.get("on_behalf_of", {})
    way = METHODS.get(record.method, "")
    return {
        "code": record.record_sha256[:8].upper(),
        "at": moment(record.signed_at, event),
        "paper": record.declaration.title,
        "refused": record.outcome == "refused",
        "outcome": OUTCOMES[record.outcome] + (f" ({way})" if way else ""),
        "name": person["name"],
        "post": _joined(person.get("position", ""), person.get("agency", "")),
        "behalf": _joined(behalf.get("name", ""), behalf.get("position", "")),
        "standing": STANDING.get(Signature.Status(record.status), ""),
    }


def moment(value, event: Event) -> str:
    """ "Rabu, 2 Oktober 2024, pukul 09.14 WIB" """
    zone = event.time_zone
    return f"{long_date(value, zone)}, pukul {clock_with_zone(value, zone)}" if value else ""


def _joined(*parts: str) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))
