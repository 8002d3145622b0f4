"""The same bytes handed in for two tablets are two items, so that a forged file cannot take the place of the real one.

SQLite rebuilds the table for this and drops its triggers; they are made again, in both directions.
"""

import importlib

from django.db import migrations, models

items = importlib.import_module("declarations.migrations.0004_frozen_kiosk_items")


def freeze_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in items.UNDO["sqlite"]:
        schema_editor.execute(statement.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS"), params=None)
    for statement in items.sqlite(apps):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0006_frozen_name_corrections")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, freeze_again, elidable=False),
        migrations.RemoveConstraint(model_name="kioskitem", name="one_kiosk_item_per_id_and_bytes"),
        migrations.AddConstraint(
            model_name="kioskitem",
            constraint=models.UniqueConstraint(
                fields=("item_id", "sealed_sha256", "device"), name="one_kiosk_item_per_id_bytes_and_tablet"
            ),
        ),
        migrations.RunPython(freeze_again, migrations.RunPython.noop, elidable=False),
    ]
