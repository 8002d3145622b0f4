"""Rows that were put together or told apart, and what somebody had been told before.

Both stand still with an archived event, as the rest of the list does: triggers on both databases.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.leaner import AddFieldBesideTriggers

ARCHIVED = "archived events cannot be changed"
TABLE = "events_apartpair"
ACTIONS = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
COLUMNS = {"told_before": "events_attendee_before_frozen", "merged_into_id": "events_attendee_merged_frozen"}


def sqlite():
    refuse = f"BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END"
    for action, rows in ACTIONS:
        yield (
            f"CREATE TRIGGER {TABLE}_{action.lower()}_{rows.lower()}_frozen BEFORE {action} ON {TABLE} "
            f"WHEN (SELECT state FROM events_event WHERE id = {rows}.event_id) = 'archived' {refuse}"
        )
    for column, name in COLUMNS.items():
        yield (
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON events_attendee "
            f"WHEN (SELECT state FROM events_event WHERE id = OLD.event_id) = 'archived' {refuse}"
        )


def postgresql():  # the function is of 0002
    yield f"""CREATE TRIGGER {TABLE}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""
    for column, name in COLUMNS.items():
        yield f"""CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON events_attendee
            FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""


def forwards(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_frozen ON {TABLE}")
        for name in COLUMNS.values():
            schema_editor.execute(f"DROP TRIGGER {name} ON events_attendee")
        return
    for action, rows in ACTIONS:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_{action.lower()}_{rows.lower()}_frozen")
    for name in COLUMNS.values():
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0020_submissions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddFieldBesideTriggers(
            model_name='attendee',
            name='merged_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged_rows', to='events.attendee'),
        ),
        migrations.AddField(
            model_name='attendee',
            name='told_before',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='ApartPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('judged_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='apart_pairs', to='events.event')),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.attendee')),
                ('judged_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.attendee')),
            ],
            options={
                'verbose_name': 'dua peserta yang berbeda',
                'verbose_name_plural': 'dua peserta yang berbeda',
                'ordering': ['judged_at', 'pk'],
                'indexes': [models.Index(fields=['event', 'judged_at'], name='apart_pair_by_event')],
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_judgement_per_pair'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='apart_pair_in_order'), models.CheckConstraint(condition=models.Q(('fingerprint', ''), _negated=True), name='apart_pair_has_fingerprint')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
