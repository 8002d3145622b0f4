"""Audit entries as sentences for people: "Rabu, 2 Oktober 2024 pukul 09.14 WIB, Budi mengubah …"."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from regions.wording import clock_with_zone, long_date, long_date_no_day

from . import audit
from .models import AuditEntry
from .roles import Role
from .spreadsheets import Column

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
EMPTY = "(kosong)"


@dataclass(frozen=True)
class Sentence:
    """One line of the log page; ``details`` stand below it."""

    seq: int
    when: str
    who: str
    what: str
    details: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.when}, {self.who} {self.what}."


# The log as a file.
LOG_COLUMNS = [
    Column("seq", "Catatan", lambda sentence: sentence.seq),
    Column("when", "Waktu", lambda sentence: sentence.when),
    Column("who", "Oleh", lambda sentence: sentence.who),
    Column("what", "Perbuatan", lambda sentence: sentence.what),
    Column("details", "Rincian", lambda sentence: "; ".join(sentence.details)),
]


def sentence_of(entry: AuditEntry, time_zone: str) -> Sentence:
    """The entry in the hours of the office's zone."""
    when = f"{long_date(entry.at, time_zone)} pukul {clock_with_zone(entry.at, time_zone)}"
    wording = audit.VERBS.get(entry.verb, f"melakukan “{entry.verb}” pada")
    what = wording if _acts_on_own_account(entry) else f"{wording} {entry.object_label}"
    return Sentence(entry.seq, when, entry.actor_label, what, tuple(details_of(entry)))


def details_of(entry: AuditEntry) -> list[str]:
    """Changes as "alamat: dari “…” menjadi “…”" and the facts that have a label."""
    lines = []
    for name, (before, after) in _changes(entry):
        label = field_label(entry.object_type, name)
        old, new = (worded(entry.object_type, name, value) for value in (before, after))
        lines.append(f"{label}: dari “{old}” menjadi “{new}”")
    for name, label in audit.FACTS.items():
        if name in entry.facts:
            lines.append(f"{label}: {_fact_worded(entry.object_type, name, entry.facts[name])}")
    return lines


def field_label(model: str, name: str) -> str:
    field = _field(model, name)
    return str(field.verbose_name) if field is not None else name.replace("_", " ")


def worded(model: str, name: str, value: Any) -> str:
    """A stored value in words: choices by their label, dates in full, yes and no."""
    if value == "" or value is None:
        return EMPTY
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, (list, dict)):
        return ", ".join(worded(model, name, item) for item in value) or EMPTY
    field = _field(model, name)
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    if name == "role":
        choices = choices or dict(Role.choices)
    if value in choices:
        return str(choices[value])
    return _dated(value) if isinstance(value, str) else str(value)


def _dated(text: str) -> str:
    """A date in words; what only looks like one ("2024-02-30" typed as an address) stays as it is."""
    if not ISO_DATE.match(text):
        return text
    try:
        return long_date_no_day(date.fromisoformat(text))
    except ValueError:
        return text


def _acts_on_own_account(entry: AuditEntry) -> bool:
    return (entry.object_type, entry.object_id) == ("accounts.user", entry.actor_id)


def _changes(entry: AuditEntry):
    """PostgreSQL forgets the order of keys, so they come in alphabetical order."""
    changes = entry.facts.get("changes", {})
    return [
        (name, pair) for name, pair in sorted(changes.items()) if isinstance(pair, list) and len(pair) == 2
    ]


def _fact_worded(model: str, name: str, value: Any) -> str:
    if not isinstance(value, list):
        return worded(model, name, value)
    if name in ("changed_private", "fields"):
        return ", ".join(field_label(model, item) for item in value)
    return ", ".join(worded(model, name, item) for item in value)


def _field(model: str, name: str):
    try:
        return apps.get_model(model)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
