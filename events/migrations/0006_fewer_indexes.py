import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.leaner import WithoutIndex, leave_room


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0005_rundown_taps'),
        ('regions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WithoutIndex(
            model_name='attendancerecord',
            name='operator',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='attendancerecord',
            name='site',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.eventsite'),
        ),
        WithoutIndex(
            model_name='attendee',
            name='event',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='events.event', verbose_name='kegiatan'),
        ),
        WithoutIndex(
            model_name='attendee',
            name='site',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='attendees', to='events.eventsite', verbose_name='lokasi'),
        ),
        WithoutIndex(
            model_name='attendee',
            name='village',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='desa/kelurahan'),
        ),
        leave_room('events', 'Attendee'),
    ]
