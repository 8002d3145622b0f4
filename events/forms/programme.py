from django import forms
from django.core.validators import URLValidator

from regions.forms import RegionField

from .. import programme
from ..models import AgendaItem, Event, EventPerson, EventSite
from ..people import name_problem
from .base import TidyCharField, plain_helper, row


class _RowForm(forms.ModelForm):
    """One row of an event: ``event`` for a new one, ``instance`` for a change; the deed checks the constraints."""

    add = change = None
    layout: tuple = ()

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.helper = plain_helper(*self.layout)

    def validate_constraints(self):
        """The row is bound to its event by the deed, which checks them then."""

    def save(self, *, by):
        if self.instance._state.adding:
            return self.add(event=self.event, by=by, **self.cleaned_data)
        return self.change(self.instance, by=by, **self.cleaned_data)


class SiteForm(_RowForm):
    add = staticmethod(programme.add_site)
    name = TidyCharField(label="Nama lokasi", max_length=160)
    region = RegionField(label="Wilayah", required=False)
    meeting_link = forms.URLField(
        label="Tautan pertemuan",
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    layout = ("name", "region", row("mode", "venue"), "meeting_link", "officer_name")

    class Meta:
        model = EventSite
        fields = ["name", "region", "mode", "venue", "meeting_link", "officer_name"]
        help_texts = {
            "venue": "Misalnya: Balai Desa Dungus.",
            "officer_name": "Penanggung jawab di lokasi ini pada hari kegiatan.",
        }

    @staticmethod
    def change(site, **fields):
        return programme.change_site(site=site, **fields)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].under = self.event.region

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = self.event.sites.exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError("Lokasi dengan nama ini sudah ada.")
        return name


class PersonForm(_RowForm):
    add = staticmethod(programme.add_person)
    full_name = TidyCharField(label="Nama", max_length=120)
    layout = (
        "role",
        row("title_prefix", "full_name", "title_suffix", wide="full_name"),
        row("position", "agency"),
    )

    class Meta:
        model = EventPerson
        fields = ["role", "title_prefix", "full_name", "title_suffix", "position", "agency"]
        help_texts = {
            "role": "Menentukan di mana namanya dicetak, misalnya notulis pada notula.",
            "title_prefix": "Misalnya: Dr., H.",
            "title_suffix": "Misalnya: S.H., M.Si.",
        }

    @staticmethod
    def change(person, **fields):
        return programme.change_person(person=person, **fields)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Pilih peran"), *EventPerson.Role.choices]

    def clean_full_name(self):
        name = self.cleaned_data["full_name"]
        if problem := name_problem(name):
            raise forms.ValidationError(problem)
        return name


class AgendaItemForm(_RowForm):
    add = staticmethod(programme.add_agenda_item)
    title = TidyCharField(label="Mata acara", max_length=200)
    layout = ("title", row("duration", "person"), "notes")

    class Meta:
        model = AgendaItem
        fields = ["title", "duration", "person", "notes"]
        help_texts = {
            "duration": "Mata acara sesudahnya ikut bergeser.",
            "person": "Dari halaman Petugas dan narasumber.",
            "notes": "Dicetak pada kolom keterangan susunan acara.",
        }

    @staticmethod
    def change(item, **fields):
        return programme.change_agenda_item(item=item, **fields)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = self.event.people.all()
        self.fields["person"].empty_label = "Belum ditentukan"
        self.fields["duration"].min_value = 1
        self.fields["duration"].widget.attrs |= {"min": 1, "max": 720}

    def clean_duration(self):
        duration = self.cleaned_data["duration"]
        if not 1 <= duration <= 720:
            raise forms.ValidationError("Lama mata acara 1 sampai 720 menit.")
        return duration
