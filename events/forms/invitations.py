from django import forms

from ..answers import ANSWERS, StandIn, answer_invitation, invited_person
from ..models import Attendee
from .base import TidyCharField, plain_helper


class AnswerForm(forms.Form):
    """An answer that came by telephone or on paper."""

    answer = forms.ChoiceField(
        label="Jawaban", choices=[(each.value, each.label) for each in ANSWERS], widget=forms.RadioSelect
    )
    name = TidyCharField(
        label="Nama yang mewakili", max_length=120, required=False, help_text="Hanya bila diwakili."
    )
    position = TidyCharField(label="Jabatan yang mewakili", max_length=200, required=False)
    letter_no = TidyCharField(label="Nomor surat tugas", max_length=80, required=False)

    def __init__(self, *args, attendee: Attendee, **kwargs):
        self.attendee = attendee
        self.invited = invited_person(attendee)
        initial = {}
        if attendee.invitation in ANSWERS:
            initial["answer"] = attendee.invitation
        if attendee.invitation == Attendee.Invitation.REPRESENTED:
            initial |= {
                "name": attendee.full_name,
                "position": attendee.position,
                "letter_no": attendee.letter_no,
            }
        super().__init__(*args, initial=initial, **kwargs)
        self.helper = plain_helper("answer", "name", "position", "letter_no")

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == Attendee.Invitation.REPRESENTED and not cleaned.get("name"):
            self.add_error("name", "Tuliskan nama yang mewakili.")
        return cleaned

    def save(self, *, by) -> Attendee:
        data = self.cleaned_data
        return answer_invitation(
            attendee=self.attendee,
            answer=data["answer"],
            by=by,
            stand_in=StandIn(data["name"], data["position"], data["letter_no"]),
        )
