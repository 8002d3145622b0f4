"""What a tablet handed in cannot change, on both databases: only what became of it, once somebody could read or decide.

The triggers of signatures are made anew, so that they also cover the column added before.
"""

import importlib

from django.db import migrations

words = importlib.import_module("declarations.migrations.0002_frozen_words")
ITEM = "declarations_kioskitem"
FROZEN = "items of tablets cannot be changed"
# As it arrived; everything else is filled when the item can be opened or somebody has decided.
ARRIVED = ("item_id", "sealed_sha256", "sealed", "event", "device", "seq", "kid", "via", "received_at", "operator")


def arrived_columns(apps):
    meta = apps.get_model("declarations", "KioskItem")._meta
    return [meta.get_field(name).column for name in ARRIVED]


def sqlite(apps):
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in arrived_columns(apps))
    refuse = f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
    yield f"CREATE TRIGGER kiosk_item_no_update BEFORE UPDATE ON {ITEM} WHEN {differs} {refuse}"
    yield f"CREATE TRIGGER kiosk_item_no_delete BEFORE DELETE ON {ITEM} {refuse}"


def postgresql(apps):
    old, new = (", ".join(f"{row}.{column}" for column in arrived_columns(apps)) for row in ("OLD", "NEW"))
    refuse = f"RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'integrity_constraint_violation';"
    yield f"""CREATE FUNCTION kiosk_item_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN {refuse} END IF;
            IF ROW({old}) IS DISTINCT FROM ROW({new}) THEN {refuse} END IF;
            RETURN NEW;
        END $$"""
    yield (
        f"CREATE TRIGGER kiosk_item_frozen BEFORE UPDATE OR DELETE ON {ITEM} "
        "FOR EACH ROW EXECUTE FUNCTION kiosk_item_frozen()"
    )


UNDO = {
    "sqlite": ["DROP TRIGGER kiosk_item_no_update", "DROP TRIGGER kiosk_item_no_delete"],
    "postgresql": [f"DROP TRIGGER kiosk_item_frozen ON {ITEM}", "DROP FUNCTION kiosk_item_frozen()"],
}


def forwards(apps, schema_editor):
    words.backwards(apps, schema_editor)
    words.forwards(apps, schema_editor)
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor](apps):
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    """The wider triggers of signatures stay: the column they cover goes with the step before."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0003_kiosk_items")]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
