"""What was typed for papers and printed on sheets stands still with an archived event: triggers on both databases."""

from django.db import migrations

ARCHIVED = "archived events cannot be changed"
TABLES = ("events_paperdraft", "events_attendancesheet")
ACTIONS = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))


def sqlite():
    for table in TABLES:
        for action, rows in ACTIONS:
            yield (
                f"CREATE TRIGGER {table}_{action.lower()}_{rows.lower()}_frozen BEFORE {action} ON {table} "
                f"WHEN (SELECT state FROM events_event WHERE id = {rows}.event_id) = 'archived' "
                f"BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END"
            )


def postgresql():
    for table in TABLES:  # the function is of 0002
        yield f"""CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""


def undo_sqlite():
    for table in TABLES:
        for action, rows in ACTIONS:
            yield f"DROP TRIGGER {table}_{action.lower()}_{rows.lower()}_frozen"


def undo_postgresql():
    for table in TABLES:
        yield f"DROP TRIGGER {table}_frozen ON {table}"


def forwards(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in {"sqlite": undo_sqlite, "postgresql": undo_postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("events", "0009_identity_opening")]
    operations = [migrations.RunPython(forwards, backwards)]
