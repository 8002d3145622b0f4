"""Texts of the day; they stand still with an archived event: triggers on both databases."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "events_noterevision"
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
        ('events', '0018_attendee_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NoteRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('notula', 'Notula'), ('kendala', 'Kendala')], max_length=7, verbose_name='lembar')),
                ('number', models.PositiveIntegerField(verbose_name='nomor')),
                ('text', models.TextField(blank=True, verbose_name='teks')),
                ('writer', models.CharField(blank=True, max_length=40, verbose_name='halaman penulis')),
                ('started_at', models.DateTimeField(verbose_name='mulai ditulis')),
                ('saved_at', models.DateTimeField(verbose_name='disimpan')),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='note_revisions', to='events.event', verbose_name='kegiatan')),
            ],
            options={
                'verbose_name': 'teks lembar catatan',
                'verbose_name_plural': 'teks lembar catatan',
                'ordering': ['event_id', 'kind', '-number'],
                'constraints': [models.UniqueConstraint(fields=('event', 'kind', 'number'), name='one_note_per_number'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='note_numbers_begin_at_one'), models.CheckConstraint(condition=models.Q(('kind__in', ['notula', 'kendala'])), name='note_kind_known')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
