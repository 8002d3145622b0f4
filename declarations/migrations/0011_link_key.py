"""Records of personal links keep the key that signed them; it is frozen like the rest of a signature."""

import importlib

from django.db import migrations, models

words = importlib.import_module("declarations.migrations.0002_frozen_words")
NAMES = ("signature_no_update", "signature_no_delete")


def thaw(apps, schema_editor):
    """SQLite does not let a column go that a trigger names."""
    if schema_editor.connection.vendor == "sqlite":
        for name in NAMES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


def freeze_again(apps, schema_editor):
    """The guard of signatures, with the columns that the table has now."""
    if schema_editor.connection.vendor == "sqlite":
        thaw(apps, schema_editor)
        made = [statement for statement in words.sqlite(apps) if statement.split()[2] in NAMES]
    else:
        made = [
            statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
            for statement in words.postgresql(apps)
            if statement.startswith("CREATE FUNCTION signature_frozen")
        ]
    for statement in made:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0010_salt")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, freeze_again, elidable=False),
        migrations.AddField("signature", "link_key", models.BinaryField(max_length=65, null=True)),
        migrations.RunPython(freeze_again, thaw, elidable=False),
    ]
