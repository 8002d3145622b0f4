"""Reading one chain of the audit log: the filter in the address bar, and the entries by day with long runs folded.

The address names nobody: a person stands in it by number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.db.models.functions import TruncDate

from regions.wording import listed

from .deed_groups import GROUPS, OTHER, group_of, label_of
from .filters import ListFilterForm
from .forms import DateInput, plain_helper
from .models import AuditEntry
from .sentences import Sentence, sentence_of

ActorKind = AuditEntry.ActorKind
# Who is offered by name; of links and the house only the kind, for there may be hundreds.
NAMED = {ActorKind.USER.value: "pengguna", ActorKind.DEVICE.value: "tablet"}
UNNAMED = {
    ActorKind.LINK.value: ("tautan", "Lewat tautan pribadi"),
    ActorKind.SYSTEM.value: ("sistem", "Sistem"),
}
FOLDED_FROM = 4  # fewer like entries are read one by one
NAMES_SHOWN = 3


class LogFilterForm(ListFilterForm):
    """Saring riwayat menurut pelaku, jenis perbuatan, dan hari; the days are those of the place."""

    oleh = forms.ChoiceField(label="Oleh", required=False)
    jenis = forms.ChoiceField(label="Jenis perbuatan", required=False)
    dari = forms.DateField(label="Dari tanggal", required=False, widget=DateInput())
    sampai = forms.DateField(label="Sampai tanggal", required=False, widget=DateInput())

    def __init__(self, data, *, entries, zone: str):
        super().__init__(data or None)
        self.entries, self.zone = entries, zone
        self.verbs = set(entries.order_by().values_list("verb", flat=True).distinct())
        self.fields["oleh"].choices = [("", "Semua orang"), *actors_among(entries)]
        self.fields["jenis"].choices = [("", "Semua jenis"), *groups_among(self.verbs)]
        self.helper = plain_helper(*self.fields)

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("dari"), cleaned.get("sampai")
        if since and until and until < since:
            raise ValidationError("Tanggal akhir tidak boleh sebelum tanggal awal.")
        return cleaned

    @property
    def found(self):
        """The entries asked for, newest first; a wrong filter filters nothing and shows its message."""
        entries = self.entries.order_by("-seq")
        if not self.is_valid():
            return entries
        asked = self.cleaned_data
        if asked["oleh"]:
            entries = entries.filter(**_actor_condition(asked["oleh"]))
        if asked["jenis"]:
            entries = entries.filter(
                verb__in=[verb for verb in self.verbs if group_of(verb) == asked["jenis"]]
            )
        if asked["dari"] or asked["sampai"]:
            entries = entries.annotate(day=TruncDate("at", tzinfo=ZoneInfo(self.zone)))
        if asked["dari"]:
            entries = entries.filter(day__gte=asked["dari"])
        if asked["sampai"]:
            entries = entries.filter(day__lte=asked["sampai"])
        return entries


def actors_among(entries) -> list[tuple[str, str]]:
    """Who occurs: (key, name as it was last written down), people by name, then tablets, then the rest."""
    rows = entries.order_by().values("actor_kind", "actor_id", "actor_label").annotate(last=Max("seq"))
    named = rows.filter(actor_kind__in=NAMED).order_by("-last")
    labels: dict[str, str] = {}
    for row in named:
        labels.setdefault(f"{NAMED[row['actor_kind']]}-{row['actor_id']}", row["actor_label"])
    kinds = set(
        entries.order_by().filter(actor_kind__in=UNNAMED).values_list("actor_kind", flat=True).distinct()
    )
    by_name = sorted(labels.items(), key=lambda pair: (pair[0].startswith("tablet"), pair[1].casefold()))
    return [*by_name, *(pair for kind, pair in UNNAMED.items() if kind in kinds)]


def groups_among(verbs: set[str]) -> list[tuple[str, str]]:
    """Kinds of deeds that occur: (key, label), in the order in which the rooms name them."""
    found = {group_of(verb) for verb in verbs}
    return [(key, label_of(key)) for key in (*GROUPS, OTHER) if key in found]


def _actor_condition(key: str) -> dict[str, str]:
    word, _, pk = key.partition("-")
    for kind, name in NAMED.items():
        if word == name:
            return {"actor_kind": kind, "actor_id": pk}
    return {"actor_kind": next(kind for kind, (name, _) in UNNAMED.items() if name == key)}


# -- by day ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One entry, or a run of like entries told in one sentence with the single ones behind it."""

    text: str
    sentences: tuple[Sentence, ...]

    @property
    def is_folded(self) -> bool:
        return len(self.sentences) > 1

    @property
    def numbers(self) -> str:
        """ "12" or "7–12": the entries that this line stands for."""
        newest, oldest = self.sentences[0].seq, self.sentences[-1].seq
        return str(newest) if newest == oldest else f"{oldest}–{newest}"


@dataclass(frozen=True)
class Day:
    """ "Rabu, 2 Oktober 2024" and what was done on it, newest first."""

    heading: str
    lines: tuple[Line, ...]


def by_day(entries: Iterable[AuditEntry], zone: str) -> list[Day]:
    """Entries (newest first) under the days of the zone; four or more like ones of one person become one line."""
    sentences = [sentence_of(entry, zone) for entry in entries]
    return [
        Day(day, tuple(line for _, run in groupby(those, key=_alike) for line in _lines(list(run))))
        for day, those in groupby(sentences, key=lambda sentence: sentence.day)
    ]


def _alike(sentence: Sentence) -> tuple[str, str]:
    return sentence.who, sentence.wording


def _lines(run: list[Sentence]) -> list[Line]:
    if len(run) < FOLDED_FROM:
        return [Line(sentence.text, (sentence,)) for sentence in run]
    return [Line(_told_together(run), tuple(run))]


def _told_together(run: list[Sentence]) -> str:
    """ "Antara pukul 09.14 WIB dan 09.40 WIB, Budi 25 kali menambahkan peserta A, B, C, dan 22 lainnya." """
    newest, oldest = run[0], run[-1]
    when = f"Antara {oldest.clock} dan {newest.clock}" if oldest.clock != newest.clock else newest.clock
    names = list(dict.fromkeys(sentence.object_label for sentence in reversed(run) if sentence.object_label))
    return (
        f"{_capital(when)}, {newest.who} {len(run)} kali {newest.wording} {_shortened(names)}".strip() + "."
    )


def _shortened(names: list[str]) -> str:
    left = len(names) - NAMES_SHOWN
    if left > 0:
        names = [*names[:NAMES_SHOWN], f"{left} lainnya"]
    return listed(names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
