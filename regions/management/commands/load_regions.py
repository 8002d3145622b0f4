import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from regions import SOURCE_NOTE
from regions.loading import Loaded, load_regions
from regions.reading import UnusableData

LINES = {
    "provinces": "Provinsi",
    "regencies": "Kabupaten/Kota",
    "districts": "Kecamatan",
    "villages": "Desa/Kelurahan",
}


class Command(BaseCommand):
    help = (
        "Memuat seluruh wilayah dari data idn-area-data (CSV) ke basis data; aman dijalankan berulang kali."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--source", type=Path, metavar="DIR", help="folder berisi provinces.csv dan seterusnya"
        )
        parser.add_argument("--json", action="store_true", help="cetak satu objek JSON")

    def handle(self, *, source: Path | None, json: bool, **options):
        """Exit 2 with one line on stderr when the files cannot be used; nothing is changed then."""
        try:
            loaded = load_regions(source=source or settings.REGION_DATA_DIR)
        except UnusableData as error:
            self.stderr.write(f"Data wilayah tidak dapat dimuat: {error}")
            sys.exit(2)
        self.stdout.write(as_json(loaded) if json else as_text(loaded))


def as_json(loaded: Loaded) -> str:
    return json.dumps(asdict(loaded))


def as_text(loaded: Loaded) -> str:
    counts = [f"{label:<15} {getattr(loaded, name):>6}" for name, label in LINES.items()]
    changes = (
        f"Baru {loaded.added}, berubah {loaded.changed}, tidak dipakai lagi {loaded.retired}, "
        f"sebutan setempat baru {loaded.labels_added}."
    )
    return "\n".join([*counts, changes, SOURCE_NOTE])
