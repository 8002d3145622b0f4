"""DEEDS: who is expected at an event. Identity numbers never reach the audit log (DOMAIN §9, EVENTS §3)."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import audit
from accounts.canonical import b64u
from accounts.encryption import blind_index
from accounts.refusals import Refusal
from accounts.writing import writing
from regions.models import Region

from .hooks import Hook
from .identity import print_number
from .locking import fresh, lock_for_edit
from .models import Attendee, Category, Event, EventSite
from .people import (
    IdentityResult,
    category_from_nip,
    identity_kind_for,
    name_problem,
    normalise_phone,
    parse_identity,
    tidy,
)
from .posts import Post, default_precedence, expected_posts
from .rows import UNREADABLE, check, fill, save_changes, state_of

ATTENDEE_FIELDS = (
    "site",
    "title_prefix",
    "full_name",
    "title_suffix",
    "category",
    "rank",
    "position",
    "agency",
    "village",
    "email",
    "precedence",
    "on_behalf_of_name",
    "on_behalf_of_position",
    "letter_no",
    "presence",
    "is_example",
)
# Typed values that are normalised before they are stored.
TYPED_FIELDS = ("identity_kind", "identity_number", "phone")
IDENTITY_CONTEXT = "events.attendee.identity_number"
NIK_NOT_ASKED = "Nomor ini berbentuk NIK. NIK tidak diminta; kosongkan kolom ini."
ASN_CATEGORIES = (Category.ASN, Category.PNS, Category.PPPK)

# Rooms above: fn(attendee=…, by=…) before somebody is withdrawn; a Refusal stops it (a person who already signed).
before_withdraw = Hook()


def add_attendee(*, event: Event, by, source: str = Attendee.Source.MANUAL, **fields) -> Attendee:
    """One more person or post on the list: ATTENDEE_FIELDS plus the typed identity number, its kind and the phone.

    ``asn`` with a valid NIP becomes pns or pppk. Audit ``attendee.added``. Refusal with issues for bad data.
    """
    with writing():
        lock_for_edit(event)
        attendee = _filled(Attendee(event=event, source=source), fields)
        check(attendee)
        attendee.save(force_insert=True)
        audit.record(by, "attendee.added", attendee, source=source, category=attendee.category)
    return attendee


def add_attendees(*, event: Event, rows: Iterable[dict[str, Any]], by, source: str) -> list[Attendee]:
    """Many people at once, all or none: one insert, one audit entry ``attendee.added_many`` with the count."""
    with writing():
        lock_for_edit(event)
        attendees = [_filled(Attendee(event=event, source=source), row) for row in rows]
        for attendee in attendees:
            # Constraints would be asked one by one; the insert asks them all.
            check(
                attendee,
                exclude=["event", "site", "village"],
                validate_unique=False,
                validate_constraints=False,
            )
        Attendee.objects.bulk_create(attendees, batch_size=500)
        if attendees:
            audit.record(by, "attendee.added_many", event, count=len(attendees), origin=source)
    return attendees


class WalkIn(NamedTuple):
    """Somebody without an invitation, as they were written down at a tablet; ``id`` was made there."""

    id: UUID
    name: str
    category: str
    position: str
    agency: str


def add_walk_ins(*, event: Event, people: Sequence[WalkIn], site: EventSite | None, by) -> list[Attendee]:
    """People who came without an invitation and are here already: nothing about them is refused, also after the end.

    Effects: one insert, audit ``attendee.added_many``. The caller holds the event.
    """
    attendees = [
        Attendee(
            id=person.id,
            event=event,
            source=Attendee.Source.WALK_IN,
            site=site,
            full_name=person.name,
            category=person.category if person.category in Category.values else Category.OTHER,
            position=person.position,
            agency=person.agency,
            precedence=default_precedence(person.category, person.position),
        )
        for person in people
    ]
    Attendee.objects.bulk_create(attendees, batch_size=500)
    if attendees:
        audit.record(
            by, "attendee.added_many", event, count=len(attendees), origin=Attendee.Source.WALK_IN.value
        )
    return attendees


def change_attendee(*, attendee: Attendee, by, **fields) -> Attendee:
    """Change what is known of a person; audit ``attendee.changed``: numbers and phones only as changed."""
    with writing():
        lock_for_edit(attendee.event)
        fresh(attendee)
        if attendee.is_withdrawn:
            raise Refusal("Peserta ini sudah dikeluarkan. Pulihkan dulu untuk mengubahnya.")
        names = {*fields, "category", "identity_kind", "identity_number", "identity_index", "identity_masked"}
        before, opening = state_of(attendee, sorted(names)), attendee.identity_opening
        _filled(attendee, fields)
        check(attendee)
        facts = save_changes(attendee, before)
        if attendee.identity_opening != opening:  # a secret: saved apart, so that no log sees it
            attendee.save(update_fields=["identity_opening"])
        if facts:
            audit.record(by, "attendee.changed", attendee, **without_number_traces(facts))
    return attendee


def correct_attendee_name(*, attendee: Attendee, parts: tuple[str, str, str], reason: str, by) -> Attendee:
    """Prefix, name and suffix were misspelt, also found out after the event has ended.

    Audit ``attendee.changed`` with the reason. The caller holds the event; of an archived one the list stays.
    """
    names = ("title_prefix", "full_name", "title_suffix")
    fresh(attendee)
    if attendee.event.is_archived:
        return attendee
    before = state_of(attendee, names)
    fill(attendee, dict(zip(names, parts, strict=True)), names)
    check(attendee)
    facts = save_changes(attendee, before)
    if facts:
        audit.record(by, "attendee.changed", attendee, reason=reason, **facts)
    return attendee


def withdraw_attendee(*, attendee: Attendee, by, reason: str = "") -> Attendee:
    """Take a person off the list; the row stays. A second time changes nothing. Audit ``attendee.withdrawn``."""
    with writing():
        lock_for_edit(attendee.event)
        fresh(attendee)
        if not attendee.is_withdrawn:
            before_withdraw.call(attendee=attendee, by=by)
            attendee.withdrawn_at = timezone.now()
            attendee.save(update_fields=["withdrawn_at"])
            audit.record(by, "attendee.withdrawn", attendee, reason=tidy(reason)[:300] or None)
    return attendee


def restore_attendee(*, attendee: Attendee, by) -> Attendee:
    """Put a withdrawn person back on the list. Audit ``attendee.restored``."""
    with writing():
        lock_for_edit(attendee.event)
        fresh(attendee)
        if attendee.is_withdrawn:
            attendee.withdrawn_at = attendee.merged_into = None
            attendee.save(update_fields=["withdrawn_at", "merged_into"])
            audit.record(by, "attendee.restored", attendee)
    return attendee


def readmit_attendee(*, attendee: Attendee, by, reason: str) -> Attendee:
    """Somebody who was withdrawn and yet was there is on the list again, also after the event has ended.

    Audit ``attendee.restored`` with the reason. The caller holds the event; of an archived one the list stays.
    """
    fresh(attendee)
    if attendee.is_withdrawn and not attendee.event.is_archived:
        attendee.withdrawn_at = attendee.merged_into = None
        attendee.save(update_fields=["withdrawn_at", "merged_into"])
        audit.record(by, "attendee.restored", attendee, reason=reason)
    return attendee


def generate_from_region(*, event: Event, region: Region, roles: Iterable[str], by) -> list[Attendee]:
    """The expected posts of a region as rows without names ("Kepala Desa se-Kecamatan Cerme"): one insert, one entry.

    A post that is on the list already, generated or typed, withdrawn or not, is left alone, so that a second run
    adds nothing. Audit ``attendee.generated``. Refusal for a region outside the event's.
    """
    with writing():
        lock_for_edit(event)
        refuse_outside(event, region)
        posts = missing_posts(event, region, roles)
        attendees = [_from_post(event, post) for post in posts]
        Attendee.objects.bulk_create(attendees, batch_size=500)
        if attendees:
            facts = {"count": len(attendees), "region": region.pk, "roles": sorted(set(roles))}
            audit.record(by, "attendee.generated", event, **facts)
    return attendees


def missing_posts(event: Event, region: Region, roles: Iterable[str]) -> list[Post]:
    """Posts of the region that nobody on the list holds yet: what ``generate_from_region`` would add."""
    rows = event.attendees.values_list("post_key", "category", "village_id", "position")
    held = {key for row in rows for key in _held_posts(event.region, *row)}
    return [post for post in expected_posts(region, roles) if not held & {post.key, _named(post)}]


def unmask_number(*, attendee: Attendee, by, reason: str) -> str:
    """The whole identity number as it is printed, for somebody who says why. Audit ``number.unmasked`` with the reason.

    Refusal without a reason or without a stored number. Reading is logged because it reveals (EVENTS §9).
    """
    reason = tidy(reason)[:300]
    if not reason:
        raise Refusal("Alasan membuka nomor identitas wajib diisi.")
    if not attendee.identity_number:
        raise Refusal("Peserta ini tidak memiliki nomor identitas.")
    with writing():
        audit.record(by, "number.unmasked", attendee, reason=reason)
    return print_number(attendee.identity_number)


def namesakes_by_number(event: Event, result: IdentityResult, but: Attendee | None = None):
    """Other expected attendees of the event with the same identity number, found by the blind index."""
    if not result.number or not result.is_valid:
        return Attendee.objects.none()
    same = event.attendees.expected().filter(identity_index=blind_index(result.number, IDENTITY_CONTEXT))
    return same.exclude(pk=but.pk) if but is not None and but.pk else same


def parsed_number(category: str, kind: str, raw: str) -> IdentityResult:
    """The typed number checked as the kind that was chosen, else as the category suggests."""
    if not str(raw or "").strip():
        return IdentityResult()
    if kind == "nrp" and category in (Category.TNI, Category.POLRI):
        kind = f"nrp_{category}"
    result = parse_identity(kind or identity_kind_for(category, str(raw)), raw, timezone.localdate())
    if result.kind == "local" and parse_identity("nik", raw, timezone.localdate()).is_valid:
        return IdentityResult(kind="local", errors=(NIK_NOT_ASKED,))
    return result


def refuse_outside(event: Event, region: Region | None) -> None:
    """A village of another kecamatan is named together with the region of the event."""
    if (
        region is not None
        and region.pk != event.region_id
        and not region.pk.startswith(f"{event.region_id}.")
    ):
        raise Refusal(f"{region.full_name} tidak termasuk {event.region.full_name}.")


def _filled(attendee: Attendee, fields: dict[str, Any]) -> Attendee:
    """Set everything that was given; a missing field stays as it is. Refusal with the list of what is wrong."""
    typed = {name: fields[name] for name in TYPED_FIELDS if name in fields}
    plain = {name: value for name, value in fields.items() if name not in typed}
    if plain.get("precedence", 0) is None:
        del plain["precedence"]
    fill(attendee, plain, ATTENDEE_FIELDS)
    if attendee.site is not None and attendee.site.event_id != attendee.event_id:
        raise Refusal("Lokasi ini bukan dari kegiatan yang sama.")
    refuse_outside(attendee.event, attendee.village)
    if problem := name_problem(attendee.full_name) or _nameless(attendee):
        raise Refusal(UNREADABLE, issues=[problem])
    if "phone" in typed:
        attendee.phone = _phone(typed["phone"])
    if "identity_number" in typed:
        set_identity(attendee, typed.get("identity_kind", ""), typed["identity_number"])
    if attendee._state.adding and "precedence" not in plain:
        attendee.precedence = default_precedence(attendee.category, attendee.position)
    return attendee


def set_identity(attendee: Attendee, kind: str, raw: str) -> None:
    """Number, index, mask and kind always together; an empty number clears them. Refusal for a wrong shape."""
    result = parsed_number(attendee.category, kind, raw)
    if result.errors:
        raise Refusal(UNREADABLE, issues=result.errors)
    attendee.identity_kind = result.kind
    if result.number != attendee.identity_number or not result.number:
        attendee.identity_opening = new_opening() if result.number else None
    attendee.identity_number = result.number
    attendee.identity_masked = result.masked
    attendee.identity_index = blind_index(result.number, IDENTITY_CONTEXT)
    if attendee.category in ASN_CATEGORIES and result.kind in ("nip", "ni_pppk"):
        attendee.category = category_from_nip(result.number) or attendee.category


def new_opening() -> str:
    """A secret nobody has seen; destroyed together with the number."""
    return b64u(secrets.token_bytes(32))


def _nameless(attendee: Attendee) -> str:
    return "" if attendee.full_name or attendee.position else "Isi nama atau jabatan."


def _phone(raw: str) -> str:
    try:
        return normalise_phone(raw or "")
    except ValueError as error:
        raise Refusal(UNREADABLE, issues=[str(error)]) from None


def _from_post(event: Event, post: Post) -> Attendee:
    attendee = Attendee(
        event=event,
        source=Attendee.Source.REGION,
        post_key=post.key,
        category=post.category,
        position=post.position,
        agency=post.agency,
        village=post.village,
        precedence=post.precedence,
    )
    try:
        attendee.clean_fields(exclude=["event", "village"])
    except ValidationError as error:
        raise Refusal(UNREADABLE, issues=error.messages) from None
    return attendee


def _held_posts(region: Region, post_key: str, category: str, village: str | None, position: str) -> set[str]:
    """The posts that one row on the list stands for, also when it was typed or imported."""
    if post_key:
        return {post_key}
    words = position.casefold()
    if not village:
        return {f"position:{words}", f"{words}:{region.pk}"}
    keys = {f"lurah:{village}"} if words.startswith("lurah") else set()
    role = {Category.VILLAGE_HEAD: "kades", Category.ELECTION_SUPERVISOR: "pkd"}.get(category)
    return keys | ({f"{role}:{village}"} if role else set())


def _named(post: Post) -> str:
    """Posts of a kecamatan are also known by their words; village names repeat, so there only the code counts."""
    return "" if post.village else f"position:{post.position.casefold()}"


def without_number_traces(facts: dict) -> dict:
    """Index and mask change together with the number: one word is enough, and the mask is nobody's history."""
    traces = {"identity_index", "identity_masked"}
    changes = {name: pair for name, pair in facts.get("changes", {}).items() if name not in traces}
    private = facts.get("changed_private", [])
    return ({"changes": changes} if changes else {}) | ({"changed_private": private} if private else {})
