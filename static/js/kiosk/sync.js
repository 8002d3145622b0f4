/**
 * Hands in what waits. One drain at a time; after trouble smaller batches and growing pauses; one bad record never
 * blocks the rest, and nothing leaves the outbox without its receipt.
 */
import { uuid7 } from "./canon.js";
import { call } from "./net.js";
import { counts, nextBatch, setAside, settle } from "./outbox.js";
import { getMeta } from "./store.js";

const [LARGE, SMALL] = [50, 5];
const [SHORTEST, LONGEST] = [250, 30000];
export const UNKNOWN_WAIT = 5 * 60 * 1000;
const TRIES = 5;
const ROUND = 15000;
const LONGEST_FAULT = 5000; // a server that answers at all is asked again soon

export class Sync {
  /** @param {{cfg: object, alerts: object, syncChanged: Function, faulty: Function}} engine */
  constructor(engine) {
    Object.assign(this, { engine, size: LARGE, wait: 0, due: 0, tries: new Map(), last: new Set() });
    this.rounds = setInterval(() => this.drain(), ROUND);
  }

  stop() {
    clearInterval(this.rounds);
    clearTimeout(this.timer);
    this.stopped = true;
  }

  /** Send until nothing waits or something is in the way; by hand (`now`) a pause does not count. */
  async drain(now) {
    this.again = true;
    if (this.stopped || (!now && performance.now() < this.due)) return;
    this.running ||= withLock(() => this.empty())
      .catch((error) => this.engine.faulty(error))
      .finally(() => (this.running = null));
    await this.running;
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
    const { kind, status, reply, retryAfter } = await call("sync", { token: this.engine.cfg.token, body: await this.body(batch) });
    if (kind === "ok") return this.received(batch, reply);
    const least = (retryAfter || 0) * 1000;
    return kind === "refused" ? this.refused(batch, status, least) : this.unheard(batch, kind, least);
  }

  async body(batch) {
    const { pending } = await counts();
    const head = await getMeta("head");
    const items = batch.map(({ id, seq, kid, c }) => ({ id, seq, kid, c }));
    const sent_at_device = new Date().toISOString();
    return { batch: uuid7(), sent_at_device, app: this.engine.cfg.app, pending, next_seq: head.seq, items };
  }

  async received(batch, reply) {
    this.talked = true;
    const { moved, mismatch, retry } = await settle(batch, reply.results).catch(unlessFull);
    this.changed("state", reply.device_state);
    this.engine.alerts = { mismatch, unknown_key: retry.some(({ codes }) => codes?.includes("unknown_key")) };
    const kept = batch.filter(({ id }) => !moved.has(id));
    const isNew = kept.some(({ id }) => !this.last.has(id));
    moved.forEach((id) => this.last.delete(id));
    kept.forEach(({ id }) => this.last.add(id)); // whatever stays lets the others go first
    if (!moved.size && !isNew) return this.pause("error");
    if (moved.size) Object.assign(this, { wait: 0, size: Math.min(LARGE, this.size * 2) });
    return true;
  }

  refused([row, ...others], status, least) {
    if (status !== 413 && status !== 422) return this.pause("server", least);
    if (!others.length) return this.tryAgain(row, () => setAside(row, String(status)));
    this.size = (others.length + 1) >> 1;
    return true;
  }

  unheard(batch, kind, least) {
    if (kind === "revoked") this.stop();
    if (kind === "unauthorised") return this.pause(kind, UNKNOWN_WAIT);
    if (kind === "timeout") this.size = Math.max(SMALL, batch.length >> 1);
    if (kind !== "server" || least) return this.pause(kind, least);
    this.size = Math.max(1, batch.length >> 1);
    const [row] = batch;
    if (batch.length > 1 || this.last.has(row.id)) return this.pause(kind, 0, LONGEST_FAULT);
    return this.tryAgain(row, () => this.last.add(row.id));
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

  changed(kind, deviceState) {
    this.engine.syncChanged(kind, deviceState);
  }

}

/** No room to note the receipts: the server has the records, they wait here and are sent once more. */
function unlessFull(error) {
  if (error.code !== "storage") throw error;
  return { moved: new Set(), mismatch: 0, retry: [] };
}

/** One tab at a time, where there are locks. */
async function withLock(work) {
  return navigator.locks ? navigator.locks.request("kios-sync", { ifAvailable: true }, (lock) => lock && work()) : work();
}
