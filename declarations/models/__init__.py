from .declarations import Declaration, Party, Witness
from .inbox import InboxItem, KioskItem
from .signatures import NameCorrection, Signatory, Signature
from .texts import LegalBasis, PledgeText, TextVersion

__all__ = [
    "Declaration",
    "InboxItem",
    "KioskItem",
    "LegalBasis",
    "NameCorrection",
    "Party",
    "PledgeText",
    "Signatory",
    "Signature",
    "TextVersion",
    "Witness",
]
