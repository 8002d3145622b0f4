import json
import os
import sys
from pathlib import Path

from django.core.management import BaseCommand

from accounts.refusals import Refusal
from declarations.demo.build import build, scenarios, supervising_people
from declarations.demo.complete import complete, write_papers
from declarations.models import TextVersion
from regions.models import Region


class Command(BaseCommand):
    help = "Membuat lima kegiatan contoh dari berita; dengan --complete ditandatangani, ditutup, dan disegel."

    def add_arguments(self, parser):
        parser.add_argument("--scenario", metavar="SLUG", help="hanya kegiatan ini")
        parser.add_argument("--complete", action="store_true", help="tanda tangani, tutup, dan segel")
        parser.add_argument(
            "--attendees", type=int, metavar="N", help="isi naskah pertama dengan N penanda tangan"
        )
        parser.add_argument("--output", type=Path, metavar="DIR", help="tulis PDF tersegel ke folder ini")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args, scenario, complete: bool, attendees, output, as_json, **options):
        known = scenarios()
        problem = find_problem(scenario, known, attendees, complete, output)
        if problem:
            self.stderr.write(problem)
            sys.exit(2)
        chosen = [known[scenario]] if scenario else list(known.values())
        try:
            report = [self.one(spec, complete, attendees, output) for spec in chosen]
            supervising_people()
        except Refusal as refusal:
            self.stderr.write(" ".join([refusal.message, *map(str, refusal.issues)]))
            sys.exit(1)
        if as_json:
            self.stdout.write(json.dumps({"events": report}, ensure_ascii=False))
            return
        for entry in report:
            self.stdout.write(f"{entry['slug']}: {entry['attendees']} peserta, kode {entry['code']}")
            for path in entry["files"]:
                self.stdout.write(f"  {path}")

    def one(self, spec: dict, complete_it: bool, attendees: int | None, output: Path | None) -> dict:
        event, user = build(spec, attendees=attendees)
        files = []
        if complete_it:
            declarations = complete(event, spec, by=user)
            files = write_papers(declarations, spec["slug"], output) if output else []
        return {
            "slug": spec["slug"],
            "code": event.code,
            "attendees": event.attendees.count(),
            "files": [str(path) for path in files],
        }


def find_problem(scenario, known, attendees, complete_it, output) -> str:
    if scenario and scenario not in known:
        return f'Kegiatan contoh "{scenario}" tidak dikenal. Pilihan: {", ".join(known)}.'
    if attendees is not None and not 1 <= attendees <= 5000:
        return "Jumlah penanda tangan harus antara 1 dan 5000."
    if output and not complete_it:
        return "--output memerlukan --complete, karena hanya naskah tersegel yang ditulis."
    if output and (problem := unwritable(output)):
        return problem
    if not Region.objects.exists():
        return "Data wilayah belum dimuat. Jalankan: manage.py load_regions"
    if not TextVersion.objects.exists():
        return "Naskah rujukan belum dimuat. Jalankan: manage.py load_reference_data"
    return ""


def unwritable(folder: Path) -> str:
    """Asked before anything is signed: the papers must have somewhere to go."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return f"{folder} tidak dapat dipakai sebagai folder keluaran."
    return "" if os.access(folder, os.W_OK) else f"Folder {folder} tidak dapat ditulisi."
