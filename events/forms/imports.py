from django import forms

from ..importing import choose_columns, choose_table, keep_upload
from ..imports.headers import FIELDS, LONG_NUMBER, label
from ..imports.tables import HEADER_ROWS, MOST_BYTES, TOO_LARGE, Book, is_blank, letter, text_of
from ..models import Event, ImportUpload
from .base import plain_helper

SHOWN_CELLS, LONGEST_SHOWN = 6, 28


class ImportForm(forms.Form):
    """A file, or cells pasted from a spreadsheet: one of the two."""

    file = forms.FileField(
        label="Berkas",
        required=False,
        allow_empty_file=True,
        help_text="Excel (.xlsx, .xls), LibreOffice (.ods), .csv, atau .txt; paling besar 5 MB, 5.000 baris, dan 60 kolom.",
    )
    pasted = forms.CharField(
        label="Atau tempel dari Excel",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="Salin sel dari Excel beserta judul kolomnya, lalu tempel di sini.",
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.helper = plain_helper("file", "pasted")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("file") and not cleaned.get("pasted", "").strip():
            self.add_error("file", "Pilih berkas, atau tempel selnya di bawah.")
        return cleaned

    def save(self, *, by) -> ImportUpload:
        file = self.cleaned_data.get("file")
        data = file.read() if file else self.cleaned_data["pasted"].encode()
        name = file.name if file else "Tempelan dari Excel"
        return keep_upload(event=self.event, data=data, name=name, by=by)


class TableForm(forms.Form):
    """Which sheet holds the people, and which of its rows is the header."""

    sheet = forms.ChoiceField(label="Lembar", required=False)
    header = forms.TypedChoiceField(label="Baris judul kolom", coerce=int, required=False, empty_value=None)

    def __init__(self, *args, upload: ImportUpload, book: Book, **kwargs):
        super().__init__(*args, initial={"sheet": upload.sheet, "header": upload.header_row}, **kwargs)
        self.upload = upload
        self.fields["sheet"].choices = [
            (sheet.name, f"{sheet.name} (tersembunyi)" if sheet.is_hidden else sheet.name or "Berkas teks")
            for sheet in book.sheets
        ]
        self.fields["header"].choices = _header_choices(book.sheet(upload.sheet).rows)
        if len(book.sheets) == 1:
            del self.fields["sheet"]
        self.helper = plain_helper(*self.fields)

    def save(self, *, by) -> ImportUpload:
        sheet = self.cleaned_data.get("sheet", self.upload.sheet)
        # The rows that were offered are those of the sheet shown; of another one the header is looked for.
        header = self.cleaned_data.get("header") if sheet == self.upload.sheet else None
        return choose_table(upload=self.upload, sheet=sheet, header=header, by=by)


class ColumnsForm(forms.Form):
    """What each column of the file holds."""

    def __init__(self, *args, upload: ImportUpload, headers: list[str], samples: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.upload = upload
        choices = [("", "Tidak diimpor"), *((name, words) for name, (words, _) in FIELDS.items())]
        mapping = upload.columns
        for column in samples:
            title = label(headers, column) if headers[column] else f"Kolom {letter(column)}"
            self.fields[f"kolom_{column}"] = forms.ChoiceField(
                label=f"{letter(column)} · {title}" if headers[column] else title,
                choices=choices,
                required=False,
                initial=mapping.get(column, ""),
                help_text=f"Contoh isi: {samples[column]}" if samples[column] else "Kolom kosong",
            )
        self.helper = plain_helper(*self.fields)

    def save(self, *, by) -> ImportUpload:
        mapping = {int(name.rpartition("_")[2]): field for name, field in self.cleaned_data.items()}
        return choose_columns(upload=self.upload, mapping=mapping, by=by)


def samples_of(rows, header: int, headers: list[str]) -> dict[int, str]:
    """Column → its first content, for columns that have a header or content."""
    found = {}
    for column, name in enumerate(headers):
        cells = (text_of(row[column]).strip() for row in rows[header : header + 50] if column < len(row))
        sample = next(filter(None, cells), "")
        if name or sample:
            found[column] = _short(_veiled(sample))
    return found


def _veiled(sample: str) -> str:
    """Enough of a number to know what column it is of; the NIK of a column that is not even imported least of all."""
    return LONG_NUMBER.sub(lambda found: found[0][:4] + "•" * (len(found[0]) - 4), sample)


def skipped_rows(rows, header: int) -> list[tuple[int, str]]:
    """(number, words) of the rows above the header that are not empty."""
    return [
        (number, _words(row)) for number, row in enumerate(rows[: max(header - 1, 0)], 1) if not is_blank(row)
    ]


def _header_choices(rows) -> list[tuple[int, str]]:
    shown = [
        (number, f"Baris {number}: {_words(row)}")
        for number, row in enumerate(rows[:HEADER_ROWS], 1)
        if not is_blank(row)
    ]
    return [*shown, (0, "Tidak ada baris judul; semua baris adalah data")]


def _words(row) -> str:
    cells = [_short(" ".join(text_of(cell).split())) for cell in row if cell != ""]
    return " | ".join(cells[:SHOWN_CELLS]) + (" | …" if len(cells) > SHOWN_CELLS else "")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
