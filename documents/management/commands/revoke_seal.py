import sys

from django.core.management.base import BaseCommand

from accounts import audit
from accounts.models import Office
from accounts.refusals import Refusal
from documents.revoking import revoke_seal


class Command(BaseCommand):
    help = "Cabut sertifikat segel lokal sebuah kantor; dokumen menunggu sampai ada sertifikat baru (--baru)."

    def add_arguments(self, parser):
        parser.add_argument("office", type=int, help="nomor kantor (pk)")
        parser.add_argument("--alasan", required=True, help="alasan pencabutan, dicatat pada log audit")
        parser.add_argument("--baru", action="store_true", help="langsung terbitkan sertifikat baru")

    def handle(self, *, office, alasan, baru, **options):
        found = Office.objects.filter(pk=office).first()
        if found is None:
            self.stderr.write(f"Kantor nomor {office} tidak ada.")
            sys.exit(2)
        try:
            key = revoke_seal(office=found, reason=alasan, by=audit.SYSTEM, renew=baru)
        except Refusal as refusal:
            self.stderr.write(refusal.message)
            sys.exit(2)
        ends = "Sertifikat baru sudah terbit." if baru else "Dokumen menunggu sertifikat baru (--baru)."
        self.stdout.write(f"Sertifikat segel {key.name} dicabut. {ends}")
