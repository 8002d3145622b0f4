"""What people signed cannot change: words of published texts and the content of signatures, on both databases.

A later migration that rebuilds one of these tables on SQLite (AlterField, RemoveField …) drops its triggers: run
``forwards`` again behind it. tests/declarations/test_frozen.py notices.
"""

from django.db import migrations

TEXT_FROZEN = "published texts cannot be changed"
SIGNATURE_FROZEN = "signatures cannot be changed"
# The only change left to a published version is its approval.
TEXT_STANDING = {"state", "approved_at", "approved_by", "approval_note"}
# The standing of a signature is decided later, by a person; what was signed is not.
SIGNATURE_STANDING = {"status", "code", "status_reason", "decided_at", "decided_by", "signatory"}
TEXT, BASES, SIGNATURE = (
    "declarations_textversion",
    "declarations_textversion_legal_bases",
    "declarations_signature",
)


def frozen_columns(apps, model, standing):
    fields = apps.get_model("declarations", model)._meta.concrete_fields
    return [field.column for field in fields if field.name not in standing]


def sqlite(apps):
    def refuse(reason):
        return f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"

    def differs(columns):
        return " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)

    text = differs(frozen_columns(apps, "TextVersion", TEXT_STANDING))
    yield (
        f"CREATE TRIGGER published_text_no_update BEFORE UPDATE ON {TEXT} "
        f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {text}) {refuse(TEXT_FROZEN)}"
    )
    yield (
        f"CREATE TRIGGER published_text_no_delete BEFORE DELETE ON {TEXT} "
        f"WHEN OLD.state <> 'draft' {refuse(TEXT_FROZEN)}"
    )
    for action, rows in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        yield (
            f"CREATE TRIGGER published_text_bases_{action.lower()}_{rows.lower()} BEFORE {action} ON {BASES} "
            f"WHEN (SELECT state FROM {TEXT} WHERE id = {rows}.textversion_id) <> 'draft' {refuse(TEXT_FROZEN)}"
        )
    signature = differs(frozen_columns(apps, "Signature", SIGNATURE_STANDING))
    yield (
        f"CREATE TRIGGER signature_no_update BEFORE UPDATE ON {SIGNATURE} "
        f"WHEN {signature} {refuse(SIGNATURE_FROZEN)}"
    )
    yield f"CREATE TRIGGER signature_no_delete BEFORE DELETE ON {SIGNATURE} {refuse(SIGNATURE_FROZEN)}"


def postgresql(apps):
    def refuse(reason):
        return f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation';"

    def differs(columns):
        old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
        return f"ROW({old}) IS DISTINCT FROM ROW({new})"

    text = differs(frozen_columns(apps, "TextVersion", TEXT_STANDING))
    yield f"""CREATE FUNCTION published_text_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.state <> 'draft' THEN {refuse(TEXT_FROZEN)} END IF;
                RETURN OLD;
            END IF;
            IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR {text}) THEN {refuse(TEXT_FROZEN)} END IF;
            RETURN NEW;
        END $$"""
    yield f"""CREATE FUNCTION published_text_bases_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' AND EXISTS (
                SELECT 1 FROM {TEXT} WHERE id = OLD.textversion_id AND state <> 'draft'
            ) THEN {refuse(TEXT_FROZEN)} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF EXISTS (
                SELECT 1 FROM {TEXT} WHERE id = NEW.textversion_id AND state <> 'draft'
            ) THEN {refuse(TEXT_FROZEN)} END IF;
            RETURN NEW;
        END $$"""
    signature = differs(frozen_columns(apps, "Signature", SIGNATURE_STANDING))
    yield f"""CREATE FUNCTION signature_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN {refuse(SIGNATURE_FROZEN)} END IF;
            IF {signature} THEN {refuse(SIGNATURE_FROZEN)} END IF;
            RETURN NEW;
        END $$"""
    yield (
        f"CREATE TRIGGER published_text_frozen BEFORE UPDATE OR DELETE ON {TEXT} "
        "FOR EACH ROW EXECUTE FUNCTION published_text_frozen()"
    )
    yield (
        f"CREATE TRIGGER published_text_bases_frozen BEFORE INSERT OR UPDATE OR DELETE ON {BASES} "
        "FOR EACH ROW EXECUTE FUNCTION published_text_bases_frozen()"
    )
    yield (
        f"CREATE TRIGGER signature_frozen BEFORE UPDATE OR DELETE ON {SIGNATURE} "
        "FOR EACH ROW EXECUTE FUNCTION signature_frozen()"
    )


SQLITE_UNDO = [
    f"DROP TRIGGER {name}"
    for name in (
        "published_text_no_update",
        "published_text_no_delete",
        "published_text_bases_insert_new",
        "published_text_bases_update_old",
        "published_text_bases_update_new",
        "published_text_bases_delete_old",
        "signature_no_update",
        "signature_no_delete",
    )
]
POSTGRESQL_UNDO = [
    f"DROP TRIGGER published_text_frozen ON {TEXT}",
    f"DROP TRIGGER published_text_bases_frozen ON {BASES}",
    f"DROP TRIGGER signature_frozen ON {SIGNATURE}",
    "DROP FUNCTION published_text_frozen()",
    "DROP FUNCTION published_text_bases_frozen()",
    "DROP FUNCTION signature_frozen()",
]


def forwards(apps, schema_editor):
    make = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in make(apps):
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    undo = {"sqlite": SQLITE_UNDO, "postgresql": POSTGRESQL_UNDO}[schema_editor.connection.vendor]
    for statement in undo:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
