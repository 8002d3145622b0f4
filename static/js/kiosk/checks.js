/** The self-test: what a tablet must be able to do before it may be alone all day (KIOSK §10.4). */
import { storedKeys } from "./identity.js";
import { ask, drop, getMeta, putMeta, read } from "./store.js";

const LEAST_MB = 200;
const CLOCK_WARN_MS = 5 * 60 * 1000;

/** Wait until the worker controls the page; a first visit needs a moment to fill the cache. */
async function controlled(ms = 15000) {
  const { serviceWorker } = navigator;
  return (
    serviceWorker.controller ||
    new Promise((resolve) => {
      setTimeout(() => resolve(serviceWorker.controller), ms);
      serviceWorker.addEventListener("controllerchange", resolve);
    })
  );
}

async function everythingCached() {
  const wanted = Array.from(document.querySelectorAll("script[src], link[rel=stylesheet]"));
  const found = await Promise.all(wanted.map(({ src, href }) => caches.match(src || href)));
  return found.every(Boolean);
}

async function survivesReopening() {
  const mark = String(Math.random());
  await putMeta("uji", mark);
  drop();
  return (await getMeta("uji")) === mark;
}

/** @returns {Promise<number>} MB */
async function roomLeft() {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return Math.floor((quota - usage) / 1048576);
}

/**
 * @param {{clock?: {offset: number}, persisted?: boolean, register: Register}} engine
 * @returns {Promise<{ok: boolean, label: string, detail: string, hard: boolean}[]>} only those with `hard` stop readiness
 */
export async function runChecks({ clock, persisted, register }) {
  const probe = await read(({ sent }) => ask(sent.index("seq").count(0)));
  const room = await roomLeft().catch(() => 0);
  const off = Math.abs(clock?.offset);
  const seconds = `selisih ${Math.round(off / 1000)} detik`;
  return Promise.all([
    line("Sambungan aman", () => isSecureContext),
    line("Kios tersimpan untuk luring", async () => (await controlled()) && everythingCached()),
    line("Penyimpanan menulis dan membaca", survivesReopening),
    line("Kunci tablet", storedKeys),
    line("Ruang penyimpanan", () => room >= LEAST_MB, () => `${room} MB`),
    line("Daftar peserta dan naskah", () => register.event, () => `${register.rows.length} nama, ${register.papers.length} naskah`),
    line("Peladen membaca kiriman tablet", () => probe),
    line("Jam tablet", () => clock, (ok) => (!ok ? "" : off > CLOCK_WARN_MS ? `Perbaiki jam tablet (${seconds})` : seconds)),
    line("Data dilindungi dari penghapusan", () => persisted, (ok) => (ok ? "" : "Jangan hapus data peramban."), false),
  ]);
}

/** @param {(ok: boolean) => string} [say] what is told beside the answer of the check */
async function line(label, check, say = () => "", hard = true) {
  const ok = Boolean(await Promise.resolve().then(check).catch(() => false));
  return { label, ok, detail: say(ok), hard };
}
