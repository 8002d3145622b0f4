from django import forms

from ..recap import STANDINGS, Line
from .base import FilterForm


class RecapFilter(FilterForm):
    """Lines of the coverage by name and by how far they are."""

    wilayah = forms.CharField(required=False, max_length=13, widget=forms.HiddenInput)
    q = forms.CharField(label="Cari wilayah", required=False, max_length=80)
    keadaan = forms.ChoiceField(
        label="Keadaan", required=False, choices=[("", "Semua keadaan"), *STANDINGS.items()]
    )

    @property
    def is_filtered(self) -> bool:
        return bool(self.chosen.get("q") or self.chosen.get("keadaan"))

    def filter(self, lines: list[Line]) -> list[Line]:
        words = self.chosen.get("q", "").casefold().split()
        standing = self.chosen.get("keadaan")
        return [
            line
            for line in lines
            if all(word in line.region.titled.casefold() for word in words)
            and (not standing or line.standing == standing)
        ]
