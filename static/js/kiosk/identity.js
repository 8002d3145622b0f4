/** The tablet's own key: P-256, made at pairing, never leaves the browser. */
import { b64u, PROTO, utf8 } from "./canon.js";
import { KioskError } from "./errors.js";
import { isSigned, signBytes } from "./keys.js";
import { getMeta } from "./store.js";

/** @returns {Promise<Uint8Array>} 64 bytes r, s; KioskError `key` when the browser has lost what it was asked to keep */
export async function sign(keys, bytes) {
  try {
    return await signBytes(keys, bytes);
  } catch {
    throw new KioskError("key");
  }
}

export async function proof(keys, code) {
  return b64u(await sign(keys, utf8(`${PROTO}|pair|${code}`)));
}

/** The stored keys, checked: they are there, sign, and cannot be exported. KioskError `key` otherwise. */
export async function storedKeys() {
  const keys = await getMeta("keys");
  const probe = utf8("uji");
  try {
    const made = await sign(keys, probe);
    if (!keys.privateKey.extractable && (await isSigned(keys, made, probe))) return keys;
  } catch {
    // the browser has lost what it was asked to keep
  }
  throw new KioskError("key");
}
