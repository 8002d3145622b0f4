import json

from django.core.management.base import BaseCommand

from documents import jobs


class Command(BaseCommand):
    help = "Bangunkan pekerjaan yang tertinggal oleh pekerja yang mati, dan bersihkan sisa-sisanya."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="cetak satu objek JSON")

    def handle(self, *args, **options):
        swept = jobs.sweep()
        if options["json"]:
            print(json.dumps(swept._asdict()))
            return
        print(
            f"{swept.woken} pekerjaan dibangunkan, {swept.closed} antrean mati ditutup, "
            f"{swept.removed} berkas sementara dihapus."
        )
