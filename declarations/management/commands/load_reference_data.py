import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand

from declarations.reference_data import FOLDER, Loaded, UnusableData, load_reference_data


class Command(BaseCommand):
    help = "Memuat naskah rujukan dan dasar hukum, serta memeriksa klasifikasi dan pangkat; aman dijalankan berulang kali."

    def add_arguments(self, parser):
        parser.add_argument("--source", type=Path, default=FOLDER, metavar="DIR", help="folder data")
        parser.add_argument("--json", action="store_true", help="cetak satu objek JSON")

    def handle(self, *, source: Path, json: bool, **options):
        """Exit 2 with one line on stderr when a file cannot be used; nothing is changed then."""
        try:
            loaded = load_reference_data(source=source)
        except UnusableData as error:
            self.stderr.write(f"Data rujukan tidak dapat dimuat: {error}")
            sys.exit(2)
        self.stdout.write(as_json(loaded) if json else as_text(loaded))


def as_json(loaded: Loaded) -> str:
    return json.dumps(asdict(loaded))


def as_text(loaded: Loaded) -> str:
    lines = [
        f"Naskah        {loaded.texts:>4}   (baru {loaded.texts_added}, versi baru {loaded.versions_added})",
        f"Dasar hukum   {loaded.legal_bases:>4}   (baru {loaded.legal_bases_added}, berubah {loaded.legal_bases_changed})",
        f"Klasifikasi   {loaded.classifications:>4}",
        f"Pangkat       {loaded.ranks:>4}",
    ]
    if loaded.unapproved:
        lines.append(f"Menunggu persetujuan: {', '.join(loaded.unapproved)}.")
    return "\n".join(lines)
