from .declarations import DeclarationForm, PartiesForm, ReadingForm, SignatoryFilter, WitnessForm
from .recap import RecapFilter
from .texts import ApprovalForm, FillForm, TextFilter, TextForm

__all__ = [
    "ApprovalForm",
    "DeclarationForm",
    "FillForm",
    "PartiesForm",
    "ReadingForm",
    "RecapFilter",
    "SignatoryFilter",
    "TextFilter",
    "TextForm",
    "WitnessForm",
]
