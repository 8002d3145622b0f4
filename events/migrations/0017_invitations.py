"""Invitations: the number of the calendar entry, the outbox of mail, whom a representative stands for.

New tables stand still with an archived event, as does what a person was told last: triggers on both databases.
"""

import accounts.encryption
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


ARCHIVED = "archived events cannot be changed"
MAIL, STANDIN = "events_outgoingmail", "events_representation"
# A stand-in may still be removed after archiving: it keeps personal data of somebody who did not come.
ACTIONS = {
    MAIL: (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")),
    STANDIN: (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW")),
}
TOLD = "events_attendee_told_frozen"


def sqlite():
    refuse = f"BEGIN SELECT RAISE(ABORT, '{ARCHIVED}'); END"
    for table, actions in ACTIONS.items():
        for action, rows in actions:
            yield (
                f"CREATE TRIGGER {table}_{action.lower()}_{rows.lower()}_frozen BEFORE {action} ON {table} "
                f"WHEN (SELECT state FROM events_event WHERE id = {rows}.event_id) = 'archived' {refuse}"
            )
    yield (
        f"CREATE TRIGGER {TOLD} BEFORE UPDATE OF told_sequence ON events_attendee "
        f"WHEN (SELECT state FROM events_event WHERE id = OLD.event_id) = 'archived' {refuse}"
    )


def postgresql():  # the function is of 0002
    for table, actions in ACTIONS.items():
        words = " OR ".join(dict.fromkeys(action for action, _ in actions))
        yield f"""CREATE TRIGGER {table}_frozen BEFORE {words} ON {table}
            FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""
    yield f"""CREATE TRIGGER {TOLD} BEFORE UPDATE OF told_sequence ON events_attendee
        FOR EACH ROW EXECUTE FUNCTION row_of_archived_event_frozen()"""


def forwards(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in ACTIONS:
            schema_editor.execute(f"DROP TRIGGER {table}_frozen ON {table}")
        schema_editor.execute(f"DROP TRIGGER {TOLD} ON events_attendee")
        return
    for table, actions in ACTIONS.items():
        for action, rows in actions:
            schema_editor.execute(f"DROP TRIGGER {table}_{action.lower()}_{rows.lower()}_frozen")
    schema_editor.execute(f"DROP TRIGGER {TOLD}")


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0016_templates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='attendee',
            name='told_sequence',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='event',
            name='calendar_sequence',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Representation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('original', accounts.encryption.EncryptedTextField(verbose_name='yang diundang')),
                ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attendee', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='representation', to='events.attendee', verbose_name='peserta')),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.event')),
            ],
            options={
                'verbose_name': 'perwakilan',
                'verbose_name_plural': 'perwakilan',
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('invitation', 'Undangan'), ('change', 'Perubahan'), ('cancellation', 'Pembatalan'), ('reminder', 'Pengingat')], max_length=12, verbose_name='jenis')),
                ('subject', models.CharField(max_length=200, verbose_name='perihal')),
                ('state', models.CharField(choices=[('waiting', 'Menunggu'), ('sending', 'Sedang dikirim'), ('sent', 'Terkirim'), ('failed', 'Gagal')], default='waiting', max_length=7, verbose_name='keadaan')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='percobaan')),
                ('last_error', models.CharField(blank=True, max_length=300, verbose_name='kendala terakhir')),
                ('run_after', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dikirim setelah')),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('lease_by', models.CharField(blank=True, max_length=120)),
                ('handed_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='terkirim pada')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dibuat pada')),
                ('attendee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='events.attendee', verbose_name='peserta')),
                ('created_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='events.event', verbose_name='kegiatan')),
            ],
            options={
                'verbose_name': 'surel keluar',
                'verbose_name_plural': 'surel keluar',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['event', 'created_at'], name='mail_by_event'), models.Index(fields=['state', 'run_after'], name='mail_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=('attendee', 'kind'), name='one_mail_of_a_kind_under_way'), models.CheckConstraint(condition=models.Q(('kind__in', ['invitation', 'change', 'cancellation', 'reminder'])), name='mail_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(('sent_at', None), ('state__in', ['waiting', 'sending', 'failed'])), _connector='OR'), name='sent_mail_has_its_hour')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
