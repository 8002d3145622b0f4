"""When a reading was written down, so that a tap that arrives late does not replace a later note."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('declarations', '0007_kiosk_item_of_its_tablet'),
    ]

    operations = [
        migrations.AddField(
            model_name='declaration',
            name='read_noted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='pembacaan dicatat pukul'),
        ),
    ]
