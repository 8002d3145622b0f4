/**
 * IndexedDB `kios`: everything that must survive a pulled battery. Later versions may add stores and indexes, never
 * delete or recreate one. Whatever fails is tried once more, on a connection opened anew; no failed write passes
 * silently.
 */
import { KioskError } from "./errors.js";

const NAME = "kios";
const VERSION = 1;
const STORES = {
  // name: [key path, index]
  meta: [null],
  roster: ["id"],
  outbox: ["id", "seq"],
  sent: ["id", "seq"],
  quarantine: ["id"],
  done: ["key", "id"],
};
const PATIENCE = 20000; // a connection that died in the background may never answer

let opening = null;

/** Read in one transaction over all stores: work(stores) with stores by name; await ask(request) inside. */
export const read = (work) => transact("readonly", work);

/** Write in one strict transaction; resolves after `oncomplete`. Work that returns ABORT leaves nothing behind. */
export const write = (work) => transact("readwrite", work);

export const ABORT = Symbol("abort");

export function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const getMeta = (key) => read(({ meta }) => ask(meta.get(key)));
/** Several values of `meta` from the same moment, by their keys. */
export const getMetas = (...keys) =>
  read(async ({ meta }) => Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await ask(meta.get(key))]))));

export const putMeta = (key, value) => write(({ meta }) => ask(meta.put(value, key)));

/** Close and open again, as after a lost connection; the self-test and tests ask for it. */
export function drop() {
  opening?.then((db) => db.close(), () => {});
  opening = null;
}

async function transact(mode, work) {
  for (let again = false; ; again = true) {
    try {
      return await once(await open(), mode, work);
    } catch (error) {
      if (error instanceof KioskError) throw error;
      const isFull = error.name === "QuotaExceededError";
      if (!isFull) drop();
      if (again || (isFull && !(await freeRoom()))) throw new KioskError(isFull ? "storage" : "broken");
    }
  }
}

function once(db, mode, work) {
  return new Promise((resolve, reject) => {
    const names = Object.keys(STORES);
    const tx = db.transaction(names, mode, { durability: "strict" });
    const stores = Object.fromEntries(names.map((name) => [name, tx.objectStore(name)]));
    let result;
    tx.oncomplete = () => resolve(result);
    tx.onabort = () => (result === ABORT ? resolve(ABORT) : reject(tx.error || lost()));
    setTimeout(() => reject(lost()), PATIENCE);
    Promise.resolve(work(stores))
      .then((value) => (result = value) === ABORT && tx.abort())
      .catch((error) => {
        reject(error);
        tx.abort();
      })
      .catch(() => {}); // it was over already
  });
}

const lost = () => new Error("connection lost");

function open() {
  opening ||= connect();
  opening.catch(() => (opening = null));
  return opening;
}

function connect() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => create(request.result);
    setTimeout(() => reject(lost()), PATIENCE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = db.onclose = drop;
      resolve(db);
    };
  });
}

/** The stores of version 1; a later version adds to them what it needs. */
function create(db) {
  for (const [name, [keyPath, index]] of Object.entries(STORES)) {
    const store = db.createObjectStore(name, { keyPath });
    if (index) store.createIndex(index, index);
  }
}

/** Builds before the running one may go; a newer one that waits to be used, and what people signed, never does. */
async function freeRoom() {
  const { src } = document.querySelector("script[src]");
  const names = (await caches.keys()).filter((name) => name.startsWith("kios-")); // in the order in which they were made
  const mine = (await Promise.all(names.map((name) => caches.match(src, { cacheName: name })))).findIndex(Boolean);
  await Promise.all(names.slice(0, Math.max(mine, 0)).map((name) => caches.delete(name)));
  return mine > 0;
}

