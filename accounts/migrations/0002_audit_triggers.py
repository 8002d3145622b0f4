"""The audit log only grows: the database itself forbids anything else, on SQLite and on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON accounts_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE DELETE ON accounts_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END
    """,
    # Also stops INSERT OR REPLACE, which deletes without firing the trigger above.
    """
    CREATE TRIGGER audit_entry_continues_chain BEFORE INSERT ON accounts_auditentry
    WHEN EXISTS (SELECT 1 FROM accounts_auditentry WHERE id = NEW.id)
      OR NOT EXISTS (
        SELECT 1 FROM accounts_auditstream
        WHERE name = NEW.stream_id AND head_seq = NEW.seq - 1 AND head_hash = NEW.prev_hash)
    BEGIN SELECT RAISE(ABORT, 'audit entry does not continue its chain'); END
    """,
    """
    CREATE TRIGGER audit_stream_moves_on BEFORE UPDATE ON accounts_auditstream
    WHEN NEW.name <> OLD.name OR NEW.head_seq <> OLD.head_seq + 1
    BEGIN SELECT RAISE(ABORT, 'audit stream only moves on'); END
    """,
    """
    CREATE TRIGGER audit_stream_stays BEFORE DELETE ON accounts_auditstream
    BEGIN SELECT RAISE(ABORT, 'audit stream stays'); END
    """,
]
SQLITE_TRIGGERS = [
    "audit_entry_never_changes",
    "audit_entry_stays",
    "audit_entry_continues_chain",
    "audit_stream_moves_on",
    "audit_stream_stays",
]

POSTGRESQL = """
CREATE FUNCTION audit_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION audit_continue_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_auditstream
        WHERE name = NEW.stream_id AND head_seq = NEW.seq - 1 AND head_hash = NEW.prev_hash
    ) THEN
        RAISE EXCEPTION 'audit entry does not continue its chain' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_move_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name <> OLD.name OR NEW.head_seq <> OLD.head_seq + 1 THEN
        RAISE EXCEPTION 'audit stream only moves on' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_forbid();
CREATE TRIGGER audit_entry_stays BEFORE DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_forbid();
CREATE TRIGGER audit_entry_continues_chain BEFORE INSERT ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_continue_chain();
CREATE TRIGGER audit_stream_moves_on BEFORE UPDATE ON accounts_auditstream
    FOR EACH ROW EXECUTE FUNCTION audit_move_on();
CREATE TRIGGER audit_stream_stays BEFORE DELETE ON accounts_auditstream
    FOR EACH ROW EXECUTE FUNCTION audit_forbid();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_entry_never_changes ON accounts_auditentry;
DROP TRIGGER audit_entry_stays ON accounts_auditentry;
DROP TRIGGER audit_entry_continues_chain ON accounts_auditentry;
DROP TRIGGER audit_stream_moves_on ON accounts_auditstream;
DROP TRIGGER audit_stream_stays ON accounts_auditstream;
DROP FUNCTION audit_forbid();
DROP FUNCTION audit_continue_chain();
DROP FUNCTION audit_move_on();
"""


def forwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE if vendor == "sqlite" else [POSTGRESQL]:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}", params=None)
    else:
        schema_editor.execute(POSTGRESQL_BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
