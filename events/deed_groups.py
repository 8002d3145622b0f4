"""PURE: under which kinds of deeds the history of an event is filtered; also those of the room of texts above."""

RUNNING = ("agenda.started", "agenda.ended", "agenda.start_undone", "agenda.end_undone")

GROUPS = {
    "rencana": ("Rencana", ("event.", "election.", "site.", "person.", "agenda.")),
    "pelaksanaan": ("Pelaksanaan hari-H", (*RUNNING, "note.", "photo.")),
    "peserta": ("Peserta", ("attendee.", "number.unmasked")),
    "kehadiran": ("Kehadiran", ("attendee.checked_in", "attendee.arrival_taken_back")),
    "undangan": ("Undangan", ("invitation.", "mail.", "link.", "room.")),
    "berkas": ("Berkas", ("paper.", "sheets.", "number.printed")),
    "tablet": ("Tablet", ("device.", "event.key_", "event.desk_made", "event.pin_renewed")),
    "laporan": ("Laporan ke pengawas", ("report.",)),
}
