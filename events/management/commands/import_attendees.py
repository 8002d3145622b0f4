"""Attendees from a file by the same code as the page (DESIGN §7)."""

import hashlib
import json
import sys
from pathlib import Path

from django.core.management import BaseCommand

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from events.import_plan import Plan, dry_run
from events.importing import apply_plan, first_mapping, readable
from events.imports.headers import header_row, headers_of
from events.imports.matching import CHANGED, NEW
from events.imports.tables import Unusable
from events.locking import lock_for_edit
from events.models import Event

NO_HEADER = "Baris judul kolom tidak ditemukan. Pilih barisnya."
NO_NAME_COLUMN = "Kolom nama belum dipilih."


class Command(BaseCommand):
    help = "Mengimpor peserta dari XLSX, XLS, ODS, atau CSV. Keluar 0 tanpa galat, 1 ada baris galat, 2 berkas tidak dapat dipakai."

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="kode kegiatan")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="periksa saja, jangan menyimpan")
        parser.add_argument("--json", action="store_true", dest="as_json", help="cetak satu objek JSON")

    def handle(self, *args, event, file: Path, dry_run, as_json, **options):
        try:
            plan = import_file(event, file, only_check=dry_run)
        except (Refusal, Unusable) as problem:
            self.stderr.write(getattr(problem, "message", str(problem)))
            sys.exit(2)
        report = report_of(plan)
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(plan.summary)
            for error in report["errors"]:
                self.stdout.write(f"Baris {error['row']}, {error['column']}: {error['message']}")
        sys.exit(1 if report["errors"] else 0)


def import_file(code: str, path: Path, *, only_check: bool) -> Plan:
    """Check the file and, unless only that is asked, write its right rows. Refusal or Unusable in Indonesian."""
    try:
        data = path.read_bytes()
    except OSError:
        raise Refusal(f"Berkas {path} tidak dapat dibuka.") from None
    event = Event.objects.select_related("office", "region").filter(code=code).first()
    if event is None:
        raise Refusal(f"Kegiatan {code} tidak ditemukan.")
    rows = readable(data).sheets[0].rows
    header = header_row(rows)
    if not header:
        raise Refusal(NO_HEADER)
    mapping = first_mapping(event, headers_of(rows, header))
    if "full_name" not in mapping.values():
        raise Refusal(NO_NAME_COLUMN)
    with writing():
        lock_for_edit(event)
        plan = dry_run(event=event, rows=rows, header=header, mapping=mapping)
        if not only_check:
            digest = hashlib.sha256(data).hexdigest()
            apply_plan(event=event, plan=plan, name=path.name, sha256=digest, by=audit.SYSTEM)
    return plan


def report_of(plan: Plan) -> dict:
    """``imported`` new rows, ``updated`` changed ones (of a dry run: that would be); ``row`` as Excel counts."""
    return {
        "rows": len(plan.rows),
        "imported": plan.counts[NEW],
        "updated": plan.counts[CHANGED],
        "errors": [
            {"row": row.number, "column": plan.label(i.column), "value": i.value, "message": i.message}
            for row in plan.faulty
            for i in row.issues
        ],
    }
