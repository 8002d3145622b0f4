"""Filters of lists, in the address bar: what all have in common, and that of the list of offices."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from .models import Office


class ListFilterSet(django_filters.FilterSet):
    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.filters)


class ListFilterForm(forms.Form):
    """The same for lists that are small, made in memory, or filtered by their own words."""

    @property
    def chosen(self) -> dict:
        """The values of the fields that are valid; an unknown choice counts as none."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class OfficeFilter(ListFilterSet):
    q = django_filters.CharFilter(
        label="Cari",
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Nama kantor atau wilayah"}),
    )
    jenis = django_filters.ChoiceFilter(
        field_name="kind", label="Jenis", choices=Office.Kind.choices, empty_label="Semua jenis"
    )
    masa = django_filters.ChoiceFilter(
        label="Masa jabatan",
        method="by_term",
        empty_label="Semua",
        choices=[("berjalan", "Masih berjalan"), ("berakhir", "Sudah berakhir")],
    )

    class Meta:
        model = Office
        fields: list[str] = []

    def search(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value.strip()) | Q(region__name__icontains=value.strip()))

    def by_term(self, queryset, name, value):
        over = Q(term_ends__lt=timezone.localdate())
        return queryset.filter(over) if value == "berakhir" else queryset.exclude(over)
