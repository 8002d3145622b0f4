/** The officers' PIN, checked on the tablet. It guards against curious fingers, not against a thief. */
import { b64u, unb64u, utf8 } from "./canon.js";
import { getMeta, putMeta } from "./store.js";

const TRIES = 5;
const NO_TRIES = { count: 0, until: 0 };
const LOCKED_MS = 5 * 60 * 1000;

/** @returns {Promise<{ok: boolean, lockedUntil: number}>} lockedUntil: Unix ms, 0 when further tries are open */
export async function checkPin(pin, staffPin, now = Date.now()) {
  const tried = (await getMeta("pin-tries")) || NO_TRIES;
  const locked = Math.min(tried.until, now + LOCKED_MS); // also after the clock was set back by years
  if (locked > now) return { ok: false, lockedUntil: locked };
  const count = tried.count + 1;
  const until = count >= TRIES ? now + LOCKED_MS : 0;
  await putMeta("pin-tries", { count: until ? 0 : count, until }); // before the answer: closing the app wins no tries
  const ok = /^\d{6}$/.test(pin) && (await hashOf(pin, staffPin)) === staffPin.hash;
  if (ok) await putMeta("pin-tries", NO_TRIES);
  return { ok, lockedUntil: ok ? 0 : until };
}

export async function hashOf(pin, { salt, iterations }) {
  const key = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: unb64u(salt), iterations };
  return b64u(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}
