"""A correction of a name is written once, on both databases: what was put right, when and why never changes or goes."""

from django.db import migrations

CORRECTION = "declarations_namecorrection"
FROZEN = "corrections of names cannot be changed"

FORWARDS = {
    "sqlite": [
        f"CREATE TRIGGER name_correction_no_{action.lower()} BEFORE {action} ON {CORRECTION} "
        f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        for action in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE FUNCTION name_correction_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        f"CREATE TRIGGER name_correction_frozen BEFORE UPDATE OR DELETE ON {CORRECTION} "
        "FOR EACH ROW EXECUTE FUNCTION name_correction_frozen()",
    ],
}
BACKWARDS = {
    "sqlite": ["DROP TRIGGER name_correction_no_update", "DROP TRIGGER name_correction_no_delete"],
    "postgresql": [
        f"DROP TRIGGER name_correction_frozen ON {CORRECTION}",
        "DROP FUNCTION name_correction_frozen()",
    ],
}


def forwards(apps, schema_editor):
    for statement in FORWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    for statement in BACKWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0005_name_corrections")]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
