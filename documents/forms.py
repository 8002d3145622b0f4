import django_filters
from crispy_forms.helper import FormHelper
from django import forms

from accounts.access import offices_where
from accounts.roles import Permission

from . import papers, register, sealing
from .models import Document

MAX_UPLOAD = 30 * 1024 * 1024


class ArchiveFilter(django_filters.FilterSet):
    """Filters of the archive; a wrong value gets a message and filters nothing."""

    q = django_filters.CharFilter(label="Nomor, judul, atau kegiatan", method="search")
    event = django_filters.CharFilter(label="Kode kegiatan", method="of_event")
    post = django_filters.CharFilter(label="Jabatan penanda tangan", method="signed_by")
    kind = django_filters.ChoiceFilter(label="Jenis", empty_label="Semua jenis")
    office = django_filters.ModelChoiceFilter(label="Kantor", empty_label="Semua kantor", queryset=None)
    first = django_filters.DateFilter(
        label="Disegel sejak", method="since", widget=forms.DateInput({"type": "date"})
    )
    last = django_filters.DateFilter(
        label="Disegel sampai", method="until", widget=forms.DateInput({"type": "date"})
    )
    state = django_filters.ChoiceFilter(
        label="Keadaan", choices=Document.State.choices, empty_label="Semua keadaan"
    )

    class Meta:
        model = Document
        fields = ["q", "event", "post", "kind", "office", "first", "last", "state"]

    def __init__(self, data=None, queryset=None, *, request):
        super().__init__(data, queryset, request=request)
        self.filters["kind"].extra["choices"] = papers.choices()
        self.filters["office"].queryset = offices_where(request.user, Permission.DOCUMENT_VIEW)

    def search(self, queryset, name, value):
        return queryset.search(value.strip())

    def of_event(self, queryset, name, value):
        return queryset.filter(event_code=value.strip().upper())

    def signed_by(self, queryset, name, value):
        return queryset.signed_by_post(value)

    def since(self, queryset, name, value):
        return queryset.sealed_between(first=value)

    def until(self, queryset, name, value):
        return queryset.sealed_between(last=value)


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="Alasan pencabutan",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Alasan ini tampil di halaman verifikasi yang terbuka untuk umum. Jangan menuliskan nama orang.",
    )

    def __init__(self, *args, document: Document, **kwargs):
        super().__init__(*args, **kwargs)
        self.document = document
        self.helper = FormHelper()
        self.helper.form_tag = False

    def save(self, *, by) -> Document:
        return sealing.void_document(document=self.document, reason=self.cleaned_data["reason"], by=by)


class HashForm(forms.Form):
    """The 64 digits a browser has computed from a file."""

    sidik = forms.CharField(label="Sidik digital (SHA-256)", max_length=100)

    def clean_sidik(self) -> str:
        digits = "".join(self.cleaned_data["sidik"].split()).lower()
        if not register.is_sha256(digits):
            raise forms.ValidationError("Sidik digital terdiri dari 64 angka dan huruf a–f.")
        return digits


class UploadForm(forms.Form):
    berkas = forms.FileField(
        label="Berkas PDF",
        help_text="Paling besar 30 MB.",
        widget=forms.ClearableFileInput({"accept": "application/pdf,.pdf"}),
        error_messages={"required": "Pilih berkas PDF yang hendak diperiksa.", "empty": "Berkas ini kosong."},
    )
    token = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_berkas(self):
        file = self.cleaned_data["berkas"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError("Berkas lebih besar dari 30 MB. Periksa lewat sidik digitalnya.")
        return file
