from datetime import datetime

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.db.models import Max, OuterRef, Q, Subquery

from accounts.forms import DateInput
from accounts.writing import writing
from events.forms.base import TidyCharField
from events.models import Category, Event
from events.models.attendees import CATEGORY_GROUPS

from .. import planning, signing, texts
from ..models import Declaration, Party, Signatory, TextVersion, Witness
from ..models.declarations import SigningMode
from ..models.texts import Kind
from ..placeholders import LONGEST, label_of
from .base import DeedForm, FilterForm

GROUP_CHOICES = [("", "–"), *((key, label) for key, (label, _) in CATEGORY_GROUPS.items())]
BLOCS = range(1, 7)


class TextVersionField(forms.ModelChoiceField):
    def label_from_instance(self, version):
        waiting = "" if version.is_approved else " · menunggu persetujuan"
        return f"{version.title} (versi {version.number}){waiting}"


class AttendeeField(forms.ModelChoiceField):
    def label_from_instance(self, attendee):
        return " – ".join(part for part in (attendee.printed_name, attendee.position) if part)


class DeclarationForm(DeedForm):
    """One paper of the event in one form; a text with placeholders is filled on the way."""

    text_version = TextVersionField(
        label="Naskah", queryset=TextVersion.objects.none(), empty_label="Pilih naskah"
    )
    tahun = forms.CharField(label="Tahun", required=False, max_length=LONGEST)
    nama_pemilihan = forms.CharField(label="Nama Pemilu atau Pemilihan", required=False, max_length=LONGEST)
    kind = forms.ChoiceField(label="Jenis", choices=[("", "Sesuai naskah"), *Kind.choices], required=False)
    signing_mode = forms.ChoiceField(
        label="Cara penandatanganan",
        choices=[("", "Sesuai jenis"), *SigningMode.choices],
        required=False,
        help_text="Nota Kesepahaman selalu dua pihak, Pakta Integritas selalu perorangan.",
    )
    requires_reading = forms.BooleanField(
        label="Dibacakan bersama sebelum ditandatangani",
        required=False,
        help_text="Penandatanganan terbuka setelah pembacaan dicatat.",
    )
    categories = forms.MultipleChoiceField(
        label="Unsur penanda tangan",
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kosong berarti semua unsur yang dicakup naskah.",
    )
    number = forms.CharField(
        label="Nomor naskah",
        required=False,
        max_length=80,
        help_text="Isi hanya bila nomornya sudah diambil di luar aplikasi.",
    )
    reserve_number = forms.BooleanField(label="Ambil nomor berikutnya dari buku nomor kantor", required=False)
    classification = forms.CharField(
        label="Kode klasifikasi",
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"list": "daftar-klasifikasi", "autocomplete": "off"}),
        help_text="Kosong berarti kode baku menurut jenisnya.",
    )
    subject = forms.CharField(
        label="Tentang", required=False, max_length=400, help_text="Untuk Nota Kesepahaman: TENTANG …"
    )
    place = forms.CharField(
        label="Tempat", required=False, max_length=120, help_text="Dicetak di depan tanggal, misalnya Cerme."
    )
    date = forms.DateField(
        label="Tanggal naskah",
        required=False,
        widget=DateInput(),
        help_text="Kosong berarti tanggal kegiatan.",
    )
    identity_print = forms.ChoiceField(
        label="Nomor identitas pada naskah",
        choices=Declaration.IdentityPrint.choices,
        initial=Declaration.IdentityPrint.NONE,
        help_text="Cetak hanya bila diminta; nomor yang disamarkan cukup untuk membedakan orang.",
    )
    order = forms.IntegerField(
        label="Urutan dalam kegiatan",
        required=False,
        min_value=1,
        max_value=99,
        help_text="Angka kecil tampil lebih dulu di tablet dan layar.",
    )

    def __init__(self, *args, event: Event, by, declaration: Declaration | None = None, **kwargs):
        super().__init__(*args, initial=_initial(event, declaration), **kwargs)
        self.event, self.by, self.declaration = event, by, declaration
        for n in BLOCS:
            self.fields[f"bloc_{n}"] = forms.ChoiceField(
                label=f"Kelompok {n}", choices=GROUP_CHOICES, required=False
            )
        self.fields["text_version"].queryset = usable_versions(event, declaration)
        self.fields["text_version"].choices = _grouped(self.fields["text_version"])
        if declaration or event.is_template or not event.office.letter_code:
            del self.fields["reserve_number"]
        self.helper.layout = _layout(self.fields)

    def clean(self):
        data = super().clean()
        data["blocs"] = [data[f"bloc_{n}"] for n in BLOCS if data.get(f"bloc_{n}")]
        if len(set(data["blocs"])) < len(data["blocs"]):
            self.add_error("bloc_1", "Setiap kelompok hanya boleh dipilih satu kali.")
        version = data.get("text_version")
        data["kind"] = data.get("kind") or (version.kind if version else "")
        data["signing_mode"] = data.get("signing_mode") or planning.default_mode(data["kind"])
        if version:
            self._check_placeholders(version, data)
        if data.get("reserve_number") and data.get("number"):
            self.add_error("number", "Isi nomor sendiri atau ambil dari buku nomor, jangan keduanya.")
        if data.get("reserve_number") and not (data.get("date") or self.event.date):
            self.add_error("date", "Isi tanggal naskah sebelum mengambil nomor.")
        return data

    def _check_placeholders(self, version: TextVersion, data: dict) -> None:
        for name in version.open_placeholders:
            if name not in self.fields:
                self.add_error(
                    "text_version",
                    f"Naskah ini memuat isian {label_of(name)}. Lengkapi naskahnya lebih dahulu.",
                )
            elif not data.get(name):
                self.add_error(name, "Naskah yang dipilih memerlukan isian ini.")

    def save(self) -> Declaration:
        """Fill the text, add or change the paper, take a number: all or nothing."""
        data = self.cleaned_data
        names = (
            "signing_mode",
            "requires_reading",
            "categories",
            "blocs",
            "number",
            "subject",
            "identity_print",
        )
        fields = {name: data[name] for name in ("kind", *names)}
        fields |= {name: data[name] for name in ("classification", "place", "date", "order") if data[name]}
        with writing():
            values = {name: data[name] for name in ("tahun", "nama_pemilihan")}
            fields["text_version"] = texts.fill_placeholders(
                version=data["text_version"], values=values, office=self.event.office, by=self.by
            )
            if self.declaration:
                return planning.change_declaration(declaration=self.declaration, by=self.by, **fields)
            added = planning.add_declaration(event=self.event, by=self.by, **fields)
            if data.get("reserve_number"):
                added = planning.reserve_paper_number(declaration=added, by=self.by)
            return added


