"""DEEDS: a new event from an earlier one or from a template, part by part (EVENTS §3).

Only what is named below is copied. Tokens, attendance, signatures, numbers, states, photos, papers, tablets, keys and
links never are; ``tests/test_copying.py`` lists every field of an event and of whatever belongs to one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils import timezone

from accounts import audit
from accounts.models import Office
from accounts.writing import writing
from regions.models import Region

from .attendees import generate_from_region
from .locking import lock, lock_for_edit
from .models import Attendee, Event
from .planning import create_event, possible_operators
from .posts import roles_of_keys

# A meeting link belongs to one meeting, so it is copied nowhere.
PLACE_FIELDS = ("venue", "venue_address", "venue_room")
INFO_FIELDS = ("mode", "open_invitation", "notes")
SITE_FIELDS = ("order", "name", "region", "mode", "venue", "officer_name")
PERSON_FIELDS = ("role", "order", "title_prefix", "full_name", "title_suffix", "position", "agency")
AGENDA_FIELDS = ("order", "duration", "title", "notes")
ATTENDEE_FIELDS = (
    "title_prefix",
    "full_name",
    "title_suffix",
    "category",
    "rank",
    "position",
    "agency",
    "village",
    "phone",
    "email",
    "precedence",
    "presence",
    "source",
    "is_example",
    "post_key",
)


class Copying(NamedTuple):
    """What a part works with: ``twins`` leads from each copied row to its copy, ``left_out`` collects sentences."""

    source: Event
    copy: Event
    by: Any
    twins: dict[Model, Model]
    left_out: list[str]

    @property
    def is_at_home(self) -> bool:
        """The same office plans it in the same region: places and people stay right."""
        return self.is_own and self.source.region_id == self.copy.region_id

    @property
    def is_own(self) -> bool:
        return self.source.office_id == self.copy.office_id


class Part(NamedTuple):
    """A named part of an event; ``copy(copying)`` makes its rows, in the order of registration."""

    name: str
    label: str
    hint: str
    copy: Callable[[Copying], None]


class Copied(NamedTuple):
    """The new event, and what had to stay behind, in sentences for the organizer."""

    event: Event
    left_out: list[str]


PARTS: dict[str, Part] = {}


def register(name: str, label: str, hint: str, copy: Callable[[Copying], None]) -> None:
    """Offer one more part; rooms above register theirs in AppConfig.ready(). Once per name."""
    PARTS.setdefault(name, Part(name, label, hint, copy))


def clone_event(
    *,
    event: Event,
    parts: Iterable[str],
    starts_at: datetime | None,
    by,
    office: Office | None = None,
    region: Region | None = None,
    title: str = "",
) -> Copied:
    """A new draft from an event or a template; all times move by as much as ``starts_at`` differs.

    Effects in order: the event with title, region and (part ``info``) elections, place and length; the rows of each
    part; audit ``event.created``, what the parts write, ``event.copied``. The source stays as it is. For another
    region the generated posts are generated anew, places and typed people of the old one stay behind. ValueError
    for an unknown part; Refusal for a region outside the office's.
    """
    parts = _known(parts)
    with writing():
        copying = _begin(event, parts, starts_at, by, office or event.office, region or event.region, title)
        _copy_parts(copying, parts)
        audit.record(by, "event.copied", copying.copy, original=event.code, parts=sorted(parts))
    return Copied(copying.copy, copying.left_out)


def save_as_template(*, event: Event, parts: Iterable[str], title: str, by) -> Copied:
    """Keep an event as a template of its office: a copy that is never held and that offices below may start from.

    Effects as ``clone_event``, with the hours of the event; of the attendees only the rules by which the region data
    made them. Audit ``event.kept_as_template``.
    """
    parts = _known(parts)
    with writing():
        copying = _begin(
            event, parts, event.starts_at, by, event.office, event.region, title, is_template=True
        )
        _copy_parts(copying, parts)
        audit.record(by, "event.kept_as_template", copying.copy, original=event.code, parts=sorted(parts))
    return Copied(copying.copy, copying.left_out)


def set_template_roles(*, template: Event, roles: Iterable[str], by) -> Event:
    """Say which posts of a region an event from this template expects (posts.ROLES); audit ``event.changed``."""
    roles = roles_of_keys(roles)
    with writing():
        lock_for_edit(template)
        if not template.is_template:
            raise ValueError("only a template has rules instead of attendees")
        before, template.expected_roles = template.expected_roles or [], roles
        if before != roles:
            template.save(update_fields=["expected_roles"])
            facts = audit.diff({"expected_roles": before}, {"expected_roles": roles})
            audit.record(by, "event.changed", template, **facts)
    return template


def retire_template(*, template: Event, by) -> Event:
    """Offer the template no longer; events made from it stay. A second time changes nothing. Audit."""
    with writing():
        lock(template)
        if not template.is_template:
            raise ValueError("only a template is retired")
        if template.state != Event.State.CANCELLED:
            template.state, template.cancelled_at = Event.State.CANCELLED, timezone.now()
            template.save(update_fields=["state", "cancelled_at"])
            audit.record(by, "event.template_retired", template)
    return template


# -- the event itself --------------------------------------------------------------------------------------------


def _known(parts: Iterable[str]) -> set[str]:
    parts = set(parts)
    if unknown := parts - set(PARTS):
        raise ValueError(f"unknown parts: {sorted(unknown)}")
    return parts


def _begin(event, parts, starts_at, by, office, region, title, *, is_template=False) -> Copying:
    """The row of the copy. The source is read under no lock: what is copied is what was there when asked."""
    fields = {"title": title or event.title, "region": region, "starts_at": starts_at}
    if region.pk == event.region_id:
        fields["time_zone"] = event.time_zone
    elections = []
    if "info" in parts:
        fields |= _shifted(event, starts_at) | {name: getattr(event, name) for name in INFO_FIELDS}
        if office.pk == event.office_id and region.pk == event.region_id:
            fields |= {name: getattr(event, name) for name in PLACE_FIELDS}
        elections = list(event.elections.all())
    copy = create_event(office=office, by=by, elections=elections, **fields)
    if is_template:
        copy.is_template = True
        copy.save(update_fields=["is_template"])
    return Copying(event, copy, by, {}, [])


def _shifted(event: Event, starts_at: datetime | None) -> dict[str, datetime | None]:
    """End and signing window, moved like the start; without two starts there is nothing to measure by."""
    if event.starts_at is None or starts_at is None:
        return {}
    delta = starts_at - event.starts_at
    names = ("ends_at", "signing_opens_at", "signing_closes_at")
    return {name: moment + delta for name in names if (moment := getattr(event, name))}


def _copy_parts(copying: Copying, parts: set[str]) -> None:
    for part in PARTS.values():
        if part.name in parts:
            part.copy(copying)


# -- parts of this room ------------------------------------------------------------------------------------------


def twin(row: Model, fields: Iterable[str], **others) -> Any:
    """A new row with these fields of the old one, or with what ``others`` says; not saved."""
    return type(row)(**{name: getattr(row, name) for name in fields} | others)


def _info(copying: Copying) -> None:
    """Stands in the row of the event already."""


def _sites(copying: Copying) -> None:
    if copying.source.region_id != copying.copy.region_id:
        if copying.source.sites.exists():
            copying.left_out.append("Lokasi tidak disalin, karena kegiatan ini untuk wilayah lain.")
        return
    _add(copying, copying.source.sites.select_related("region"), SITE_FIELDS)


def _people(copying: Copying) -> None:
    """Names and roles; at the same office also the accounts that run the day, as far as they still may."""
    _add(copying, copying.source.people.all(), PERSON_FIELDS)
    if copying.is_own:
        still = set(possible_operators(copying.copy))
        copying.copy.operators.set(still & set(copying.source.operators.all()))


def _agenda(copying: Copying) -> None:
    items = copying.source.agenda.select_related("person")
    _add(copying, items, AGENDA_FIELDS, lambda item: {"person": copying.twins.get(item.person)})


def _attendees(copying: Copying) -> None:
    """From a template, and for another region: the posts that region has. Otherwise the list, without numbers."""
    if copying.copy.is_template:
        copying.copy.expected_roles = _roles(copying.source)
        copying.copy.save(update_fields=["expected_roles"])
    elif copying.is_at_home and not copying.source.is_template:
        rows = _invited(copying.source).select_related("site", "village", "representation")
        _add(
            copying,
            rows,
            ATTENDEE_FIELDS,
            lambda row: {"site": copying.twins.get(row.site), **_invited_self(row)},
        )
    else:
        copy = copying.copy
        generate_from_region(event=copy, region=copy.region, roles=_roles(copying.source), by=copying.by)
        _say_who_stays(copying)


def _invited(event: Event):
    """Who was asked to come: not those taken off the list, nor those who came without an invitation."""
    return event.attendees.expected().exclude(source=Attendee.Source.WALK_IN).order_by("precedence", "pk")


def _invited_self(row: Attendee) -> dict[str, str]:
    """Where a representative stands on the list, the copy invites again who was invited."""
    kept = getattr(row, "representation", None)
    return {} if kept is None else kept.words


def _roles(event: Event) -> list[str]:
    """The rules of a template; of an event those by which its rows were generated."""
    if event.is_template:
        return event.expected_roles or []
    keys = event.attendees.expected().exclude(post_key="").values_list("post_key", flat=True)
    return roles_of_keys(keys)


def _say_who_stays(copying: Copying) -> None:
    typed = 0 if copying.source.is_template else _invited(copying.source).filter(post_key="").count()
    if typed:
        copying.left_out.append(
            f"{typed} peserta yang diketik atau diimpor tidak disalin, karena kantor atau wilayahnya lain."
        )


def _add(copying: Copying, rows, fields, others: Callable[[Any], dict] = lambda row: {}) -> None:
    """One insert for all rows of a part."""
    rows = list(rows)
    twins = [twin(row, fields, event=copying.copy, **others(row)) for row in rows]
    if twins:
        type(twins[0]).objects.bulk_create(twins, batch_size=500)
    copying.twins.update(zip(rows, twins, strict=True))


register(
    "info", "Keterangan kegiatan", "Pemilu/Pemilihan, tempat, bentuk, lama kegiatan, dan catatan.", _info
)
register("sites", "Lokasi", "Untuk kegiatan di beberapa tempat.", _sites)
register("people", "Petugas dan narasumber", "Nama, peran, dan akun petugas hari-H.", _people)
register("agenda", "Susunan acara", "Mata acara dan lamanya; jamnya mengikuti jam mulai yang baru.", _agenda)
register(
    "attendees",
    "Peserta",
    "Nama, jabatan, dan kontak; tanpa nomor identitas, kehadiran, dan jawaban undangan.",
    _attendees,
)
