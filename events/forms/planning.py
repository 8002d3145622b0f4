from datetime import date, datetime
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from accounts.forms import DateInput
from regions.forms import RegionField
from regions.zones import ZONE_CHOICES

from ..models import Election, Event
from ..planning import (
    EVENT_FIELDS,
    add_election,
    assign_operators,
    change_event,
    create_event,
    possible_operators,
    refuse_foreign_region,
)
from .base import DateTimeInput, RowsField, TidyCharField, TimeInput, plain_helper, row

YEARS = range(2000, 2101)
ENDS_TOO_EARLY = "Waktu selesai harus setelah waktu mulai."
NEW_ELECTION_OPEN = (
    "<details class='mb-3'{% if form.has_new_election %} open{% endif %}>"
    "<summary>Pemilu atau Pemilihan belum ada di daftar?</summary><div class='pt-3'>"
)
SIGNING_OPEN = (
    "<details class='mb-3'{% if form.has_signing_window %} open{% endif %}>"
    "<summary>Batas waktu penandatanganan (opsional)</summary><div class='pt-3'>"
)
DETAILS_CLOSE = "</div></details>"


def in_reach(value: date | None) -> date | None:
    """A typing slip in the year must not reach the time-zone arithmetic."""
    if value is not None and value.year not in YEARS:
        raise ValidationError("Tahun harus antara 2000 dan 2100.")
    return value


