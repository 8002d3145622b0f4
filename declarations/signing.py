"""DEEDS of the day: who is on the list, when signing opens and closes, who read the text, who is missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from events.attendees import add_attendee, before_withdraw, change_attendee
from events.models import Attendee, Event
from events.people import tidy
from events.scheduling import on_close
from regions.models import Region

from .coverage import is_covered
from .locking import locked
from .models import Declaration, Party, Signatory
from .models.declarations import SigningMode

State, Outcome, Capacity = Declaration.State, Signatory.Outcome, Signatory.Capacity

# What a signatory row repeats of the person, so that the paper prints them as they were when they signed.
COPIED = (
    "party_id",
    "order",
    "bloc",
    "name",
    "category",
    "rank",
    "position",
    "agency",
    "village",
    "remote",
    "capacity",
    "on_behalf_of_name",
    "on_behalf_of_position",
    "letter_no",
)
CLOCK_TOLERANCE = timedelta(minutes=5)

NOT_RUNNING = {
    Event.State.DRAFT: "Kegiatan masih draf. Jadwalkan dan mulai kegiatan sebelum membuka penandatanganan.",
    Event.State.SCHEDULED: "Kegiatan belum dimulai. Mulai kegiatan lebih dahulu, lalu buka penandatanganan.",
    Event.State.CLOSED: "Kegiatan sudah selesai. Buka kembali kegiatan untuk membuka penandatanganan.",
    Event.State.ARCHIVED: "Kegiatan sudah diarsipkan. Penandatanganan tidak dapat dibuka lagi.",
    Event.State.CANCELLED: "Kegiatan sudah dibatalkan. Penandatanganan tidak dapat dibuka.",
}
NOT_OPENABLE = {
    State.SEALING: "Naskah sedang disegel. Penandatanganan tidak dapat dibuka lagi.",
    State.SEALED: "Naskah sudah disegel. Penandatanganan tidak dapat dibuka lagi.",
    State.VOID: "Naskah sudah dicabut. Penandatanganan tidak dapat dibuka lagi.",
}
LIST_SETTLED = "Penandatanganan sudah ditutup. Daftar penanda tangan tidak dapat disusun lagi."


class Enrolled(NamedTuple):
    added: int
    updated: int
    removed: int


def enroll_signatories(*, declaration: Declaration, by) -> Enrolled:
    """Put everybody on the list who is expected to sign this paper, as they are known now.

    Effects in order: for a two-party paper the missing signers become attendees; new rows; rows without an outcome
    are brought up to date, or removed when the person is no longer expected and nothing of them has arrived; audit
    entry when anything changed. Rows with an outcome are never touched. Refused once signing is closed.
    """
    with writing():
        declaration = locked(declaration)
        if declaration.state not in (State.DRAFT, State.OPEN):
            raise Refusal(LIST_SETTLED)
        wanted = {row.attendee_id: row for row in _expected_rows(declaration, by)}
        present = {row.attendee_id: row for row in declaration.signatories.current()}
        added = [row for attendee, row in wanted.items() if attendee not in present]
        pending = [row for row in present.values() if row.outcome == Outcome.PENDING]
        changed = [
            row for row in pending if row.attendee_id in wanted and _copy(wanted[row.attendee_id], row)
        ]
        gone = _without_trace([row.pk for row in pending if row.attendee_id not in wanted])
        Signatory.objects.bulk_create(added, batch_size=500)
        Signatory.objects.bulk_update(changed, [name.removesuffix("_id") for name in COPIED], batch_size=200)
        removed = gone.delete()[0]
        result = Enrolled(len(added), len(changed), removed)
        if any(result):
            audit.record(by, "declaration.enrolled", declaration, **result._asdict())
    return result


def enroll_newcomers(*, declaration: Declaration, by) -> bool:
    """Bring the list of an open paper up to date when people were written down after opening; True when it changed."""
    if not declaration.is_open:
        return False
    late = declaration.event.attendees.expected().filter(created_at__gte=declaration.opened_at)
    if not late.exclude(pk__in=declaration.signatories.values("attendee")).exists():
        return False
    return any(enroll_signatories(declaration=declaration, by=by))


def open_signing(*, declaration: Declaration, by) -> Declaration:
    """Let people sign.

    Effects in order: the list of signatories is brought up to date; state open, ``opened_at`` at the first time,
    ``closed_at`` empty; audit entry. Opening an open paper changes nothing. Refused unless the event is running, the
    text approved, both parties complete, somebody listed, and the text read when it has to be read first.
    """
    with writing():
        declaration = locked(declaration)
        if declaration.state == State.OPEN:
            return declaration
        _check_openable(declaration)
        enroll_state = declaration.state
        declaration.state = State.OPEN
        declaration.opened_at = declaration.opened_at or timezone.now()
        declaration.closed_at = None
        declaration.save(update_fields=["state", "opened_at", "closed_at"])
        enroll_signatories(declaration=declaration, by=by)
        if declaration.signing_mode != SigningMode.READ_ALOUD and not declaration.signatories.exists():
            raise Refusal(
                "Belum ada penanda tangan. Tambahkan peserta dari unsur yang menandatangani naskah ini."
            )
        audit.record(by, "declaration.opened", declaration, changes={"state": [enroll_state, State.OPEN]})
    return declaration


def close_signing(*, declaration: Declaration, by) -> Declaration:
    """End signing. Effects: state closed, ``closed_at``, audit entry with the counts.

    People without an outcome stay *belum*; the paper will say *tidak hadir*. Closing twice changes nothing.
    """
    with writing():
        declaration = locked(declaration)
        if declaration.state == State.CLOSED:
            return declaration
        if declaration.state != State.OPEN:
            raise Refusal("Penandatanganan belum dibuka, sehingga tidak dapat ditutup.")
        declaration.state, declaration.closed_at = State.CLOSED, timezone.now()
        declaration.save(update_fields=["state", "closed_at"])
        rows = declaration.signatories.current()
        audit.record(
            by,
            "declaration.closed",
            declaration,
            signed=rows.signed().count(),
            pending=rows.pending().count(),
        )
    return declaration


def record_reading(
    *,
    declaration: Declaration,
    led_by_name: str,
    led_by_position: str,
    at: datetime,
    followed_by_all: bool,
    by,
    noted_at: datetime | None = None,
) -> Declaration:
    """Note who led the reading and when. Effects: the reading record, audit entry with before and after.

    ``noted_at`` is when it was written down, now if not given: a tap that waited for the network changes nothing where
    somebody has noted the reading since. Refused without a name, for a moment that lies ahead, and once the paper is being sealed.
    """
    name, position = tidy(led_by_name), tidy(led_by_position)
    if not name:
        raise Refusal("Isi nama pembaca ikrar.")
    if at > timezone.now() + CLOCK_TOLERANCE:
        raise Refusal("Waktu pembacaan belum tiba. Periksa jam yang diisi.")
    fields = ("read_by_name", "read_by_position", "read_at", "read_followed_by_all")
    noted_at = noted_at or timezone.now()
    with writing():
        declaration = locked(declaration)
        if declaration.state not in (State.DRAFT, State.OPEN, State.CLOSED):
            raise Refusal("Naskah sudah disegel. Catatan pembacaan tidak dapat diubah lagi.")
        if declaration.read_noted_at and noted_at < declaration.read_noted_at:
            return declaration
        before = {field: getattr(declaration, field) for field in fields}
        after = dict(zip(fields, (name, position, at, followed_by_all), strict=True))
        for field, value in after.items():
            setattr(declaration, field, value)
        declaration.read_noted_at = noted_at
        declaration.save(update_fields=[*fields, "read_noted_at"])
        audit.record(by, "declaration.read", declaration, **audit.diff(before, after))
    return declaration


def mark_outcome(*, signatory: Signatory, outcome: str, by) -> Signatory:
    """Note that somebody is absent or excused, or take that back (pending). Effects: outcome, audit entry.

    A signature or refusal comes from the person's own record only and cannot be marked away here.
    """
    if outcome not in (Outcome.ABSENT, Outcome.EXCUSED, Outcome.PENDING):
        raise ValueError(f"not an outcome that is marked: {outcome!r}")
    with writing():
        declaration = locked(signatory.declaration)
        if declaration.state in (State.SEALING, State.VOID):
            raise Refusal("Naskah sedang disegel atau sudah dicabut. Keterangan tidak dapat diubah.")
        signatory = Signatory.objects.select_related("declaration").get(pk=signatory.pk)
        if signatory.outcome in (Outcome.SIGNED, Outcome.REFUSED):
            raise Refusal("Orang ini sudah tercatat memilih sendiri. Gunakan halaman Perlu ditinjau.")
        if signatory.outcome == outcome:
            return signatory
        before, signatory.outcome = signatory.outcome, outcome
        signatory.outcome_at = None if outcome == Outcome.PENDING else timezone.now()
        signatory.save(update_fields=["outcome", "outcome_at"])
        audit.record(by, "signatory.marked", signatory, changes={"outcome": [before, outcome]})
    return signatory


def name_signatory(*, signatory: Signatory, full_name: str, by) -> Signatory:
    """Write down the name of a person who was expected by post only ("Kepala Desa Betiting").

    Effects: the attendee gets the name, the row on the list follows, audit entries. Refused for an empty name and for
    somebody who has a name already.
    """
    with writing():
        locked(signatory.declaration)  # two tablets that name the same post: the second sees the first
        signatory = Signatory.objects.select_related("attendee__event", "declaration").get(pk=signatory.pk)
        if signatory.name or signatory.outcome != Outcome.PENDING:
            raise Refusal("Nama orang ini sudah tercatat.")
        if not tidy(full_name):
            raise Refusal("Isi nama lengkap Anda.")
        attendee = change_attendee(attendee=signatory.attendee, full_name=tidy(full_name), by=by)
        signatory.name = attendee.printed_name
        signatory.save(update_fields=["name"])
    return signatory


# -- hooks of the room below -------------------------------------------------------------------------------------


def close_papers_of_event(*, event: Event, by) -> None:
    """When the event ends, signing ends."""
    for declaration in event.declarations.open():
        close_signing(declaration=declaration, by=by)


def keep_who_signed(*, attendee: Attendee, by) -> None:
    """Somebody who signed or refused stays on the list of attendees."""
    if attendee.signatories.exclude(outcome=Outcome.PENDING).filter(signatures__isnull=False).exists():
        raise Refusal(
            "Peserta ini sudah menandatangani atau menyatakan pilihannya, sehingga tidak dapat dikeluarkan."
        )


def register_hooks() -> None:
    """Called once by AppConfig.ready()."""
    on_close.register(close_papers_of_event)
    before_withdraw.register(keep_who_signed)


# -- checks ------------------------------------------------------------------------------------------------------


def _check_openable(declaration: Declaration) -> None:
    event = declaration.event
    if declaration.state in NOT_OPENABLE:
        raise Refusal(NOT_OPENABLE[declaration.state])
    if not event.is_running:
        raise Refusal(NOT_RUNNING[event.state])
    if not declaration.text_version.is_approved:
        raise Refusal("Naskah ini belum disetujui. Mintakan persetujuan lebih dahulu.")
    if declaration.is_read_aloud and not declaration.read_at:
        raise Refusal("Catat pembacaan ikrar lebih dahulu: siapa yang memandu dan pukul berapa.")
    if declaration.is_two_party and complete_parties(declaration) != {1, 2}:
        raise Refusal("Lengkapi Pihak Kesatu dan Pihak Kedua: lembaga, nama yang mewakili, dan jabatannya.")


def complete_parties(declaration: Declaration) -> set[int]:
    """Which of the two sides are known well enough to sign."""
    return {
        party.order
        for party in declaration.parties.all()
        if party.institution and (party.representative_name or party.attendee_id) and party.position
    }


# -- the list ----------------------------------------------------------------------------------------------------


def _expected_rows(declaration: Declaration, by) -> list[Signatory]:
    """Unsaved rows of everybody who should sign, each as the attendee stands today."""
    if declaration.is_two_party:
        return [row_of(declaration, _attendee_of(party, by), party) for party in declaration.parties.all()]
    attendees = declaration.event.attendees.expected().select_related("village__parent").in_order()
    return [row_of(declaration, attendee) for attendee in who_signs(declaration, attendees)]


def who_signs(declaration: Declaration, attendees: Iterable[Attendee]) -> list[Attendee]:
    """Those of the expected people (in their order) who sign a paper without parties."""
    covered = [attendee for attendee in attendees if _signs(declaration, attendee)]
    if declaration.signing_mode == SigningMode.READ_ALOUD:
        covered = _representatives(declaration, covered)
    return covered


def _signs(declaration: Declaration, attendee: Attendee) -> bool:
    """Chosen categories decide; without a choice everybody the text covers, on a collective paper everybody."""
    if declaration.categories:
        return is_covered(declaration.categories, attendee.category, attendee.position)
    applies_to = declaration.text_version.applies_to
    if declaration.signing_mode == SigningMode.COLLECTIVE or not applies_to:
        return True
    return is_covered(applies_to, attendee.category, attendee.position)


def _representatives(declaration: Declaration, attendees: Iterable[Attendee]) -> list[Attendee]:
    """A text read aloud has no signers unless blocs or categories are named: then the first of each bloc."""
    if not declaration.blocs and not declaration.categories:
        return []
    first: dict[str, Attendee] = {}
    for attendee in attendees:
        if not declaration.blocs or attendee.group in declaration.blocs:
            first.setdefault(attendee.group, attendee)
    return list(first.values())


def _attendee_of(party: Party, by) -> Attendee:
    """Who signs for this side: the attendee chosen for it, one of the same name and post, or a new one."""
    if party.attendee_id and not party.attendee.is_withdrawn:
        return party.attendee
    event = party.declaration.event
    same = [
        attendee
        for attendee in event.attendees.expected().filter(position=party.position)
        if attendee.printed_name == party.representative_name
    ]
    attendee = (
        same[0]
        if same
        else add_attendee(
            event=event,
            full_name=party.representative_name[:120],
            position=party.position,
            agency=party.institution,
            by=by,
        )
    )
    party.attendee = attendee
    party.save(update_fields=["attendee"])
    return attendee


def row_of(declaration: Declaration, attendee: Attendee, party: Party | None = None) -> Signatory:
    """An unsaved row that repeats what is known of the person now."""
    stands_in = attendee.is_representative
    return Signatory(
        declaration=declaration,
        attendee=attendee,
        party=party,
        order=party.order if party else signing_order(attendee.precedence, attendee.village_id or ""),
        bloc=attendee.group,
        name=attendee.printed_name,
        category=attendee.category,
        rank=attendee.rank,
        position=attendee.position,
        agency=attendee.agency,
        village=_village(declaration.event, attendee),
        remote=attendee.is_remote,
        capacity=Capacity.ON_BEHALF if stands_in else Capacity.SELF,
        on_behalf_of_name=attendee.on_behalf_of_name,
        on_behalf_of_position=attendee.on_behalf_of_position,
        letter_no=attendee.letter_no,
    )


def _village(event: Event, attendee: Attendee) -> str:
    """ "Desa Betiting"; above a kecamatan, where names repeat, "Desa Katur, Kecamatan Gayam"."""
    village = attendee.village
    if village is None:
        return ""
    name = village.titled
    if event.region.level not in (Region.Level.DISTRICT, Region.Level.VILLAGE) and village.parent:
        name += f", {village.parent.titled}"
    return name[:60]


def signing_order(precedence: int, village_code: str) -> int:
    """Precedence first, villages of the same precedence by their code; no row depends on its neighbours.

    35.25.11.2003 counts as district 11, village 2003; kelurahan begin at 1001, desa at 2001.
    """
    parts = village_code.split(".")
    place = int(parts[2]) * 2000 + int(parts[3]) - 1000 if len(parts) == 4 else 0
    return min(precedence, 9_999) * 200_000 + min(max(place, 0), 199_999)


def _copy(source: Signatory, target: Signatory) -> bool:
    """Bring a row up to date; True when something was different."""
    different = [name for name in COPIED if getattr(source, name) != getattr(target, name)]
    for name in different:
        setattr(target, name, getattr(source, name))
    return bool(different)


def _without_trace(ids: list):
    """Rows of people who are no longer expected and of whom nothing has arrived."""
    return Signatory.objects.filter(pk__in=ids, signatures=None, outcome=Outcome.PENDING)
