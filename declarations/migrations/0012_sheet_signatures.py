import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


TABLE = "declarations_sheetsignature"
FROZEN = "notes of signatures on sheets cannot be changed"
# Only taking a note back is written later, once.
WORDS = ("signatory_id", "scan_id", "row", "signed_at", "reason", "at", "by_id")


def sqlite():
    changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in WORDS)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
    yield (
        f"CREATE TRIGGER sheet_signature_no_update BEFORE UPDATE ON {TABLE} "
        f"WHEN OLD.withdrawn_at IS NOT NULL OR {changed} {refuse}"
    )
    yield f"CREATE TRIGGER sheet_signature_no_delete BEFORE DELETE ON {TABLE} {refuse}"


def postgresql():
    changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in WORDS)
    refuse = f"RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'integrity_constraint_violation';"
    yield f"""CREATE FUNCTION sheet_signature_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN {refuse} END IF;
            IF OLD.withdrawn_at IS NOT NULL OR {changed} THEN {refuse} END IF;
            RETURN NEW;
        END $$"""
    yield (
        f"CREATE TRIGGER sheet_signature_frozen BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION sheet_signature_frozen()"
    )


UNDO = {
    "sqlite": ["DROP TRIGGER sheet_signature_no_update", "DROP TRIGGER sheet_signature_no_delete"],
    "postgresql": [
        f"DROP TRIGGER sheet_signature_frozen ON {TABLE}",
        "DROP FUNCTION sheet_signature_frozen()",
    ],
}


def forwards(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('declarations', '0011_link_key'),
        ('events', '0014_sheet_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SheetSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField(verbose_name='baris')),
                ('signed_at', models.DateTimeField(verbose_name='ditandatangani pada')),
                ('reason', models.CharField(max_length=300, verbose_name='alasan')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dicatat pada')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='ditarik pada')),
                ('withdrawn_reason', models.CharField(blank=True, max_length=300, verbose_name='alasan penarikan')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.attendancescan', verbose_name='pindaian')),
                ('signatory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheet_signatures', to='declarations.signatory')),
            ],
            options={
                'verbose_name': 'tanda tangan di lembar',
                'verbose_name_plural': 'tanda tangan di lembar',
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('signatory',), name='one_sheet_signature_per_signatory'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='sheet_signature_has_reason'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawn_sheet_signature_has_reason')],
            },
        ),
        migrations.RunPython(forwards, backwards, elidable=False),
    ]
