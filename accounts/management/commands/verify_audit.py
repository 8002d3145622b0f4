import json
import sys

from django.core.management.base import BaseCommand

from accounts.audit import StreamReport, verify_all, verify_stream
from accounts.models import AuditEntry, AuditStream


class Command(BaseCommand):
    help = "Memeriksa rangkaian log audit. Keluar 0: utuh, 1: rusak, 2: masukan tidak dapat dipakai."

    def add_arguments(self, parser):
        parser.add_argument("--stream", help='hanya satu rangkaian, mis. "office:7"')
        parser.add_argument("--json", action="store_true", help="satu objek JSON pada stdout")

    def handle(self, *, stream=None, json=False, **options):
        if stream is not None and not exists(stream):
            self.stderr.write(f"Rangkaian tidak ditemukan: {stream}")
            sys.exit(2)
        reports = [verify_stream(stream)] if stream is not None else list(verify_all())
        broken = [report for report in reports if not report.is_whole]
        if json:
            self.stdout.write(as_json(reports, broken))
        else:
            self.print_reports(reports, broken)
        if broken:
            sys.exit(1)

    def print_reports(self, reports: list[StreamReport], broken: list[StreamReport]):
        for report in broken:
            self.stdout.write(
                f"RUSAK  {report.stream} nomor {report.first_broken} ({report.verb or '–'}): {report.problem}"
            )
        entries = sum(report.entries for report in reports)
        state = f"{len(broken)} rangkaian rusak" if broken else "utuh"
        self.stdout.write(f"{len(reports)} rangkaian, {entries} catatan diperiksa: {state}.")


def exists(stream: str) -> bool:
    return (
        AuditStream.objects.filter(pk=stream).exists() or AuditEntry.objects.filter(stream_id=stream).exists()
    )


def as_json(reports: list[StreamReport], broken: list[StreamReport]) -> str:
    """``first_broken`` is null or {stream, seq, verb, problem} of the first broken stream."""
    first = broken[0] if broken else None
    return json.dumps(
        {
            "streams": len(reports),
            "entries": sum(report.entries for report in reports),
            "first_broken": first
            and {
                "stream": first.stream,
                "seq": first.first_broken,
                "verb": first.verb,
                "problem": first.problem,
            },
        },
        ensure_ascii=False,
    )
