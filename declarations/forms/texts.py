import re
from functools import reduce
from operator import or_

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from accounts.forms import DateInput
from regions.wording import long_date_no_day

from .. import texts
from ..evidence import DEFAULT_CONSENT
from ..legal import ELECTION_LABELS
from ..models import LegalBasis, TextVersion
from ..models.texts import Kind
from ..placeholders import LONGEST, label_of
from .base import ADDRESSEES, DeedForm, FilterForm

NUMBERING = re.compile(r"(\d{1,2})[.)]\s+")
LONGEST_PART = 6000


def points_of(text: str, kind: str) -> list[str]:
    """The points a person typed: one per line, in a Nota Kesepahaman one per paragraph.

    Numbers typed or pasted in front (1. 2. 3. …) are dropped when every point has its own.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = re.split(r"\n[ \t]*\n", text) if kind == Kind.MOU else text.split("\n")
    points = [part.strip() for part in parts if part.strip()]
    numbers = [match and match[1] for match in map(NUMBERING.match, points)]
    if numbers == [str(n) for n in range(1, len(points) + 1)]:
        points = [NUMBERING.sub("", point, count=1) for point in points]
    return points


class BasesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, basis):
        """The short name and what speaks against printing it."""
        ended = f"tidak berlaku sejak {long_date_no_day(basis.valid_to)}" if basis.valid_to else ""
        unsure = "" if basis.confirmed else "belum dikonfirmasi"
        return " · ".join(part for part in (basis.short, ended, unsure) if part)


class TextForm(DeedForm):
    """A new text of the office, or the draft ``version``."""

    kind = forms.ChoiceField(label="Jenis", choices=Kind.choices)
    title = forms.CharField(label="Judul", max_length=400)
    opening = forms.CharField(
        label="Pembuka",
        required=False,
        max_length=LONGEST_PART,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Contoh: Dalam rangka menyukseskan …, kami berikrar:",
    )
    points = forms.CharField(
        label="Butir",
        max_length=4 * LONGEST_PART,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Satu butir per baris, tanpa nomor. Pada Nota Kesepahaman setiap Pasal dipisahkan baris kosong "
        "dan baris pertamanya menjadi judul Pasal.",
    )
    closing = forms.CharField(
        label="Penutup", required=False, max_length=LONGEST_PART, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.CharField(
        label="Kalimat persetujuan",
        max_length=300,
        initial=DEFAULT_CONSENT,
        help_text="Dibaca penanda tangan tepat sebelum menandatangani.",
    )
    applies_to = forms.MultipleChoiceField(
        label="Untuk unsur",
        choices=ADDRESSEES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kosong berarti semua unsur. Kesiapan kegiatan memperingatkan bila ada yang tidak tercakup.",
    )
    legal_bases = BasesField(label="Dasar hukum", queryset=LegalBasis.objects.none(), required=False)
    source_note = forms.CharField(
        label="Catatan sumber",
        required=False,
        max_length=LONGEST_PART,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Tidak dicetak.",
    )

    def __init__(self, *args, office, by, version: TextVersion | None = None, **kwargs):
        super().__init__(*args, initial=_initial(version), **kwargs)
        self.office, self.by, self.version = office, by, version
        self.fields["legal_bases"].queryset = LegalBasis.objects.all()
        if version:
            del self.fields["kind"]
        kind = [] if version else ["kind"]
        self.helper.layout = Layout(
            Fieldset("Naskah", *kind, "title", "opening", "points", "closing", "consent"),
            Fieldset("Berlaku bagi", InlineCheckboxes("applies_to")),
            Fieldset("Dasar hukum", "legal_bases", "source_note"),
        )

    def clean(self):
        data = super().clean()
        kind = self.version.kind if self.version else data.get("kind")
        data["points"] = points_of(data.get("points", ""), kind)
        if len(data["points"]) > texts.MOST_POINTS:
            self.add_error("points", f"Paling banyak {texts.MOST_POINTS} butir.")
        return data

    def save(self) -> TextVersion:
        if self.version:
            return texts.change_version(version=self.version, by=self.by, **self.cleaned_data)
        return texts.create_text(office=self.office, by=self.by, **self.cleaned_data)


class FillForm(DeedForm):
    """One field per placeholder of the version."""

    def __init__(self, *args, version: TextVersion, office, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.version, self.office, self.by = version, office, by
        for name in version.open_placeholders:
            self.fields[name] = forms.CharField(label=label_of(name), max_length=LONGEST)

    def save(self) -> TextVersion:
        return texts.fill_placeholders(
            version=self.version, values=self.cleaned_data, office=self.office, by=self.by
        )


class ApprovalForm(DeedForm):
    note = forms.CharField(
        label="Catatan persetujuan",
        required=False,
        max_length=300,
        help_text="Misalnya: perbedaan dengan naskah rujukan sudah diperiksa.",
    )

    def __init__(self, *args, version: TextVersion, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.version, self.by = version, by

    def save(self) -> TextVersion:
        return texts.approve_version(version=self.version, by=self.by, note=self.cleaned_data["note"])


class TextFilter(FilterForm):
    jenis = forms.ChoiceField(label="Jenis", choices=[("", "Semua jenis"), *Kind.choices], required=False)
    unsur = forms.ChoiceField(label="Unsur", choices=[("", "Semua unsur"), *ADDRESSEES], required=False)
    milik = forms.ChoiceField(
        label="Milik",
        choices=[("", "Rujukan dan kantor"), ("rujukan", "Rujukan"), ("kantor", "Kantor")],
        required=False,
    )

    def filter(self, found):
        data = self.chosen
        if data.get("jenis"):
            found = found.filter(kind=data["jenis"])
        if data.get("milik"):
            found = found.filter(office__isnull=data["milik"] == "rujukan")
        if data.get("unsur"):
            versions = TextVersion.objects.filter(pledge_text=OuterRef("pk"))
            named = versions.annotate(named=Cast("applies_to", TextField()))
            found = found.filter(Exists(named.filter(named__contains=f'"{data["unsur"]}"')))
        return found


class LegalBasisFilter(FilterForm):
    q = forms.CharField(
        label="Cari",
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": "Singkatan, judul, pasal, atau pokok"}),
    )
    untuk = forms.ChoiceField(
        label="Untuk", choices=[("", "Pemilu dan Pemilihan"), *ELECTION_LABELS.items()], required=False
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Semua status"), ("berlaku", "Berlaku"), ("tidak", "Tidak berlaku")],
        required=False,
    )
    tanggal = forms.DateField(label="Pada tanggal", required=False, widget=DateInput())

    def filter(self, found):
        """Bases with ``in_force``; those chosen by what was typed."""
        data = self.chosen
        if words := data.get("q"):
            fields = ("short", "citation", "articles", "gist")
            found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": words}) for name in fields)))
        if data.get("untuk"):
            named = found.annotate(named=Cast("election_kinds", TextField()))
            found = named.filter(named__contains=f'"{data["untuk"]}"')
        if data.get("status"):
            found = found.filter(in_force=data["status"] == "berlaku")
        return found


def _initial(version: TextVersion | None) -> dict:
    if version is None:
        return {}
    between = "\n\n" if version.kind == Kind.MOU else "\n"
    return {
        "title": version.title,
        "opening": version.opening,
        "points": between.join(version.points),
        "closing": version.closing,
        "consent": version.consent,
        "applies_to": version.applies_to,
        "legal_bases": list(version.legal_bases.all()),
        "source_note": version.source_note,
    }
