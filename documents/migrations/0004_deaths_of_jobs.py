
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_addenda'),
    ]

    operations = [
        migrations.AddField(
            model_name='renderjob',
            name='deaths',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='terhenti'),
        ),
        migrations.AddField(
            model_name='sealjob',
            name='deaths',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='terhenti'),
        ),
    ]
