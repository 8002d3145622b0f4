"""Build one demo event from declarations/data/demo.json, by the same deeds that the pages use."""

import json
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zlib import crc32

from accounts import audit
from accounts.models import Office, User
from accounts.refusals import Refusal
from accounts.writing import writing
from events.attendees import add_attendees, generate_from_region, withdraw_attendee
from events.models import Attendee, Election, Event
from events.planning import add_election, create_event
from events.programme import add_agenda_item, add_person
from events.scheduling import schedule_event

from ..models import Declaration, LegalBasis, PledgeText, TextVersion
from ..planning import add_declaration, add_witness, reserve_paper_number, set_parties
from ..signing import enroll_signatories
from ..texts import approve_version, create_text, publish_version
from .accounts import ensure_office, ensure_user
from .names import MARK, invented_names

DATA = Path(__file__).resolve().parent.parent / "data" / "demo.json"


@cache
def data() -> dict:
    return json.loads(DATA.read_text())


def scenarios() -> dict[str, dict]:
    """Scenarios by slug, in the order of the articles."""
    return {spec["slug"]: spec for spec in data()["scenarios"]}


def build(spec: dict, *, attendees: int | None = None) -> tuple[Event, User]:
    """The event of the scenario with office, users, attendees and papers, scheduled; the one made before if it exists.

    ``attendees`` fills the first paper with that many signers (for benchmarks) and makes an event of its own.
    """
    refuse_unfillable(spec, attendees)
    office, user = ensure_people(spec)
    title = spec["title"] if attendees is None else f"{spec['title']} ({attendees} penanda tangan)"
    known = Event.objects.filter(office=office, title=title).first()
    if known:
        return known, user
    with writing():  # all of it or nothing: a demo cut off in the middle starts anew
        event = plan_event(spec, office, title, by=user)
        add_everybody(event, spec, by=user)
        declarations = [add_paper(event, facts, spec, by=user) for facts in spec["documents"]]
        if attendees is not None:
            fill_paper(declarations[0], attendees, by=user)
        schedule_event(event=event, by=user, accept_warnings=True)
    return event, user


def refuse_unfillable(spec: dict, attendees: int | None):
    """Papers of two parties and papers read aloud have the signers they have."""
    mode = spec["documents"][0]["signing_mode"]
    if attendees is not None and mode not in ("collective", "blocs"):
        raise Refusal(
            f"Naskah pertama {spec['slug']} ditandatangani dua pihak atau wakil saja; "
            "pilih kegiatan lain untuk --attendees."
        )


def ensure_people(spec: dict) -> tuple[Office, User]:
    """The office with its chain of supervising offices, and the demo users that belong to it."""
    wanted = {spec["office"]["key"]: spec["office"]}
    chain = supervising_offices(spec["office"].get("parent"))
    for office_spec in chain:
        ensure_office(office_spec)
    parent = chain[-1]["name"] if chain else None
    office = ensure_office({**spec["office"], "parent_name": parent})
    users = [ensure_user(person, office) for person in data()["users"] if person["office"] in wanted]
    return office, users[0]


def supervising_offices(key: str | None) -> list[dict]:
    """Specs from the topmost office down to ``key``."""
    by_key = {office["key"]: office for office in data()["supervising_offices"]}
    chain: list[dict] = []
    while key:
        chain.insert(0, by_key[key])
        key = by_key[key].get("parent")
    return [
        {**office, "parent_name": chain[index - 1]["name"] if index else None}
        for index, office in enumerate(chain)
    ]


def supervising_people():
    """Users of the supervising offices that exist by now."""
    for office_spec in data()["supervising_offices"]:
        office = Office.objects.filter(name=office_spec["name"], is_demo=True).first()
        for person in data()["users"]:
            if office and person["office"] == office_spec["key"]:
                ensure_user(person, office)


# -- the event -----------------------------------------------------------------------------------------------------


def plan_event(spec: dict, office: Office, title: str, *, by) -> Event:
    region = office.region
    zone = Event(time_zone=region.time_zone).zone
    day = date.fromisoformat(spec["date"])
    event = create_event(
        office=office,
        by=by,
        elections=[ensure_election(election, by=by) for election in spec["elections"]],
        title=title,
        region=region,
        starts_at=datetime.combine(day, time.fromisoformat(spec["start"]), tzinfo=zone),
        ends_at=datetime.combine(day, time.fromisoformat(spec["end"]), tzinfo=zone),
        venue=spec["venue"],
        venue_address=spec["venue_address"],
        venue_room=spec["venue_room"],
        mode=spec["mode"],
        meeting_link=spec.get("meeting_link", ""),
        notes=spec["notes"],
    )
    for person in spec["people"]:
        add_person(
            event=event,
            by=by,
            role=person["role"],
            full_name=person["name"],
            title_suffix=person.get("suffix", ""),
            position=person.get("position", ""),
            agency=person.get("agency", ""),
        )
    for item_title, minutes in spec["agenda"]:
        add_agenda_item(event=event, by=by, title=item_title, duration=minutes)
    return event


def ensure_election(spec: dict, *, by) -> Election:
    return add_election(
        kind=spec["kind"],
        name=spec["name"],
        voting_date=date.fromisoformat(spec["voting_date"]),
        contests=contests_of(spec),
        by=by,
    )


