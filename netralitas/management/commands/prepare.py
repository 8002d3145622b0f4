import hashlib
import sys
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from declarations import kiosk_build
from declarations.models import TextVersion
from events.models import Event
from regions.models import Region


class Command(BaseCommand):
    help = "Menyiapkan basis data, berkas statis, wilayah, naskah rujukan, dan (pada basis data kosong) data contoh."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_true", help="jangan membuat data contoh")

    def handle(self, *args, no_demo, **options):
        """Every step does nothing when its work is done already, so a second start is quick."""
        started = time.monotonic()
        try:
            kiosk_build.ensure_built()
        except kiosk_build.KioskNotBuiltError as error:
            raise CommandError(str(error)) from error
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Menyiapkan basis data …")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        self.collect_static()
        if not Region.objects.exists():
            self.say("Memuat data wilayah …")
            call_command("load_regions")
        if not TextVersion.objects.exists():
            self.say("Memuat naskah rujukan dan dasar hukum …")
            call_command("load_reference_data")
        if not no_demo and not Event.objects.exists():
            self.say("Membuat lima kegiatan contoh …")
            call_command("demo")
        self.say(f"Siap dalam {time.monotonic() - started:.1f} detik.")

    def collect_static(self):
        """Run collectstatic only when a source file changed: the stamp holds names, sizes and times."""
        stamp = settings.DATA_DIR / "static.stamp"
        print_ = fingerprint([settings.BASE_DIR / "static", settings.BASE_DIR / "package-lock.json"])
        if stamp.exists() and stamp.read_text() == print_ and settings.STATIC_ROOT.exists():
            return
        self.say("Mengumpulkan berkas statis …")
        call_command(collectstatic.Command(), verbosity=0, interactive=False, clear=True)
        stamp.write_text(print_)

    def say(self, text):
        self.stdout.write(text)
        sys.stdout.flush()


def fingerprint(paths: list[Path]) -> str:
    files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    facts = [f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files if file.is_file()]
    return hashlib.sha256("\n".join([sys.version, *facts]).encode()).hexdigest()
