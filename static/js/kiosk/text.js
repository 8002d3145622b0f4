/** Every sentence the signing pages say from a script; what stands in the page from the start is in its template. */

export const TEXT = {
  tickFirst: "Centang pernyataan dahulu.",
  notReadable: "Tanda tangan belum terbaca. Silakan ulangi di dalam kotak.",
  notReadableAgain: "Tanda tangan belum terbaca. Silakan ulangi di dalam kotak, atau sentuh Cara lain.",
  padFull: "Kotak penuh. Sentuh Selesai atau Hapus coretan.",
  typeName: "Ketik nama lengkap Anda dahulu.",
  typeOwnName: "Anda mewakili pejabat ini. Isi nama Anda sendiri dahulu.",
  fillReason: "Isi alasan mengapa tanda tangan diwakili.",
  fillWitness: "Isi nama dan jabatan saksi.",
  thumbIncomplete: "Isi nomor lembar dan baris serta nama saksi dahulu.",
  saving: "Menyimpan…",
  wrongText: "Naskah di halaman ini tidak cocok dengan sidiknya. Jangan menandatangani. Panggil petugas.",
  padEmpty: "Kotak tanda tangan, masih kosong",
  padHolds: (count) => `Kotak tanda tangan, berisi ${count} goresan`,
  scrollOn: "Geser naskah untuk membaca seluruhnya",
};

/** Of the pages that need the network, on a device of the office. */
export const NET_TEXT = {
  unsent: "Belum terkirim. Periksa jaringan, lalu sentuh Selesai lagi.",
  unsentChoice: "Belum terkirim. Periksa jaringan, lalu sentuh Ya, catat lagi.",
  signedOut: "Belum terkirim: sesi sudah berakhir. Panggil petugas.",
  refused: "Belum tersimpan. Panggil petugas.",
};

/** The same on somebody's own phone, where no officer stands beside. */
export const OWN_TEXT = {
  unsent: "Belum terkirim. Tanda tangan masih ada di halaman ini dan dikirim lagi begitu jaringan pulih. Jangan tutup halaman ini.",
  unsentChoice: "Belum terkirim. Pilihan Anda masih ada di halaman ini dan dikirim lagi begitu jaringan pulih. Jangan tutup halaman ini.",
  signedOut: "Belum terkirim. Periksa jaringan, lalu sentuh Selesai lagi.",
  refused: "Belum tersimpan. Muat ulang halaman ini, atau hubungi panitia.",
  wrongText: "Naskah di halaman ini tidak cocok dengan sidiknya. Jangan menandatangani. Hubungi panitia.",
};
