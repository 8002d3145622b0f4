import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.leaner import WithoutIndex, leave_room


class Migration(migrations.Migration):

    dependencies = [
        ('declarations', '0008_reading_noted_at'),
        ('events', '0005_rundown_taps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WithoutIndex(
            model_name='kioskitem',
            name='device',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='events.device'),
        ),
        WithoutIndex(
            model_name='kioskitem',
            name='event',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='kiosk_items', to='events.event'),
        ),
        WithoutIndex(
            model_name='kioskitem',
            name='operator',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='kioskitem',
            name='resolved_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='signatory',
            name='declaration',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='signatories', to='declarations.declaration'),
        ),
        WithoutIndex(
            model_name='signatory',
            name='replaced_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='declarations.signatory'),
        ),
        WithoutIndex(
            model_name='signature',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='signature',
            name='operator',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        leave_room('declarations', 'Signatory'),
    ]
