"""What the log page says about the deeds on texts and papers."""

VERBS = {
    "text.created": "menyusun naskah",
    "text.copied": "menyalin naskah",
    "text.filled": "melengkapi isian naskah",
    "text.changed": "mengubah draf naskah",
    "text.basis_replaced": "mengganti dasar hukum naskah",
    "text.published": "menerbitkan naskah",
    "text.approved": "menyetujui naskah",
    "declaration.added": "menambahkan naskah kegiatan",
    "declaration.changed": "mengubah naskah kegiatan",
    "declaration.removed": "menghapus naskah kegiatan",
    "declaration.numbered": "mengambil nomor untuk naskah",
    "declaration.parties_set": "mengisi para pihak",
    "declaration.absences_marked": "menandai yang belum menandatangani sebagai tidak hadir",
    "declaration.witness_added": "menambahkan saksi",
    "declaration.witness_removed": "menghapus saksi",
    "attendee.examples_named": "memberi nama contoh kepada peserta kegiatan",
}

FACTS = {
    "signing_mode": "cara penandatanganan",
    "witness": "saksi",
    "note": "catatan",
    "legal_bases": "dasar hukum",
}
