/** Taps that wait for the network: each is a row of its own in localStorage, so no tab can overwrite another's. */

/** 128 random bits as UUID v4; crypto.randomUUID is missing on plain http. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Queue {
  /** @param {Storage} storage  @param {string} name one per event */
  constructor(storage, name) {
    this.storage = storage;
    this.prefix = `${name}:`;
    this.loose = new Map(); // what the storage would not take: kept as long as the page lives
  }

  /** True while everything that waits would survive a closed page. */
  get safe() {
    return this.loose.size === 0;
  }

  /** Keep a tap with its own time; later than every tap that waits, also when the clock was set back. */
  add(tap, now = Date.now()) {
    const last = this.pending().reduce((latest, other) => Math.max(latest, Date.parse(other.made)), 0);
    const made = new Date(Math.max(now, last + 1)).toISOString();
    const kept = { id: newId(), at: made, ...tap, made };
    this.put("tap", kept);
    return kept;
  }

  pending() {
    return this.rows("tap").sort((a, b) => (a.made < b.made ? -1 : 1));
  }

  /** Taps the server will never take, with its reason; shown until somebody has read them. */
  refused() {
    return this.rows("refused").sort((a, b) => (a.made < b.made ? -1 : 1));
  }

  /** Only an answer that names the tap takes it out. Returns what the server had to say. */
  settle(results) {
    const waiting = new Map(this.pending().map((tap) => [tap.id, tap]));
    const words = [];
    for (const { id, status, message } of results) {
      const tap = waiting.get(id);
      if (!tap) continue;
      if (status === "refused") this.put("refused", { ...tap, message });
      else if (status !== "stored" && status !== "duplicate") continue;
      else if (message) words.push(message);
      this.drop("tap", id);
    }
    return words;
  }

  dismiss(id) {
    this.drop("refused", id);
  }

  /** The newest state the server told, for a page that is opened again without network. */
  remember(state) {
    try {
      this.storage.setItem(`${this.prefix}state`, JSON.stringify(state));
    } catch {
      // a full storage only means that the page shows what it was opened with
    }
  }

  remembered() {
    return parsed(this.read(`${this.prefix}state`));
  }

  rows(kind) {
    const start = `${this.prefix}${kind}:`;
    const rows = [...this.loose].filter(([key]) => key.startsWith(start)).map(([, row]) => row);
    for (const key of this.keys()) {
      const row = key.startsWith(start) && !this.loose.has(key) && parsed(this.read(key));
      if (row && row.id) rows.push(row);
    }
    return rows;
  }

  put(kind, row) {
    const key = `${this.prefix}${kind}:${row.id}`;
    try {
      this.storage.setItem(key, JSON.stringify(row));
      this.loose.delete(key);
    } catch {
      this.loose.set(key, row);
    }
  }

  drop(kind, id) {
    const key = `${this.prefix}${kind}:${id}`;
    this.loose.delete(key);
    try {
      this.storage.removeItem(key);
    } catch {
      // a storage that is switched off holds nothing
    }
  }

  keys() {
    try {
      return Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    } catch {
      return [];
    }
  }

  read(key) {
    try {
      return this.storage.getItem(key);
    } catch {
      return null;
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
