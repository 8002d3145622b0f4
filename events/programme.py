"""DEEDS: sites, people and agenda of an event. Each locks the event, writes one row and its audit entry."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .locking import fresh, lock_for_edit
from .models import AgendaItem, AttendanceRecord, Event, EventPerson, EventSite
from .removed import picture_of
from .rows import check, fill, save_changes, state_of

SITE_FIELDS = ("name", "region", "mode", "venue", "meeting_link", "officer_name")
PERSON_FIELDS = ("role", "title_prefix", "full_name", "title_suffix", "position", "agency")
AGENDA_FIELDS = ("title", "duration", "person", "notes")
AGENDA_CHANGED = "Susunan acara baru saja diubah orang lain. Periksa urutannya, lalu susun lagi."


def add_site(*, event: Event, by, **fields) -> EventSite:
    """A further place of a hub-and-spoke event (SITE_FIELDS); audit ``site.added``."""
    return _add(EventSite(event=event), SITE_FIELDS, fields, by, "site.added")


def change_site(*, site: EventSite, by, **fields) -> EventSite:
    """Audit ``site.changed`` with before and after."""
    return _change(site, SITE_FIELDS, fields, by, "site.changed")


def remove_site(*, site: EventSite, by) -> dict[str, Any]:
    """Remove the site; its attendees stay without one. Refusal once somebody was present there.

    Returns what ``removed.restore`` needs to put it back; so do the other removals.
    """
    with writing():
        lock_for_edit(site.event)
        fresh(site)
        if AttendanceRecord.objects.filter(site=site).exists():
            raise Refusal("Lokasi ini sudah memiliki catatan kehadiran, sehingga tidak dapat dihapus.")
        return _remove(site, by, "site.removed")


def add_person(*, event: Event, by, **fields) -> EventPerson:
    """Somebody with a role at the event (PERSON_FIELDS); audit ``person.added``."""
    return _add(EventPerson(event=event), PERSON_FIELDS, fields, by, "person.added")


def change_person(*, person: EventPerson, by, **fields) -> EventPerson:
    """Audit ``person.changed`` with before and after."""
    return _change(person, PERSON_FIELDS, fields, by, "person.changed")


def remove_person(*, person: EventPerson, by) -> dict[str, Any]:
    """Remove the person; agenda items lose the name, not their place."""
    with writing():
        lock_for_edit(person.event)
        fresh(person)
        return _remove(person, by, "person.removed")


def add_agenda_item(*, event: Event, by, **fields) -> AgendaItem:
    """A new item at the end of the agenda (AGENDA_FIELDS); audit ``agenda.added``."""
    _refuse_stranger(event, fields.get("person"))
    return _add(AgendaItem(event=event), AGENDA_FIELDS, fields, by, "agenda.added")


def change_agenda_item(*, item: AgendaItem, by, **fields) -> AgendaItem:
    """A longer or shorter item moves everything after it; audit ``agenda.changed``."""
    _refuse_stranger(item.event, fields.get("person"))
    return _change(item, AGENDA_FIELDS, fields, by, "agenda.changed")


def remove_agenda_item(*, item: AgendaItem, by) -> dict[str, Any]:
    """Take the item out; what follows moves up. Audit ``agenda.removed``. Refusal once it was begun or ended."""
    with writing():
        lock_for_edit(item.event)
        fresh(item)
        if item.started_at or item.ended_at:
            raise Refusal("Mata acara ini sudah berlangsung, sehingga tidak dapat dihapus.")
        picture = _remove(item, by, "agenda.removed")
        _renumber(list(AgendaItem.objects.filter(event=item.event)))
    return picture


def move_agenda_item(*, item: AgendaItem, by, up: bool) -> AgendaItem:
    """Change places with the neighbour above or below; at the end of the list nothing happens. Audit ``agenda.moved``."""
    with writing():
        lock_for_edit(item.event)
        fresh(item)
        items = list(AgendaItem.objects.filter(event=item.event))
        here = items.index(item)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(items):
            return item
        items[here], items[there] = items[there], items[here]
        _renumber(items)
        item.refresh_from_db(fields=["order"])
        audit.record(by, "agenda.moved", item, place=there + 1)
    return item


def order_agenda(*, event: Event, order: Sequence[int], by) -> None:
    """Put the whole agenda into this order of keys; the hours follow from it. Audit ``agenda.ordered`` if it differs.

    Refusal when an item is missing, strange or named twice: somebody else has changed the list meanwhile.
    """
    with writing():
        lock_for_edit(event)
        items = {item.pk: item for item in AgendaItem.objects.filter(event=event)}
        if len(order) != len(items) or set(order) != set(items):
            raise Refusal(AGENDA_CHANGED)
        if list(order) != list(items):
            _renumber([items[pk] for pk in order])
            audit.record(by, "agenda.ordered", event, order=[items[pk].title for pk in order])


def _add(row, allowed, fields, by, verb):
    """Lock the event, put the row at the end, check, insert, audit."""
    with writing():
        lock_for_edit(row.event)
        fill(row, fields, allowed)
        last = type(row).objects.filter(event=row.event).aggregate(last=Max("order"))["last"]
        row.order = (last or 0) + 1
        check(row)
        row.save(force_insert=True)
        audit.record(by, verb, row)
    return row


def _change(row, allowed, fields, by, verb):
    """Lock the event, take the fresh row, check, save what differs, audit with before and after."""
    with writing():
        lock_for_edit(row.event)
        fresh(row)
        before = state_of(row, fields)
        fill(row, fields, allowed)
        check(row)
        if facts := save_changes(row, before):
            audit.record(by, verb, row, **facts)
    return row


def _remove(row, by, verb) -> dict[str, Any]:
    """Picture and audit entry first, while the row still has a key."""
    picture = picture_of(row)
    audit.record(by, verb, row)
    row.delete()
    return picture


def _renumber(items: list[AgendaItem]) -> None:
    for number, item in enumerate(items, start=1):
        if item.order != number:
            AgendaItem.objects.filter(pk=item.pk).update(order=number)


def _refuse_stranger(event: Event, person: EventPerson | None) -> None:
    if person is not None and person.event_id != event.pk:
        raise Refusal("Petugas ini bukan dari kegiatan yang sama.")
