"""Who came without an invitation, in as few fields as the list needs."""

import uuid

from django import forms

from regions.forms import RegionField

from ..arrivals import admit_walk_in
from ..models import Category, Event
from .base import TidyCharField, plain_helper, row


class WalkInForm(forms.Form):
    """Name, unsur, post and where from; everything else can be added later on the page *Peserta*."""

    full_name = TidyCharField(
        label="Nama lengkap",
        max_length=120,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        error_messages={"required": "Isi nama orang yang datang."},
    )
    category = forms.ChoiceField(
        label="Unsur",
        choices=[("", "Pilih unsur"), *Category.choices],
        error_messages={"required": "Pilih unsurnya, misalnya PNS atau Kepala Desa."},
    )
    position = TidyCharField(
        label="Jabatan",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agency = TidyCharField(
        label="Instansi/unit kerja",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    village = RegionField(
        label="Desa/kelurahan",
        level="village",
        required=False,
        help_text="Untuk Kepala Desa dan perangkatnya.",
    )
    number = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["village"].under = event.region
        self.fields["number"].initial = uuid.uuid4
        self.helper = plain_helper(
            "full_name", row("category", "position"), row("agency", "village"), "number"
        )

    def save(self, *, by):
        return admit_walk_in(event=self.event, by=by, **self.cleaned_data)
