"""Forms of the seal: choose a backend, hand in a certificate, sign at the gateway."""

from crispy_forms.helper import FormHelper
from cryptography import x509
from django import forms

from . import bsre, officer_seal, seal_settings
from .models import SealSetting

MAX_KEY_FILE = 200 * 1024


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    return helper


class BackendForm(forms.Form):
    backend = forms.ChoiceField(
        label="Dokumen kantor disegel dengan", choices=SealSetting.Backend.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.office, self.helper = office, _helper()

    def save(self, *, by):
        return seal_settings.change_backend(office=self.office, backend=self.cleaned_data["backend"], by=by)


class CertificateForm(forms.Form):
    """The passphrase is used once and never shown again."""

    berkas = forms.FileField(
        label="Berkas PKCS#12",
        help_text="Berkas .p12 atau .pfx dari Penyelenggara Sertifikasi Elektronik, berisi sertifikat dan kuncinya.",
        widget=forms.ClearableFileInput({"accept": ".p12,.pfx,application/x-pkcs12"}),
        error_messages={"required": "Pilih berkas PKCS#12.", "empty": "Berkas ini kosong."},
    )
    kata_sandi = forms.CharField(
        label="Kata sandi berkas",
        strip=False,
        required=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="Dipakai sekali untuk membuka berkas, lalu dilupakan.",
    )
    penerbit = forms.FileField(
        label="Sertifikat penerbit",
        required=False,
        help_text="Hanya bila berkas PKCS#12 tidak memuatnya: berkas PEM dengan sertifikat penerbit sampai akar.",
        widget=forms.ClearableFileInput({"accept": ".pem,.crt,.cer"}),
    )

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.office, self.helper = office, _helper()

    def clean_berkas(self) -> bytes:
        return _content(self.cleaned_data["berkas"])

    def clean_penerbit(self) -> list[x509.Certificate]:
        if not self.cleaned_data["penerbit"]:
            return []
        content = _content(self.cleaned_data["penerbit"])
        try:
            if b"-----BEGIN" in content:
                return x509.load_pem_x509_certificates(content)
            return [x509.load_der_x509_certificate(content)]
        except ValueError as problem:
            raise forms.ValidationError("Berkas ini tidak memuat sertifikat (PEM).") from problem

    def save(self, *, by):
        data = self.cleaned_data
        return seal_settings.upload_certificate(
            office=self.office,
            content=data["berkas"],
            passphrase=data["kata_sandi"],
            issuers=data["penerbit"],
            by=by,
        )


class OfficerForm(forms.Form):
    """Nothing of it is ever written back into the page."""

    pejabat = forms.CharField(
        label="NIK atau surel terdaftar di BSrE",
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "email"}),
    )
    frasa_sandi = forms.CharField(
        label="Frasa sandi (passphrase)",
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    totp = forms.CharField(
        label="Kode TOTP",
        required=False,
        max_length=10,
        widget=forms.PasswordInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="Isi salah satu: frasa sandi atau kode TOTP.",
    )

    def __init__(self, *args, document, **kwargs):
        super().__init__(*args, **kwargs)
        self.document, self.helper = document, _helper()

    def clean_pejabat(self) -> str:
        who = "".join(self.cleaned_data["pejabat"].split())
        if "@" not in who and not (who.isascii() and who.isdigit() and len(who) == 16):
            raise forms.ValidationError("NIK terdiri dari 16 angka. Isi NIK atau alamat surel.")
        return who

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("frasa_sandi")) == bool(cleaned.get("totp")):
            raise forms.ValidationError("Isi salah satu: frasa sandi atau kode TOTP.")
        return cleaned

    def save(self, *, by):
        data = self.cleaned_data
        credentials = bsre.Credentials(data["pejabat"], data["frasa_sandi"], data["totp"])
        return officer_seal.seal_by_officer(document=self.document, credentials=credentials, by=by)


def _content(file) -> bytes:
    if file.size > MAX_KEY_FILE:
        raise forms.ValidationError("Berkas ini terlalu besar untuk sebuah sertifikat (lebih dari 200 KB).")
    return file.read()