class PartiesForm(DeedForm):
    """Exactly two sides; field names end in 1 and 2."""

    NAMES = ("institution", "representative_name", "position", "address", "number")

    def __init__(self, *args, declaration: Declaration, by, **kwargs):
        parties = {party.order: party for party in declaration.parties.all()}
        super().__init__(*args, initial=_party_initial(parties), **kwargs)
        self.declaration, self.by = declaration, by
        attendees = declaration.event.attendees.expected().in_order()
        for order in (1, 2):
            for name in self.NAMES:
                model_field = Party._meta.get_field(name)
                self.fields[f"{name}_{order}"] = TidyCharField(
                    label=str(model_field.verbose_name).capitalize(),
                    max_length=model_field.max_length,
                    required=name in ("institution", "representative_name", "position"),
                )
            self.fields[f"attendee_{order}"] = AttendeeField(
                label="Penanda tangan dari daftar peserta",
                queryset=attendees,
                required=False,
                empty_label="Belum dipilih",
            )
        self.helper.layout = Layout(
            Fieldset("PIHAK KESATU", *(f"{name}_1" for name in (*self.NAMES, "attendee"))),
            Fieldset("PIHAK KEDUA", *(f"{name}_2" for name in (*self.NAMES, "attendee"))),
        )

    def clean(self):
        data = super().clean()
        if data.get("attendee_1") and data.get("attendee_1") == data.get("attendee_2"):
            self.add_error("attendee_2", "Satu orang tidak dapat mewakili kedua pihak.")
        return data

    def save(self) -> list[Party]:
        data = self.cleaned_data
        parties = [{name: data[f"{name}_{n}"] for name in (*self.NAMES, "attendee")} for n in (1, 2)]
        return planning.set_parties(declaration=self.declaration, parties=parties, by=self.by)


