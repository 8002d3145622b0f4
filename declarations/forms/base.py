from crispy_forms.helper import FormHelper
from django import forms

from accounts.filters import ListFilterForm
from accounts.refusals import Refusal
from events.models import Category

# Categories a text may name; a lurah is a PNS whom the texts name by the post.
ADDRESSEES = [*Category.choices, ("lurah", "Lurah (PNS)")]


class DeedForm(forms.Form):
    """A form whose ``save()`` calls one deed; a refusal of the deed is shown as an error of the form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template writes its own

    def saved(self):
        """What the deed returned; None when the input or the deed says no."""
        if not self.is_valid():
            return None
        try:
            return self.save()
        except Refusal as refusal:
            self.add_error(None, refusal.message)
            for issue in refusal.issues:
                self.add_error(None, issue)
            return None


class FilterForm(ListFilterForm):
    """Fields of a filter bar, rendered one by one; what it does not understand it leaves out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = kind
