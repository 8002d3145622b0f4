/** What the tablet reports of itself, and what the server asks of it in return. */
import { call } from "./net.js";
import { counts, requeue } from "./outbox.js";
import { ask, getMetas, read } from "./store.js";

/** @returns {Promise<{kind: string, status?: number, reply?: object}>} */
export async function report({ cfg, signing, ready, persisted }) {
  const { pending, quarantine } = await counts();
  const { head, roster } = await getMetas("head", "roster");
  const body = {
    sent_at_device: new Date().toISOString(),
    app: cfg.app,
    pending,
    quarantine,
    next_seq: head.seq,
    link: head.link,
    roster_seq: roster?.seq || 0,
    persisted,
    signing,
    ready: Boolean(ready),
    operator: cfg.operator || undefined,
    oldest_pending_at: await oldestPending(),
    ...(await power()),
  };
  return call("heartbeat", { token: cfg.token, body });
}

/** The UUIDv7 of the oldest waiting record holds the moment it was made. */
async function oldestPending() {
  const [row] = await read(({ outbox }) => ask(outbox.index("seq").getAll(null, 1)));
  return row && new Date(parseInt(row.id.replace("-", "").slice(0, 12), 16)).toISOString();
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

/** Do what the server asked; what this version does not know is ignored. */
export async function obey(commands = [], engine) {
  for (const { do: name, seqs, text = "" } of commands) {
    if (name === "resend" && (await requeue(seqs))) engine.drain();
    if (name === "refresh_roster") await engine.refreshRoster();
    if (name === "wipe_roster") await engine.forget();
    if (name === "message") engine.message = text;
  }
}
