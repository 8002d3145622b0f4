"""How the deeds of this room write one row: fill named fields only, check, save what changed, say what it was."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from accounts import audit
from accounts.refusals import Refusal

from .people import tidy

UNREADABLE = "Data belum benar."


def fill(row: Model, fields: dict[str, Any], allowed: Iterable[str]) -> None:
    """Set the fields; text of one line is tidied. ValueError for a field that the deed does not offer."""
    if unknown := set(fields) - set(allowed):
        raise ValueError(f"{type(row).__name__} has no field {', '.join(sorted(unknown))} for this deed")
    for name, value in fields.items():
        setattr(row, name, _clean(row, name, value))


def check(row: Model, **options) -> None:
    """Fields and constraints of the model; what is wrong becomes one Refusal."""
    try:
        row.full_clean(**options)
    except ValidationError as error:
        raise Refusal(UNREADABLE, issues=worded(row, error)) from None


def worded(row: Model, error: ValidationError) -> list[str]:
    """One line per problem, with the label of its field."""
    lines = []
    for name, messages in error.message_dict.items():
        label = "" if name == NON_FIELD_ERRORS else f"{row._meta.get_field(name).verbose_name}: "
        lines += [f"{label}{message}" for message in messages]
    return lines


def state_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """The fields as the audit log keeps them: a related row as its words."""
    return {name: _plain(getattr(row, name)) for name in names}


def save_changes(row: Model, before: dict[str, Any]) -> dict[str, Any]:
    """Save only the fields that differ from ``before``; return the audit facts, {} when nothing changed."""
    after = state_of(row, before)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return {}
    row.save(update_fields=changed)
    return audit.diff({name: before[name] for name in changed}, {name: after[name] for name in changed})


def _clean(row: Model, name: str, value: Any) -> Any:
    field = row._meta.get_field(name)
    if isinstance(value, str) and field.get_internal_type() == "CharField" and not field.choices:
        return tidy(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return getattr(value, "full_name", None) or str(value)
    return value if not isinstance(value, datetime) else audit.timestamp(value)
