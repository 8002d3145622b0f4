"""An archive is handed over after its events are archived: what is typed for that berita acara stays open till then.

Everything else that was typed for papers stands still as since 0010.
"""

from django.db import migrations

ARCHIVED = "archived events cannot be changed"
TABLE = "events_paperdraft"
STAYS_OPEN = "ba_serah_terima_arsip"
ACTIONS = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
OTHER_ROWS = {  # PostgreSQL: one trigger per action, which looks only at rows of other kinds
    "INSERT": f"NEW.kind <> '{STAYS_OPEN}'",
    "UPDATE": f"OLD.kind <> '{STAYS_OPEN}' OR NEW.kind <> '{STAYS_OPEN}'",
    "DELETE": f"OLD.kind <> '{STAYS_OPEN}'",
}


def sqlite(*, but: str):
    for action, rows in ACTIONS:
        name = f"{TABLE}_{action.lower()}_{rows.lower()}_frozen"
        yield f"DROP TRIGGER {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {action} ON {TABLE} WHEN {rows}.kind <> '{but}' AND "
            f"(SELECT state FROM events_event WHERE id = {rows}.event_id) = 'archived' "
            f"BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END"
        )


def postgresql():
    yield f"DROP TRIGGER {TABLE}_frozen ON {TABLE}"
    for action, other in OTHER_ROWS.items():  # the function is of 0002
        yield f"""CREATE TRIGGER {TABLE}_{action.lower()}_frozen BEFORE {action} ON {TABLE}
            FOR EACH ROW WHEN ({other}) EXECUTE FUNCTION row_of_archived_event_frozen()"""


def undo_postgresql():
    for action in OTHER_ROWS:
        yield f"DROP TRIGGER {TABLE}_{action.lower()}_frozen ON {TABLE}"
    yield f"""CREATE TRIGGER {TABLE}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""


def forwards(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in sqlite(but=STAYS_OPEN) if on_sqlite else postgresql():
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in sqlite(but="") if on_sqlite else undo_postgresql():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("events", "0014_sheet_texts")]
    operations = [migrations.RunPython(forwards, backwards)]
