/** The bond between this tablet and one event: made by a one-time code, ended when the server holds everything. */
import { hex } from "./canon.js";
import { keep } from "./chain.js";
import { KioskError } from "./errors.js";
import { firstLink, makeKeys, proof, publicKey } from "./identity.js";
import { call, PROTO } from "./net.js";
import { ask, read, write } from "./store.js";

const STORES = ["meta", "roster", "outbox", "sent", "quarantine", "done"];

/** @returns {Promise<object>} cfg of the new bond. The keys of a pairing whose answer was lost are used again. */
export async function pair(code, app) {
  const { earlier, known, waiting } = await read(["meta", "outbox"], async ({ meta, outbox }) => ({
    earlier: await ask(meta.get("pairing")),
    known: await ask(meta.get("cfg")),
    waiting: await ask(outbox.count()),
  }));
  if (known || waiting) throw new KioskError("paired"); // before the code is used up
  const keys = earlier && earlier.code === code ? earlier.keys : await makeKeys();
  await write(["meta"], ({ meta }) => ask(meta.put({ code, keys }, "pairing")));
  const key = await publicKey(keys);
  const body = { proto: PROTO, code, public_key: key, proof: await proof(keys, code), app, sent_at_device: new Date().toISOString() };
  const { kind, reply } = await call("pair", { body });
  if (kind === "refused") throw new KioskError(reply.error, reply.message);
  if (kind !== "ok") throw new KioskError(kind);
  const { token, device, event, seal_key, staff_pin } = reply;
  const cfg = { token, device, event, seal_key, staff_pin, app, key, operator: "" };
  const link = hex(await firstLink(event.id, device.id, key));
  await write(["meta"], async ({ meta }) => {
    if (await ask(meta.get("cfg"))) throw new KioskError("paired"); // by another tab meanwhile
    meta.delete("pairing");
    meta.put(cfg, "cfg");
    meta.put(keys, "keys");
    meta.put({ seq: 0, link }, "head");
  });
  return cfg;
}

/** Record 0: its receipt proves key, chain, sealing, network and the server's private key. */
export function sendProbe() {
  const agent = {
    browser: navigator.userAgent,
    platform: navigator.platform || "tidak diketahui",
    standalone: matchMedia("(display-mode: standalone), (display-mode: fullscreen)").matches || navigator.standalone === true,
    screen: `${screen.width}x${screen.height}`,
  };
  return keep({ kind: "probe", agent });
}

/**
 * Let go of the event. Only after the server has said that it holds the whole chain – or after an exported file, the
 * typed word and a reason – is anything deleted here.
 */
export async function unpair(cfg, { force = false, word = "", reason = "" } = {}) {
  const { head, exported, pending, quarantine } = await read(["meta", "outbox", "quarantine"], async (s) => ({
    head: await ask(s.meta.get("head")),
    exported: await ask(s.meta.get("exported")),
    pending: await ask(s.outbox.count()),
    quarantine: await ask(s.quarantine.getAll()),
  }));
  if (force && (word !== "HAPUS" || !reason || exported !== head.seq)) throw new KioskError("confirm");
  if (!force && (pending || quarantine.some((row) => !row.receipt))) throw new KioskError("unsent");
  const answer = await goodbye(cfg, head, quarantine, force ? { forced: true, reason: reason.slice(0, 300) } : {});
  if (!force && answer.kind !== "ok") throw refusal(answer);
  await write(STORES, (stores) => Object.values(stores).forEach((store) => store.clear()));
}

function goodbye(cfg, head, quarantine, more) {
  const quarantined = quarantine.map(({ seq, record_sha256 }) => ({ seq, record_sha256 }));
  const body = { proto: PROTO, next_seq: head.seq, link: head.link, quarantined, ...more };
  return call("unpair", { token: cfg.token, body });
}

function refusal({ kind, status, reply }) {
  if (kind !== "refused") return new KioskError(kind);
  const code = { 401: "unauthorised", 409: "missing_records", 410: "revoked" }[status] || "server";
  return Object.assign(new KioskError(code), { seqs: reply.seqs || [] });
}
