from django import forms

from ..corrections import correct_name
from ..models import NameCorrection, Signatory
from .base import DeedForm


class NameForm(DeedForm):
    """The right name with its titles; of somebody who stood in for another the whole name in one line."""

    title_prefix = forms.CharField(label="Gelar depan", max_length=60, required=False)
    full_name = forms.CharField(label="Nama lengkap", max_length=120)
    title_suffix = forms.CharField(label="Gelar belakang", max_length=80, required=False)
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        help_text="Misalnya: gelar keliru pada undangan. Alasan tersimpan bersama dokumen.",
    )

    def __init__(self, *args, signatory: Signatory, by, **kwargs):
        person = signatory.attendee
        own = person.printed_name == signatory.name
        names = ("title_prefix", "full_name", "title_suffix")
        initial = {name: getattr(person, name) for name in names} if own else {"full_name": signatory.name}
        super().__init__(*args, initial=initial, **kwargs)
        self.signatory, self.by = signatory, by
        if not own:
            self.fields["full_name"].max_length = 260
            self.fields["full_name"].widget.attrs["maxlength"] = "260"
            del self.fields["title_prefix"], self.fields["title_suffix"]

    def save(self) -> NameCorrection:
        return correct_name(signatory=self.signatory, by=self.by, **self.cleaned_data)
