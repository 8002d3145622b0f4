from .declarations import DeclarationForm, PartiesForm, ReadingForm, SignatoryFilter, WitnessForm
from .texts import ApprovalForm, FillForm, TextFilter, TextForm

__all__ = [
    "ApprovalForm",
    "DeclarationForm",
    "FillForm",
    "PartiesForm",
    "ReadingForm",
    "SignatoryFilter",
    "TextFilter",
    "TextForm",
    "WitnessForm",
]
