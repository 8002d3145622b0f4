from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from . import codes, words
from .models import Region

SHORTEST_SEARCH = 2
CANDIDATES, CLOSE = 8, 3  # how many regions an error names
LEVEL_NAMES = {
    "province": "provinsi",
    "regency": "kabupaten/kota",
    "district": "kecamatan",
    "village": "desa/kelurahan",
}


def as_levels(level) -> tuple[str, ...]:
    """None, "district" or ("regency", "district") → a tuple of levels."""
    levels = (level,) if isinstance(level, str) else tuple(level or ())
    if unknown := set(levels) - set(codes.LEVELS):
        raise ValueError(f"unknown level: {unknown}")
    return levels


class SearchForm(forms.Form):
    """What the suggestion list asks for."""

    q = forms.CharField(max_length=200, required=False)
    tingkat = forms.CharField(max_length=50, required=False)
    dalam = forms.RegexField(
        rf"^{codes.CODE.pattern}$",
        required=False,
        error_messages={"invalid": "Kode wilayah tidak dikenal."},
    )

    def clean_tingkat(self):
        try:
            return as_levels([level for level in self.cleaned_data["tingkat"].split(",") if level])
        except ValueError:
            raise ValidationError("Tingkat wilayah tidak dikenal.") from None

    def results(self):
        """At most twenty regions; nothing before there are two letters."""
        text = self.cleaned_data["q"].strip()
        if len(text) < SHORTEST_SEARCH:
            return []
        regions = Region.objects.all()
        if inside := self.cleaned_data["dalam"]:
            regions = regions.under(inside)
        return regions.search(text, level=self.cleaned_data["tingkat"])


class RegionInput(forms.TextInput):
    """A text field that ``region-search.js`` turns into a combobox; it carries all the script needs as data."""

    class Media:
        js = [forms.Script("js/region-search.js", type="module")]

    def __init__(self, attrs=None, levels=(), under=None):
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.levels, self.under = levels, under

    def build_attrs(self, base_attrs, extra_attrs=None):
        data = {"data-region-search": reverse_lazy("regions:search"), "data-levels": ",".join(self.levels)}
        if self.under is not None:
            data["data-under"] = getattr(self.under, "code", self.under)
        return super().build_attrs({**data, **base_attrs}, extra_attrs)


class RegionField(forms.Field):
    """A region given as code, as "Kecamatan Cerme, Kabupaten Gresik (35.25.11)", or by an unmistakable name.

    ``level`` is None, one level or several; ``under`` (a Region or code, may be set later) keeps the choice inside
    a region. The cleaned value is a Region with its parents, or None. Works without JavaScript: a name that several
    regions share is refused with the list of them.
    """

    widget = RegionInput
    default_error_messages = {
        "required": "Wilayah belum diisi.",
        "unknown_code": "Kode wilayah %(code)s tidak dikenal.",
        "not_found": "%(level)s “%(value)s” tidak ditemukan%(place)s.%(hint)s",
        "ambiguous": "Ada %(count)s wilayah bernama “%(value)s”: %(candidates)s. Pilih salah satu.",
        "wrong_level": "%(name)s bukan %(level)s.",
        "outside": "%(name)s tidak termasuk %(place)s.",
        "retired": "%(name)s sudah tidak dipakai lagi dalam data wilayah.",
    }

    def __init__(self, *, level=None, under=None, **kwargs):
        kwargs.setdefault("help_text", "Ketik nama atau kode wilayah, misalnya “Cerme, Gresik”.")
        super().__init__(**kwargs)
        self.levels = self.widget.levels = as_levels(level)
        self.under = under

    @property
    def under(self):
        return self._under

    @under.setter
    def under(self, region):
        self._under = self.widget.under = region

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.under = self.under
        return copy

    def prepare_value(self, value):
        """Show a stored code or a Region as name and code; leave what was typed as it is."""
        if isinstance(value, str) and codes.is_code(value):
            value = Region.objects.with_parents().filter(code=value).first() or value
        return value.named_with_code if isinstance(value, Region) else value

    def has_changed(self, initial, data):
        before = getattr(initial, "code", initial) or ""
        return before != (codes.code_in(data or "") or (data or "").strip())

    def to_python(self, value):
        if isinstance(value, Region) or value in self.empty_values or not str(value).strip():
            return value if isinstance(value, Region) else None
        text = " ".join(str(value).split())
        if len(text) > words.LONGEST:
            raise self._not_found(f"{text[:40]}…")
        code = codes.code_in(text)
        return self._by_code(code) if code else self._by_name(text)

    def _by_code(self, code):
        region = Region.objects.with_parents().filter(code=code).first()
        if region is None:
            raise self._error("unknown_code", code=code)
        if not region.is_current:
            raise self._error("retired", name=region.full_name)
        if self.levels and region.level not in self.levels:
            raise self._error("wrong_level", name=region.full_name, level=self._level_name())
        if self.under is not None and not Region.objects.under(self.under).filter(code=code).exists():
            raise self._error("outside", name=region.full_name, place=self._place())
        return region

    def _by_name(self, text):
        found = list(self._choices().named(text).with_parents()[: CANDIDATES + 1])
        if len(found) == 1:
            return found[0]
        if found:
            raise self._ambiguous(text, found)
        close = self._choices().search(text, limit=CLOSE)
        hint = (
            f" Mungkin maksud Anda: {'; '.join(region.named_with_code for region in close)}." if close else ""
        )
        raise self._not_found(text, hint)

    def _not_found(self, text, hint=""):
        level = self._level_name()
        level = level[0].upper() + level[1:]
        place = f" di {self._place()}" if self.under is not None else ""
        return self._error("not_found", level=level, value=text, place=place, hint=hint)

    def _ambiguous(self, text, found):
        count = self._choices().named(text).count() if len(found) > CANDIDATES else len(found)
        candidates = "; ".join(region.named_with_code for region in found[:CANDIDATES])
        if count > CANDIDATES:
            candidates += f"; dan {count - CANDIDATES} lagi"
        return self._error("ambiguous", count=count, value=text, candidates=candidates)

    def _choices(self):
        regions = Region.objects.current()
        if self.levels:
            regions = regions.at_level(*self.levels)
        return regions if self.under is None else regions.under(self.under)

    def _level_name(self):
        return " atau ".join(LEVEL_NAMES[level] for level in self.levels) or "wilayah"

    def _place(self):
        region = self.under
        if not isinstance(region, Region):
            region = Region.objects.with_parents().filter(code=region).first()
        return region.full_name if region else str(self.under)

    def _error(self, code, /, **params):
        return ValidationError(self.error_messages[code], code=code, params=params)
