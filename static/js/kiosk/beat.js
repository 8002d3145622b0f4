/** What the tablet reports of itself, and what the server asks of it in return. */
import { call } from "./net.js";
import { counts, requeue } from "./outbox.js";
import { ask, getMetas, read } from "./store.js";

/** @returns {Promise<{kind: string, status?: number, reply?: object, waiting: string[]}>} waiting: ids when it was asked */
export async function report({ cfg, signing, ready, persisted }) {
  const { head, roster } = await getMetas("head", "roster"); // first: whatever it numbers waits below or was received
  const { quarantine } = await counts();
  const waiting = await read(({ outbox }) => ask(outbox.getAllKeys()));
  const body = {
    sent_at_device: new Date().toISOString(),
    app: cfg.app,
    pending: waiting.length,
    quarantine,
    next_seq: head.seq,
    link: head.link,
    roster_seq: roster?.seq || 0,
    persisted,
    signing,
    ready: Boolean(ready),
    operator: cfg.operator || undefined,
    oldest_pending_at: madeAt(waiting[0]),
    ...(await power()),
  };
  return { ...(await call("heartbeat", { token: cfg.token, body })), waiting };
}

/** A UUIDv7 holds the moment it was made; keys come in their order, so that the first one is the oldest. */
function madeAt(id) {
  return id && new Date(parseInt(id.slice(0, 13).replace("-", ""), 16)).toISOString();
}

/** As far as the browser tells; what is undefined is not sent. */
async function power() {
  const { quota, usage } = (await navigator.storage.estimate?.().catch(() => {})) || {};
  const battery = await navigator.getBattery?.().catch(() => {});
  return {
    free_mb: quota ? Math.max(0, Math.floor((quota - usage) / 1048576)) : undefined,
    battery: battery ? Math.round(battery.level * 100) : undefined,
  };
}

/**
 * Do what the server asked; what this version does not know is ignored. What was `waiting` when it was asked may have
 * been on its way past the report: not lost, and not sent again.
 */
export async function obey(commands = [], engine, waiting) {
  for (const { do: name, seqs, text = "" } of commands) {
    if (name === "resend" && (await requeue(seqs, waiting))) engine.drain();
    if (name === "refresh_roster") await engine.refreshRoster();
    if (name === "wipe_roster") await engine.forget();
    if (name === "message") engine.message = text;
  }
}
