"""The opening of an identity number goes when the number goes, and is never changed after archiving: on both databases.

Without it the commitments in sealed papers could be given a second meaning; 0002 froze the columns that stood there then.
"""

from django.db import migrations

COLUMN = "identity_opening"
ARCHIVED = "archived events cannot be changed"
CHANGED = f"NEW.{COLUMN} IS NOT NULL AND NEW.{COLUMN} <> '' AND NEW.{COLUMN} <> COALESCE(OLD.{COLUMN}, '')"
STATEMENTS = {
    "sqlite": f"""CREATE TRIGGER events_attendee_opening_erase_only BEFORE UPDATE OF {COLUMN} ON events_attendee
        WHEN (SELECT state FROM events_event WHERE id = OLD.event_id) = 'archived' AND ({CHANGED})
        BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END""",
    "postgresql": f"""CREATE TRIGGER events_attendee_opening_erase_only BEFORE UPDATE OF {COLUMN} ON events_attendee
        FOR EACH ROW WHEN ({CHANGED}) EXECUTE FUNCTION row_of_archived_event_frozen()""",
}
UNDO = {
    "sqlite": "DROP TRIGGER events_attendee_opening_erase_only",
    "postgresql": "DROP TRIGGER events_attendee_opening_erase_only ON events_attendee",
}


def forwards(apps, schema_editor):
    schema_editor.execute(STATEMENTS[schema_editor.connection.vendor])


def backwards(apps, schema_editor):
    schema_editor.execute(UNDO[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("events", "0010_frozen_papers")]
    operations = [migrations.RunPython(forwards, backwards)]
