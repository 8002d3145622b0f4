"""What signing and sealing hang into the rooms below; called once by AppConfig.ready()."""

from accounts.audit import register_verbs

from . import sealing, signing

VERBS = {
    "declaration.enrolled": "menyusun daftar penanda tangan",
    "declaration.opened": "membuka penandatanganan",
    "declaration.closed": "menutup penandatanganan",
    "declaration.read": "mencatat pembacaan",
    "declaration.sealing": "memulai penyegelan naskah",
    "declaration.sealed": "menyelesaikan penyegelan naskah",
    "declaration.sealing_taken_back": "menarik naskah dari penyegelan",
    "declaration.voided": "mencabut naskah",
    "signatory.marked": "mencatat keterangan penanda tangan",
    "signature.received": "menerima tanda tangan",
    "signature.reviewed": "meninjau tanda tangan",
    "signature.replaced": "mengganti tanda tangan yang berlaku",
    "inbox.settled": "menyelesaikan kiriman tak terbaca",
}


def register_all() -> None:
    register_verbs(VERBS)
    signing.register_hooks()
    sealing.register_papers()
