from django import forms
from django.core.exceptions import ValidationError

from .. import paper_kinds
from ..models import PaperSettings, PaperWording
from ..paper_settings import FIELDS, save_paper_settings
from ..wording_tokens import problems_of
from .base import TidyCharField, plain_helper

LONGEST = 1500


def normal(text: str) -> str:
    """The same words with plain line breaks, as they are compared and kept."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


class PaperSettingsForm(forms.ModelForm):
    """How the office prints, and its own words for each kind of paper that has some."""

    foot_line = TidyCharField(
        label="Baris kaki halaman",
        max_length=60,
        required=False,
        help_text="Tercetak di tengah kaki setiap halaman. Boleh kosong.",
    )

    class Meta:
        model = PaperSettings
        fields = FIELDS

    def __init__(self, *args, office, **kwargs):
        self.office = office
        found = PaperSettings.objects.filter(office=office).first() or PaperSettings(office=office)
        super().__init__(*args, instance=found, **kwargs)
        own = {(row.kind, row.block): row.text for row in PaperWording.objects.filter(office=office)}
        self.blocks = []
        for paper in paper_kinds.in_order():
            for block in paper.blocks:
                name = f"{paper.kind}-{block.name}"
                self.fields[name] = forms.CharField(
                    label=f"{paper.label}: {block.label.lower()}",
                    required=False,
                    max_length=LONGEST,
                    strip=True,
                    initial=own.get((paper.kind, block.name), block.default),
                    widget=forms.Textarea({"rows": 2 + block.default.count("\n") + len(block.default) // 80}),
                )
                self.blocks.append((paper, block, name))
        self.helper = plain_helper(*FIELDS)

    def clean(self):
        cleaned = super().clean()
        for _, _, name in self.blocks:
            for problem in problems_of(cleaned.get(name, "")):
                self.add_error(name, ValidationError(problem))
        return cleaned

    def rows(self):
        """(bound field, kind, block) for the template."""
        return [(self[name], paper.kind, block.name) for paper, block, name in self.blocks]

    def save(self, *, by) -> PaperSettings:
        wording = {}
        for paper, block, name in self.blocks:
            text = normal(self.cleaned_data[name])
            wording[paper.kind, block.name] = "" if text == normal(block.default) else text
        values = {name: self.cleaned_data[name] for name in FIELDS}
        return save_paper_settings(office=self.office, by=by, values=values, wording=wording)
