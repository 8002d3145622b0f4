"""PURE: what the log page says for the deeds of this room."""

# The object's name follows the wording, unless people act on their own account.
VERBS = {
    "session.started": "masuk ke aplikasi",
    "session.ended": "keluar dari aplikasi",
    "session.refused": "menolak percobaan masuk sebagai",
    "password.changed": "mengganti kata sandi",
    "password.issued": "menerbitkan kata sandi sekali pakai untuk",
    "factor.added": "memasang verifikasi dua langkah",
    "factor.removed": "melepas verifikasi dua langkah",
    "factor.reset": "membuat ulang verifikasi dua langkah",
    "user.created": "membuat akun",
    "user.updated": "mengubah akun",
    "membership.created": "menugaskan",
    "membership.updated": "mengubah penugasan",
    "office.created": "mendaftarkan kantor",
    "office.updated": "mengubah data kantor",
    "office.logo_changed": "mengganti logo",
    "office.logo_removed": "menghapus logo",
    "membership.started": "menugaskan",
    "membership.ended": "mengakhiri penugasan",
    "membership.extended": "mengubah masa tugas",
    "membership.role_changed": "mengubah peran",
    "token.issued": "menerbitkan token API",
    "token.revoked": "mencabut token API",
    "table.exported": "mengunduh daftar dari",
}

# Facts that the page shows behind the sentence; others stay in the record.
FACTS = {
    "reason": "alasan",
    "on_behalf_of": "mewakili",
    "factor": "cara",
    "name": "nama",
    "role": "peran",
    "starts": "mulai",
    "ends": "berakhir",
    "expires_at": "berlaku sampai",
    "count": "jumlah",
    "fields": "kolom",
    "changed_private": "diubah tanpa menampilkan isinya",
    "table": "daftar",
    "rows": "jumlah baris",
    "columns": "kolom yang diunduh",
    "format": "bentuk berkas",
    "unmasked": "nomor lengkap",
    "last": "nomor terakhir",
}
