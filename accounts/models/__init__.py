from .audit import AuditEntry, AuditStream
from .offices import Membership, Office
from .tables import ChosenColumns
from .tokens import ApiToken
from .users import User

__all__ = ["ApiToken", "AuditEntry", "AuditStream", "ChosenColumns", "Membership", "Office", "User"]
