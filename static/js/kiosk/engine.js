/** What keeps, seals and sends; the screens know it only by this door. */

export async function openEngine() {
  throw new Error("Penyimpanan tablet belum tersedia di versi ini.");
}
