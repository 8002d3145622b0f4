"""Forms: start an event from an earlier one or from a template, keep one as a template, the rules of a template."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crispy_forms.layout import Fieldset
from django import forms
from django.utils import timezone

from accounts.forms import DateInput
from regions.forms import RegionField
from regions.zones import ZONES

from ..copying import PARTS, clone_event, save_as_template, set_template_roles
from ..models import Event
from ..planning import refuse_foreign_region
from ..posts import ROLES
from .base import TidyCharField, TimeInput, plain_helper, row
from .planning import in_reach

OF_PLACE_AND_PEOPLE = {"sites", "people"}
# The wish of a kabupaten is a way of asking; in a rule it is the Camat of each kecamatan there is.
RULES = {key: label for key, label in ROLES.items() if key != "camat_se"}


class PartsField(forms.MultipleChoiceField):
    """Ticks for the parts of an event, with what each takes along."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options):
        choices = [(part.name, f"{part.label}: {_lower(part.hint)}") for part in PARTS.values()]
        super().__init__(label="Yang disalin", choices=choices, required=False, **options)


class CopyForm(forms.Form):
    """What, when, where of the new event, and which parts it takes from ``source``."""

    title = TidyCharField(label="Nama kegiatan", max_length=300)
    region = RegionField(label="Wilayah kegiatan")
    date = forms.DateField(
        label="Tanggal", required=False, widget=DateInput(), help_text="Dapat diisi kemudian."
    )
    start_time = forms.TimeField(label="Jam mulai", required=False, widget=TimeInput())

    def __init__(self, *args, source: Event, offices, **kwargs):
        self.source, self.offices = source, list(offices)
        office = _best_office(source, self.offices)
        initial = _initial(source, office)
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        if len(self.offices) > 1:
            self.fields["office"] = forms.ModelChoiceField(
                offices, label="Penyelenggara", initial=office, empty_label="Pilih kantor"
            )
        else:
            self.fields["region"].under = office.region
        self.fields["parts"] = PartsField(initial=_first_ticks(source, office))
        self.fields[
            "start_time"
        ].help_text = f"Dalam {ZONES[initial['region'].time_zone]}, menurut wilayahnya."
        self.helper = plain_helper(
            Fieldset("Kegiatan baru", *(["office"] if "office" in self.fields else []), "title"),
            row("date", "start_time"),
            "region",
            "parts",
        )

    def clean_date(self):
        return in_reach(self.cleaned_data["date"])

    def clean(self):
        cleaned = super().clean()
        day, hour = cleaned.get("date"), cleaned.get("start_time")
        if day and not hour and "start_time" not in self.errors:
            self.add_error("start_time", "Isi jam mulai, atau kosongkan tanggalnya.")
        region = cleaned.get("region")
        if region is not None:
            same = region.pk == self.source.region_id
            zone = ZoneInfo(self.source.time_zone if same else region.time_zone)
            cleaned["starts_at"] = datetime.combine(day, hour, tzinfo=zone) if day and hour else None
        return cleaned

    def save(self, *, by):
        """``Copied``: the new event and what stayed behind."""
        data = self.cleaned_data
        office = data.get("office") or self.offices[0]
        refuse_foreign_region(office, data["region"])
        return clone_event(
            event=self.source,
            parts=data["parts"],
            starts_at=data["starts_at"],
            by=by,
            office=office,
            region=data["region"],
            title=data["title"],
        )


class KeepForm(forms.Form):
    """Keep an event as a template of its office."""

    title = TidyCharField(
        label="Nama templat",
        max_length=300,
        help_text="Tanpa tanggal dan tanpa nama tempat, supaya mudah dipakai lagi.",
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, initial={"title": event.title}, **kwargs)
        self.event = event
        self.fields["parts"] = PartsField(initial=[name for name in PARTS if name not in OF_PLACE_AND_PEOPLE])
        self.helper = plain_helper("title", "parts")

    def save(self, *, by):
        return save_as_template(
            event=self.event, parts=self.cleaned_data["parts"], title=self.cleaned_data["title"], by=by
        )


class RolesForm(forms.Form):
    """Whom an event from this template expects in whatever region it is held."""

    roles = forms.MultipleChoiceField(
        label="Jabatan menurut data wilayah",
        choices=list(RULES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, template: Event, **kwargs):
        super().__init__(*args, initial={"roles": template.expected_roles or []}, **kwargs)
        self.template = template
        self.helper = plain_helper("roles")

    def save(self, *, by):
        return set_template_roles(template=self.template, roles=self.cleaned_data["roles"], by=by)


def _best_office(source: Event, offices):
    """The organiser of the source where the user plans for it, too; else the first."""
    return next((office for office in offices if office.pk == source.office_id), offices[0])


def _initial(source: Event, office) -> dict:
    """The region of the source where the office reaches it, else the office's own; the hour as it was there."""
    code, home = source.region_id, office.region_id
    inside = not home or code == home or code.startswith(f"{home}.")
    starts = timezone.localtime(source.starts_at, source.zone) if source.starts_at else None
    return {
        "title": source.title,
        "region": source.region if inside else office.region,
        "start_time": starts and starts.time(),
    }


def _first_ticks(source: Event, office) -> list[str]:
    """Everything but the people on the list, who are asked for on purpose; a template knows no people, only posts."""
    left = set() if source.is_template else {"attendees"}
    if source.office_id != office.pk:
        left |= OF_PLACE_AND_PEOPLE
    return [name for name in PARTS if name not in left]


def _lower(text: str) -> str:
    first = text.split("/", 1)[0].split(" ", 1)[0]
    return text if first == "Pemilu" else text[:1].lower() + text[1:]
