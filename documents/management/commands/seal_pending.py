import json
import sys

from django.core.management.base import BaseCommand

from documents import jobs
from documents.models import RenderJob, SealJob


class Command(BaseCommand):
    help = "Buat dan segel semua dokumen yang menunggu, sekarang juga."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="cetak satu objek JSON")

    def handle(self, *args, **options):
        outcome = jobs.run_pending()
        failed = [
            job for model in (RenderJob, SealJob) for job in model.objects.failed().select_related("document")
        ]
        waiting = sum(
            model.objects.filter(state__in=["waiting", "running"]).count() for model in (RenderJob, SealJob)
        )
        if options["json"]:
            reasons = [{"document": str(job.document_id), "reason": job.last_error} for job in failed]
            print(
                json.dumps({**outcome._asdict(), "waiting": waiting, "failures": reasons}, ensure_ascii=False)
            )
        else:
            print(f"{outcome.done} pekerjaan selesai, {waiting} masih menunggu, {len(failed)} gagal.")
            for job in failed:
                print(f"{job.document}: {job.last_error}", file=sys.stderr)
        sys.exit(1 if failed or waiting else 0)
