/** The self-test: what a tablet must be able to do before it may be alone all day (KIOSK §10.4). */
import { storedKeys } from "./identity.js";
import { ask, drop, getMeta, putMeta, read } from "./store.js";

const LEAST_MB = 200;
const CLOCK_WARN_MS = 5 * 60 * 1000;

/** Wait until the worker controls the page; a first visit needs a moment to fill the cache. */
async function controlled(ms = 15000) {
  if (!navigator.serviceWorker) return false;
  if (navigator.serviceWorker.controller) return true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(Boolean(navigator.serviceWorker.controller)), ms);
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

async function everythingCached() {
  const wanted = Array.from(document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=modulepreload]"));
  const urls = wanted.map((item) => item.src || item.href);
  const found = await Promise.all(urls.map((url) => caches.match(url)));
  return found.every(Boolean);
}

async function survivesReopening() {
  const mark = String(Math.random());
  await putMeta("uji", mark);
  drop();
  return (await getMeta("uji")) === mark;
}

async function roomLeft() {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return { ok: quota - usage >= LEAST_MB * 1048576, detail: `${Math.floor((quota - usage) / 1048576)} MB` };
}

/**
 * @param {{offset: number|null, persisted: boolean, probe: boolean}} facts what the engine knows already
 * @returns {Promise<{key: string, ok: boolean, label: string, detail: string}[]>} only those with `hard` stop readiness
 */
export async function runChecks({ offset, persisted, probe }) {
  const { rows, state } = await read(["meta", "roster"], async ({ meta, roster }) => ({
    rows: await ask(roster.count()),
    state: await ask(meta.get("roster")),
  }));
  const papers = state ? state.papers.length : 0;
  const seconds = offset === null ? "" : `selisih ${Math.round(Math.abs(offset) / 1000)} detik`;
  const late = offset !== null && Math.abs(offset) > CLOCK_WARN_MS;
  return Promise.all([
    line("secure", "Sambungan aman", () => globalThis.isSecureContext),
    line("worker", "Kios tersimpan untuk luring", async () => (await controlled()) && (await everythingCached())),
    line("storage", "Penyimpanan menulis dan membaca", survivesReopening),
    line("key", "Kunci tablet", async () => Boolean(await storedKeys())),
    line("room", "Ruang penyimpanan", roomLeft),
    line("roster", "Daftar peserta dan naskah", () => ({ ok: Boolean(state), detail: `${rows} nama, ${papers} naskah` })),
    line("probe", "Peladen membaca kiriman tablet", () => probe),
    line("clock", "Jam tablet", () => ({ ok: offset !== null, detail: late ? `Perbaiki jam tablet (${seconds})` : seconds })),
    line("persisted", "Data dilindungi dari penghapusan", () => ({ ok: persisted, detail: persisted ? "" : "Jangan hapus data peramban." }), true),
  ]);
}

async function line(key, label, check, soft = false) {
  try {
    const found = await check();
    const { ok, detail = "" } = typeof found === "object" ? found : { ok: Boolean(found) };
    return { key, label, ok, detail, hard: !soft };
  } catch {
    return { key, label, ok: false, detail: "", hard: !soft };
  }
}
