"""A word with the report on its way up, and what has to be mended on its way back."""

from django import forms

from ..submitting import NO_REASON, return_submission, submit_event
from .base import TidyCharField, plain_helper


class SubmitForm(forms.Form):
    note = TidyCharField(
        label="Catatan untuk penerima",
        max_length=500,
        required=False,
        help_text="Opsional. Contoh: rekapitulasi menyusul.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("note")

    def save(self, *, event, by):
        return submit_event(event=event, by=by, **self.cleaned_data)


class ReturnForm(forms.Form):
    reason = TidyCharField(
        label="Yang harus diperbaiki",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_REASON},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("reason")

    def save(self, *, submission, by):
        return return_submission(submission=submission, by=by, **self.cleaned_data)
