"""The taps of the MC; like every row of an event they are frozen once it is archived."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


ARCHIVED = "archived events cannot be changed"


def sqlite():
    for action, rows in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        yield (
            f"CREATE TRIGGER events_rundowntap_{action.lower()}_frozen BEFORE {action} ON events_rundowntap "
            f"WHEN (SELECT state FROM events_event WHERE id = {rows}.event_id) = 'archived' "
            f"BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END"
        )


def postgresql():
    """The function was made by 0002_frozen_rows."""
    yield """CREATE TRIGGER events_rundowntap_frozen BEFORE INSERT OR UPDATE OR DELETE ON events_rundowntap
        FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""


def freeze(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_remote_attendance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RundownTap',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('subject', models.UUIDField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('start', 'Mulai'), ('finish', 'Selesai'), ('unstart', 'Batal mulai'), ('unfinish', 'Batal selesai'), ('read', 'Dibacakan'), ('open', 'Buka penandatanganan')], max_length=8, verbose_name='ketukan')),
                ('at', models.DateTimeField(verbose_name='pukul')),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taps', to='events.event')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='taps', to='events.agendaitem')),
                ('operator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'ketukan pembawa acara',
                'verbose_name_plural': 'ketukan pembawa acara',
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('item__isnull', True), ('kind__in', ['read', 'open']), ('subject__isnull', False)), models.Q(('item__isnull', False), ('kind__in', ['start', 'finish', 'unstart', 'unfinish']), ('subject__isnull', True)), _connector='OR'), name='rundown_tap_is_of_item_or_paper')],
            },
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
    ]
