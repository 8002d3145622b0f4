/** The tablet's own key: P-256, made at pairing, never leaves the browser. */
import { b64u, sha256, utf8 } from "./canon.js";
import { PROTO } from "./net.js";
import { getMeta } from "./store.js";
import { KioskError } from "./errors.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const HASH = { name: "ECDSA", hash: "SHA-256" };

/** @returns {Promise<CryptoKeyPair>} the private half cannot be exported */
export function makeKeys() {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** @returns {Promise<string>} base64url of the 65-byte point */
export async function publicKey(keys) {
  return b64u(new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)));
}

/** @returns {Promise<Uint8Array>} 64 bytes r, s; KioskError `key` when the browser has lost what it was asked to keep */
export async function sign(keys, bytes) {
  try {
    return new Uint8Array(await crypto.subtle.sign(HASH, keys.privateKey, bytes));
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
    if (!keys.privateKey.extractable && (await crypto.subtle.verify(HASH, keys.publicKey, made, probe))) return keys;
  } catch {
    // the browser has lost what it was asked to keep
  }
  throw new KioskError("key");
}

/** The link before record 0 of this tablet. */
export async function firstLink(event, device, key) {
  return sha256(utf8(`${PROTO}|${event}|${device}|${key}`));
}
