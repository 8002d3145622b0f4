"""The register of hashes only grows: no UPDATE, no DELETE, on both databases."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER hash_register_no_update BEFORE UPDATE ON documents_hashregister
    BEGIN SELECT RAISE(ABORT, 'hash register is append-only'); END""",
    """CREATE TRIGGER hash_register_no_delete BEFORE DELETE ON documents_hashregister
    BEGIN SELECT RAISE(ABORT, 'hash register is append-only'); END""",
    # INSERT OR REPLACE deletes the old row without firing the trigger above.
    """CREATE TRIGGER hash_register_no_replace BEFORE INSERT ON documents_hashregister
    WHEN EXISTS (SELECT 1 FROM documents_hashregister WHERE sha256 = NEW.sha256)
    BEGIN SELECT RAISE(ABORT, 'hash register is append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION hash_register_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'hash register is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER hash_register_append_only BEFORE UPDATE OR DELETE ON documents_hashregister
    FOR EACH ROW EXECUTE FUNCTION hash_register_append_only()""",
]
UNDO = {
    "sqlite": ["DROP TRIGGER hash_register_no_update", "DROP TRIGGER hash_register_no_delete", "DROP TRIGGER hash_register_no_replace"],
    "postgresql": [
        "DROP TRIGGER hash_register_append_only ON documents_hashregister",
        "DROP FUNCTION hash_register_append_only()",
    ],
}


def forwards(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
