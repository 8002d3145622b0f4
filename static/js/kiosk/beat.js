/** What the tablet reports of itself, and what the server asks of it in return. */
import { call, PROTO } from "./net.js";
import { counts, requeue } from "./outbox.js";
import { ask, read } from "./store.js";

/** @returns {Promise<{kind: string, status?: number, reply?: object}>} */
export async function report({ cfg, signing, ready, persisted }) {
  const { pending, quarantine } = await counts();
  const { head, roster } = await read(["meta"], async ({ meta }) => ({
    head: await ask(meta.get("head")),
    roster: (await ask(meta.get("roster"))) || {},
  }));
  const body = {
    proto: PROTO,
    sent_at_device: new Date().toISOString(),
    app: cfg.app,
    pending,
    quarantine,
    next_seq: head.seq,
    link: head.link,
    roster_seq: roster.seq || 0,
    persisted,
    signing,
    ready,
    ...(cfg.operator ? { operator: cfg.operator } : {}),
    ...(await power()),
    ...(await oldestPending()),
  };
  return call("heartbeat", { token: cfg.token, body });
}

/** The UUIDv7 of the oldest waiting record holds the moment it was made. */
async function oldestPending() {
  const [row] = await read(["outbox"], ({ outbox }) => ask(outbox.index("seq").getAll(null, 1)));
  if (!row) return {};
  const made = parseInt(row.id.replace(/-/g, "").slice(0, 12), 16);
  return { oldest_pending_at: new Date(made).toISOString() };
}

async function power() {
  const found = {};
  if (navigator.storage && navigator.storage.estimate) {
    const { quota, usage } = await navigator.storage.estimate().catch(() => ({}));
    if (quota) found.free_mb = Math.max(0, Math.floor((quota - usage) / 1048576));
  }
  if (navigator.getBattery) {
    const battery = await navigator.getBattery().catch(() => null);
    if (battery) found.battery = Math.round(battery.level * 100);
  }
  return found;
}

/** Do what the server asked; what this version does not know is ignored. */
export async function obey(commands, { refreshRoster, wipeRoster, message, drain }) {
  for (const { do: name, seqs, text } of commands || []) {
    if (name === "resend" && (await requeue(seqs || []))) drain();
    if (name === "refresh_roster") await refreshRoster();
    if (name === "wipe_roster") await wipeRoster();
    if (name === "message") message(text || "");
  }
}
