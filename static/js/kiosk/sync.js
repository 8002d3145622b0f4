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
const UNKNOWN_WAIT = 5 * 60 * 1000;
const TRIES = 5;
const ROUND = 15000;

export class Sync {
  /** @param {{cfg: () => object, changed: (kind: string, facts?: object) => void}} engine */
  constructor({ cfg, changed, alert }) {
    Object.assign(this, { cfg, changed, alert, running: false, size: LARGE, wait: 0, due: 0, tries: new Map(), last: new Set() });
  }

  start() {
    this.timer = setInterval(() => this.drain(), ROUND);
    addEventListener("online", () => this.drain({ now: true }));
  }

  stop() {
    clearInterval(this.timer);
    this.stopped = true;
  }

  /** Send until nothing waits or something is in the way; by hand (`now`) a pause does not count. */
  async drain({ now = false } = {}) {
    if (this.running || this.stopped || (!now && Date.now() < this.due)) return;
    this.running = true;
    try {
      await withLock(async () => {
        while (await this.step());
      });
    } finally {
      this.running = false;
    }
  }

  /** One request. @returns {Promise<boolean>} whether to go on at once */
  async step() {
    const batch = await nextBatch(this.size, this.last);
    if (!batch.length) {
      this.changed("idle");
      return false;
    }
    this.changed("sending");
    const { kind, status, reply, retryAfter } = await call("sync", { token: this.cfg().token, body: await this.body(batch) });
    if (kind === "ok" && Array.isArray(reply.results)) return this.received(batch, reply);
    if (kind === "refused") return this.refused(batch, status, retryAfter);
    return this.failed(batch, kind === "ok" ? "server" : kind, retryAfter);
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
    const { moved, mismatch, retry } = await settle(batch, reply.results);
    if (reply.device_state) this.changed("state", { deviceState: reply.device_state });
    if (mismatch) this.alert("mismatch", mismatch);
    if (retry.some(({ codes }) => (codes || []).includes("unknown_key"))) this.alert("unknown_key", retry.length);
    retry.forEach(({ id }) => this.last.add(id));
    if (moved) {
      this.wait = 0;
      this.size = Math.min(LARGE, this.size * 2);
      return true;
    }
    return this.pause(mismatch || retry.length ? "error" : "server");
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

  async failed(batch, kind, retryAfter = 0) {
    if (kind === "timeout" || kind === "server") {
      this.size = Math.max(kind === "server" ? 1 : SMALL, batch.length >> 1);
      if (kind === "server" && batch.length === 1) await this.tryAgain(batch[0], () => this.last.add(batch[0].id));
    }
    return this.pause(kind, retryAfter * 1000);
  }

  /** A single record that keeps failing: after five times it steps aside for the others. */
  async tryAgain(row, aside) {
    const count = (this.tries.get(row.id) || 0) + 1;
    this.tries.set(row.id, count);
    if (count < TRIES) return this.pause("error");
    this.tries.delete(row.id);
    await aside();
    return true;
  }

  /** Stop for a while, longer each time, never all tablets at the same moment. */
  pause(kind, least = 0) {
    this.wait = Math.min(LONGEST, this.wait ? this.wait * 2 : SHORTEST);
    const wait = Math.max(least, this.wait * (0.5 + Math.random()));
    this.due = Date.now() + wait;
    setTimeout(() => this.drain(), wait + 10);
    this.changed(kind);
    return false;
  }

  end(kind) {
    this.stop();
    this.changed(kind);
    return false;
  }
}

function withLock(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request("kios-sync", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}
