/** What the tablet knows of itself, in memory, and how it is told to the screens. */
import { counts } from "./outbox.js";
import { Register } from "./register.js";
import { ask, read } from "./store.js";

export const RELOADED = "kios-dimuat-ulang";
const KINDS = ["idle", "sending", "offline", "portal", "clock", "error", "revoked", "unauthorised"];

export class State {
  constructor() {
    const app = document.querySelector('meta[name="app-version"]');
    Object.assign(this, { app: app ? app.content : "0", listeners: [], mine: true, persisted: null, register: new Register() });
    this.blank();
  }

  /** A tablet without a bond. */
  blank() {
    const counts = { pending: 0, sent: 0, quarantine: 0, rows: 0 };
    Object.assign(this, { cfg: null, clock: null, override: null, ready: false, readiness: [], counts, alerts: {} });
    Object.assign(this, { fault: "", deviceState: "", serverSigning: "closed", message: "", sync: { kind: "idle", at: 0 } });
    Object.assign(this, { passed: false, unmeasured: true, savedAt: 0, missedAt: 0 });
  }

  /** Everything the database knows, into memory. */
  async reload() {
    const { cfg, clock, override, ready, passed } = await read(["meta"], async ({ meta }) => ({
      cfg: await ask(meta.get("cfg")),
      clock: await ask(meta.get("clock")),
      override: await ask(meta.get("override")),
      ready: await ask(meta.get("ready")),
      passed: await ask(meta.get("passed")),
    }));
    Object.assign(this, { cfg: cfg || null, clock: clock || null, override: override || null });
    Object.assign(this, { ready: Boolean(ready), passed: Boolean(passed) });
    await this.reloadPeople();
    this.counts = await counts();
  }

  async reloadPeople() {
    await this.register.load();
    if (this.register.event) this.serverSigning = this.register.event.signing;
  }

  // -- telling the screens

  subscribe(listener) {
    this.listeners.push(listener);
  }

  /** A screen that stumbles over the news must not make a stored record look unstored. */
  tell() {
    for (const listener of this.listeners) {
      try {
        listener(this.snapshot());
      } catch (error) {
        setTimeout(() => Promise.reject(error));
      }
    }
  }

  snapshot() {
    const { cfg, counts: count, readiness, ready, persisted, clock, sync, deviceState, message, savedAt, register } = this;
    return {
      paired: Boolean(cfg),
      blocked: this.mine ? this.fault : "tab",
      device: cfg ? cfg.device : { id: "", label: "", site: "" },
      event: cfg ? { ...cfg.event, ...register.event, id: cfg.event.id } : null,
      papers: register.papers.map((paper) => (this.open(paper) ? { ...paper, state: "open" } : paper)),
      operator: cfg ? cfg.operator : "",
      signing: this.signing,
      passed: this.passed,
      clockOffsetMs: clock ? clock.offset : 0,
      alerts: { ...this.alerts },
      ...count,
      ...{ readiness, ready, persisted, sync, deviceState, message, savedAt },
    };
  }

  /** The officers' local word holds until the server itself changes its mind. */
  get signing() {
    if (["draining", "revoked"].includes(this.deviceState)) return "closed";
    return this.hasOverride ? this.override.signing : this.serverSigning;
  }

  get hasOverride() {
    return Boolean(this.override) && this.override.against === this.serverSigning;
  }

  /** Which papers may be signed: by the server's word, or by the officers' where the server has not spoken. */
  get open() {
    const local = this.hasOverride && this.signing === "open";
    return ({ state }) => state === "open" || (local && state === "draft");
  }

  /** `at` is the moment of the last good contact. */
  stand(kind) {
    const { at } = this.sync;
    this.sync = { kind: KINDS.includes(kind) ? kind : "error", at: kind === "idle" ? Date.now() : at };
    if (kind !== "idle" && kind !== "sending") this.unmeasured = true;
  }

  /** A storage that fails twice: load the page anew once, then stop signing; never a silent success. */
  async guarded(work) {
    try {
      return await work();
    } catch (error) {
      this.faulty(error);
      throw error;
    }
  }

  /** The same for what may fail without anybody waiting for it. */
  async quietly(work) {
    await this.guarded(work).catch(() => {});
  }

  faulty({ code }) {
    if (code === "broken" && !sessionStorage.getItem(RELOADED)) {
      sessionStorage.setItem(RELOADED, "1"); // until something was stored again
      location.reload();
    }
    if (["storage", "broken", "key"].includes(code)) this.fault = code;
    this.tell();
  }
}
