from .attendees import AttendanceRecord, Attendee, Category
from .elections import Election
from .events import AgendaItem, Event, EventPerson, EventSite

__all__ = [
    "AgendaItem",
    "AttendanceRecord",
    "Attendee",
    "Category",
    "Election",
    "Event",
    "EventPerson",
    "EventSite",
]
