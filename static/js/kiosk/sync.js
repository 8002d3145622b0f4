/**
 * Hands in what waits. One drain at a time; after trouble smaller batches and growing pauses; one bad record never
 * blocks the rest, and nothing leaves the outbox without its receipt.
 */
import { uuid7 } from "./canon.js";
import { call, PROTO } from "./net.js";
import { nextBatch, setAside, settle } from "./outbox.js";
import { ask, read } from "./store.js";

const [LARGE, SMALL] = [50, 5];
const [SHORTEST, LONGEST] = [250, 30000];
export const UNKNOWN_WAIT = 5 * 60 * 1000;
const TRIES = 5;
const ROUND = 15000;
const LONGEST_FAULT = 5000; // a server that answers at all is asked again soon

export class Sync {
  /**
   * @param {{cfg: () => object, changed: (kind: string, facts?: object) => void, alert: (kind: string, count: number) =>
   *   void, failed: (error: Error) => void}} engine
   */
  constructor(engine) {
    Object.assign(this, engine, { running: null, size: LARGE, wait: 0, due: 0, tries: new Map(), last: new Set() });
    this.rounds = setInterval(() => this.drain(), ROUND);
  }

  stop() {
    clearInterval(this.rounds);
    clearTimeout(this.timer);
    this.stopped = true;
  }

  /** Send until nothing waits or something is in the way; by hand (`now`) a pause does not count. */
  drain({ now = false } = {}) {
    this.again = true;
    if (this.running) return this.running;
    if (this.stopped || (!now && performance.now() < this.due)) return Promise.resolve();
    this.running = withLock(() => this.empty())
      .catch((error) => this.failed(error))
      .finally(() => (this.running = null));
    return this.running;
  }

  async empty() {
    this.talked = false;
    while (this.again) {
      this.again = false; // until somebody asks while this one is under way
      while (!this.stopped && (await this.step()));
    }
  }

  /** One request. @returns {Promise<boolean>} whether to go on at once */
  async step() {
    const batch = await nextBatch(this.size, this.last);
    if (!batch.length) {
      if (this.talked) this.changed("idle");
      return false;
    }
    this.changed("sending");
    const { kind, status, reply, retryAfter = 0 } = await call("sync", { token: this.cfg().token, body: await this.body(batch) });
    if (kind === "ok" && Array.isArray(reply.results)) return this.received(batch, reply);
    if (kind === "refused") return this.refused(batch, status, retryAfter);
    return this.unheard(batch, kind === "ok" ? "server" : kind, retryAfter);
  }

  async body(batch) {
    const { pending, head } = await read(["meta", "outbox"], async ({ meta, outbox }) => ({
      pending: await ask(outbox.count()),
      head: await ask(meta.get("head")),
    }));
    const items = batch.map(({ id, seq, kid, c }) => ({ id, seq, kid, c }));
    const sent_at_device = new Date().toISOString();
    return { proto: PROTO, batch: uuid7(), sent_at_device, app: this.cfg().app, pending, next_seq: head.seq, items };
  }

  async received(batch, reply) {
    this.talked = true;
    const { moved, mismatch, retry } = await settle(batch, reply.results).catch(unlessFull);
    if (reply.device_state) this.changed("state", { deviceState: reply.device_state });
    this.alert("mismatch", mismatch);
    this.alert("unknown_key", retry.filter(({ codes }) => (codes || []).includes("unknown_key")).length);
    const kept = batch.filter(({ id }) => !moved.has(id));
    const isNew = kept.some(({ id }) => !this.last.has(id));
    moved.forEach((id) => this.last.delete(id));
    kept.forEach(({ id }) => this.last.add(id)); // whatever stays lets the others go first
    if (!moved.size && !isNew) return this.pause("error");
    if (moved.size) Object.assign(this, { wait: 0, size: Math.min(LARGE, this.size * 2) });
    return true;
  }

  async refused(batch, status, retryAfter) {
    if (status === 410) return this.end("revoked");
    if (status === 401) return this.pause("unauthorised", UNKNOWN_WAIT);
    if (status === 413 || status === 422) {
      if (batch.length === 1) return this.tryAgain(batch[0], () => setAside(batch[0], String(status)));
      this.size = Math.max(1, batch.length >> 1);
      return true;
    }
    return this.pause("server", retryAfter * 1000);
  }

  async unheard(batch, kind, retryAfter) {
    if (kind === "timeout") this.size = Math.max(SMALL, batch.length >> 1);
    if (kind !== "server" || retryAfter) return this.pause(kind, retryAfter * 1000);
    this.size = Math.max(1, batch.length >> 1);
    const [{ id }] = batch;
    if (batch.length > 1 || this.last.has(id)) return this.pause(kind, 0, LONGEST_FAULT);
    return this.tryAgain(batch[0], () => this.last.add(id));
  }

  /** A single record that keeps failing: after five times it steps aside for the others. */
  async tryAgain(row, aside) {
    const count = (this.tries.get(row.id) || 0) + 1;
    this.tries.set(row.id, count);
    if (count < TRIES) return this.pause("error", 0, LONGEST_FAULT);
    this.tries.delete(row.id);
    await aside();
    return true;
  }

  /** Stop for a while, longer each time, never all tablets at the same moment. */
  pause(kind, least = 0, most = LONGEST) {
    this.wait = Math.min(most, this.wait ? this.wait * 2 : SHORTEST);
    const wait = Math.max(least, this.wait * (0.5 + Math.random() / 2));
    this.due = performance.now() + wait; // not the clock on the wall: that one may be set back meanwhile
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drain(), wait + 10);
    this.again = false;
    this.changed(kind);
    return false;
  }

  end(kind) {
    this.stop();
    this.changed(kind);
    return false;
  }
}

/** No room to note the receipts: the server has the records, they wait here and are sent once more. */
function unlessFull(error) {
  if (error.code !== "storage") throw error;
  return { moved: new Set(), mismatch: 0, retry: [] };
}

async function withLock(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request("kios-sync", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}
