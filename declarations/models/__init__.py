from .declarations import Declaration, Party, Witness
from .inbox import InboxItem, KioskItem
from .signatures import Signatory, Signature
from .texts import LegalBasis, PledgeText, TextVersion

__all__ = [
    "Declaration",
    "InboxItem",
    "KioskItem",
    "LegalBasis",
    "Party",
    "PledgeText",
    "Signatory",
    "Signature",
    "TextVersion",
    "Witness",
]
