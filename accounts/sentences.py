"""Audit entries as sentences for people: "Rabu, 2 Oktober 2024 pukul 09.14 WIB, Budi mengubah …"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from regions.wording import clock, clock_with_zone, long_date, long_date_no_day

from . import audit
from .models import AuditEntry
from .roles import Role
from .spreadsheets import Column

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})\Z")
ISO_TIME = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?\Z")
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
EMPTY = "(kosong)"
# Parts of a fact of several parts (a party of a paper), in the order in which they are read out.
READ_OUT = ("institution", "representative", "position", "letter_number")


@dataclass(frozen=True)
class Sentence:
    """One line of the log page; ``details`` stand below it. ``day`` and ``clock`` are the parts of ``when``."""

    seq: int
    day: str
    clock: str
    who: str
    wording: str
    object_label: str
    details: tuple[str, ...]

    @property
    def when(self) -> str:
        return f"{self.day} {self.clock}"

    @property
    def what(self) -> str:
        return f"{self.wording} {self.object_label}".rstrip()

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
    """The entry in the hours of the given zone."""
    return Sentence(
        seq=entry.seq,
        day=long_date(entry.at, time_zone),
        clock=f"pukul {clock_with_zone(entry.at, time_zone)}",
        who=entry.actor_label,
        wording=audit.VERBS.get(entry.verb, f"melakukan “{entry.verb}” pada"),
        object_label="" if _acts_on_own_account(entry) else entry.object_label,
        details=tuple(details_of(entry, time_zone)),
    )


def details_of(entry: AuditEntry, time_zone: str) -> list[str]:
    """Changes as "alamat: dari “…” menjadi “…”" and the facts that have a label."""
    lines = []
    for name, (before, after) in _changes(entry):
        label = field_label(entry.object_type, name)
        old, new = (worded(entry.object_type, name, value, time_zone) for value in (before, after))
        lines.append(f"{label}: diubah" if old == new else f"{label}: dari “{old}” menjadi “{new}”")
    for name, label in audit.FACTS.items():
        if name in entry.facts:
            lines.append(f"{label}: {_fact_worded(entry.object_type, name, entry.facts[name], time_zone)}")
    return lines


def field_label(model: str, name: str) -> str:
    """The field as its form calls it; a name that is no field is looked up among the words, then the facts."""
    field = _field(model, name)
    if field is not None:
        return str(field.verbose_name)
    said = audit.WORDS["fields"](name) if "fields" in audit.WORDS else None
    return said or audit.FACTS.get(name) or name.replace("_", " ")


def worded(model: str, name: str, value: Any, time_zone: str) -> str:
    """A stored value in words: choices by their label, days and moments in full, yes and no; never a key of a row."""
    if value == "" or value is None:
        return EMPTY
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, dict):
        return _read_out(model, value, time_zone)
    if isinstance(value, list):
        parts = [worded(model, name, item, time_zone) for item in value]
        return ("; " if any("," in part for part in parts) else ", ").join(parts) or EMPTY
    return _choice_label(model, name, value) or _plain_words(value, time_zone)


def _choice_label(model: str, name: str, value: Any) -> str | None:
    field = _field(model, name)
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    if name == "role":
        choices = choices or dict(Role.choices)
    if value in choices:
        return str(choices[value])
    say = audit.WORDS.get(name)
    return say(value) if say and isinstance(value, str) else None


def _read_out(model: str, value: dict, time_zone: str) -> str:
    """The filled parts of something that has several; numbers of order are left out."""
    names = [*(name for name in READ_OUT if name in value), *sorted(set(value) - set(READ_OUT))]
    said = [
        value[name]
        for name in names
        if value[name] not in ("", None, []) and not isinstance(value[name], int)
    ]
    return ", ".join(worded(model, "", part, time_zone) for part in said) or EMPTY


def _plain_words(value: Any, time_zone: str) -> str:
    """What only looks like a date ("2024-02-30" typed as an address) stays as it is."""
    text = str(value)
    try:
        if ISO_DATE.match(text):
            return long_date_no_day(date.fromisoformat(text))
        if ISO_MOMENT.match(text):
            moment = datetime.fromisoformat(text)
            return f"{long_date(moment, time_zone)} pukul {clock_with_zone(moment, time_zone)}"
        if ISO_TIME.match(text):
            return clock(time.fromisoformat(text), time_zone)
    except (ValueError, OverflowError):
        return text
    return "(data lain)" if UUID_TEXT.match(text) else text


def _acts_on_own_account(entry: AuditEntry) -> bool:
    return (entry.object_type, entry.object_id) == ("accounts.user", entry.actor_id)


def _changes(entry: AuditEntry):
    """PostgreSQL forgets the order of keys, so they come in alphabetical order."""
    changes = entry.facts.get("changes", {})
    return [
        (name, pair) for name, pair in sorted(changes.items()) if isinstance(pair, list) and len(pair) == 2
    ]


def _fact_worded(model: str, name: str, value: Any, time_zone: str) -> str:
    if isinstance(value, list) and name in ("changed_private", "fields"):
        return ", ".join(field_label(model, item) for item in value)
    return worded(model, name, value, time_zone)


def _field(model: str, name: str):
    try:
        return apps.get_model(model)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
