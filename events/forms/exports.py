from django import forms

from accounts.column_choice import chosen_columns

from ..attendee_columns import USUAL, labels
from ..exports import NO_COLUMN, NO_REASON, TABLE, export_attendees
from ..models import Event
from .base import TidyCharField, plain_helper

ENDINGS = [("xlsx", "Excel (XLSX)"), ("csv", "CSV (titik koma)")]


class AttendeeExportForm(forms.Form):
    """Which columns, in which kind of file, and why the numbers in full."""

    ending = forms.ChoiceField(label="Bentuk berkas", choices=ENDINGS, widget=forms.RadioSelect)
    columns = forms.MultipleChoiceField(
        label="Kolom",
        choices=labels(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NO_COLUMN},
        help_text="Pilihan ini diingat untuk unduhan berikutnya.",
    )
    in_full = forms.BooleanField(
        label="Tulis NIP/NRP dan nomor HP secara lengkap",
        required=False,
        help_text="Tanpa centang, nomor tertulis tersamar.",
    )
    reason = TidyCharField(
        label="Alasan menulis nomor lengkap",
        max_length=300,
        required=False,
        help_text="Wajib untuk nomor lengkap. Dicatat dalam riwayat kegiatan bersama nama dan waktu.",
    )

    def __init__(self, *args, event: Event, by, may_unmask: bool, **kwargs):
        initial = {"ending": "xlsx", "columns": chosen_columns(by, TABLE, USUAL)}
        super().__init__(*args, initial=initial, **kwargs)
        self.event = event
        names = ["ending", "columns", "in_full", "reason"]
        if not may_unmask:
            for name in ("in_full", "reason"):
                del self.fields[name]
                names.remove(name)
        self.helper = plain_helper(*names)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("in_full") and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", NO_REASON)
        return cleaned

    def save(self, *, by, rows, about):
        cleaned = self.cleaned_data
        return export_attendees(
            event=self.event,
            rows=rows,
            keys=cleaned["columns"],
            ending=cleaned["ending"],
            by=by,
            in_full=cleaned.get("in_full", False),
            reason=cleaned.get("reason", ""),
            about=about,
        )
