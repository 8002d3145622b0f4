"""Forms of the page "Tablet": one per deed."""

import re

from django import forms

from events.devices import cut_off_device, drain_device
from events.models import Device, Event
from events.pairing import issue_code

from .base import DeedForm

LAST_NUMBER = re.compile(r"(.*?)(\d{1,4})\Z")


class PairForm(DeedForm):
    """Which name the next tablet gets, and where it stands when the event has several places."""

    label = forms.CharField(
        label="Nama tablet",
        max_length=60,
        help_text="Tulis nama yang ditempel pada mejanya, misalnya “Meja 1”.",
        error_messages={"required": "Isi nama tablet, misalnya “Meja 1”."},
    )
    site = forms.ModelChoiceField(
        label="Lokasi",
        queryset=None,
        required=False,
        empty_label="Semua lokasi",
        help_text="Tablet hanya menerima nama peserta lokasi ini.",
        error_messages={"invalid_choice": "Lokasi tidak dikenal. Pilih salah satu dari daftar."},
    )

    def __init__(self, *args, event: Event, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.event, self.by = event, by
        self.fields["site"].queryset = event.sites.all()
        if not event.sites.exists():
            del self.fields["site"]

    def save(self):
        chosen = self.cleaned_data
        return issue_code(event=self.event, label=chosen["label"], site=chosen.get("site"), by=self.by)


class DeviceForm(DeedForm):
    def __init__(self, *args, device: Device, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.device, self.by = device, by


class DrainForm(DeviceForm):
    reason = forms.CharField(label="Alasan (boleh dikosongkan)", required=False, max_length=300)

    def save(self):
        return drain_device(device=self.device, by=self.by, reason=self.cleaned_data["reason"])


class CutOffForm(DeviceForm):
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        help_text="Misalnya: tablet dicuri di parkiran pukul 09.30.",
        error_messages={"required": "Alasan wajib diisi."},
    )

    def save(self):
        return cut_off_device(device=self.device, by=self.by, reason=self.cleaned_data["reason"])


def next_label(label: str) -> str:
    """ "Meja 2" after "Meja 1"; a name without a number gets one."""
    found = LAST_NUMBER.match(label)
    return f"{found[1]}{int(found[2]) + 1}" if found else f"{label} 2"


def free_label(taken: set[str], start: str = "Meja 1") -> str:
    """The first name of the row that no tablet of the event has yet."""
    label = start
    while label in taken:
        label = next_label(label)
    return label
