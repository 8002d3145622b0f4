"""People without an invitation whom a tablet wrote down: they become attendees and signatories by their record.

Part of the deed of intake; the caller holds the event and writes the log of the batch.
"""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from accounts.refusals import Refusal
from events.attendees import WalkIn, add_walk_ins
from events.locking import NOT_EDITABLE
from events.models import Attendee, Event, EventSite

from .classification import Entry, Known, why_not_this_paper
from .evidence import Record
from .models import Signatory
from .models.declarations import SigningMode
from .roster import fold
from .signing import row_of

# Papers whose signers are chosen beforehand.
BY_CHOICE = (SigningMode.TWO_PARTY, SigningMode.READ_ALOUD)
NOT_ANY_MORE = (Event.State.CANCELLED, Event.State.ARCHIVED)


def admit(entries: Iterable[Entry], known: Known, *, site: EventSite | None, by) -> None:
    """Make rows for walk-ins whose record counts otherwise; ``known`` learns about them.

    Effects: attendees (audit ``attendee.added_many``), signatories. Somebody of the same name and agency as a person
    of the event is not added: the record is held (``walk_in_matches_roster``) until staff say who it is. Records on
    several papers, and an arrival, share the person.
    """
    wanted = [entry for entry in entries if entry.record.data["source"] == "walk_in"]
    for entry in wanted:
        entry.code = entry.code or _why_not(entry)
    if known.event.state in NOT_ANY_MORE:
        return
    wanted = [entry for entry in wanted if not entry.code]
    _add_people([entry for entry in wanted if entry.record.attendee not in known.attendees], known, site, by)
    _list_them(wanted, known)


def _why_not(entry: Entry) -> str:
    if entry.paper is None:
        return ""
    if entry.paper.signing_mode in BY_CHOICE:
        return "not_assigned"
    return why_not_this_paper(entry)


def _add_people(strangers: Sequence[Entry], known: Known, site: EventSite | None, by) -> None:
    if not strangers:
        return
    numbers = {entry.record.attendee for entry in strangers}
    elsewhere = set(Attendee.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    listed, made = _listed(known.event), {}
    for entry in strangers:
        person = walk_in_of(entry.record)
        if person.id in made or person.id in elsewhere:
            continue
        if identity(person.name, person.agency) in listed:
            entry.code = "walk_in_matches_roster"
            continue
        listed.add(identity(person.name, person.agency))
        made[person.id] = person
    for attendee in add_walk_ins(event=known.event, people=list(made.values()), site=site, by=by):
        known.attendees[attendee.pk] = attendee


def admit_stranger(*, record: Record, event: Event, by) -> Attendee:
    """Staff say that somebody whom a record names is nobody on the list: an attendee of their own, under the number of
    the record if that is free. Another record of the same person may have made them already.

    Effects: attendee, audit ``attendee.added_many``. The caller holds the event and decides about the record. Refused
    when the event takes nobody any more.
    """
    here = event.attendees.filter(pk=record.attendee).first()
    if here is not None:
        return here
    if event.state in NOT_ANY_MORE:
        raise Refusal(NOT_EDITABLE[event.state])
    person = walk_in_of(record)
    if Attendee.objects.filter(pk=person.id).exists():
        person = person._replace(id=uuid4())
    [attendee] = add_walk_ins(event=event, people=[person], site=None, by=by)
    return attendee


def walk_in_of(record: Record) -> WalkIn:
    person = record.data["signatory"]
    return WalkIn(
        id=record.attendee,
        name=person["name"],
        category=person["category"],
        position=person.get("position", ""),
        agency=person.get("agency", ""),
    )


def _listed(event: Event) -> set[tuple[str, str]]:
    """Everybody of the event, with and without titles, also who was withdrawn: staff decide whether it is the same."""
    found = set()
    for person in event.attendees.only("title_prefix", "full_name", "title_suffix", "agency"):
        found |= identities_of(person)
    return found


def identities_of(person: Attendee) -> set[tuple[str, str]]:
    return {identity(name, person.agency) for name in (person.full_name, person.printed_name) if name}


def identity(name: str, agency: str) -> tuple[str, str]:
    return fold(name), fold(agency)


def _list_them(entries: Sequence[Entry], known: Known) -> None:
    rows: dict = {}
    for entry in entries:
        person = known.attendees.get(entry.record.attendee)
        if entry.paper is None or entry.place in known.signatories or entry.place in rows:
            continue
        if person is not None and person.source == Attendee.Source.WALK_IN and not person.is_withdrawn:
            rows[entry.place] = row_of(entry.paper, person)
    Signatory.objects.bulk_create(rows.values(), batch_size=500)
    known.signatories |= rows
