"""Attendees from files as offices really have them: read, map, check (EVENTS §6). What writes is ``events.importing``."""
