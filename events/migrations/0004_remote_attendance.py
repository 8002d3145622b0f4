# The two ways in which somebody who is not in the room is recorded as present.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0003_tablets_and_links'),
    ]

    operations = [
        migrations.AlterField(
            model_name='attendancerecord',
            name='method',
            field=models.CharField(choices=[('qr', 'QR'), ('cari', 'Cari nama'), ('tanpa_undangan', 'Tanpa undangan'), ('kode_ruang', 'Kode ruang (daring)'), ('tautan', 'Tautan pribadi (daring)'), ('kertas', 'Daftar hadir kertas'), ('tanda_tangan', 'Tanda tangan')], max_length=14),
        ),
    ]
