import re
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError

from ..scans import LARGEST_UPLOAD, TOO_LARGE, clean_pages
from ..sheets import MOST_EMPTY, attach_scan, prepare_sheets
from .base import TimeInput, plain_helper

ROWS_HELP = "Tulis nomor baris yang ditandatangani, misalnya 1-12, 14, 16."
MOST_DIGITS = 5


class SheetsForm(forms.Form):
    empty = forms.IntegerField(
        label="Baris kosong tambahan",
        min_value=0,
        max_value=MOST_EMPTY,
        initial=10,
        help_text="Untuk yang datang tanpa undangan. Lembar terakhir selalu diisi penuh.",
    )

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.helper = plain_helper("empty")

    def save(self, *, by):
        return prepare_sheets(event=self.event, by=by, empty=self.cleaned_data["empty"])


class ScanForm(forms.Form):
    """A signed sheet that came back: the picture, which rows are signed, and since when they were there."""

    scan = forms.FileField(
        label="Pindaian lembar",
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,application/pdf"}),
        help_text="JPEG, PNG, atau PDF hasil pindai, paling besar 10 MB.",
        error_messages={"required": "Pilih berkas pindaian lembar ini.", "empty": "Berkas ini kosong."},
    )
    rows = forms.CharField(label="Baris yang ditandatangani", max_length=200, help_text=ROWS_HELP)
    hour = forms.TimeField(label="Hadir pukul", widget=TimeInput(), help_text="Menurut zona waktu kegiatan.")

    def __init__(self, *args, sheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        start = sheet.event.starts_at
        self.fields["hour"].initial = start.astimezone(sheet.event.zone).time() if start else None
        self.helper = plain_helper("scan", "rows", "hour")

    def clean_scan(self):
        upload = self.cleaned_data["scan"]
        if upload.size > LARGEST_UPLOAD:
            raise ValidationError(TOO_LARGE)
        self.upload = upload.read()
        try:
            self.pages = clean_pages(self.upload)
        except ValueError as problem:
            raise ValidationError(str(problem)) from None
        return upload

    def clean_rows(self) -> list[int]:
        return rows_of(self.cleaned_data["rows"], self.sheet)

    def save(self, *, by) -> list[int]:
        day = self.sheet.event.date or self.sheet.made_at.astimezone(self.sheet.event.zone).date()
        at = datetime.combine(day, self.cleaned_data["hour"], self.sheet.event.zone)
        rows, pages = self.cleaned_data["rows"], self.pages
        unknown = attach_scan(
            sheet=self.sheet, upload=self.upload, pages=pages, rows=rows, occurred_at=at, by=by
        )
        self.unknown_rows = unknown
        return rows


def rows_of(text: str, sheet) -> list[int]:
    """ "1-3, 5" → [1, 2, 3, 5]; ValidationError for what is no row of this sheet."""
    found = []
    for piece in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text))):
        match = re.fullmatch(rf"([0-9]{{1,{MOST_DIGITS}}})(?:-([0-9]{{1,{MOST_DIGITS}}}))?", piece)
        if not match:
            raise ValidationError(f"“{piece[:20]}” bukan nomor baris. {ROWS_HELP}")
        first, last = int(match[1]), int(match[2] or match[1])
        if not sheet.first_row <= first <= last <= sheet.last_row:
            raise ValidationError(
                f"Lembar ini memuat baris {sheet.first_row} sampai {sheet.last_row}. Periksa “{piece}”."
            )
        found += range(first, last + 1)
    if not found:
        raise ValidationError(ROWS_HELP)
    return sorted(set(found))
