import re
from datetime import datetime, time

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from regions.forms import RegionField

from . import logos, offices, staff, tokens
from .models import Office
from .refusals import Refusal
from .roles import Role
from .scope import family_of

NUMBER_TOKEN = re.compile(
    r"\{(?:seq|seq:0\d|suffix|class|signer|office|day|day:02|month|month:02|roman|year)\}"
)
ANY_TOKEN = re.compile(r"\{[^{}]*\}")
KNOWN_TOKENS = "{seq} {seq:03} {suffix} {class} {signer} {office} {day:02} {month} {month:02} {roman} {year}"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


def plain_helper(*layout) -> FormHelper:
    """Fields only: the template writes the form tag and the token."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*layout)
    return helper


class LetterheadForm(forms.ModelForm):
    """Kop surat dan data kantor; the picture is checked and re-encoded before it is stored."""

    logo_file = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG atau JPEG, maksimal 2 MB. Logo resmi diunggah oleh kantor; aplikasi tidak menyediakannya.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )

    class Meta:
        model = Office
        fields = offices.LETTERHEAD
        widgets = {
            "letterhead_lines": forms.Textarea(attrs={"rows": 4}),
            "address": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "letterhead_lines": "Satu baris per baris kop, misalnya: PANITIA PENGAWAS PEMILIHAN UMUM / KECAMATAN …",
            "letter_code": "Kode kantor pada nomor surat, misalnya JI-20.10. Bukan kode wilayah Kemendagri.",
            "number_template": (
                "{seq} nomor urut ({seq:03} tiga angka), {suffix} sisipan surat bertanggal mundur, {class} klasifikasi, "
                "{signer} “K.” bila ketua yang menandatangani, {office} kode surat, {day:02} tanggal, {month:02} bulan, "
                "{roman} bulan angka Romawi, {year} tahun."
            ),
            "address": "Jalan, desa atau kelurahan, kode pos. Dicetak di bawah baris kop.",
            "chair_name": "Nama dan gelar seperti pada SK; dicetak di bawah tanda tangan.",
            "secretariat_head_name": "Menandatangani berkas yang tidak ditandatangani ketua.",
            "paper_size": "Ukuran semua berkas kantor ini; berkas yang sudah terbit tidak berubah.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(
            Fieldset(
                "Kop surat", "letterhead_lines", "address", Row(Column("phone"), Column("email")), "logo_file"
            ),
            Fieldset(
                "Pejabat",
                Row(Column("chair_name"), Column("chair_position")),
                Row(Column("secretariat_head_name"), Column("secretariat_head_position")),
            ),
            Fieldset("Surat", Row(Column("letter_code"), Column("paper_size")), "number_template"),
            FormActions(Submit("simpan", "Simpan")),
        )

    def clean_letterhead_lines(self):
        lines = [" ".join(line.split()) for line in self.cleaned_data["letterhead_lines"].splitlines()]
        return "\n".join(line for line in lines if line)

    def clean_address(self):
        return "\n".join(line.strip() for line in self.cleaned_data["address"].splitlines())

    def clean_number_template(self):
        template = self.cleaned_data["number_template"]
        rest = NUMBER_TOKEN.sub("", template)
        if unknown := ANY_TOKEN.findall(rest):
            raise ValidationError(f"Isian {', '.join(unknown)} tidak dikenal. Yang dikenal: {KNOWN_TOKENS}.")
        if "{" in rest or "}" in rest:
            raise ValidationError("Ada kurung kurawal tanpa pasangan pada pola nomor.")
        if not re.search(r"\{seq(:0\d)?\}", template):
            raise ValidationError("Pola nomor harus memuat {seq}, yaitu nomor urut surat.")
        return template

    def clean_logo_file(self):
        """The uploaded bytes as a clean PNG, or None."""
        upload = self.cleaned_data["logo_file"]
        if not upload:
            return None
        if upload.size > logos.LARGEST_UPLOAD:
            raise ValidationError("Logo terlalu besar: maksimal 2 MB.")
        try:
            return logos.clean_logo(upload.read())
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def save(self, *, by):
        office = Office.objects.select_related("region").get(pk=self.instance.pk)
        values = {name: self.cleaned_data[name] for name in offices.LETTERHEAD}
        offices.update_letterhead(office=office, by=by, **values)
        if self.cleaned_data["logo_file"]:
            offices.change_logo(office=office, by=by, png=self.cleaned_data["logo_file"])
        return office


class MemberForm(forms.Form):
    """Tugaskan seseorang di kantor ini."""

    email = forms.EmailField(label="Alamat surel", help_text="Dipakai untuk masuk ke aplikasi.")
    full_name = forms.CharField(
        label="Nama lengkap", max_length=150, required=False, help_text="Wajib untuk akun baru."
    )
    role = forms.ChoiceField(
        label="Peran",
        choices=Role,
        initial=Role.ORGANIZER,
        help_text="Penyelenggara merencanakan sampai menyegel; operator bertugas pada hari kegiatan.",
    )
    starts = forms.DateField(label="Mulai", widget=DateInput(), initial=timezone.localdate)
    ends = forms.DateField(
        label="Berakhir",
        widget=DateInput(),
        required=False,
        help_text="Kosongkan bila mengikuti masa jabatan kantor.",
    )

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.office = office
        self.helper = plain_helper(
            "email",
            "full_name",
            "role",
            Row(Column("starts"), Column("ends")),
            FormActions(Submit("simpan", "Tugaskan")),
        )

    def save(self, *, by) -> staff.NewMember:
        return staff.add_member(office=self.office, by=by, **self.cleaned_data)


class MembershipForm(forms.Form):
    """Ubah peran atau masa tugas seseorang."""

    role = forms.ChoiceField(
        label="Peran",
        choices=Role,
        help_text="Peran baru berlaku mulai hari ini; peran lama berhenti seketika dan tetap tercatat.",
    )
    ends = forms.DateField(
        label="Berakhir",
        widget=DateInput(),
        required=False,
        help_text="Kosongkan bila mengikuti masa jabatan kantor.",
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, initial={"role": membership.role, "ends": membership.ends}, **kwargs)
        self.membership = membership
        self.helper = plain_helper("role", "ends", FormActions(Submit("simpan", "Simpan")))

    def save(self, *, by):
        return staff.change_membership(membership=self.membership, by=by, **self.cleaned_data)


class NewOfficeForm(forms.Form):
    """Daftarkan kantor di bawah kantor sendiri; tingkatnya mengikuti wilayahnya."""

    name = forms.CharField(
        label="Nama kantor", max_length=150, help_text="Misalnya: Panwaslu Kecamatan Cerme"
    )
    kind = forms.ChoiceField(label="Jenis")
    region = RegionField(
        label="Wilayah",
        level=("province", "regency", "district"),
        help_text="Kantor hanya melihat kegiatan di wilayah ini dan di bawahnya.",
    )
    term_ends = forms.DateField(
        label="Masa jabatan berakhir",
        widget=DateInput(),
        required=False,
        help_text="Wajib untuk Panwaslu Kecamatan: akun berakhir bersama masa jabatannya.",
    )

    def __init__(self, *args, parent, **kwargs):
        super().__init__(*args, **kwargs)
        self.parent = parent
        family = family_of(parent.kind)
        self.fields["kind"].choices = [choice for choice in Office.Kind.choices if choice[0] in family]
        self.fields["kind"].initial = Office.Kind.PANWASLU
        if parent.region_id:
            self.fields["region"].under = parent.region
        self.helper = plain_helper(
            "name", "kind", "region", "term_ends", FormActions(Submit("simpan", "Daftarkan"))
        )

    def save(self, *, by) -> Office:
        region = self.cleaned_data["region"]
        return offices.create_office(by=by, parent=self.parent, level=region.level, **self.cleaned_data)


class TokenForm(forms.Form):
    """Terbitkan token API."""

    name = forms.CharField(
        label="Nama", max_length=80, help_text="Sistem yang memakainya, misalnya “SIGAP provinsi”."
    )
    last_day = forms.DateField(
        label="Berlaku sampai",
        widget=DateInput(),
        required=False,
        help_text="Kosong berarti sampai dicabut.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("name", "last_day", FormActions(Submit("simpan", "Terbitkan")))

    def clean_last_day(self):
        last_day = self.cleaned_data["last_day"]
        if last_day and last_day < timezone.localdate():
            raise ValidationError("Tanggal sudah lewat.")
        return last_day

    def save(self, *, user) -> tokens.NewToken:
        last_day = self.cleaned_data["last_day"]
        expires_at = last_day and timezone.make_aware(datetime.combine(last_day, time(23, 59, 59)))
        return tokens.issue_token(user=user, name=self.cleaned_data["name"], expires_at=expires_at)


def add_refusal(form, refusal: Refusal) -> None:
    """Show why the deed refused above the fields."""
    form.add_error(None, refusal.message)
    for issue in refusal.issues:
        form.add_error(None, issue)
