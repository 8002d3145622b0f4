import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from accounts import audit
from accounts.refusals import Refusal
from documents import archive


class Command(BaseCommand):
    help = "Ekspor dokumen tersegel sebuah kantor ke ZIP dengan manifest.csv dan verifikasi.html."

    def add_arguments(self, parser):
        parser.add_argument("--office", required=True, help="nomor kantor, kode wilayah, atau kode surat")
        parser.add_argument("--from", dest="first", help="disegel mulai tanggal (TTTT-BB-HH)")
        parser.add_argument("--to", dest="last", help="disegel sampai tanggal (TTTT-BB-HH)")
        parser.add_argument("--json", action="store_true", help="cetak satu objek JSON")
        parser.add_argument("output", type=Path, metavar="OUT.zip")

    def handle(self, *args, office, first, last, output, **options):
        try:
            offices = archive.offices_of(office)
            exported = archive.export_archive(
                offices=offices, target=output, by=audit.SYSTEM, first=day(first), last=day(last)
            )
        except Refusal as refusal:
            print(refusal.message, file=sys.stderr)
            sys.exit(2)
        except OSError as problem:
            print(f"Berkas {output} tidak dapat ditulis: {problem.strerror}.", file=sys.stderr)
            sys.exit(2)
        if options["json"]:
            result = {"documents": exported.documents, "size": exported.size, "missing": exported.missing}
            print(json.dumps({**result, "output": str(output)}))
        else:
            print(f"{exported.documents} dokumen ditulis ke {output}.")
            for pk in exported.missing:
                print(f"Berkas dokumen {pk} hilang atau berubah; tidak ikut diekspor.", file=sys.stderr)
        sys.exit(1 if exported.missing else 0)


def day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(f"Tanggal {text} tidak dikenal. Tulis seperti 2024-10-02.") from None
