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
import { ask, putMeta, read } from "./store.js";

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
    if (navigator.storage && navigator.storage.persist) this.persisted = await navigator.storage.persist().catch(() => false);
    await this.run(); // makes the probe
    if (this.sender) await this.sender.drain({ now: true });
    this.tell();
  }

  async selftest() {
    await this.guarded(() => this.check());
    this.beat();
    this.tell();
  }

  async check() {
    const { sender } = this;
    if (!sender) throw new KioskError("tab");
    await this.measure();
    await this.refreshRoster();
    await sender.drain({ now: true });
    const probe = await read(["sent"], ({ sent }) => ask(sent.index("seq").count(0)));
    this.readiness = await runChecks({ offset: this.clock && this.clock.offset, persisted: this.persisted, probe: probe > 0 });
    this.ready = this.readiness.every(({ ok, hard }) => ok || !hard);
    await putMeta("ready", this.ready);
  }

  async unpair(options = {}) {
    if (!this.mine) throw new KioskError("tab");
    if (this.sender) await this.sender.drain({ now: true });
    await unpair(this.cfg, options).catch(async (error) => {
      if (error.seqs && (await requeue(error.seqs)) && this.sender) this.sender.drain({ now: true });
      throw error;
    });
    this.halt();
    this.blank();
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

  /** A name nobody has: perhaps the list is old. At most once in ten seconds. */
  missed() {
    if (Date.now() - this.missedAt < MISS_PAUSE) return;
    this.missedAt = Date.now();
    this.refreshRoster().catch(() => {});
  }

  // -- records

  /** Resolves when the record is safe on this tablet. A revoked tablet keeps what was made before anybody knew. */
  async save(fields) {
    const done = this.register.taken(fields, clockIn(this.cfg.event.time_zone, this.clock));
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
    if (this.sender) this.sender.drain();
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
    if (this.sender) await this.sender.drain({ now: true });
    await this.beat();
  }

  async setSigning(signing) {
    this.override = { signing, against: this.serverSigning };
    await putMeta("override", this.override);
    this.tell();
  }

  async setOperator(name) {
    this.cfg = { ...this.cfg, operator: Array.from(line(name)).slice(0, 60).join("") };
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

/** "09.41" in the zone of the event, by the server's clock as far as it is known. */
function clockIn(zone, clock) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const now = Date.now() + (clock ? clock.offset : 0);
  return new Intl.DateTimeFormat("id-ID", options).format(now).replace(":", ".");
}
