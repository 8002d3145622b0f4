from django.db import migrations, models

import declarations.models.signatures


class Migration(migrations.Migration):
    """The database gets an empty column: with a default SQLite would copy the table and drop its triggers."""

    dependencies = [("declarations", "0009_fewer_indexes"), ("events", "0009_identity_opening")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    "signatory", "salt", models.BinaryField(editable=False, max_length=16, null=True)
                )
            ],
            state_operations=[
                migrations.AddField(
                    "signatory",
                    "salt",
                    models.BinaryField(
                        default=declarations.models.signatures.new_salt,
                        editable=False,
                        max_length=16,
                        null=True,
                    ),
                )
            ],
        )
    ]
