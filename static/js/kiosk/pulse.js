/** What beats below the screens: the sender, the heartbeat, and the tab that may use the tablet. */
import { obey, report } from "./beat.js";
import { sendProbe } from "./bond.js";
import { measureClock } from "./clock.js";
import { storedKeys } from "./identity.js";
import { counts } from "./outbox.js";
import { forget, refresh, wipeWhatIsOver } from "./people.js";
import { State } from "./state.js";
import { getMeta, putMeta } from "./store.js";
import { Sync, UNKNOWN_WAIT } from "./sync.js";
import { holdTab } from "./tabs.js";

const BEAT = 30000;
const SILENT = ["offline", "portal", "clock"];

/** Sending and heartbeat of one tablet; engine.js adds what people do with it. */
export class Pulse extends State {
  async begin() {
    this.tab = holdTab((mine) => this.tabChanged(mine));
    await this.tab.ready;
    this.persisted = await navigator.storage?.persisted?.().catch(() => {});
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    setInterval(() => document.hidden || this.beat(), BEAT);
    await this.guarded(() => this.reload());
    await this.run();
  }

  /** Work with what is stored: check the key, finish a pairing that was cut short, send, report. */
  async run() {
    this.halt();
    if (!this.mine || !this.cfg) return;
    const { cfg, app } = this;
    this.sender = new Sync(this);
    await this.quietly(async () => {
      if (cfg.app !== app) await putMeta("cfg", (this.cfg = { ...cfg, app }));
      await storedKeys();
      if (!(await getMeta("head")).seq) await sendProbe();
    });
    this.wake();
  }

  wake() {
    this.drain();
    this.beat();
  }

  /** Send at once, if this tab may. */
  async drain() {
    await this.sender?.drain(true);
  }

  halt() {
    this.sender?.stop();
    this.sender = null;
  }

  /** The sender tells where it stands, or with `state` what the server takes this tablet for. */
  async syncChanged(kind, deviceState) {
    if (kind !== "state") this.stand(kind);
    await this.quietly(async () => {
      await this.stateChanged(deviceState);
      if (kind === "revoked") await this.revoked();
      this.counts = await counts();
    });
    this.tell();
    if (kind === "idle") this.beat();
  }

  tabChanged(mine) {
    const back = mine && !this.mine;
    this.mine = mine;
    if (!mine) this.halt();
    if (back) this.quietly(() => this.comeBack());
    this.tell();
  }

  async comeBack() {
    await this.reload();
    await this.run();
    this.tell();
  }

  takeOver() {
    if (!this.mine) this.tab.take();
  }

  async revoked() {
    this.deviceState = this.fault = "revoked";
    await this.forget();
  }

  async forget() {
    await forget();
    await this.reloadPeople();
  }

  async refreshRoster() {
    const answer = await this.guarded(() => refresh(this.cfg.token));
    if (answer === "draining") await this.forget();
    if (answer === "revoked") await this.revoked();
    if (answer === "ok") await this.reloadPeople();
    this.tell();
    return answer;
  }

  // -- heartbeat

  /** Report and listen; never two at a time. */
  async beat() {
    const { sender } = this;
    if (!sender || this.beating || this.deviceState === "revoked") return;
    if (this.sync.kind === "unauthorised" && performance.now() < sender.due) return;
    this.beating = true;
    await this.quietly(() => this.report());
    this.beating = false;
    this.tell();
  }

  async report() {
    if (this.clock && (await wipeWhatIsOver(this.serverNow()))) await this.reloadPeople();
    if (this.fault === "storage") await this.tryRoom().catch(() => {});
    const { kind, reply, waiting } = await report(this);
    if (!this.sender) return; // another tab took over, or the tablet was unpaired
    if (kind === "ok") return this.heard(reply, waiting);
    if (kind === "revoked") return this.revoked();
    if (kind === "unauthorised") this.sender.pause(kind, UNKNOWN_WAIT);
    else if (SILENT.includes(kind) && this.sync.kind !== "sending") this.stand(kind);
  }

  /** What the server's clock shows now. Within one session a wall clock that jumps does not count. */
  serverNow() {
    const { offset, at, seen } = this.clock;
    return seen === undefined ? Date.now() + offset : at + offset + performance.now() - seen;
  }

  async tryRoom() {
    await putMeta("room", new Uint8Array(65536));
    await putMeta("room", 0);
    this.fault = "";
  }

  async heard(reply, waiting) {
    if (this.unmeasured) await this.measure();
    if (this.sync.kind !== "sending" && !this.counts.pending) this.stand("idle");
    else if (this.sync.kind !== "sending") this.drain();
    await this.stateChanged(reply.device_state);
    const known = await getMeta("roster");
    if (!this.isEnding && (reply.signing !== this.serverSigning || reply.roster_seq !== known?.seq)) await this.refreshRoster();
    this.serverSigning = reply.signing;
    await obey(reply.commands, this, waiting);
    this.counts = await counts();
  }

  async measure() {
    const measured = await measureClock(this.cfg.token);
    if (!measured) return;
    this.clock = { ...measured, seen: performance.now() };
    this.unmeasured = false;
  }

  async stateChanged(state) {
    if (!state || state === this.deviceState) return;
    this.deviceState = state;
    if (state === "draining") await this.forget();
    if (state === "revoked") await this.revoked();
  }
}
