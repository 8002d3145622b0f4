"""Check a sealed paper with nothing but the file: no database, no network (PDF.md §5.5)."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from documents.certificates import read_certificates, trusted_roots
from documents.verification import MAX_BYTES, Report, Status, Unreadable, verify_file

LABELS = {
    "file_integrity": "Keutuhan berkas",
    "seal": "Segel",
    "certificate": "Sertifikat",
    "timestamp": "Stempel waktu",
    "evidence": "Bukti",
    "device_signatures": "Tanda tangan tablet",
    "chain": "Rantai tablet",
    "text": "Naskah",
}
WORDS = {Status.OK: "sesuai", Status.FAILED: "GAGAL", Status.ABSENT: "tidak ada"}


class Command(BaseCommand):
    help = "Memeriksa PDF bersegel: keutuhan, segel, sertifikat, bukti. Keluar 0 sah, 1 tidak sah, 2 tidak terbaca."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="berkas PDF")
        parser.add_argument(
            "--trust",
            type=Path,
            action="append",
            default=[],
            metavar="PEM",
            help="akar sertifikat lain yang dipercaya",
        )
        parser.add_argument("--json", action="store_true", help="cetak satu objek JSON")

    def handle(self, *, file: Path, trust: list[Path], json: bool, **options):
        try:
            report = verify_file(self._read(file), roots=self._roots(trust))
        except Unreadable as problem:
            self.stderr.write(problem.message)
            sys.exit(2)
        self.stdout.write(_as_json(report) if json else _in_words(report))
        sys.exit(0 if report.valid else 1)

    def _read(self, file: Path) -> bytes:
        try:
            with file.open("rb") as opened:
                return opened.read(MAX_BYTES + 1)
        except OSError:
            raise Unreadable(f"Berkas {file} tidak dapat dibuka.") from None

    def _roots(self, trust: list[Path]):
        for path in trust:
            try:
                read_certificates(path)
            except ValueError:
                raise Unreadable(f"{path} tidak berisi sertifikat.") from None
        return trusted_roots(trust)


def _as_json(report: Report) -> str:
    return json.dumps(report.as_json(), ensure_ascii=False)


def _in_words(report: Report) -> str:
    lines = [
        f"{LABELS[name]:<20} {WORDS[check.status]:<10} {check.message}"
        for name, check in report.checks.items()
    ]
    failed = ", ".join(LABELS[name] for name in report.failed)
    verdict = "SAH" if report.valid else f"TIDAK SAH ({failed or 'tidak bersegel'})"
    return "\n".join([*lines, "", f"{report.document['title'] or 'Tanpa judul'}: {verdict}"])
