from .attendees import ApartPair, AttendanceRecord, Attendee, Category
from .devices import Device, DeviceHeartbeat, EventKey, PairingCode, SigningDesk
from .elections import Election
from .events import AgendaItem, Event, EventPerson, EventSite
from .imports import ImportBatch, ImportMapping, ImportUpload
from .invitations import OutgoingMail, Representation
from .links import PersonalLink
from .notes import NoteRevision
from .papers import PaperDraft, PaperSettings, PaperWording
from .photos import EventPhoto
from .rundown import RundownTap
from .sheets import AttendanceScan, AttendanceSheet
from .submissions import EventSubmission

__all__ = [
    "AgendaItem",
    "ApartPair",
    "AttendanceRecord",
    "AttendanceScan",
    "AttendanceSheet",
    "Attendee",
    "Category",
    "Device",
    "DeviceHeartbeat",
    "Election",
    "Event",
    "EventKey",
    "EventPerson",
    "EventPhoto",
    "EventSite",
    "EventSubmission",
    "ImportBatch",
    "ImportMapping",
    "ImportUpload",
    "NoteRevision",
    "OutgoingMail",
    "PairingCode",
    "PaperDraft",
    "PaperSettings",
    "PaperWording",
    "PersonalLink",
    "Representation",
    "RundownTap",
    "SigningDesk",
]
