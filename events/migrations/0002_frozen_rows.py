"""Attendance only grows, and nothing of an archived event changes: triggers on both databases.

The only change left after archiving is the deletion of contact data and numbers when their time is over (UU 27/2022).
"""

from django.db import migrations

APPEND_ONLY = "attendance records are append-only"
ARCHIVED = "archived events cannot be changed"
CHILDREN = (
    "events_event_elections",
    "events_eventsite",
    "events_eventperson",
    "events_agendaitem",
    "events_attendee",
)
# Columns of an attendee that may still be emptied; every other column is frozen.
ERASABLE = ("identity_number", "identity_index", "phone", "email")


def attendee_columns(apps) -> str:
    fields = apps.get_model("events", "Attendee")._meta.concrete_fields
    return ", ".join(field.column for field in fields if field.column not in ERASABLE)


def sqlite(apps):
    refuse = f"BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END"
    for action in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER attendance_no_{action.lower()} BEFORE {action} ON events_attendancerecord "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        )
        yield (
            f"CREATE TRIGGER archived_event_no_{action.lower()} BEFORE {action} ON events_event "
            f"WHEN OLD.state = 'archived' {refuse}"
        )
    for table in CHILDREN:
        for action, rows in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            columns = f" OF {attendee_columns(apps)}" if (table, action) == ("events_attendee", "UPDATE") else ""
            yield (
                f"CREATE TRIGGER {table}_{action.lower()}_{rows.lower()}_frozen BEFORE {action}{columns} ON {table} "
                f"WHEN (SELECT state FROM events_event WHERE id = {rows}.event_id) = 'archived' {refuse}"
            )
    refilled = " OR ".join(f"(NEW.{name} <> '' AND NEW.{name} <> OLD.{name})" for name in ERASABLE)
    yield (
        f"CREATE TRIGGER events_attendee_erase_only BEFORE UPDATE OF {', '.join(ERASABLE)} ON events_attendee "
        f"WHEN (SELECT state FROM events_event WHERE id = OLD.event_id) = 'archived' AND ({refilled}) {refuse}"
    )


def postgresql(apps):
    raising = "USING ERRCODE = 'integrity_constraint_violation'"
    yield f"""CREATE FUNCTION attendance_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{APPEND_ONLY}' {raising}; END $$"""
    yield f"""CREATE FUNCTION archived_event_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{ARCHIVED}' {raising}; END $$"""
    yield f"""CREATE FUNCTION row_of_archived_event_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' AND EXISTS (
                SELECT 1 FROM events_event WHERE id = OLD.event_id AND state = 'archived'
            ) THEN RAISE EXCEPTION '{ARCHIVED}' {raising}; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF EXISTS (SELECT 1 FROM events_event WHERE id = NEW.event_id AND state = 'archived')
            THEN RAISE EXCEPTION '{ARCHIVED}' {raising}; END IF;
            RETURN NEW;
        END $$"""
    yield """CREATE TRIGGER attendance_append_only BEFORE UPDATE OR DELETE ON events_attendancerecord
        FOR EACH ROW EXECUTE FUNCTION attendance_append_only()"""
    yield """CREATE TRIGGER archived_event_frozen BEFORE UPDATE OR DELETE ON events_event
        FOR EACH ROW WHEN (OLD.state = 'archived') EXECUTE FUNCTION archived_event_frozen()"""
    for table in CHILDREN:
        update = f"UPDATE OF {attendee_columns(apps)}" if table == "events_attendee" else "UPDATE"
        yield f"""CREATE TRIGGER {table}_frozen BEFORE INSERT OR {update} OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""
    refilled = " OR ".join(f"(NEW.{name} <> '' AND NEW.{name} <> OLD.{name})" for name in ERASABLE)
    yield f"""CREATE TRIGGER events_attendee_erase_only BEFORE UPDATE OF {", ".join(ERASABLE)} ON events_attendee
        FOR EACH ROW WHEN ({refilled}) EXECUTE FUNCTION row_of_archived_event_frozen()"""


def undo_sqlite():
    for action in ("update", "delete"):
        yield f"DROP TRIGGER attendance_no_{action}"
        yield f"DROP TRIGGER archived_event_no_{action}"
    for table in CHILDREN:
        for name in ("insert_new", "update_old", "update_new", "delete_old"):
            yield f"DROP TRIGGER {table}_{name}_frozen"
    yield "DROP TRIGGER events_attendee_erase_only"


def undo_postgresql():
    yield "DROP FUNCTION attendance_append_only() CASCADE"
    yield "DROP FUNCTION archived_event_frozen() CASCADE"
    yield "DROP FUNCTION row_of_archived_event_frozen() CASCADE"


def forwards(apps, schema_editor):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements(apps):
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    statements = {"sqlite": undo_sqlite, "postgresql": undo_postgresql}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