def contests_of(spec: dict) -> list[dict]:
    """What is voted for in an election, from all articles that speak of it: one election serves many events."""
    found: dict[tuple[str, str], dict] = {}
    for scenario in data()["scenarios"]:
        for election in scenario["elections"]:
            if all(election[name] == spec[name] for name in ("kind", "name", "voting_date")):
                for contest in election.get("contests", []):
                    found.setdefault((contest["region_code"], contest["office"]), contest)
    return [found[key] for key in sorted(found)]


# -- people --------------------------------------------------------------------------------------------------------


def add_everybody(event: Event, spec: dict, *, by):
    """Expected posts from the region, then those the article names; empty names are filled with invented ones."""
    rows = [row for place, entry in enumerate(spec["attendees"]) for row in attendee_rows(entry, place)]
    add_attendees(event=event, rows=[row for row in rows if row["precedence"] < 50], by=by, source="manual")
    if spec["generate"]:
        generate_from_region(event=event, region=event.region, roles=set(spec["generate"]), by=by)
    add_attendees(event=event, rows=[row for row in rows if row["precedence"] >= 50], by=by, source="manual")
    fill_names(event)


def attendee_rows(entry: dict, place: int) -> list[dict]:
    """One row a person; those marked ``first`` stand before the posts of the region, in the order of the article."""
    row = {
        "full_name": entry.get("name", ""),
        "title_suffix": entry.get("suffix", ""),
        "category": entry["category"],
        "rank": entry.get("rank", ""),
        "position": entry["position"],
        "agency": entry.get("agency", ""),
        "presence": "remote" if entry.get("remote") else "onsite",
        "precedence": (10 if entry.get("first") else 500) + place,
    }
    return [dict(row) for _ in range(entry.get("count", 1))]


def fill_names(event: Event):
    """Give every post without a name an invented one, in one step and one audit entry."""
    empty = list(event.attendees.filter(full_name="").in_order())
    names = invented_names(crc32(event.title.encode()), len(empty))
    for attendee, name in zip(empty, names, strict=True):
        attendee.full_name, attendee.is_example = name, True
    with writing():
        Attendee.objects.bulk_update(empty, ["full_name", "is_example"], batch_size=500)
        audit.record(audit.SYSTEM, "attendee.examples_named", event, count=len(empty))


# -- papers --------------------------------------------------------------------------------------------------------


def add_paper(event: Event, facts: dict, spec: dict, *, by) -> Declaration:
    declaration = add_declaration(
        event=event,
        text_version=text_of(facts, event.office, by=by),
        kind=facts["kind"],
        signing_mode=facts["signing_mode"],
        classification=facts["classification"],
        categories=facts.get("categories", []),
        blocs=facts.get("blocs", []),
        subject=facts.get("subject", ""),
        place=spec["place"],
        date=event.date,
        by=by,
    )
    declaration = reserve_paper_number(declaration=declaration, by=by) or declaration
    for witness in facts.get("witnesses", []):
        add_witness(declaration=declaration, by=by, **witness)
    if facts.get("parties"):
        set_parties(
            declaration=declaration, parties=parties_of(event, declaration, facts["parties"], spec), by=by
        )
    return declaration


def parties_of(event: Event, declaration: Declaration, parties: list[dict], spec: dict) -> list[dict]:
    signers = {entry["party"]: entry for entry in spec["attendees"] if entry.get("party")}
    return [
        {
            "institution": party["institution"],
            "representative_name": party["representative"],
            "position": party["position"],
            "address": party["address"],
            "number": party.get("number") or declaration.number,
            "attendee": event.attendees.get(
                full_name=signers[party["order"]]["name"], position=signers[party["order"]]["position"]
            ),
        }
        for party in parties
    ]


def text_of(facts: dict, office: Office, *, by) -> TextVersion:
    """The reference text by key, or the example text of the scenario, published and approved."""
    if key := facts.get("text_key"):
        return TextVersion.objects.approved().filter(pledge_text__key=key).order_by("-number").first()
    spec = facts["text"]
    known = PledgeText.objects.filter(office=office, title=spec["title"]).first()
    if known:
        return known.versions.approved().order_by("-number").first()
    version = create_text(
        office=office,
        kind=facts["kind"],
        by=by,
        title=spec["title"],
        opening=spec["opening"],
        points=spec["points"],
        closing=spec["closing"],
        applies_to=spec["applies_to"],
        legal_bases=LegalBasis.objects.filter(pk__in=spec["legal_bases"]),
        origin=spec["origin"],
    )
    version = publish_version(version=version, by=by)
    return approve_version(version=version, by=by, note=f"Naskah contoh {MARK}")


def fill_paper(declaration: Declaration, wanted: int, *, by):
    """Exactly ``wanted`` signers on the paper: the surplus is withdrawn, the rest invented."""
    event = declaration.event
    enroll_signatories(declaration=declaration, by=by)
    listed = list(declaration.signatories.select_related("attendee").in_order())
    for signatory in listed[wanted:]:
        withdraw_attendee(attendee=signatory.attendee, by=by)
    missing = wanted - len(listed)
    if missing > 0:
        category = declaration.categories[0] if declaration.categories else "asn"
        row = {"category": category, "position": "Peserta tambahan", "agency": event.region.titled}
        names = invented_names(wanted, missing)
        rows = [{**row, "full_name": name, "precedence": 9000, "is_example": True} for name in names]
        add_attendees(event=event, rows=rows, by=by, source="manual")
    enroll_signatories(declaration=declaration, by=by)
