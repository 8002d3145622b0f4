"""Filters of lists that are small or made in memory; a value that makes no sense counts as none."""

from django import forms

from ..models import OutgoingMail
from ..paper_board import GROUPS


class ListFilter(forms.Form):
    @property
    def chosen(self) -> dict:
        self.is_valid()
        return self.cleaned_data

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class PartFilter(ListFilter):
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


class MailFilter(ListFilter):
    jenis = forms.ChoiceField(
        label="Jenis", choices=[("", "Semua jenis"), *OutgoingMail.Kind.choices], required=False
    )
    keadaan = forms.ChoiceField(
        label="Keadaan", choices=[("", "Semua keadaan"), *OutgoingMail.State.choices], required=False
    )

    def filter(self, mails):
        given = {"kind": self.chosen.get("jenis"), "state": self.chosen.get("keadaan")}
        return mails.filter(**{name: value for name, value in given.items() if value})
