"""Filters of lists that are small or made in memory; a value that makes no sense counts as none."""

from django import forms

from accounts.filters import ListFilterForm

from ..models import OutgoingMail
from ..paper_board import GROUPS


class PartFilter(ListFilterForm):
    q = forms.CharField(
        label="Cari",
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": "Nama atau nomor"}),
    )
    keadaan = forms.ChoiceField(
        label="Keadaan", choices=[("", "Semua keadaan"), *GROUPS.items()], required=False
    )

    def filter(self, lines: list) -> list:
        words = self.chosen.get("q", "").strip().casefold()
        group = self.chosen.get("keadaan")
        return [
            line
            for line in lines
            if words in f"{line.label} {line.number}".casefold() and (not group or line.group == group)
        ]


class MailFilter(ListFilterForm):
    jenis = forms.ChoiceField(
        label="Jenis", choices=[("", "Semua jenis"), *OutgoingMail.Kind.choices], required=False
    )
    keadaan = forms.ChoiceField(
        label="Keadaan", choices=[("", "Semua keadaan"), *OutgoingMail.State.choices], required=False
    )

    def filter(self, mails):
        given = {"kind": self.chosen.get("jenis"), "state": self.chosen.get("keadaan")}
        return mails.filter(**{name: value for name, value in given.items() if value})
