/** What keeps, seals and sends; the screens know it only by this door. */
import { pair, unpair } from "./bond.js";
import { keep } from "./chain.js";
import { runChecks } from "./checks.js";
import { KioskError } from "./errors.js";
import { checkPin } from "./guard.js";
import { counts, requeue, retryQuarantine } from "./outbox.js";
import { Pulse } from "./pulse.js";
import { line } from "./record.js";
import { rescueFile } from "./rescue.js";
import { RELOADED } from "./state.js";
import { putMeta } from "./store.js";
import { clock } from "./words.js";

const MISS_PAUSE = 10000;

export async function openEngine() {
  const engine = new Engine();
  await engine.begin();
  return engine;
}

class Engine extends Pulse {
  /** Bind this tablet to an event; resolves once the first record is on its way. */
  async pair(code) {
    this.cfg = await this.guarded(() => pair(code, this.app));
    this.fault = "";
    this.persisted = await navigator.storage.persist?.().catch(() => false);
    await this.run(); // makes the probe
    await this.drain();
    this.tell();
  }

  async selftest() {
    await this.guarded(() => this.check());
    this.beat();
    this.tell();
  }

  async check() {
    if (!this.sender) throw new KioskError("tab");
    await this.measure();
    await this.refreshRoster();
    await this.drain();
    this.readiness = await runChecks(this);
    this.ready = this.readiness.every(({ ok, hard }) => ok || !hard);
    await putMeta("ready", this.ready);
  }

  async unpair(options = {}) {
    if (!this.mine) throw new KioskError("tab");
    await this.drain();
    await unpair(this.cfg, options).catch(async (error) => {
      if (error.seqs && (await requeue(error.seqs))) this.drain();
      throw error;
    });
    this.halt();
    this.blank();
    await this.reload();
    this.tell();
  }

  // -- people

  async search(query) {
    const found = await this.register.search(query, this.open);
    if (!found.count && !found.isTicket) this.missed();
    return found;
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

  /** A name nobody has: perhaps the list is old. At most once in ten seconds. */
  missed() {
    if (Date.now() - this.missedAt < MISS_PAUSE) return;
    this.missedAt = Date.now();
    this.refreshRoster().catch(() => {});
  }

  // -- records

  /** Resolves when the record is safe on this tablet. A revoked tablet keeps what was made before anybody knew. */
  async save(fields) {
    const done = this.register.taken(fields, clock(Date.now() + (this.clock?.offset || 0), this.cfg.event.time_zone));
    const stored = await this.keep(fields, done);
    await this.quietly(() => this.register.note(fields, done, stored));
    this.tell();
    return stored;
  }

  async void(id, reason) {
    const freed = this.register.freed(id);
    if (!freed.length) throw new KioskError("not_voidable");
    await this.keep({ kind: "void", target: id, reason }, freed);
    this.register.forgetDone(freed);
    this.tell();
  }

  async keep(fields, done) {
    if (!this.mine) throw new KioskError("tab");
    if (["broken", "key"].includes(this.fault)) throw new KioskError(this.fault);
    const stored = await this.guarded(() => keep(fields, done));
    sessionStorage.removeItem(RELOADED);
    this.savedAt = Date.now();
    await this.quietly(async () => (this.counts = await counts()));
    this.sender?.drain();
    return stored;
  }

  // -- staff

  /** An officer has seen the self-test; kept with the records, so that a pulled battery does not ask again. */
  async pass() {
    await this.guarded(() => putMeta("passed", (this.passed = true)));
    this.tell();
  }

  checkPin(pin) {
    return checkPin(pin, this.cfg.staff_pin);
  }

  async sendNow() {
    await this.drain();
    await this.beat();
  }

  async setSigning(signing) {
    this.override = { signing, against: this.serverSigning };
    await putMeta("override", this.override);
    this.tell();
  }

  async setOperator(name) {
    this.cfg = { ...this.cfg, operator: line(name, 60) };
    await putMeta("cfg", this.cfg);
    this.tell();
  }

  async retryQuarantine() {
    await this.guarded(() => retryQuarantine());
    await this.sendNow();
  }

  rescueFile() {
    return rescueFile(this.cfg);
  }
}
