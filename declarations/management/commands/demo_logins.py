import json

from django.conf import settings
from django.core.management import BaseCommand


class Command(BaseCommand):
    help = "Menampilkan akun contoh (kata sandinya dibuat acak saat data contoh dibuat)."

    def handle(self, *args, **options):
        path = settings.DATA_DIR / "demo_logins.json"
        if not path.exists():
            return
        self.stdout.write("\nAkun contoh:")
        for email, password in json.loads(path.read_text()).items():
            self.stdout.write(f"  {email:<36} {password}")
