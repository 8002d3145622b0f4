"""PURE: what each code under *Perlu ditinjau* means for the person who decides, and what each choice does."""

from typing import NamedTuple


class Choice(NamedTuple):
    """One button. ``needs_person``: somebody of the event has to be chosen beside it."""

    value: str
    label: str
    effect: str
    needs_person: bool = False


class Advice(NamedTuple):
    """``meaning`` says what to find out; ``usual_reason`` stands in the form where one click should do."""

    meaning: str
    choices: tuple[Choice, ...]
    usual_reason: str = ""


REVOKE = Choice(
    "revoke", "Batalkan catatan ini", "Tidak dihitung. Catatannya tetap tersimpan dengan alasan ini."
)
KEEP = Choice(
    "keep",
    "Pertahankan yang pertama",
    "Yang pertama tetap berlaku; yang kemudian tetap disimpan di sampingnya.",
)
SETTLE = Choice("settle", "Tandai selesai ditinjau", "Tidak dihitung. Kirimannya tetap tersimpan apa adanya.")


def _accept(label: str, effect: str) -> Choice:
    return Choice("accept", label, effect)


USE = _accept("Pakai catatan ini", "Dihitung seperti tanda tangan lainnya.")
JOIN = Choice(
    "accept",
    "Gabungkan dengan peserta ini",
    "Dihitung untuk peserta yang dipilih di daftar.",
    needs_person=True,
)
APART = Choice(
    "apart", "Catat sebagai orang lain", "Orang ini ditambahkan ke daftar peserta sebagai dirinya sendiri."
)
LATE = _accept("Pakai sebagai susulan", "Dihitung dan dicetak dengan keterangan susulan.")

# -- signatures and refusals -------------------------------------------------------------------------------------

CONFLICTS = {
    "second_outcome": Advice(
        "Bandingkan kedua catatan. Biasanya satu orang dilayani di dua meja; yang pertama cukup dipertahankan.",
        (KEEP, _accept("Pakai yang kemudian", "Yang kemudian berlaku; yang pertama dibatalkan."), REVOKE),
    ),
    "after_refusal": Advice(
        "Orang ini berubah pilihan: semula tidak menandatangani, kemudian menandatangani.",
        (
            _accept("Pakai tanda tangannya", "Tanda tangan berlaku; penolakan sebelumnya dibatalkan."),
            Choice(
                "keep", "Tetap tidak menandatangani", "Penolakan tetap berlaku; tanda tangannya disimpan."
            ),
            REVOKE,
        ),
        usual_reason="Semula tidak menandatangani, kemudian menandatangani sendiri.",
    ),
    "refusal_after_signature": Advice(
        "Orang ini sudah menandatangani, kemudian tercatat tidak menandatangani. Tanyakan pilihannya yang terakhir.",
        (
            Choice("keep", "Tanda tangannya tetap berlaku", "Penolakan yang datang kemudian hanya disimpan."),
            _accept("Pakai penolakannya", "Penolakan berlaku; tanda tangan sebelumnya dibatalkan."),
            REVOKE,
        ),
    ),
}
HELD = {
    "unknown_attendee": Advice(
        "Nomor peserta di dalam catatan tidak ada pada kegiatan ini. Cari tahu siapa orangnya.",
        (
            JOIN._replace(label="Hitung untuk peserta ini"),
            APART._replace(label="Catat sebagai peserta baru"),
            REVOKE,
        ),
    ),
    "attendee_removed": Advice(
        "Tablet belum tahu bahwa orang ini sudah dikeluarkan dari daftar. Orangnya hadir dan menandatangani.",
        (
            _accept(
                "Kembalikan ke daftar dan pakai",
                "Orang ini menjadi peserta lagi dan tanda tangannya dihitung.",
            ),
            REVOKE,
        ),
    ),
    "not_assigned": Advice(
        "Orang ini peserta kegiatan, tetapi tidak termasuk penanda tangan naskah ini.",
        (_accept("Tambahkan ke daftar dan pakai", "Orang ini menjadi penanda tangan naskah ini."), REVOKE),
    ),
    "walk_in_matches_roster": Advice(
        "Di meja orang ini dicatat sebagai tamu tanpa undangan. Apakah ini orang yang sama dengan yang di daftar?",
        (JOIN, APART, REVOKE),
    ),
    "text_mismatch": Advice(
        "Orang ini menandatangani naskah lain, sehingga tidak pernah dihitung pada dokumen ini. Batalkan catatan ini dan"
        " mintalah orangnya menandatangani naskah yang ditetapkan.",
        (REVOKE,),
    ),
    "before_open": Advice(
        "Catatan ini dibuat sebelum penandatanganan dibuka. Pastikan orangnya memang menandatangani naskah ini.",
        (USE, REVOKE),
    ),
    "after_close": Advice(
        "Catatan ini dibuat lebih dari 15 menit setelah penandatanganan ditutup.",
        (LATE, REVOKE),
    ),
    "after_seal": Advice(
        "Catatan ini tiba setelah dokumen disegel. Dokumen yang sudah disegel tidak berubah.",
        (_accept("Pakai sebagai susulan", "Dimuat dalam addendum yang disegel tersendiri."), REVOKE),
    ),
    "after_revocation": Advice(
        "Tablet sudah dicabut ketika catatan ini dibuat. Pastikan tabletnya masih dipegang petugas saat itu.",
        (USE, REVOKE),
    ),
    "seq_reuse": Advice(
        "Dua catatan tablet ini memakai nomor urut yang sama; penyimpanan tablet mungkin pernah dipulihkan. Pastikan"
        " orangnya menandatangani sendiri.",
        (USE, REVOKE),
    ),
    "event_cancelled": Advice(
        "Kegiatan sudah dibatalkan, sehingga naskahnya tidak akan disegel. Biasanya catatan ini dibatalkan.",
        (REVOKE, USE),
    ),
}
UNKNOWN = Advice("Periksa catatan ini bersama orangnya.", (USE, REVOKE))
# Held for a reason that a whole tablet shares: may be decided together.
TOGETHER = ("before_open", "after_close", "after_seal", "after_revocation")

