/**
 * What the engine refuses or cannot do: `code` for the screens, `message` in Indonesian for people. The first sentence
 * of those that stop a tablet is also the heading of its screen.
 */

export const MESSAGES = {
  storage: "Tablet penuh. Jangan menandatangani di tablet ini. Data yang ada aman. Panggil petugas.",
  broken: "Penyimpanan tablet bermasalah. Jangan hapus data apa pun. Panggil petugas.",
  revoked: "Perangkat dicabut, hubungi admin. Data di tablet ini aman.",
  tab: "Kios sudah terbuka di tab lain. Pakai satu tab saja.",
  key: "Kunci tablet hilang. Yang tersimpan tetap dikirim. Petugas: Lepas tablet, lalu pasangkan ulang.",
  offline: "Tidak ada internet. Sambungkan tablet ke jaringan, lalu coba lagi.",
  portal: "Wi-Fi ini minta masuk dahulu. Buka peramban, masuk ke Wi-Fi, lalu coba lagi.",
  clock: "Sambungan aman gagal. Periksa tanggal tablet.",
  server: "Peladen belum dapat menjawab. Coba lagi sebentar.",
  record: "Isian tidak dapat disimpan. Periksa tulisannya, lalu coba lagi.",
  unauthorised: "Tablet tidak dikenal peladen. Unduh berkas penyelamat, lalu pasangkan lagi.",
  paired: "Tablet ini sudah dipasangkan. Lepas dahulu lewat menu petugas.",
  not_voidable: "Catatan ini tidak dapat dibatalkan dari tablet. Gunakan halaman Perlu ditinjau.",
  unsent: "Masih ada data yang belum diterima peladen. Kirim dahulu, atau unduh berkas penyelamat.",
  missing_records: "Peladen belum memegang semua catatan. Catatan dikirim lagi; coba sebentar lagi.",
  confirm: "Unduh berkas penyelamat, ketik HAPUS, dan tuliskan alasan.",
};

export class KioskError extends Error {
  constructor(code, message = MESSAGES[code] || MESSAGES.server) {
    super(message);
    this.code = code;
  }
}

/** What people read of an error: the browser's own ones speak English. */
export const inWords = (error) => (error instanceof KioskError ? error.message : MESSAGES.broken);
