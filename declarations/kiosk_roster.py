"""What a tablet knows of its event: papers with their texts, people, and who is on record already (KIOSK.md §9).

No identity number but the tail that tells namesakes apart, no phone, no outcome, no signature. Reads with a fixed
number of queries, however many people there are.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.models import AuditEntry, AuditStream
from accounts.refusals import Refusal
from events.devices import roster_ends_at, sent_ends_at
from events.models import Attendee, Device, PersonalLink
from events.models.links import TICKET

from .evidence import canonical_text, format_time, text_sha256
from .models import Declaration, Signatory
from .roster import TAIL, fold
from .signing import complete_parties, enroll_signatories, who_signs

FORMAT = 1  # part of the ETag: a release that writes rosters differently changes it
MOST_CHANGES = 500  # entries after which the whole snapshot is cheaper to reason about
OVERLAP = timedelta(minutes=5)  # batches that were being stored while another one was noted

# Entries after which the people of the roster are still the same. Any other verb brings the whole snapshot.
KEEPS_ROWS = frozenset(
    {
        "attendee.checked_in",
        "attendee.checked_in_many",
        "declaration.closed",
        "declaration.numbered",
        "declaration.opened",
        "declaration.read",
        "declaration.sealed",
        "declaration.sealing",
        "declaration.sealing_taken_back",
        "declaration.witness_added",
        "declaration.witness_removed",
        "declaration.witness_restored",
        "event.closed",
        "event.desk_made",
        "event.key_made",
        "event.pin_renewed",
        "event.started",
        "inbox.settled",
        "link.admitted",
        "link.opened",
        "number.unmasked",
        "signatory.marked",
        "signature.received",
        "signature.replaced",
        "signature.reviewed",
    }
)
KEEPS_ROWS_BEGINNINGS = ("agenda.", "device.", "kiosk.", "person.", "room.")
DONE = (Signatory.Outcome.SIGNED, Signatory.Outcome.REFUSED)
STATES = {Declaration.State.DRAFT: "draft", Declaration.State.OPEN: "open"}  # everything later is "closed"
ATTENDEE_FIELDS = (
    "event",
    "site__name",
    "title_prefix",
    "full_name",
    "title_suffix",
    "category",
    "position",
    "agency",
    "precedence",
)


@dataclass(frozen=True)
class Lists:
    """What one snapshot is made of, read in this order so that ``seq`` is never ahead of the rest."""

    seq: int
    papers: list[Declaration]
    people: list[Attendee]  # of the whole event, in order of precedence
    listed: list[tuple[UUID, UUID, str, datetime | None]]  # paper, attendee, outcome, its moment


def head_seq(device: Device) -> int:
    """Number of the newest entry of the event's log: every change of a roster leaves one."""
    head = AuditStream.objects.filter(name=device.audit_stream).values_list("head_seq", flat=True).first()
    return head or 0


def signing_of(device: Device) -> str:
    """Whether any paper of the event may be signed now."""
    return "open" if device.event.declarations.open().exists() else "closed"


def etag(device: Device, seq: int) -> str:
    return f'"{FORMAT}.{seq}.{device.site_id or 0}"'


def roster_of(device: Device, *, seq: int, since: int | None = None) -> dict:
    """The JSON of ``GET roster``: the whole, or with ``since`` only outcomes when nothing else has changed.

    ``seq`` is ``head_seq`` as it was before anything else is read. Effects: people who are expected to sign but not
    listed yet are put on the list of their paper.
    """
    if since is not None and (start := _only_outcomes_since(device, since)) is not None:
        return _changes(device, seq, start)
    return _snapshot(device, _lists_with_everybody(device, seq))


# -- the whole ---------------------------------------------------------------------------------------------------


def _lists_with_everybody(device: Device, seq: int) -> Lists:
    lists = _read(device, seq)
    incomplete = [paper for paper in lists.papers if _misses_somebody(paper, lists)]
    for paper in incomplete:
        # Closed meanwhile, or its parties are no people yet: the paper is shown with whom it has.
        with suppress(Refusal):
            enroll_signatories(declaration=paper, by=device)
    return _read(device, head_seq(device)) if incomplete else lists


def _read(device: Device, seq: int) -> Lists:
    papers = _papers(device)
    attendees = device.event.attendees.expected().select_related("site").only(*ATTENDEE_FIELDS)
    listed = Signatory.objects.current().filter(declaration__in=[paper.pk for paper in papers])
    fields = ("declaration_id", "attendee_id", "outcome", "outcome_at")
    return Lists(seq, papers, list(attendees.in_order()), list(listed.order_by().values_list(*fields)))


def _papers(device: Device) -> list[Declaration]:
    papers = device.event.declarations.exclude(state=Declaration.State.VOID)
    return list(papers.select_related("text_version").order_by("order", "created_at"))


def _misses_somebody(paper: Declaration, lists: Lists) -> bool:
    if paper.state not in STATES:
        return False
    listed = {attendee for declaration, attendee, *_ in lists.listed if declaration == paper.pk}
    if paper.is_two_party:
        return complete_parties(paper) == {1, 2} and len(listed) < 2
    return any(person.pk not in listed for person in who_signs(paper, lists.people))


