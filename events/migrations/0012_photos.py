"""Photos of an event; they stand still with an archived event: triggers on both databases."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


TABLE = "events_eventphoto"
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
        ('events', '0011_frozen_openings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EventPhoto',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('order', models.PositiveSmallIntegerField(verbose_name='urutan')),
                ('caption', models.CharField(blank=True, max_length=200, verbose_name='keterangan')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='waktu pengambilan')),
                ('is_printed', models.BooleanField(default=True, verbose_name='dicetak dalam laporan')),
                ('sha256', models.CharField(max_length=64, verbose_name='sidik digital')),
                ('print_sha256', models.CharField(max_length=64, verbose_name='sidik ukuran cetak')),
                ('upload_sha256', models.CharField(max_length=64, verbose_name='sidik unggahan')),
                ('width', models.PositiveIntegerField(verbose_name='lebar')),
                ('height', models.PositiveIntegerField(verbose_name='tinggi')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ditambahkan pada')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='diubah pada')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='events.event', verbose_name='kegiatan')),
            ],
            options={
                'verbose_name': 'foto kegiatan',
                'verbose_name_plural': 'foto kegiatan',
                'ordering': ['order', 'added_at'],
                'constraints': [models.UniqueConstraint(fields=('event', 'upload_sha256'), name='one_photo_per_file_of_an_event')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
