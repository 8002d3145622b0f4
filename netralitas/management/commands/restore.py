import json
import sys
from pathlib import Path

from django.core.management import BaseCommand

from accounts.refusals import Refusal
from netralitas.backups import read_backup


class Command(BaseCommand):
    help = "Memulihkan cadangan ke DATA_DIR dan basis data kosong."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("path", metavar="SRC", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args, path, as_json, **options):
        try:
            result = read_backup(path.resolve())
        except Refusal as refusal:
            self.stderr.write(refusal.message)
            sys.exit(2)
        if as_json:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(
                f"Cadangan dipulihkan: {result['files']} berkas. Selanjutnya: manage.py prepare --no-demo"
            )
