from django import forms

from ..models import Event
from ..steps import Step
from .base import plain_helper


class StepForm(forms.Form):
    """Confirmation of one step: a reason where it is needed, a tick where something speaks against it."""

    reason = forms.CharField(
        label="Alasan", max_length=300, error_messages={"required": "Alasan wajib diisi."}
    )
    accept_warnings = forms.BooleanField(
        label="Saya sudah membaca hal-hal di atas dan tetap melanjutkan.",
        error_messages={"required": "Centang pernyataan ini untuk melanjutkan."},
    )

    def __init__(self, *args, event: Event, step: Step, needs_tick: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.event, self.step = event, step
        if not step.needs_reason:
            del self.fields["reason"]
        if not needs_tick:
            del self.fields["accept_warnings"]
        self.helper = plain_helper(*self.fields)

    def save(self, *, by):
        return self.step.deed(
            event=self.event,
            by=by,
            reason=self.cleaned_data.get("reason", ""),
            accept_warnings=self.cleaned_data.get("accept_warnings", False),
        )
