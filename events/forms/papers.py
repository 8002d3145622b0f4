from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import DateInput

from ..issuing import save_details
from ..models import Event, NoteRevision, PaperDraft
from ..note_rows import NoteConflict, kind_of, latest_of
from ..paper_kinds import EventPaper
from .base import TidyCharField, plain_helper


class LongTextField(forms.CharField):
    """Several lines; a line break counts as one character, as the browser counts it."""

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class DetailsForm(forms.Form):
    """What a person types for one kind of paper: date and classification of a numbered one, and its own fields."""

    date = forms.DateField(
        label="Tanggal surat",
        required=False,
        widget=DateInput(),
        help_text="Tercetak pada surat dan menentukan nomornya.",
    )
    classification = TidyCharField(label="Kode klasifikasi", required=False, max_length=40)

    def __init__(self, *args, event: Event, paper: EventPaper, **kwargs):
        self.event, self.paper = event, paper
        self.draft = PaperDraft.objects.filter(event=event, kind=paper.kind).select_related("number").first()
        super().__init__(*args, **kwargs)
        self.drafts = paper.drafts(event) if paper.drafts else {}
        for item in paper.details:
            self.fields[item.name] = self._field(item)
        self._remember_pads()
        self._prepare_number()
        self.helper = plain_helper(*self.fields)

    def _field(self, item):
        typed = self.draft.details.get(item.name) if self.draft else None
        widget = forms.Textarea({"rows": item.rows}) if item.rows > 1 else forms.TextInput()
        make = LongTextField if item.rows > 1 else TidyCharField
        return make(
            label=item.label,
            required=False,  # what is missing stands on the page; nothing typed is lost for it
            max_length=item.max_length,
            initial=self._first_words(item, typed),
            help_text=item.help_text,
            widget=widget,
        )

    def _first_words(self, item, typed: str | None) -> str:
        """What was typed; a chapter that was never saved, or must be filled and is not, begins with the draft."""
        if typed or (typed is not None and not item.required):
            return typed
        return self.drafts.get(item.name) or (item.initial if typed is None else "")

    def drafted(self) -> list[dict]:
        """Chapters with first words from the data: {label, text, standing}; what was typed is never touched."""
        return [
            {"label": self.fields[name].label, "text": text, "standing": self._standing(name, text)}
            for name, text in self.drafts.items()
            if text and name in self.fields
        ]

    def _standing(self, name: str, text: str) -> str:
        typed = (self.draft.details.get(name) if self.draft else "") or ""
        if not typed:
            return "disusun dari data, belum disimpan"
        return "sama dengan data" if typed == text else "berbeda dari data; teks Anda dipertahankan"

    def _remember_pads(self) -> None:
        """A chapter that has a pad of the day carries the number of the text that was seen here."""
        self.newer: NoteRevision | None = None
        self.pads = {f"{item.name}_revisi": item.name for item in self.paper.details}
        self.pads = {hidden: name for hidden, name in self.pads.items() if kind_of(self.paper.kind, name)}
        for hidden, name in self.pads.items():
            seen = latest_of(self.event, kind_of(self.paper.kind, name)).number
            self.fields[hidden] = forms.IntegerField(
                required=False, initial=seen, widget=forms.HiddenInput(), min_value=0, max_value=10**8
            )

    def _prepare_number(self) -> None:
        if not self.paper.numbered:
            del self.fields["date"], self.fields["classification"]
            return
        self.fields["date"].initial = self.draft.date if self.draft else None
        self.fields["classification"].initial = (
            self.draft and self.draft.classification
        ) or self.paper.classification
        if self.draft and self.draft.number:
            for name in ("date", "classification"):
                self.fields[name].disabled = True
            self.fields["date"].help_text = f"Nomor {self.draft.number.text} sudah dipesan untuk tanggal ini."

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day and self.event.date and abs((self.event.date - day).days) > 366:
            raise ValidationError("Tanggal surat lebih dari setahun dari tanggal kegiatan. Periksa tahunnya.")
        return day

    def save(self, *, by) -> PaperDraft:
        data = self.cleaned_data
        seen = {name: data[hidden] for hidden, name in self.pads.items() if data.get(hidden) is not None}
        try:
            return save_details(
                event=self.event,
                kind=self.paper.kind,
                by=by,
                date=data.get("date"),
                classification=data.get("classification", ""),
                details={item.name: data[item.name].strip() for item in self.paper.details},
                bases=seen,
            )
        except NoteConflict as conflict:
            self.newer = conflict.latest
            self._see_newer(conflict.latest)
            raise

    def _see_newer(self, latest: NoteRevision) -> None:
        """The page shows what was saved meanwhile; the next save knows of it."""
        self.data = self.data.copy()
        for hidden, name in self.pads.items():
            if kind_of(self.paper.kind, name) == latest.kind:
                self.data[hidden] = str(latest.number)