class ElectionForm(forms.ModelForm):
    """Quick addition of a Pemilu or Pemilihan that everybody can choose afterwards."""

    name = TidyCharField(label="Nama", max_length=160, help_text="Contoh: Pemilihan Serentak Tahun 2024")

    class Meta:
        model = Election
        fields = ["kind", "name", "voting_date"]
        widgets = {"voting_date": DateInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("kind", "name", "voting_date")

    def clean_voting_date(self):
        return in_reach(self.cleaned_data["voting_date"])

    def save(self, *, by):
        return add_election(by=by, **self.cleaned_data)


class EventForm(forms.ModelForm):
    """Plan of an event: what, for which elections, where, when. ``offices`` are those the user may plan for."""

    title = TidyCharField(label="Nama kegiatan", max_length=300)
    region = RegionField(
        label="Wilayah kegiatan",
        help_text="Ketik nama kecamatan atau kabupaten. Peserta diisi dari wilayah ini.",
    )
    elections = RowsField(
        Election.objects.all(),
        label="Pemilu atau Pemilihan",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Menentukan dasar hukum yang diperiksa pada naskah.",
    )
    new_election_kind = forms.ChoiceField(
        label="Jenis", choices=[("", "Pilih jenis"), *Election.Kind.choices], required=False
    )
    new_election_name = TidyCharField(
        label="Nama", max_length=160, required=False, help_text="Contoh: Pemilihan Serentak Tahun 2024"
    )
    new_election_date = forms.DateField(label="Tanggal pemungutan suara", required=False, widget=DateInput())
    date = forms.DateField(label="Tanggal", required=False, widget=DateInput())
    start_time = forms.TimeField(label="Jam mulai", required=False, widget=TimeInput())
    end_date = forms.DateField(
        label="Tanggal selesai",
        required=False,
        widget=DateInput(),
        help_text="Hanya bila lebih dari satu hari.",
    )
    end_time = forms.TimeField(label="Jam selesai", required=False, widget=TimeInput())
    time_zone = forms.ChoiceField(
        label="Zona waktu",
        choices=[("", "Menurut wilayah kegiatan"), *ZONE_CHOICES],
        required=False,
        help_text="Semua jam di atas memakai zona ini.",
    )
    meeting_link = forms.URLField(
        label="Tautan pertemuan",
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="Untuk kegiatan daring atau hibrida.",
    )

    class Meta:
        model = Event
        fields = [
            "title",
            "region",
            "time_zone",
            "venue",
            "venue_address",
            "venue_room",
            "mode",
            "meeting_link",
            "open_invitation",
            "signing_opens_at",
            "signing_closes_at",
            "notes",
        ]
        widgets = {
            "signing_opens_at": DateTimeInput(),
            "signing_closes_at": DateTimeInput(),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "open_invitation": "Centang bila siapa pun boleh hadir, tanpa daftar peserta.",
            "venue_room": "Misalnya: Aula lantai 2.",
            "signing_opens_at": "Kosong berarti dibuka oleh petugas.",
            "signing_closes_at": "Kosong berarti ditutup oleh petugas.",
            "notes": "Untuk petugas; tampil pada ringkasan kegiatan.",
            "mode": "Luring di satu tempat, daring lewat pertemuan, atau hibrida.",
        }

    def __init__(self, *args, offices, **kwargs):
        instance = kwargs.get("instance")
        kwargs["initial"] = {**self._initial(instance, offices), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.offices = offices
        if instance is None and len(offices) > 1:
            self.fields["office"] = forms.ModelChoiceField(
                offices, label="Penyelenggara", empty_label="Pilih kantor"
            )
        elif instance is None:
            self.fields["region"].under = offices[0].region
        else:
            self.fields["region"].under = instance.office.region
        for name in ("signing_opens_at", "signing_closes_at"):
            self.fields[name].required = False
        self.helper = self._helper()

    @property
    def is_new(self) -> bool:
        return self.instance._state.adding

    @property
    def has_new_election(self) -> bool:
        return any(self[name].value() for name in self.fields if name.startswith("new_election"))

    @property
    def has_signing_window(self) -> bool:
        return bool(self["signing_opens_at"].value() or self["signing_closes_at"].value())

    def clean_date(self):
        return in_reach(self.cleaned_data["date"])

    def clean_end_date(self):
        return in_reach(self.cleaned_data["end_date"])

    def clean_new_election_date(self):
        return in_reach(self.cleaned_data["new_election_date"])

    def clean_signing_opens_at(self):
        return in_reach(self.cleaned_data["signing_opens_at"])

    def clean_signing_closes_at(self):
        return in_reach(self.cleaned_data["signing_closes_at"])

    def clean(self):
        cleaned = super().clean()
        self._clean_zone(cleaned)
        self._clean_hours(cleaned)
        self._clean_signing_window(cleaned)
        self._clean_new_election(cleaned)
        return cleaned

    def validate_constraints(self):
        """The deed checks the row that is really written; here every error already stands at its field."""

    def save(self, *, by):
        fields = {name: self.cleaned_data[name] for name in EVENT_FIELDS if name in self.cleaned_data}
        elections = set(self.cleaned_data["elections"])
        if self.new_election:
            elections.add(add_election(by=by, **self.new_election))
        if not self.is_new:
            return change_event(event=self.instance, by=by, elections=elections, **fields)
        office = self.cleaned_data.get("office") or self.offices[0]
        refuse_foreign_region(office, fields["region"])
        return create_event(office=office, by=by, elections=elections, **fields)

    def _clean_zone(self, cleaned) -> None:
        """The zone of the region; without one the known zone, which the page around the form still needs."""
        if not cleaned.get("time_zone"):
            region = cleaned.get("region")
            cleaned["time_zone"] = region.time_zone if region else self._zone().key

    def _clean_hours(self, cleaned) -> None:
        day, starts = cleaned.get("date"), cleaned.get("start_time")
        if day and not starts and "start_time" not in self.errors:
            self.add_error("start_time", "Isi jam mulai, atau kosongkan tanggalnya.")
        if starts and not day and "date" not in self.errors:
            self.add_error("date", "Isi tanggal, atau kosongkan jamnya.")
        cleaned["starts_at"] = self._moment(day, starts)
        cleaned["ends_at"] = self._moment(cleaned.get("end_date") or day, cleaned.get("end_time"))
        if cleaned.get("end_date") and not cleaned.get("end_time") and "end_time" not in self.errors:
            self.add_error("end_time", "Isi jam selesai, atau kosongkan tanggal selesai.")
        if cleaned["starts_at"] and cleaned["ends_at"] and cleaned["ends_at"] <= cleaned["starts_at"]:
            self.add_error("end_time", ENDS_TOO_EARLY)
        needs_hours = not self.is_new and self.instance.state != Event.State.DRAFT
        if needs_hours and not cleaned["starts_at"] and not {"date", "start_time"} & set(self.errors):
            self.add_error("date", "Kegiatan yang sudah dijadwalkan harus memiliki tanggal dan jam.")

    def _clean_signing_window(self, cleaned) -> None:
        """The inputs hold wall-clock hours of the event's zone, not of the office's."""
        zone = self._zone()
        for name in ("signing_opens_at", "signing_closes_at"):
            if cleaned.get(name):
                cleaned[name] = timezone.localtime(cleaned[name]).replace(tzinfo=zone)
        opens, closes = cleaned.get("signing_opens_at"), cleaned.get("signing_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("signing_closes_at", "Penandatanganan harus ditutup setelah dibuka.")

    def _clean_new_election(self, cleaned) -> None:
        names = ("kind", "name", "date")
        values = {name: cleaned.get(f"new_election_{name}") for name in names}
        self.new_election = None
        if not any(values.values()):
            return
        for name in names:
            if not values[name] and f"new_election_{name}" not in self.errors:
                self.add_error(f"new_election_{name}", "Lengkapi jenis, nama, dan tanggal pemungutan suara.")
        if all(values.values()):
            self.new_election = {
                "kind": values["kind"],
                "name": values["name"],
                "voting_date": values["date"],
            }

    def _zone(self) -> ZoneInfo:
        known = self.offices[0].time_zone if self.is_new else self.instance.time_zone
        return ZoneInfo(self.cleaned_data.get("time_zone") or known)

    def _moment(self, day, hour) -> datetime | None:
        return datetime.combine(day, hour, tzinfo=self._zone()) if day and hour else None

    @staticmethod
    def _initial(instance: Event | None, offices) -> dict:
        if instance is None:
            return {"region": offices[0].region} if len(offices) == 1 else {}
        zone = instance.zone
        starts, ends, opens, closes = (
            timezone.localtime(moment, zone) if moment else None
            for moment in (
                instance.starts_at,
                instance.ends_at,
                instance.signing_opens_at,
                instance.signing_closes_at,
            )
        )
        several_days = bool(starts and ends and starts.date() != ends.date())
        return {
            "elections": list(instance.elections.all()),
            "date": starts and starts.date(),
            "start_time": starts and starts.time(),
            "end_date": ends.date() if several_days else None,
            "end_time": ends and ends.time(),
            "signing_opens_at": opens and opens.replace(tzinfo=None),
            "signing_closes_at": closes and closes.replace(tzinfo=None),
        }

    def _helper(self):
        return plain_helper(
            Fieldset(
                "Kegiatan",
                *(["office"] if "office" in self.fields else []),
                "title",
                "elections",
                css_id="kegiatan",
            ),
            HTML(NEW_ELECTION_OPEN),
            row("new_election_kind", "new_election_date"),
            "new_election_name",
            HTML(DETAILS_CLOSE),
            Fieldset(
                "Waktu",
                row("date", "start_time", "end_time"),
                row("end_date", "time_zone"),
                css_id="waktu",
            ),
            Fieldset(
                "Tempat",
                "region",
                "mode",
                row("venue", "venue_room"),
                "venue_address",
                "meeting_link",
                css_id="tempat",
            ),
            Fieldset("Lainnya", "open_invitation"),
            HTML(SIGNING_OPEN),
            row("signing_opens_at", "signing_closes_at"),
            HTML(DETAILS_CLOSE),
            "notes",
        )


class OperatorsForm(forms.Form):
    """Whose account may run the day of this event."""

    operators = RowsField(
        queryset=None,
        label="Akun petugas",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Operator yang dicentang dapat menjalankan hari kegiatan. Penyelenggara selalu dapat.",
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, initial={"operators": list(event.operators.all())}, **kwargs)
        self.event = event
        self.fields["operators"].queryset = possible_operators(event)
        self.helper = plain_helper("operators")

    def save(self, *, by):
        return assign_operators(event=self.event, operators=self.cleaned_data["operators"], by=by)
