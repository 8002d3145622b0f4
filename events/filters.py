"""Filters in the address bar; a parameter that makes no sense gets a message, never a 500."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.filters import ListFilterSet
from accounts.forms import DateInput
from accounts.models import Office
from regions.models import Region

from .models import Attendee, Election, Event, EventSubmission
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


class EventFilter(ListFilterSet):
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
    dari = django_filters.DateFilter(method="by_first_day", label="Dari tanggal", widget=DateInput())
    sampai = django_filters.DateFilter(method="by_last_day", label="Sampai tanggal", widget=DateInput())
    waktu = django_filters.ChoiceFilter(
        method="by_time",
        label="Waktu",
        empty_label="Semua waktu",
        choices=[("akan", "Yang akan datang"), ("lewat", "Yang sudah lewat")],
    )
    kantor = django_filters.ChoiceFilter(
        field_name="office_id", label="Penyelenggara", empty_label="Semua kantor"
    )
    wilayah = django_filters.ChoiceFilter(
        field_name="region__code", lookup_expr="within", label="Wilayah", empty_label="Semua wilayah"
    )
    pemilu = django_filters.ChoiceFilter(
        field_name="elections", label="Pemilu/Pemilihan", empty_label="Semua Pemilu dan Pemilihan"
    )

    MAIN = ("q", "status", "waktu")  # the others stand behind *Saringan lain*

    class Meta:
        model = Event
        fields: list[str] = []

    def __init__(self, data=None, queryset=None, **kwargs):
        super().__init__(data, queryset, **kwargs)
        seen = queryset.order_by()
        for name, choices in (
            ("kantor", offices_among(seen)),
            ("wilayah", regions_among(seen)),
            ("pemilu", elections_among(seen)),
        ):
            if len(choices) > 1:
                self.filters[name].extra["choices"] = choices
            else:
                del self.filters[name]  # nothing to choose from

    def by_first_day(self, queryset, name, value):
        return queryset.since(value)

    def by_last_day(self, queryset, name, value):
        return queryset.until(value)

    def by_time(self, queryset, name, value):
        """What ends today is still ahead; without a date it is ahead, too."""
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        over = Q(starts_at__lt=midnight) & (Q(ends_at=None) | Q(ends_at__lt=midnight))
        return queryset.filter(over) if value == "lewat" else queryset.filter(~over | Q(starts_at=None))

    @property
    def main_fields(self):
        return [self.form[name] for name in self.MAIN]

    @property
    def other_fields(self):
        return [self.form[name] for name in self.filters if name not in self.MAIN]

    @property
    def uses_others(self) -> bool:
        return any(field.value() or field.errors for field in self.other_fields)


def offices_among(events) -> list[tuple[int, str]]:
    offices = Office.objects.filter(pk__in=events.values("office_id"))
    return list(offices.order_by("name").values_list("pk", "name"))


def regions_among(events) -> list[tuple[str, str]]:
    """Regions of the events and what lies directly above them, so that a regency finds its kecamatan."""
    own = Region.objects.filter(pk__in=events.values("region_id"))
    found = Region.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=own.values("parent_id")))
    regions = list(found.annotate(has_events=Q(pk__in=own.values("pk"))).order_by("code"))
    if sum(region.has_events for region in regions) < 2:
        return []
    return [(region.code, region.titled) for region in regions]


def elections_among(events) -> list[tuple[int, str]]:
    elections = Election.objects.filter(events__in=events.values("pk")).distinct()
    return [(election.pk, str(election)) for election in elections]


class AttendeeFilter(ListFilterSet):
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


class SubmissionFilter(ListFilterSet):
    q = SearchFilter(
        "event__title__icontains",
        "event__office__name__icontains",
        "event__code__iexact",
        hint="Kegiatan, pengirim, atau kode",
    )
    status = django_filters.ChoiceFilter(
        field_name="state", choices=EventSubmission.State.choices, label="Status", empty_label="Semua status"
    )
    dari = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label="Dikirim sejak", widget=DateInput()
    )
    sampai = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label="Dikirim sampai", widget=DateInput()
    )

    class Meta:
        model = EventSubmission
        fields: list[str] = []
