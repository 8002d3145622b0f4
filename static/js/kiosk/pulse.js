/** What beats below the screens: the tablet's state in memory, the sender, the heartbeat, and the tab that may use it. */
import { obey, report } from "./beat.js";
import { KioskError } from "./errors.js";
import { storedKeys } from "./identity.js";
import { counts } from "./outbox.js";
import { forget, refresh, wipeWhatIsOver } from "./people.js";
import { Register } from "./register.js";
import { ask, getMeta, read } from "./store.js";
import { Sync } from "./sync.js";
import { holdTab } from "./tabs.js";

const BEAT = 30000;
const RELOADED = "kios-dimuat-ulang";
const KINDS = ["idle", "sending", "offline", "portal", "clock", "error", "revoked", "unauthorised"];
const SILENT = ["offline", "portal", "clock"];

/** State, storage, sending and heartbeat of one tablet; engine.js adds what people do with it. */
export class Pulse {
  constructor() {
    const app = document.querySelector('meta[name="app-version"]');
    Object.assign(this, { app: app ? app.content : "0", listeners: [], cfg: null, mine: true, fault: "", register: new Register() });
    Object.assign(this, { override: null, readiness: [], persisted: null });
    Object.assign(this, { counts: { pending: 0, sent: 0, quarantine: 0, rows: 0 }, sync: { kind: "idle", at: 0 }, clock: null });
    Object.assign(this, { deviceState: "", serverSigning: "closed", message: "", savedAt: 0, alerts: {}, missedAt: 0 });
  }

  async begin() {
    this.tab = holdTab((mine) => this.tabChanged(mine));
    await this.guarded(() => this.reload());
    sessionStorage.removeItem(RELOADED);
    if (!this.cfg) return;
    await storedKeys().catch(({ code }) => (this.fault = code));
    this.run();
  }

  /** Everything the database knows, into memory. */
  async reload() {
    const { cfg, clock, override, ready } = await read(["meta"], async ({ meta }) => ({
      cfg: await ask(meta.get("cfg")),
      clock: await ask(meta.get("clock")),
      override: await ask(meta.get("override")),
      ready: await ask(meta.get("ready")),
    }));
    Object.assign(this, { cfg: cfg || null, clock: clock || null, override: override || null, ready: Boolean(ready) });
    await this.reloadPeople();
    this.counts = await counts();
  }

  async reloadPeople() {
    await this.register.load();
    if (this.register.event) this.serverSigning = this.register.event.signing;
  }

  run() {
    if (!this.mine) return;
    this.sender = new Sync({
      cfg: () => this.cfg,
      changed: (kind, facts) => this.syncChanged(kind, facts),
      alert: (kind, count) => (this.alerts[kind] = count),
    });
    this.sender.start();
    this.sender.drain({ now: true });
    this.beats = setInterval(() => document.visibilityState === "visible" && this.beat(), BEAT);
    addEventListener("online", () => this.beat());
    this.beat();
  }

  halt() {
    if (this.sender) this.sender.stop();
    clearInterval(this.beats);
  }

  // -- telling the screens

  subscribe(listener) {
    this.listeners.push(listener);
  }

  tell() {
    this.listeners.forEach((listener) => listener(this.snapshot()));
  }

  snapshot() {
    const { cfg, counts: count, readiness, ready, persisted, clock, sync, deviceState, message, savedAt, register } = this;
    return {
      paired: Boolean(cfg),
      blocked: this.mine ? this.fault : "tab",
      device: cfg ? cfg.device : { id: "", label: "", site: "" },
      event: cfg ? { ...cfg.event, ...register.event, id: cfg.event.id } : null,
      papers: register.papers,
      operator: cfg ? cfg.operator : "",
      signing: this.signing,
      clockOffsetMs: clock ? clock.offset : 0,
      alerts: { ...this.alerts },
      ...{ ...count, readiness, ready, persisted, sync, deviceState, message, savedAt },
    };
  }

  /** The officers' local word holds until the server itself changes its mind. */
  get signing() {
    if (this.override && this.override.against === this.serverSigning) return this.override.signing;
    return this.serverSigning;
  }

  async syncChanged(kind, facts = {}) {
    const drained = kind === "idle" && this.sync.kind === "sending";
    if (kind !== "state") this.sync = { kind: KINDS.includes(kind) ? kind : "error", at: Date.now() };
    if (facts.deviceState) await this.stateChanged(facts.deviceState);
    if (kind === "revoked") await this.revoked();
    this.counts = await counts().catch(() => this.counts);
    this.tell();
    if (drained) this.beat();
  }

  tabChanged(mine) {
    const back = mine && !this.mine;
    this.mine = mine;
    if (!mine) this.halt();
    if (back) this.guarded(() => this.reload()).then(() => this.cfg && this.run()).then(() => this.tell());
    this.tell();
  }

  takeOver() {
    this.tab.take();
  }

  /** A storage that fails twice: load the page anew once, then stop signing; never a silent success. */
  async guarded(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KioskError)) throw error;
      if (error.code === "broken" && !sessionStorage.getItem(RELOADED)) {
        sessionStorage.setItem(RELOADED, "1");
        location.reload();
      }
      if (["storage", "broken", "key"].includes(error.code)) this.fault = error.code;
      this.tell();
      throw error;
    }
  }

  async revoked() {
    this.deviceState = "revoked";
    this.fault = "revoked";
    clearInterval(this.beats);
    await forget();
    await this.reloadPeople();
  }

  async refreshRoster() {
    const answer = await this.guarded(() => refresh(this.cfg.token));
    if (answer === "draining") await forget();
    if (answer === "revoked") await this.revoked();
    await this.reloadPeople();
    this.tell();
    return answer;
  }

  // -- heartbeat

  async beat() {
    if (!this.cfg || this.deviceState === "revoked") return;
    await wipeWhatIsOver().catch(() => {});
    const { cfg, signing, ready, persisted } = this;
    const { kind, status, reply } = await report({ cfg, signing, ready, persisted, clockOffsetMs: this.clock ? this.clock.offset : 0 });
    if (kind === "refused" && status === 410) return this.revoked().then(() => this.tell());
    if (kind !== "ok") {
      if (SILENT.includes(kind) && this.sync.kind === "idle") this.sync = { kind, at: Date.now() };
      return this.tell();
    }
    if (SILENT.includes(this.sync.kind)) this.sender.drain({ now: true });
    await this.heard(reply);
  }

  async heard(reply) {
    await this.stateChanged(reply.device_state);
    const known = (await getMeta("roster")) || {};
    if (reply.signing !== this.serverSigning || reply.roster_seq !== known.seq) await this.refreshRoster();
    this.serverSigning = reply.signing;
    await obey(reply.commands, {
      refreshRoster: () => this.refreshRoster(),
      wipeRoster: () => forget().then(() => this.reloadPeople()),
      message: (text) => (this.message = text),
      drain: () => this.sender.drain({ now: true }),
    });
    this.tell();
  }

  async stateChanged(state) {
    if (!state || state === this.deviceState) return;
    this.deviceState = state;
    if (state === "draining") await forget().then(() => this.reloadPeople());
    if (state === "revoked") await this.revoked();
  }
}