def _snapshot(device: Device, lists: Lists) -> dict:
    people = [person for person in lists.people if _is_here(person, device)]
    here = {person.pk for person in people}
    papers_of: dict[UUID, list[str]] = {pk: [] for pk in here}
    for declaration, attendee, *_ in lists.listed:
        if attendee in here:
            papers_of[attendee].append(str(declaration))
    tails, tickets = _tails(people), _tickets(device)
    return {
        "seq": lists.seq,
        "full": True,
        "rows_total": len(people),
        **_event_and_papers(device, lists.papers),
        "rows": [_row(person, papers_of[person.pk], tails, tickets) for person in people],
        "gone": [],
        "done": [_done(device, *row) for row in lists.listed if row[1] in here and row[2] in DONE],
        "undone": [],
    }


def _is_here(person: Attendee, device: Device) -> bool:
    """A tablet of one site knows its people and those who belong to no site."""
    return device.site_id is None or person.site_id in (None, device.site_id)


def _row(person: Attendee, papers: list[str], tails: dict, tickets: dict) -> dict:
    extra = {
        "tail": tails.get(person.pk),
        "ticket": tickets.get(person.pk),
        "site": person.site.name if person.site else None,
    }
    return {
        "id": str(person.pk),
        "name": person.printed_name,
        "position": person.position,
        "agency": person.agency,
        "category": person.category,
        "declarations": papers,
        "precedence": person.precedence,
        **{name: value for name, value in extra.items() if value},
    }


def _tails(people: list[Attendee]) -> dict[UUID, str]:
    """Last characters of the identity number, only for people with a namesake."""
    folded = {person.pk: fold(person.printed_name) for person in people if person.full_name}
    counted = Counter(folded.values())
    shared = [pk for pk, name in folded.items() if counted[name] > 1]
    if not shared:
        return {}
    numbers = Attendee.objects.filter(pk__in=shared).values_list("pk", "identity_number")
    return {pk: number[-TAIL:] for pk, number in numbers if number}


def _tickets(device: Device) -> dict[UUID, str]:
    """By which beginning of its digest the QR of an invitation is recognised."""
    links = PersonalLink.objects.usable().filter(attendee__event=device.event_id)
    return {
        attendee: digest[:TICKET]
        for attendee, digest in links.order_by().values_list("attendee_id", "digest")
    }


def _event_and_papers(device: Device, papers: list[Declaration]) -> dict:
    event = device.event
    return {
        "event": {
            "state": event.state,
            "signing": "open" if any(paper.is_open for paper in papers) else "closed",
            "title": event.title,
            "office": event.office.name,
            "wipe_roster_at": format_time(roster_ends_at(device)),
            "wipe_sent_at": format_time(sent_ends_at(device)),
        },
        "declarations": [_paper(paper) for paper in papers],
    }


def _paper(paper: Declaration) -> dict:
    version = paper.text_version
    text = canonical_text(version.content)
    read = {"read_at": format_time(paper.read_at), "read_by": paper.read_by_name} if paper.read_at else {}
    return {
        "id": str(paper.pk),
        "kind": paper.kind,
        "title": paper.title,
        "text": text,
        "text_sha256": version.sha256 or text_sha256(text),
        "version": version.number,
        "state": STATES.get(paper.state, "closed"),
        "requires_reading": paper.is_read_aloud,
        **{name: value for name, value in read.items() if value},
    }


def _done(device: Device, declaration: UUID, attendee: UUID, outcome: str, at: datetime | None) -> dict:
    """A time, never an outcome: nobody at a tablet learns who refused."""
    clock = f"{at.astimezone(device.event.zone):%H.%M}" if at else ""
    return {"declaration": str(declaration), "attendee": str(attendee), "at": clock}


# -- what changed ------------------------------------------------------------------------------------------------


def _only_outcomes_since(device: Device, since: int) -> datetime | None:
    """The moment of entry ``since`` when every later one leaves the people as they are; None: send everything."""
    entries = AuditEntry.objects.filter(stream=device.audit_stream, seq__gte=since).order_by("seq")
    rows = list(entries.values_list("seq", "verb", "at")[: MOST_CHANGES + 1])
    if not rows or rows[0][0] != since or len(rows) > MOST_CHANGES:
        return None
    if any(verb not in KEEPS_ROWS and not verb.startswith(KEEPS_ROWS_BEGINNINGS) for _, verb, _ in rows[1:]):
        return None
    return rows[0][2]


def _changes(device: Device, seq: int, start: datetime) -> dict:
    """Outcomes that arrived or were taken back since ``start``; saying one twice does no harm."""
    papers = _papers(device)
    people = device.event.attendees.expected()
    if device.site_id is not None:
        people = people.filter(Q(site=None) | Q(site=device.site_id))
    recent = start - OVERLAP
    touched = Signatory.objects.current().filter(
        Q(signatures__received_at__gte=recent)
        | Q(signatures__decided_at__gte=recent)
        | Q(signatures__status="revoked"),
        declaration__in=[paper.pk for paper in papers],
        attendee__in=people,
    )
    fields = ("declaration_id", "attendee_id", "outcome", "outcome_at")
    rows = list(touched.order_by().values_list(*fields).distinct())
    return {
        "seq": seq,
        "full": False,
        "rows_total": people.count(),
        **_event_and_papers(device, papers),
        "rows": [],
        "gone": [],
        "done": [_done(device, *row) for row in rows if row[2] in DONE],
        "undone": [
            {"declaration": str(paper), "attendee": str(person)}
            for paper, person, outcome, _ in rows
            if outcome not in DONE
        ],
    }
