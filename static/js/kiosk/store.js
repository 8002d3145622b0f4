/**
 * IndexedDB `kios`: everything that must survive a pulled battery. Later versions may add stores and indexes, never
 * delete or recreate one. A dead connection is dropped and opened anew, once; no failed write passes silently.
 */
import { KioskError } from "./errors.js";

const NAME = "kios";
const VERSION = 1;
const STORES = {
  meta: null,
  roster: { keyPath: "id" },
  outbox: { keyPath: "id", index: "seq" },
  sent: { keyPath: "id", index: "seq" },
  quarantine: { keyPath: "id" },
  done: { keyPath: "key", index: "id" },
};
const LOST = /connection|closing|closed|backing store|without an in-progress transaction/i;
const LOST_NAMES = ["InvalidStateError", "UnknownError", "AbortError"];
const PATIENCE = 20000; // a connection that died in the background may never answer

let opening = null;

/** Read in one transaction: work(stores) with stores by name; await ask(request) inside. */
export function read(names, work) {
  return transact(names, "readonly", work);
}

/** Write in one strict transaction; resolves after `oncomplete`. Work that returns ABORT leaves nothing behind. */
export function write(names, work) {
  return transact(names, "readwrite", work);
}

export const ABORT = Symbol("abort");

export function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const getMeta = (key) => read(["meta"], ({ meta }) => ask(meta.get(key)));
export const putMeta = (key, value) => write(["meta"], ({ meta }) => ask(meta.put(value, key)));

/** Close and open again, as after a lost connection; the self-test and tests ask for it. */
export function drop() {
  const old = opening;
  opening = null;
  if (old) old.then((db) => db.close(), () => {});
}

async function transact(names, mode, work) {
  for (let again = false; ; again = true) {
    try {
      return await once(await open(), names, mode, work);
    } catch (error) {
      if (error instanceof KioskError) throw error;
      if (isFull(error)) {
        if (again || !(await freeRoom())) throw new KioskError("storage");
        continue;
      }
      drop();
      if (again || !isLost(error)) throw new KioskError("broken");
    }
  }
}

function once(db, names, mode, work) {
  return new Promise((resolve, reject) => {
    const tx = db.transaction(names, mode, { durability: "strict" });
    const stores = Object.fromEntries(names.map((name) => [name, tx.objectStore(name)]));
    let result;
    let failure = null;
    tx.oncomplete = () => resolve(result);
    setTimeout(() => reject(new Error("connection lost")), PATIENCE);
    tx.onabort = () => (result === ABORT ? resolve(ABORT) : reject(failure || tx.error || new Error("connection lost")));
    Promise.resolve(work(stores)).then(
      (value) => {
        result = value;
        if (value === ABORT) tx.abort();
      },
      (error) => {
        failure = error;
        try {
          tx.abort();
        } catch {
          reject(error); // it was over already
        }
      },
    );
  });
}

function open() {
  opening = opening || connect();
  opening.catch(() => (opening = null));
  return opening;
}

function connect() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => create(request.result, request.transaction);
    setTimeout(() => reject(new Error("connection lost")), PATIENCE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = db.onclose = drop;
      resolve(db);
    };
  });
}

function create(db, tx) {
  for (const [name, options] of Object.entries(STORES)) {
    const store = db.objectStoreNames.contains(name)
      ? tx.objectStore(name)
      : db.createObjectStore(name, options ? { keyPath: options.keyPath } : undefined);
    const index = options && options.index;
    if (index && !store.indexNames.contains(index)) store.createIndex(index, index);
  }
}

/** Builds before the running one may go; a newer one that waits to be used, and what people signed, never does. */
async function freeRoom() {
  const script = document.querySelector('script[type="module"][src]');
  const names = (await caches.keys().catch(() => [])).filter((name) => name.startsWith("kios-"));
  const old = [];
  for (const name of names) {
    if (script && (await (await caches.open(name)).match(script.src))) {
      await Promise.all(old.map((each) => caches.delete(each)));
      return old.length > 0;
    }
    old.push(name); // in the order in which they were made
  }
  return false;
}

const isFull = (error) => error && error.name === "QuotaExceededError";
const isLost = (error) => Boolean(error && (LOST_NAMES.includes(error.name) || LOST.test(error.message || "")));
