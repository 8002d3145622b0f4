from .declarations import DeclarationForm, PartiesForm, ReadingForm, SignatoryFilter, WitnessForm
from .recap import RecapFilter
from .texts import ApprovalForm, FillForm, LegalBasisFilter, TextFilter, TextForm

__all__ = [
    "ApprovalForm",
    "DeclarationForm",
    "FillForm",
    "LegalBasisFilter",
    "PartiesForm",
    "ReadingForm",
    "RecapFilter",
    "SignatoryFilter",
    "TextFilter",
    "TextForm",
    "WitnessForm",
]
