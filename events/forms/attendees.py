from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms

from regions.forms import RegionField

from ..attendees import (
    ASN_CATEGORIES,
    add_attendee,
    change_attendee,
    generate_from_region,
    missing_posts,
    namesakes_by_number,
    parsed_number,
    unmask_number,
)
from ..models import Attendee, Category, Event
from ..people import category_from_nip, name_problem, normalise_phone, shown_phone
from ..posts import ROLES, default_roles
from .base import TidyCharField, WarningsMixin, plain_helper, row

REPRESENTING_OPEN = (
    "<details class='mb-3'{% if form.is_representing %} open{% endif %}>"
    "<summary>Hadir mewakili orang lain?</summary><div class='pt-3'>"
)
STORED = "Tersimpan: {masked}. Kosongkan bila tidak berubah."


class AttendeeForm(WarningsMixin, forms.ModelForm):
    """One person or post. The stored number is never shown in full; an empty field keeps it."""

    full_name = TidyCharField(
        label="Nama lengkap",
        max_length=120,
        required=False,
        help_text="Boleh dikosongkan bila jabatannya sudah diisi.",
    )
    position = TidyCharField(
        label="Jabatan",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "daftar-jabatan"}),
    )
    village = RegionField(
        label="Desa/kelurahan",
        level="village",
        required=False,
        help_text="Untuk Kepala Desa, Lurah, perangkat desa, BPD, dan PKD.",
    )
    identity_number = forms.CharField(
        label="Nomor identitas",
        max_length=80,
        required=False,
        help_text="Opsional: NIP, NI PPPK, atau NRP. NIK tidak diminta.",
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )
    remove_number = forms.BooleanField(label="Hapus nomor yang tersimpan", required=False)
    phone = forms.CharField(
        label="Nomor HP",
        max_length=40,
        required=False,
        help_text="Hanya untuk undangan. Contoh: 0812 3456 7890.",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    class Meta:
        model = Attendee
        fields = [
            "title_prefix",
            "full_name",
            "title_suffix",
            "category",
            "rank",
            "position",
            "agency",
            "village",
            "identity_kind",
            "email",
            "presence",
            "site",
            "precedence",
            "on_behalf_of_name",
            "on_behalf_of_position",
            "letter_no",
        ]
        widgets = {
            "rank": forms.TextInput(attrs={"list": "daftar-pangkat"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "title_prefix": "Misalnya: Dr., H.",
            "title_suffix": "Misalnya: S.H., M.Si.",
            "category": "Menentukan kelompok dan naskah yang ditandatangani.",
            "rank": "Misalnya: Penata Tk. I (III/d).",
            "precedence": "Kosongkan untuk urutan baku. Angka kecil tampil dan menandatangani lebih dulu.",
        }

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["village"].under = event.region
        self.fields["category"].choices = [("", "Belum diketahui"), *Category.choices]
        self.fields["identity_kind"].choices = [
            ("", "Menurut unsur"),
            *Attendee.IdentityKind.choices[1:],
        ]
        self.fields["precedence"].required = False
        if self.is_new:
            self.fields["precedence"].initial = self.initial["precedence"] = None
        self.fields["site"].queryset = event.sites.all()
        if not self.fields["site"].queryset:
            del self.fields["site"]
        self._show_stored()
        self.helper = plain_helper(*self._layout())

    @property
    def is_new(self) -> bool:
        return self.instance._state.adding

    @property
    def is_representing(self) -> bool:
        names = ("on_behalf_of_name", "on_behalf_of_position", "letter_no")
        return any(self[name].value() or self[name].errors for name in names)

    def clean_full_name(self):
        name = self.cleaned_data["full_name"]
        if problem := name_problem(name):
            raise forms.ValidationError(problem)
        return name

    def clean_phone(self):
        try:
            return normalise_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self):
        cleaned = super().clean()
        is_nobody = not cleaned.get("full_name") and not cleaned.get("position")
        if is_nobody and "full_name" not in self.errors:
            self.add_error("full_name", "Isi nama atau jabatan.")
        return cleaned

    def look_twice(self, cleaned) -> None:
        category = cleaned.get("category", "")
        typed = cleaned.get("identity_number", "")
        result = parsed_number(category, cleaned.get("identity_kind", ""), typed)
        for error in result.errors:
            self.add_error("identity_number", error)
        if result.is_valid:
            self._doubt_number(category, result)
        self._doubt_name(cleaned)

    def validate_constraints(self):
        """The deed checks them on the row that is really written."""

    def save(self, *, by):
        fields = {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}
        kind, typed = fields.pop("identity_kind"), self.cleaned_data["identity_number"].strip()
        fields["phone"] = self.cleaned_data["phone"]
        if typed or self.cleaned_data.get("remove_number"):
            fields |= {"identity_kind": kind, "identity_number": typed}
        if self.is_new:
            return add_attendee(event=self.event, by=by, **fields)
        return change_attendee(attendee=self.instance, by=by, **fields)

    def _doubt_number(self, category: str, result) -> None:
        for warning in result.warnings:
            self.warn(warning)
        says = category_from_nip(result.number) if result.kind in ("nip", "ni_pppk") else ""
        if says and category in ("pns", "pppk") and says != category:
            wanted = Category(says).label
            self.warn(f"Nomor ini milik {wanted}; unsur peserta akan menjadi {wanted}.")
        elif says and category and category not in ASN_CATEGORIES:
            self.warn(f"Nomor ini berbentuk NIP/NI PPPK, tetapi unsurnya {Category(category).label}.")
        same = namesakes_by_number(self.event, result, self.instance).first()
        if same is not None:
            self.warn(f"Nomor yang sama sudah dipakai oleh {same.label} ({same.identity_masked}).")

    def _doubt_name(self, cleaned) -> None:
        name = cleaned.get("full_name")
        if not name:
            return
        others = self.event.attendees.expected().exclude(pk=self.instance.pk).filter(full_name__iexact=name)
        same = others.filter(position__iexact=cleaned.get("position") or "", village=cleaned.get("village"))
        if same.exists():
            self.warn(f"{name} dengan jabatan yang sama sudah ada di daftar.")

    def _show_stored(self) -> None:
        if self.is_new:
            del self.fields["remove_number"]
            return
        self.fields["phone"].initial = shown_phone(self.instance.phone)
        if self.instance.identity_masked:
            self.fields["identity_number"].help_text = STORED.format(masked=self.instance.identity_masked)
        else:
            del self.fields["remove_number"]

    def _layout(self) -> Layout:
        removal = ["remove_number"] if "remove_number" in self.fields else []
        site = ["site"] if "site" in self.fields else []
        return Layout(
            Fieldset(
                "Siapa",
                row("title_prefix", "full_name", "title_suffix", wide="full_name"),
                row("category", "rank"),
                row("position", "agency"),
                "village",
            ),
            Fieldset("Nomor identitas", row("identity_kind", "identity_number"), *removal),
            Fieldset("Undangan dan kehadiran", row("phone", "email"), row("presence", *site, "precedence")),
            HTML(REPRESENTING_OPEN),
            row("on_behalf_of_name", "on_behalf_of_position"),
            "letter_no",
            HTML("</div></details>"),
        )


class GenerateForm(forms.Form):
    """Which posts of which part of the event's region to put on the list."""

    region = RegionField(label="Wilayah")
    roles = forms.MultipleChoiceField(
        label="Jabatan",
        choices=list(ROLES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Pilih paling sedikit satu jabatan."},
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["region"].under = event.region
        is_district = event.region.level in ("district", "village")
        hidden = {"camat_se"} if is_district else {"camat", "kapolsek", "danramil"}
        self.fields["roles"].choices = [(role, self._label(role)) for role in ROLES if role not in hidden]
        self.helper = plain_helper("region", "roles")

    @classmethod
    def defaults(cls, event: Event) -> dict:
        """What the page asks for when it is opened."""
        return {"region": event.region_id, "roles": list(default_roles(event.region))}

    def preview(self) -> list[tuple[str, int]]:
        """(label, rows that would be added) per chosen role; nothing is written."""
        roles = self.cleaned_data["roles"]
        missing = missing_posts(self.event, self.cleaned_data["region"], roles)
        counts = dict.fromkeys(roles, 0)
        for post in missing:
            role = post.key.partition(":")[0]
            counts["camat_se" if role not in counts else role] += 1
        return [(self._label(role), count) for role, count in counts.items()]

    def save(self, *, by):
        return generate_from_region(event=self.event, by=by, **self.cleaned_data)

    def _label(self, role: str) -> str:
        """Local names where the region has them: Perbekel instead of Kepala Desa."""
        local = {"kades": "kepala_desa", "camat": "camat", "camat_se": "camat"}.get(role)
        if local is None:
            return ROLES[role]
        name = self.event.region.local_name(local)
        suffix = {"kades": " tiap desa", "camat_se": " tiap kecamatan"}.get(role, "")
        return name + suffix


class UnmaskForm(forms.Form):
    """Why somebody opens a number; the answer goes into the audit log."""

    reason = forms.CharField(
        label="Alasan", max_length=300, help_text="Dicatat dalam riwayat kegiatan bersama nama dan waktu."
    )

    def __init__(self, *args, attendee: Attendee, **kwargs):
        super().__init__(*args, **kwargs)
        self.attendee = attendee
        self.helper = plain_helper("reason")

    def save(self, *, by) -> str:
        return unmask_number(attendee=self.attendee, by=by, reason=self.cleaned_data["reason"])


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Alasan", max_length=300, required=False, help_text="Opsional.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("reason")
