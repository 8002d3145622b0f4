"""DEED: put back a site, a person or an agenda item that was just removed, as it was and under its old key."""

from typing import Any

from django.db.models import F, Model

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .locking import lock_for_edit
from .models import AgendaItem, Attendee, Device, Event, EventPerson, EventSite
from .rows import check

LEFT_OUT = {"id", "event"}
KINDS: dict[str, type[Model]] = {"agenda": AgendaItem, "person": EventPerson, "site": EventSite}
IS_BACK = "Data ini sudah kembali ke daftar."


def picture_of(row: Model) -> dict[str, Any]:
    """Plain JSON: every column of the row and the keys of the rows that point to it. Asked before it is removed.

    Taken only of rows that have no times yet: an item that was begun is not removed.
    """
    fields = [field for field in row._meta.concrete_fields if field.name not in LEFT_OUT]
    columns = {field.attname: getattr(row, field.attname) for field in fields}
    return {
        "kind": next(kind for kind, model in KINDS.items() if isinstance(row, model)),
        "pk": row.pk,
        "columns": {name: value for name, value in columns.items() if value is not None},
        "attached": {
            name: [str(pk) for pk in rows.values_list("pk", flat=True)] for name, rows in _attached(row)
        },
    }


def restore(*, event: Event, picture: dict[str, Any], by) -> Model:
    """Write the row again, at its old place and under its old key, and point to it what pointed to it.

    Effects in order: the row; agenda items behind it move down; attendees, tablets and agenda items that have got no
    other site or person meanwhile; audit ``….restored``. Refusal when the event is over, when the row is back already,
    or when its name has been given away.
    """
    model = KINDS[picture["kind"]]
    with writing():
        lock_for_edit(event)
        if model.objects.filter(pk=picture["pk"]).exists():
            raise Refusal(IS_BACK)
        row = model(pk=picture["pk"], event=event, **picture["columns"])
        if isinstance(row, AgendaItem):
            _make_room(row)
        check(row)
        row.save(force_insert=True)
        for name, rows in _loose(row):
            rows.filter(pk__in=picture["attached"].get(name, [])).update(**{_pointer(row): row})
        audit.record(by, f"{picture['kind']}.restored", row)
    return row


def _attached(row: Model):
    """What loses its site or its person when the row goes."""
    if isinstance(row, EventSite):
        return [("attendees", row.attendees.order_by()), ("devices", row.devices.order_by())]
    return [("agenda", row.agenda.order_by())] if isinstance(row, EventPerson) else []


def _loose(row: Model):
    """The same rows, as far as nobody has given them another site or person."""
    if isinstance(row, EventSite):
        return [(name, model.objects.filter(event=row.event, site=None)) for name, model in SITED]
    if isinstance(row, EventPerson):
        return [("agenda", AgendaItem.objects.filter(event=row.event, person=None))]
    return []


SITED = (("attendees", Attendee), ("devices", Device))


def _pointer(row: Model) -> str:
    return "site" if isinstance(row, EventSite) else "person"


def _make_room(item: AgendaItem) -> None:
    """Items from its old place on move down by one; a person who is gone meanwhile is left out."""
    if item.person_id and not EventPerson.objects.filter(event=item.event, pk=item.person_id).exists():
        item.person = None
    AgendaItem.objects.filter(event=item.event, order__gte=item.order).update(order=F("order") + 1)
