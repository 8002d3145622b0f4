"""DEEDS: plan an event and the elections it serves."""

from collections.abc import Iterable

from django.db.models import Q

from accounts import audit
from accounts.models import Office, User
from accounts.refusals import Refusal
from accounts.roles import Permission, roles_with
from accounts.writing import writing

from . import calendar_entry
from .locking import lock_for_edit
from .models import Election, Event
from .rows import check, fill, save_changes, state_of

EVENT_FIELDS = (
    "title",
    "region",
    "starts_at",
    "ends_at",
    "time_zone",
    "venue",
    "venue_address",
    "venue_room",
    "mode",
    "meeting_link",
    "open_invitation",
    "signing_opens_at",
    "signing_closes_at",
    "notes",
)


def create_event(*, office: Office, by, elections: Iterable[Election] = (), **fields) -> Event:
    """A new draft of the office: the row, its elections, audit ``event.created``.

    ``fields`` are those of EVENT_FIELDS; the zone follows the region unless given. Refusal for bad data and for a
    region outside the office's own.
    """
    with writing():
        event = Event(office=office, created_by=audit.user_or_none(by))
        fill(event, fields, EVENT_FIELDS)
        if not fields.get("time_zone"):
            event.time_zone = event.region.time_zone
        refuse_foreign_region(event.office, event.region)
        check(event)
        event.save(force_insert=True)
        event.elections.set(elections)
        audit.record(by, "event.created", event, title=event.title, region=event.region_id)
    return event


def change_event(*, event: Event, by, elections: Iterable[Election] | None = None, **fields) -> Event:
    """Change the plan while the event is not over: fields, elections, audit ``event.changed`` with before and after.

    A change of time, place or title gives the calendar entry its next number. Nothing is written when nothing differs.
    """
    with writing():
        lock_for_edit(event)
        before = state_of(event, fields)
        fill(event, fields, EVENT_FIELDS)
        if "region" in fields:
            refuse_foreign_region(event.office, event.region)
            _refuse_stranded_attendees(event)
        check(event)
        facts = save_changes(event, before)
        if calendar_entry.is_touched(facts.get("changes", {})):
            calendar_entry.advance(event)
        if elections is not None:
            facts = _with_elections(event, elections, facts)
        if facts:
            audit.record(by, "event.changed", event, **facts)
    return event


def add_election(*, kind: str, name: str, voting_date, by, region=None, contests=()) -> Election:
    """A new Pemilu or Pemilihan for everybody; the same one again is simply returned. Audit ``election.added``."""
    with writing():
        election = Election()
        facts = {"kind": kind, "name": name, "voting_date": voting_date}
        fill(
            election, {**facts, "region": region, "contests": list(contests)}, [*facts, "region", "contests"]
        )
        found = Election.objects.filter(kind=kind, name=election.name, voting_date=voting_date).first()
        if found is not None:
            return found
        check(election)
        election.save(force_insert=True)
        audit.record(by, "election.added", election, kind=kind, voting_date=voting_date)
    return election


def assign_operators(*, event: Event, operators: Iterable[User], by) -> Event:
    """Say who runs the day: the list replaces the old one; audit ``event.operators_assigned`` when it differs."""
    with writing():
        lock_for_edit(event)
        chosen = set(operators)
        if chosen - set(possible_operators(event)):
            raise Refusal("Petugas harus memiliki akun operator di kantor penyelenggara.")
        before = set(event.operators.all())
        if chosen != before:
            event.operators.set(chosen)
            names = [sorted(user.full_name for user in users) for users in (before, chosen)]
            audit.record(by, "event.operators_assigned", event, changes={"operators": names})
    return event


def possible_operators(event: Event):
    """People with a role at the organising office that may run a day."""
    roles = roles_with(Permission.EVENT_RUN)
    own = Q(memberships__office=event.office, memberships__role__in=roles)
    return User.objects.filter(own, is_active=True).distinct().order_by("full_name", "pk")


def refuse_foreign_region(office: Office, region) -> None:
    """An office plans inside its own region; a national office anywhere."""
    home = office.region_id
    if home and region.pk != home and not region.pk.startswith(f"{home}."):
        raise Refusal(
            f"{region.full_name} berada di luar wilayah kerja {office.name} ({office.region.full_name})."
        )


def _refuse_stranded_attendees(event: Event) -> None:
    villages = event.attendees.expected().exclude(village=None)
    stranded = villages.exclude(village__code__within=event.region_id).count()
    if stranded:
        raise Refusal(
            f"{stranded} peserta berasal dari desa atau kelurahan di luar {event.region.full_name}. "
            "Keluarkan atau ubah dulu peserta itu."
        )


def _with_elections(event: Event, elections: Iterable[Election], facts: dict) -> dict:
    before, after = set(event.elections.all()), set(elections)
    if before == after:
        return facts
    event.elections.set(after)
    names = [sorted(str(election) for election in group) for group in (before, after)]
    return {**facts, "changes": {**facts.get("changes", {}), "elections": names}}
