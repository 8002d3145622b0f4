from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from ..models import EventPhoto
from ..photo_files import LARGEST_UPLOAD, TOO_LARGE, clean_photo
from ..photos import add_photo, change_photo
from .base import DateTimeInput, TidyCharField, plain_helper

MOST_AT_ONCE = 20
LARGEST_BATCH = 100 * 1024 * 1024  # bytes; the proxy refuses more


class Added(NamedTuple):
    """What became of the files of one upload: how many kept, how many known before, a sentence for each refused."""

    kept: int
    known: int
    refused: list[str]


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files; each is judged on its own, so that one bad file never loses the others."""

    def clean(self, data, initial=None):
        files = [file for file in data or [] if file]
        if not files:
            raise ValidationError("Pilih satu foto atau lebih.", code="required")
        if len(files) > MOST_AT_ONCE:
            raise ValidationError(
                f"Paling banyak {MOST_AT_ONCE} foto sekali kirim; Anda memilih {len(files)}."
            )
        if sum(file.size for file in files) > LARGEST_BATCH:
            raise ValidationError("Semua foto bersama lebih besar dari 100 MB. Kirim dalam beberapa bagian.")
        return files


class PhotosForm(forms.Form):
    """Photos straight from a phone; captions and order can follow later."""

    photos = PhotosField(
        label="Foto",
        widget=SeveralFiles({"accept": "image/jpeg,image/png"}),
        help_text=f"JPEG atau PNG, masing-masing paling besar 15 MB, sampai {MOST_AT_ONCE} foto sekaligus.",
    )
    caption = TidyCharField(
        label="Keterangan",
        max_length=200,
        required=False,
        help_text="Berlaku untuk semua foto yang dipilih; dapat diubah satu per satu sesudahnya.",
    )

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.helper = plain_helper("photos", "caption")

    def save(self, *, by) -> Added:
        kept = known = 0
        refused = []
        for file in self.cleaned_data["photos"]:
            try:
                upload = self._read(file)
                photo = clean_photo(upload)
            except ValueError as problem:
                refused.append(f"“{file.name[:80]}” {problem}.")
                continue
            caption = self.cleaned_data["caption"]
            row = add_photo(event=self.event, upload=upload, photo=photo, caption=caption, by=by)
            kept, known = kept + bool(row), known + (not row)
        return Added(kept, known, refused)

    def _read(self, file) -> bytes:
        if file.size > LARGEST_UPLOAD:
            raise ValueError(TOO_LARGE)
        return file.read()


class PhotoForm(forms.ModelForm):
    class Meta:
        model = EventPhoto
        fields = ["caption", "taken_at", "is_printed"]
        field_classes = {"caption": TidyCharField}
        widgets = {"taken_at": DateTimeInput()}
        help_texts = {
            "caption": "Apa yang terlihat, misalnya “Camat Cerme menandatangani deklarasi”.",
            "taken_at": "Menurut zona waktu kegiatan; boleh kosong.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        event = self.instance.event
        if self.instance.taken_at:
            self.initial["taken_at"] = self.instance.taken_at.astimezone(event.zone).replace(tzinfo=None)
        self.helper = plain_helper("caption", "taken_at", "is_printed")

    def clean_taken_at(self):
        """What was typed is the wall clock of the event, whatever the zone of the office."""
        typed = self.cleaned_data["taken_at"]
        return typed.replace(tzinfo=self.instance.event.zone) if typed else None

    def save(self, *, by) -> EventPhoto:
        fields = {name: self.cleaned_data[name] for name in self._meta.fields}
        return change_photo(photo=self.instance, by=by, **fields)
