"""Filters in the address bar; a parameter that makes no sense gets a message, never a 500."""

import django_filters
from django import forms
from django.db.models import Q

from accounts.models import Office

from .forms.base import DateInput
from .models import Attendee, Event
from .models.attendees import CATEGORY_GROUPS


class SearchFilter(django_filters.CharFilter):
    """Text of at most 100 characters found in one of several fields."""

    def __init__(self, *lookups: str, hint: str, **options):
        super().__init__(label="Cari", max_length=100, **options)
        self.lookups = lookups
        self.extra["widget"] = forms.TextInput(attrs={"type": "search", "placeholder": hint})

    def filter(self, queryset, value):
        condition = Q()
        for lookup in self.lookups if value else ():
            condition |= Q(**{lookup: value.strip()})
        return queryset.filter(condition)


class EventFilter(django_filters.FilterSet):
    q = SearchFilter(
        "title__icontains",
        "venue__icontains",
        "region__name__icontains",
        "code__iexact",
        hint="Nama, tempat, atau kode",
    )
    status = django_filters.ChoiceFilter(
        field_name="state", choices=Event.State.choices, label="Status", empty_label="Semua status"
    )
    dari = django_filters.DateFilter(
        field_name="starts_at", lookup_expr="date__gte", label="Dari tanggal", widget=DateInput()
    )
    sampai = django_filters.DateFilter(
        field_name="starts_at", lookup_expr="date__lte", label="Sampai tanggal", widget=DateInput()
    )
    kantor = django_filters.ModelChoiceFilter(
        field_name="office",
        queryset=Office.objects.none(),
        label="Penyelenggara",
        empty_label="Semua kantor",
    )

    class Meta:
        model = Event
        fields: list[str] = []

    def __init__(self, data=None, queryset=None, **kwargs):
        super().__init__(data, queryset, **kwargs)
        offices = Office.objects.filter(pk__in=queryset.order_by().values("office_id"))
        self.filters["kantor"].queryset = offices.order_by("name")


class AttendeeFilter(django_filters.FilterSet):
    q = SearchFilter(
        "full_name__icontains",
        "position__icontains",
        "agency__icontains",
        "village__name__icontains",
        hint="Nama, jabatan, instansi, desa",
    )
    unsur = django_filters.ChoiceFilter(
        method="by_group",
        label="Unsur",
        empty_label="Semua unsur",
        choices=[
            *[(group, label) for group, (label, _) in CATEGORY_GROUPS.items()],
            ("kosong", "Belum memiliki unsur"),
        ],
    )
    nama = django_filters.ChoiceFilter(
        method="by_name",
        label="Nama",
        empty_label="Semua",
        choices=[("belum", "Belum ada nama"), ("ada", "Sudah ada nama")],
    )
    keluar = django_filters.BooleanFilter(
        method="withdrawn",
        label="Tampilkan yang dikeluarkan",
        widget=forms.CheckboxInput(),
    )

    class Meta:
        model = Attendee
        fields: list[str] = []

    @property
    def qs(self):
        """Withdrawn people only when they are asked for."""
        rows = super().qs
        return rows if self.form.cleaned_data.get("keluar") else rows.expected()

    def by_group(self, queryset, name, value):
        categories = ("",) if value == "kosong" else CATEGORY_GROUPS[value][1]
        return queryset.filter(category__in=categories)

    def by_name(self, queryset, name, value):
        return queryset.filter(full_name="") if value == "belum" else queryset.named()

    def withdrawn(self, queryset, name, value):
        return queryset.exclude(withdrawn_at=None) if value else queryset