# -- what stands in the inbox only -------------------------------------------------------------------------------

PLACE = _accept(
    "Masukkan ke naskah ini",
    "Dihitung pada naskah kegiatan ini yang bunyinya sama dengan yang ditandatangani.",
)
ARRIVED = _accept("Catat hadir", "Orang ini tercatat hadir pada waktu yang tertera.")
ARRIVALS = {
    "unknown_attendee": Advice(
        "Nomor peserta di dalam catatan kehadiran tidak ada pada kegiatan ini.",
        (
            JOIN._replace(label="Catat hadir untuk peserta ini"),
            APART._replace(label="Catat sebagai peserta baru"),
            SETTLE,
        ),
    ),
    "attendee_removed": Advice(
        "Orang ini hadir, padahal sudah dikeluarkan dari daftar.",
        (_accept("Kembalikan ke daftar dan catat hadir", "Orang ini menjadi peserta lagi."), SETTLE),
    ),
    "walk_in_matches_roster": Advice(
        "Di meja orang ini dicatat sebagai tamu tanpa undangan. Apakah ini orang yang sama dengan yang di daftar?",
        (JOIN, APART, SETTLE),
    ),
}
ARRIVAL = Advice("Kehadiran ini belum dihitung.", (ARRIVED, SETTLE))
VOID = Advice(
    "Petugas meja membatalkan sebuah catatan (Salah orang), tetapi terlambat atau dari tablet lain. Periksa catatan yang"
    " dimaksud.",
    (
        _accept(
            "Jalankan pembatalan", "Catatan yang dimaksud dibatalkan; namanya dapat menandatangani lagi."
        ),
        SETTLE._replace(label="Abaikan pembatalan", effect="Catatan yang dimaksud tetap seperti sekarang."),
    ),
)
PLACELESS = Advice(
    "Naskah yang disebut dalam catatan bukan naskah kegiatan ini. Bila bunyinya sama, catatan dapat dimasukkan ke naskah"
    " kegiatan ini.",
    (PLACE, SETTLE),
)
PLACELESS_STRANGER = Advice(
    f"{PLACELESS.meaning} Orangnya belum dikenal pada kegiatan ini.",
    (
        JOIN._replace(label="Masukkan untuk peserta ini"),
        APART._replace(label="Masukkan sebagai peserta baru"),
        SETTLE,
    ),
)
AGAIN = Choice(
    "again", "Coba buka lagi", "Kiriman dibuka sekali lagi, misalnya setelah kunci kegiatan dipulihkan."
)
QUARANTINE = {
    "unreadable": "Kiriman tidak dapat dibuka dengan kunci kegiatan ini, atau rusak di jalan. Minta tablet mengirim ulang,"
    " atau unggah berkas penyelamatnya.",
    "invalid_record": "Kiriman terbuka, tetapi isinya bukan catatan yang sah. Perbarui aplikasi tablet dan simpan kiriman"
    " ini untuk diperiksa.",
    "bad_device_signature": "Kiriman ini tidak ditandatangani dengan kunci tablet yang dipasangkan. Periksa siapa yang"
    " memegang tablet itu dan anggap sebagai kejadian keamanan.",
    "id_reuse": "Nomornya sudah dipakai catatan lain. Catatan yang pertama tetap seperti semula.",
}


def on_signature(status: str, code: str) -> Advice:
    """``status`` as in Signature.Status; a conflict whose first record was revoked since is asked like a held one."""
    if status == "conflict":
        return CONFLICTS.get(code, CONFLICTS["second_outcome"])
    return HELD.get(code, UNKNOWN)


def replacing(advice: Advice) -> Advice:
    """The same where another record of the person counts already, which accepting this one would revoke."""
    choices = tuple(
        choice._replace(effect=f"{choice.effect} Catatan yang berlaku sekarang dibatalkan.")
        if choice.value == "accept"
        else choice
        for choice in advice.choices
    )
    return advice._replace(choices=choices)


def on_item(status: str, kind: str, code: str) -> Advice:
    """``status`` and ``kind`` as in KioskItem."""
    if status == "quarantined":
        return Advice(QUARANTINE.get(code, QUARANTINE["invalid_record"]), (AGAIN, SETTLE))
    if kind == "void":
        return VOID
    if kind == "attendance":
        return ARRIVALS.get(code, ARRIVAL)
    return PLACELESS
