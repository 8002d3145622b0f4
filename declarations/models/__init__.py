from .declarations import Declaration, Party, Witness
from .signatures import InboxItem, Signatory, Signature
from .texts import LegalBasis, PledgeText, TextVersion

__all__ = [
    "Declaration",
    "InboxItem",
    "LegalBasis",
    "Party",
    "PledgeText",
    "Signatory",
    "Signature",
    "TextVersion",
    "Witness",
]
