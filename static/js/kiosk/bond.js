/** The bond between this tablet and one event: made by a one-time code, ended when the server holds everything. */
import { firstLink, hex } from "./canon.js";
import { keep } from "./chain.js";
import { KioskError } from "./errors.js";
import { proof } from "./identity.js";
import { makeKeys, publicKey } from "./keys.js";
import { call } from "./net.js";
import { counts } from "./outbox.js";
import { ask, getMetas, putMeta, read, write } from "./store.js";

/** @returns {Promise<object>} cfg of the new bond. The keys of a pairing whose answer was lost are used again. */
export async function pair(code, app) {
  const { pairing: earlier, cfg: known } = await getMetas("pairing", "cfg");
  if (known || (await counts()).pending) throw new KioskError("paired"); // before the code is used up
  const keys = earlier?.code === code ? earlier.keys : await makeKeys();
  await putMeta("pairing", { code, keys });
  const key = await publicKey(keys);
  const body = { code, public_key: key, proof: await proof(keys, code), app, sent_at_device: new Date().toISOString() };
  const { kind, reply } = await call("pair", { body });
  if (kind !== "ok") throw new KioskError(reply?.error || kind, reply?.message);
  const { token, device, event, seal_key, staff_pin } = reply;
  const cfg = { token, device, event, seal_key, staff_pin, app, key, operator: "" };
  const link = hex(await firstLink(event.id, device.id, key));
  await write(async ({ meta }) => {
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
    standalone: !matchMedia("(display-mode: browser)").matches,
    screen: `${screen.width}x${screen.height}`,
  };
  return keep({ kind: "probe", agent });
}

/**
 * Let go of the event. Only after the server has said that it holds the whole chain – or after an exported file, the
 * typed word and a reason – is anything deleted here.
 */
export async function unpair(cfg, { force = false, word = "", reason = "" } = {}) {
  const { head, exported } = await getMetas("head", "exported");
  const { pending } = await counts();
  const quarantine = await read((s) => ask(s.quarantine.getAll()));
  if (force && (word !== "HAPUS" || !reason || exported !== head.seq)) throw new KioskError("confirm");
  if (!force && (pending || quarantine.some((row) => !row.receipt))) throw new KioskError("unsent");
  const { kind, status, reply } = await goodbye(cfg, head, quarantine, force ? { forced: true, reason } : {});
  if (!force && kind !== "ok") throw Object.assign(new KioskError(status === 409 ? "missing_records" : kind), { seqs: reply?.seqs });
  await write((stores) => Object.values(stores).forEach((store) => store.clear()));
}

function goodbye(cfg, head, quarantine, more) {
  const quarantined = quarantine.map(({ seq, record_sha256 }) => ({ seq, record_sha256 }));
  const body = { next_seq: head.seq, link: head.link, quarantined, ...more };
  return call("unpair", { token: cfg.token, body });
}
