from django.db import migrations, models


class Migration(migrations.Migration):
    """Null for sheets from before: an empty column keeps the table and its triggers on SQLite."""

    dependencies = [("events", "0013_paper_sides")]
    operations = [migrations.AddField("attendancesheet", "texts", models.JSONField("naskah", null=True))]