class WitnessForm(DeedForm):
    role = forms.ChoiceField(label="Sebagai", choices=Witness.Role.choices)
    name = TidyCharField(label="Nama", max_length=200)
    position = TidyCharField(label="Jabatan", max_length=200, required=False)
    agency = TidyCharField(label="Instansi", max_length=200, required=False)

    def __init__(self, *args, declaration: Declaration, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.declaration, self.by = declaration, by

    def save(self) -> Witness:
        return planning.add_witness(declaration=self.declaration, by=self.by, **self.cleaned_data)


class ReadingForm(DeedForm):
    """Who led the reading, at which hour of the event's day, and whether everybody followed."""

    led_by_name = TidyCharField(label="Dibacakan oleh", max_length=200)
    led_by_position = TidyCharField(label="Jabatan", max_length=200, required=False)
    at = forms.TimeField(
        label="Pukul",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H.%M"],
    )
    followed_by_all = forms.BooleanField(label="Diikuti seluruh peserta", required=False)

    def __init__(self, *args, declaration: Declaration, by, now: datetime, **kwargs):
        super().__init__(*args, initial=_reading_initial(declaration, now), **kwargs)
        self.declaration, self.by, self.now = declaration, by, now

    def clean_at(self) -> datetime:
        """The moment in the zone of the event, on its day."""
        event = self.declaration.event
        day = event.date or self.now.astimezone(event.zone).date()
        return datetime.combine(day, self.cleaned_data["at"], tzinfo=event.zone)

    def save(self) -> Declaration:
        return signing.record_reading(declaration=self.declaration, by=self.by, **self.cleaned_data)


class SignatoryFilter(FilterForm):
    """A name is asked for by POST, so that it reaches neither an address bar nor a log."""

    keterangan = forms.ChoiceField(
        label="Keterangan", choices=[("", "Semua keterangan"), *Signatory.Outcome.choices], required=False
    )
    unsur = forms.ChoiceField(
        label="Unsur",
        choices=[("", "Semua unsur"), *((key, label) for key, (label, _) in CATEGORY_GROUPS.items())],
        required=False,
    )
    cari = forms.CharField(label="Cari nama, jabatan, atau desa", max_length=80, required=False)

    def filter(self, found):
        data = self.chosen
        if data.get("keterangan"):
            found = found.filter(outcome=data["keterangan"])
        if data.get("unsur"):
            found = found.filter(category__in=CATEGORY_GROUPS[data["unsur"]][1])
        for word in data.get("cari", "").split():
            found = found.filter(
                Q(name__icontains=word) | Q(position__icontains=word) | Q(village__icontains=word)
            )
        return found


def usable_versions(event: Event, declaration: Declaration | None = None):
    """Versions to choose from: the newest approved one of each reference text, every published one of the office."""
    usable = TextVersion.objects.usable_by(event.office)
    newest = (
        usable.filter(pledge_text=OuterRef("pledge_text"))
        .order_by()
        .values("pledge_text")
        .annotate(newest=Max("number"))
        .values("newest")
    )
    wanted = Q(pledge_text__office=event.office) | Q(number=Subquery(newest))
    if declaration:
        wanted |= Q(pk=declaration.text_version_id)
    return usable.filter(wanted).select_related("pledge_text").order_by("pledge_text__title", "-number")


def _grouped(field: TextVersionField) -> list:
    """Own texts first, then national ones."""
    own, national = [], []
    for version in field.queryset:
        group = national if version.pledge_text.is_reference else own
        group.append((version.pk, field.label_from_instance(version)))
    groups = [(name, rows) for name, rows in (("Naskah kantor", own), ("Naskah rujukan", national)) if rows]
    return [("", field.empty_label), *groups]


def _initial(event: Event, declaration: Declaration | None) -> dict:
    values = _election_values(event)
    if declaration is None:
        return values | {"place": planning.default_place(event), "date": event.date}
    blocs = {f"bloc_{n}": key for n, key in enumerate(declaration.blocs, 1)}
    stored = {name: getattr(declaration, name) for name in planning.CHANGEABLE if name != "blocs"}
    return values | blocs | stored


def _election_values(event: Event) -> dict:
    """What the placeholders most likely stand for: the elections of the event and the year of the vote."""
    elections = list(event.elections.all())
    years = sorted({str(election.voting_date.year) for election in elections})
    return {
        "tahun": " dan ".join(years),
        "nama_pemilihan": " dan ".join(str(election) for election in elections),
    }


def _party_initial(parties: dict[int, Party]) -> dict:
    names = (*PartiesForm.NAMES, "attendee")
    return {f"{name}_{order}": getattr(party, name) for order, party in parties.items() for name in names}


def _reading_initial(declaration: Declaration, now: datetime) -> dict:
    event = declaration.event
    reader = event.people.filter(role="pembaca_ikrar").first()
    at = declaration.read_at or now
    return {
        "led_by_name": declaration.read_by_name or (reader.printed_name if reader else ""),
        "led_by_position": declaration.read_by_position or (reader.position if reader else ""),
        "at": at.astimezone(event.zone).time(),
        "followed_by_all": declaration.read_followed_by_all,
    }


# Native and closed unless blocs are chosen: most papers have none.
BLOCS_OPEN = (
    "<details class='mb-3'{% if form.bloc_1.value %} open{% endif %}>"
    "<summary>Urutan kelompok pada naskah (untuk cara Per kelompok)</summary><div class='pt-3'>"
)


def _layout(fields) -> Layout:
    blocs = [Column(f"bloc_{n}") for n in BLOCS]
    number = ["number", "reserve_number"] if "reserve_number" in fields else ["number"]
    return Layout(
        Fieldset(
            "Naskah",
            "text_version",
            HTML(
                '<p class="form-text">Bila naskah memuat {tahun} atau {nama_pemilihan}, isian ini dipakai.</p>'
            ),
            Row(Column("tahun"), Column("nama_pemilihan")),
            Row(Column("kind"), Column("signing_mode")),
            "requires_reading",
        ),
        Fieldset(
            "Penanda tangan",
            InlineCheckboxes("categories"),
            HTML(BLOCS_OPEN),
            Row(*blocs[:3]),
            Row(*blocs[3:]),
            HTML("</div></details>"),
            "identity_print",
        ),
        Fieldset(
            "Nomor, tempat, dan tanggal",
            *number,
            "classification",
            "subject",
            Row(Column("place"), Column("date")),
            "order",
        ),
    )
