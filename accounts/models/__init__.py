from .audit import AuditEntry, AuditStream
from .offices import Membership, Office
from .tokens import ApiToken
from .users import User

__all__ = ["ApiToken", "AuditEntry", "AuditStream", "Membership", "Office", "User"]
