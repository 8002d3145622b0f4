"""Files with attendees and what they brought; imports stand still with an archived event: triggers on both databases."""

import accounts.encryption
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


TABLE = "events_importbatch"
ARCHIVED = "archived events cannot be changed"
ACTIONS = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))


def sqlite():
    for action, rows in ACTIONS:
        yield (
            f"CREATE TRIGGER {TABLE}_{action.lower()}_{rows.lower()}_frozen BEFORE {action} ON {TABLE} "
            f"WHEN (SELECT state FROM events_event WHERE id = {rows}.event_id) = 'archived' "
            f"BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END"
        )


def postgresql():  # the function is of 0002
    yield f"""CREATE TRIGGER {TABLE}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""


def forwards(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_frozen ON {TABLE}")
        return
    for action, rows in ACTIONS:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_{action.lower()}_{rows.lower()}_frozen")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_chosen_columns'),
        ('events', '0017_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='nama berkas')),
                ('sha256', models.CharField(max_length=64, verbose_name='sidik digital')),
                ('mapping', models.JSONField(default=dict, verbose_name='kolom')),
                ('counts', models.JSONField(default=dict, verbose_name='jumlah')),
                ('details', accounts.encryption.EncryptedTextField(blank=True, default='', verbose_name='rincian')),
                ('applied_at', models.DateTimeField(auto_now_add=True, verbose_name='diimpor pada')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='dibatalkan pada')),
                ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to='events.event', verbose_name='kegiatan')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'impor peserta',
                'verbose_name_plural': 'impor peserta',
                'ordering': ['-applied_at'],
            },
        ),
        migrations.CreateModel(
            name='ImportUpload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='nama berkas')),
                ('sha256', models.CharField(max_length=64, verbose_name='sidik digital')),
                ('sheet', models.CharField(blank=True, max_length=120, verbose_name='lembar')),
                ('header_row', models.PositiveIntegerField(default=0, verbose_name='baris judul kolom')),
                ('mapping', models.JSONField(default=dict, verbose_name='kolom')),
                ('is_checked', models.BooleanField(default=False, verbose_name='kolom sudah ditetapkan')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='diunggah pada')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_uploads', to='events.event', verbose_name='kegiatan')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'berkas impor',
                'verbose_name_plural': 'berkas impor',
                'ordering': ['-uploaded_at'],
            },
        ),
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('mapping', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='import_mappings', to='accounts.office')),
            ],
            options={
                'verbose_name': 'kolom impor yang diingat',
                'verbose_name_plural': 'kolom impor yang diingat',
                'constraints': [models.UniqueConstraint(fields=('office', 'fingerprint'), name='one_mapping_per_office_and_headers'), models.CheckConstraint(condition=models.Q(('fingerprint', ''), _negated=True), name='import_mapping_has_fingerprint')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
