/** What the tablet knows of itself, in memory, and how it is told to the screens. */
import { counts } from "./outbox.js";
import { Register } from "./register.js";
import { getMetas } from "./store.js";

export const RELOADED = "kios-dimuat-ulang";
const KINDS = ["idle", "sending", "offline", "portal", "clock", "error", "revoked", "unauthorised"];

export class State {
  constructor() {
    const app = document.querySelector("meta[name=app-version]").content;
    Object.assign(this, { app, listeners: [], mine: true, register: new Register() });
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
    Object.assign(this, await getMetas("cfg", "clock", "override", "ready", "passed"));
    await this.reloadPeople();
    this.counts = await counts();
  }

  async reloadPeople() {
    await this.register.load();
    this.serverSigning = this.register.event?.signing || this.serverSigning;
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
      device: cfg?.device,
      event: cfg && { ...cfg.event, ...register.event, id: cfg.event.id },
      papers: register.papers.map((paper) => (this.open(paper) ? { ...paper, state: "open" } : paper)),
      operator: cfg?.operator,
      signing: this.signing,
      passed: Boolean(this.passed),
      clockOffsetMs: clock?.offset || 0,
      alerts: this.alerts,
      ...count,
      ...{ readiness, ready, persisted, sync, deviceState, message, savedAt },
    };
  }

  /** The officers' local word holds until the server itself changes its mind. */
  get signing() {
    if (this.isEnding) return "closed";
    return this.hasOverride ? this.override.signing : this.serverSigning;
  }

  /** It hands in what it holds and gets no names any more. */
  get isEnding() {
    return ["draining", "revoked"].includes(this.deviceState);
  }

  get hasOverride() {
    return this.override?.against === this.serverSigning;
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
