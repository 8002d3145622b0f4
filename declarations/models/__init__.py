from .declarations import Declaration, Party, Witness
from .inbox import InboxItem, KioskItem
from .signatures import NameCorrection, SheetSignature, Signatory, Signature
from .texts import LegalBasis, PledgeText, TextVersion

__all__ = [
    "Declaration",
    "InboxItem",
    "KioskItem",
    "LegalBasis",
    "NameCorrection",
    "Party",
    "PledgeText",
    "SheetSignature",
    "Signatory",
    "Signature",
    "TextVersion",
    "Witness",
]
