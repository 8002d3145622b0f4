/** What keeps, seals and sends; the screens know it only by this door. */
import { pair, sendProbe, unpair } from "./bond.js";
import { keep } from "./chain.js";
import { runChecks } from "./checks.js";
import { measureClock } from "./clock.js";
import { KioskError } from "./errors.js";
import { checkPin } from "./guard.js";
import { counts, requeue, retryQuarantine } from "./outbox.js";
import { Pulse } from "./pulse.js";
import { rescueFile } from "./rescue.js";
import { ask, getMeta, putMeta, read } from "./store.js";

const MISS_PAUSE = 10000;

export async function openEngine() {
  const engine = new Engine();
  await engine.begin();
  return engine;
}

class Engine extends Pulse {
  async pair(code) {
    this.cfg = await this.guarded(() => pair(code, this.app));
    if (navigator.storage && navigator.storage.persist) this.persisted = await navigator.storage.persist().catch(() => false);
    await this.guarded(() => sendProbe());
    this.counts = await counts();
    this.fault = "";
    this.run();
    this.tell();
  }

  async selftest() {
    if (navigator.storage && navigator.storage.persisted) this.persisted = await navigator.storage.persisted().catch(() => false);
    const offset = await measureClock(this.cfg.token);
    if (offset !== null) this.clock = await getMeta("clock");
    await this.refreshRoster();
    await this.sender.drain({ now: true });
    const probe = await read(["sent"], ({ sent }) => ask(sent.index("seq").count(0)));
    this.readiness = await runChecks({ offset: this.clock && this.clock.offset, persisted: this.persisted, probe: probe > 0 });
    this.ready = this.readiness.every(({ ok, hard }) => ok || !hard);
    await putMeta("ready", this.ready);
    this.beat();
    this.tell();
  }

  async unpair(options = {}) {
    await unpair(this.cfg, options).catch(async (error) => {
      if (error.seqs && (await requeue(error.seqs))) this.sender.drain({ now: true });
      throw error;
    });
    this.halt();
    Object.assign(this, { cfg: null, ready: false, readiness: [], override: null, deviceState: "", fault: "" });
    await this.reload();
    this.tell();
  }

  // -- people

  async search(query) {
    const { count, hits, isTicket } = await this.register.search(query, this.open);
    if (!count && !isTicket) this.missed();
    return { count, hits };
  }

  person(id) {
    return this.register.person(id, this.open);
  }

  precedence() {
    return this.register.precedence(this.open);
  }

  voidable() {
    return this.register.voidable();
  }

  /** Which papers may be signed: by the server's word, or by the officers' where the server has not spoken. */
  get open() {
    const local = this.override && this.signing === "open";
    return ({ state }) => state === "open" || (local && state === "draft");
  }

  /** A name nobody has: perhaps the list is old. At most once in ten seconds. */
  missed() {
    if (Date.now() - this.missedAt < MISS_PAUSE) return;
    this.missedAt = Date.now();
    this.refreshRoster().catch(() => {});
  }

  // -- records

  /** Resolves when the record is safe on this tablet. */
  async save(fields) {
    if (!this.mine) throw new KioskError("tab");
    if (this.fault && this.fault !== "revoked") throw new KioskError(this.fault);
    const done = this.register.taken(fields, clockIn(this.cfg.event.time_zone));
    const stored = await this.guarded(() => keep(fields, { done }));
    await this.register.note(fields, done, stored);
    this.counts = await counts();
    this.savedAt = Date.now();
    this.tell();
    this.sender.drain();
    return stored;
  }

  async void(id, reason) {
    const key = this.register.keyOf(id);
    if (!key) throw new KioskError("not_voidable");
    await this.guarded(() => keep({ kind: "void", target: id, reason }, { forget: [key] }));
    this.register.done.delete(key);
    this.counts = await counts();
    this.tell();
    this.sender.drain({ now: true });
  }

  // -- staff

  checkPin(pin) {
    return checkPin(pin, this.cfg.staff_pin);
  }

  async sendNow() {
    await this.sender.drain({ now: true });
    await this.beat();
  }

  async setSigning(signing) {
    this.override = { signing, against: this.serverSigning };
    await putMeta("override", this.override);
    this.tell();
  }

  async setOperator(name) {
    this.cfg = { ...this.cfg, operator: name.slice(0, 60) };
    await putMeta("cfg", this.cfg);
    this.tell();
  }

  async retryQuarantine() {
    await retryQuarantine();
    await this.sender.drain({ now: true });
    this.tell();
  }

  rescueFile() {
    return rescueFile(this.cfg);
  }
}

/** "09.41" in the zone of the event. */
function clockIn(zone, now = new Date()) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return new Intl.DateTimeFormat("id-ID", options).format(now).replace(":", ".");
}
