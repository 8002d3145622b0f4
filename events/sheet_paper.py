"""The blank attendance list: names printed, boxes empty, rows numbered, each sheet with its code."""

from collections.abc import Sequence

from documents.letterhead import letterhead_of, tidy

from .letter_parts import hours_of
from .models import AttendanceSheet, Attendee, Event, PaperSettings
from .paper_snapshot import SCHEMA, PrintSettings, event_entry
from .people_rows import row_of


def freeze_sheets(event: Event, sheets: Sequence[AttendanceSheet]) -> dict:
    """The same shape as other papers of the event; identity numbers are never on a list that lies on a table."""
    chosen = PaperSettings.objects.filter(office=event.office).first() or PaperSettings(office=event.office)
    people = {
        str(person.pk): person for person in Attendee.objects.filter(event=event).select_related("village")
    }
    total = event.sheets.filter(series=sheets[0].series).count()
    return {
        "schema": SCHEMA,
        "template": "attendance_blank@1",
        "layout": "table",
        "as_of": max(sheet.made_at for sheet in sheets).replace(microsecond=0).isoformat(),
        "office": letterhead_of(event.office),
        "settings": tidy({"family": chosen.family, "foot_line": chosen.foot_line}),
        "event": event_entry(event),
        "number": "",
        "date": "",
        "content": tidy(
            {
                "title": f"Daftar Hadir {event.title}",
                "hours": hours_of(event),
                "sheets": [
                    {
                        "code": sheet.code,
                        "place": f"Lembar {sheet.number} dari {total}",
                        "texts": sheet.texts or [],
                        "rows": [
                            {"n": sheet.first_row + n, **_row(people.get(key))}
                            for n, key in enumerate(sheet.rows)
                        ],
                    }
                    for sheet in sheets
                ],
            }
        ),
    }


def _row(person: Attendee | None) -> dict:
    return row_of(person, PrintSettings()) if person else {}
