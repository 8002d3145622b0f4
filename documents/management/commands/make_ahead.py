"""One paper printed before it is ordered; the worker starts this beside itself, with low priority."""

import signal
import sys

from django.core.management.base import BaseCommand

from documents import ahead, pdf


class Command(BaseCommand):
    help = "Buat lebih awal satu dokumen yang sebentar lagi disegel."

    def handle(self, *args, **options):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the lease is given back
        pdf.prepare_process(long_lived=True)
        made = ahead.make_next()
        self.stdout.write("Satu dokumen diperiksa." if made else "Tidak ada yang perlu dibuat.")
