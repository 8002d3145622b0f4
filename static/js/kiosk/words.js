/** Every sentence the tablet's app says from a script; what stands on a screen from the start is in its template. */

import { MESSAGES } from "./errors.js";

export const WORDS = {
  app: "Kios tanda tangan",
  arrived: "Kehadiran Anda tercatat.",
  signatureStored: "Tersimpan di tablet ini.",
  refusalStored: "Pilihan Anda tercatat.",
  typeMore: "Ketik minimal 3 huruf nama Anda.",
  noHits: "Nama tidak ditemukan. Periksa ejaan.",
  hits: (count) => `${count} nama cocok`,
  tooMany: (count) => `${count} nama cocok. Ketik lebih lengkap.`,
  taken: (at) => `Sudah tercatat pukul ${at}. Bukan Anda? Panggil petugas.`,
  nothingToSign: "Belum ada naskah yang dibuka untuk Anda. Panggil petugas.",
  fillName: "Isi nama lengkap Anda.",
  fillWalkIn: "Isi nama, unsur, jabatan, dan instansi atau desa.",
  document: (at, count) => (count > 1 ? `Dokumen ${at} dari ${count}` : ""),
  readAt: (at) => `Teks ini sudah dibacakan bersama pukul ${at}.`,
  witness: (number) => `Saksi ${number} dari 2`,
  next: "Lanjut",
  done: "Selesai",
  notSaved: "Belum tersimpan. Coba lagi. Bila tetap gagal, panggil petugas.",
  scanning: "Arahkan kamera ke kode QR pada undangan.",
  noCamera: "Kamera tidak dapat dipakai. Cari nama Anda dengan mengetik.",
  unknownCode: "Undangan ini tidak dikenal pada kegiatan ini. Cari nama Anda dengan mengetik.",
  codeTooShort: "Kode terdiri atas 12 karakter. Periksa lagi.",
  pairing: "Memasangkan…",
  needsHttps: "Alamat ini bukan https. Buka kios melalui alamat https dari petugas.",
  oldBrowser: "Peramban terlalu lama. Perbarui atau pakai tablet lain.",
  addToHome: "Pasang dahulu ke layar utama: Bagikan → Tambah ke Layar Utama, lalu buka dari sana.",
  readyLine: (rows, papers, seconds) => `Siap luring ✓ – ${rows} nama, ${papers} naskah, jam selisih ${seconds} detik`,
  notReady: "Belum siap luring. Perbaiki yang bertanda ✗, lalu periksa lagi.",
  checking: "Memeriksa…",
  pinOpen: "Buka penandatanganan di tablet ini",
  pinMenu: "Menu petugas",
  pinWitnessed: "Petugas menyaksikan cara ini",
  pinOverride: "Lanjutkan walau belum siap luring",
  pinWrong: "PIN salah. Coba lagi.",
  pinLocked: (at) => `Terlalu banyak percobaan. Coba lagi setelah pukul ${at}.`,
  padGood: "Kotak tanda tangan berfungsi ✓",
  padWeak: "Coretan belum terbaca. Buat coretan seperti tanda tangan.",
  padFull: "Kotak penuh. Hapus coretan.",
  openSigning: "Buka penandatanganan",
  closeSigning: "Tutup penandatanganan",
  toSigning: "Kembali ke penandatanganan",
  toListing: "Daftar hadir",
  sent: "Pengiriman dicoba. Lihat angka di atas.",
  retried: "Kiriman karantina dikirim ulang.",
  reloaded: "Daftar peserta dimuat ulang.",
  operatorKept: "Nama petugas disimpan.",
  exported: (name) => `Berkas ${name} diserahkan. Data di tablet ini tidak dihapus.`,
  voided: "Tanda tangan dibatalkan. Nama itu dapat dipilih lagi.",
  nothingToVoid: "Belum ada yang dapat dibatalkan di tablet ini.",
  chooseReason: "Pilih alasannya dahulu.",
  firstListed: (count) => `Ditampilkan ${count} pertama. Yang lain: cari di layar pencarian.`,
  nobodyListed: "Belum ada peserta di tablet ini.",
};

/** The heading of a stopped tablet, and what to do. */
export function blockedWords({ blocked, pending }) {
  const [, title, what] = /^(.+?)\. (.+)$/.exec(MESSAGES[blocked]);
  return { title, what: blocked === "revoked" ? `${pending} tanda tangan masih aman di tablet ini.` : what };
}

/** What an officer has to know of the answers of the server; "" when all is well. */
export function alertWords({ mismatch, unknown_key: unknown } = {}) {
  const what = unknown ? "Peladen tidak mengenal kunci kegiatan ini" : mismatch ? "Bukti penerimaan dari peladen tidak cocok" : "";
  return what && `${what}. Data tetap aman di tablet. Hubungi admin.`;
}

/** The small line in the header: a kind for its colour and a sentence; never "terkirim" while something waits. */
export function statusLine({ paired, pending, quarantine, sync, savedAt, event, alerts }) {
  if (!paired) return { kind: "", text: "" };
  const apart = (quarantine ? ` · ${quarantine} perlu petugas` : "") + (alertWords(alerts) ? " · hubungi admin" : "");
  const says = (kind, text) => ({ kind, text: text + apart });
  if (TROUBLE[sync.kind]) return says("wait", `! ${TROUBLE[sync.kind]}`);
  if (pending) return says("wait", `● ${pending} menunggu kirim – aman di tablet ini`);
  if (sync.kind === "offline") return says("off", "○ Tidak ada internet – tetap bisa tanda tangan");
  const at = sync.at || savedAt;
  return says(apart ? "wait" : "done", `✓ Semua terkirim${at ? ` ${clock(at, event.time_zone)}` : ""}`);
}

const TROUBLE = {
  portal: "Wi-Fi ini minta masuk dahulu",
  clock: "Periksa tanggal tablet",
  revoked: "Perangkat dicabut",
  unauthorised: "Tablet perlu dipasangkan ulang",
};

/** "09.41" in the zone of the event, whatever the tablet's own zone is. */
export function clock(at, timeZone) {
  return new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", timeZone });
}

/** "09.41 WIB" */
export function clockWithZone(at, timeZone) {
  return `${clock(at, timeZone)} ${ZONES[timeZone] || ""}`.trim();
}

const ZONES = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };

/** Those that say something, one after the other. */
export const joined = (between, ...parts) => parts.filter(Boolean).join(between);

/** "Camat, Kecamatan Cerme" */
export const post = ({ position, agency }) => joined(", ", position, agency);
