"""Forms around personal links: filter of the list, room code."""

from django import forms
from django.db.models import Q

from events.models import Attendee, Event
from events.rooms import MOST_MINUTES, MOST_USES, open_room_code

from ..link_list import LINK_STATES, OF_STATE
from .base import DeedForm, FilterForm

FEWEST_USES = 10


class LinkFilter(FilterForm):
    """States by GET, names by POST, so that they reach neither an address bar nor a log."""

    hadir = forms.ChoiceField(
        label="Kehadiran",
        required=False,
        choices=[("", "Daring"), ("semua", "Semua peserta"), ("onsite", "Hadir langsung")],
    )
    tautan = forms.ChoiceField(
        label="Tautan", required=False, choices=[("", "Semua status"), *LINK_STATES.items()]
    )
    tanda = forms.ChoiceField(
        label="Tanda tangan",
        required=False,
        choices=[("", "Semua"), ("belum", "Belum tercatat"), ("sudah", "Sudah tercatat")],
    )
    cari = forms.CharField(
        label="Cari", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    def filter(self, people):
        wanted = self.chosen
        if wanted.get("hadir", "") != "semua":
            people = people.filter(presence=wanted.get("hadir") or Attendee.Presence.REMOTE)
        if wanted.get("tautan"):
            people = people.filter(OF_STATE[wanted["tautan"]])
        if wanted.get("tanda"):
            done = Q(signed=True) | Q(refused=True)
            people = people.filter(done if wanted["tanda"] == "sudah" else ~done)
        if text := wanted.get("cari", "").strip():
            fields = ("full_name", "position", "agency", "village__name")
            match = Q()
            for field in fields:
                match |= Q(**{f"{field}__icontains": text})
            people = people.filter(match)
        return people


class RoomCodeForm(DeedForm):
    minutes = forms.IntegerField(label="Berlaku (menit)", min_value=1, max_value=MOST_MINUTES, initial=60)
    limit = forms.IntegerField(
        label="Paling banyak dipakai oleh (tautan)", min_value=1, max_value=MOST_USES, initial=FEWEST_USES
    )

    def __init__(self, *args, event: Event, by=None, links: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self.event, self.by = event, by
        self.fields["limit"].initial = max(links, FEWEST_USES)

    def save(self):
        values = self.cleaned_data
        return open_room_code(event=self.event, minutes=values["minutes"], limit=values["limit"], by=self.by)
