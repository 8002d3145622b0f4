"""What the forms of this room share: a plain helper, native inputs, soft warnings, a refusal beside the fields."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms

from accounts.refusals import Refusal

from ..people import tidy


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **options):
        super().__init__(format="%H:%M", **options)


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%dT%H:%M", **options)


def plain_helper(*layout) -> FormHelper:
    """Fields only: the template writes form tag, token and buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper


def row(*names: str, wide: str = "") -> Row:
    """Fields side by side on wide screens; ``wide`` takes half of the line."""
    return Row(*[Column(name, css_class="col-md-6" if name == wide else "col-md") for name in names])


class TidyCharField(forms.CharField):
    """One line of text: what only looks empty is empty, invisible characters go, case stays."""

    def to_python(self, value):
        return tidy(super().to_python(value))


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows of a table; a number longer than any key is a wrong choice, not an error of the database."""

    LONGEST = 18  # digits that still fit a 64-bit key

    def _check_values(self, value):
        too_long = [pk for pk in map(str, value) if len(pk) > self.LONGEST]
        if too_long:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": too_long[0][:20]},
            )
        return super()._check_values(value)


class WarningsMixin(forms.Form):
    """Warn, do not forbid: ``self.warn(text)`` while cleaning; the form is valid once the box below is ticked."""

    accept_warnings = forms.BooleanField(
        required=False, label="Saya sudah memeriksanya. Simpan seperti yang tertulis."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        self.look_twice(cleaned)
        if self.warnings and not cleaned.get("accept_warnings"):
            self.add_error("accept_warnings", "Centang pernyataan ini, atau perbaiki data di atas.")
        return cleaned

    def look_twice(self, cleaned) -> None:
        """Call ``self.warn`` for what is odd but possible."""


def posted(request):
    """What a form is bound to: the data of a POST, even an empty one."""
    return request.POST if request.method == "POST" else None


def saved(form, **facts):
    """``form.save(**facts)`` of a valid form; a refusal of the deed stands above the fields and gives None."""
    if not form.is_valid():
        return None
    try:
        return form.save(**facts)
    except Refusal as refusal:
        form.add_error(None, [refusal.message, *refusal.issues])
        return None
