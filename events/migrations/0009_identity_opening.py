from django.db import migrations

from accounts.encryption import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("events", "0008_attendance_sheets")]

    operations = [
        migrations.AddField("attendee", "identity_opening", EncryptedTextField(blank=True, editable=False, null=True)),
    ]
