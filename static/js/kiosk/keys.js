/** A key of the browser's own: P-256, its private half cannot be exported. */
import { b64u } from "./canon.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const HASH = { name: "ECDSA", hash: "SHA-256" };

/** @returns {Promise<CryptoKeyPair>} */
export function makeKeys() {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** @returns {Promise<string>} base64url of the 65-byte point */
export async function publicKey(keys) {
  return b64u(new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)));
}

/** @returns {Promise<Uint8Array>} 64 bytes r, s */
export async function signBytes(keys, bytes) {
  return new Uint8Array(await crypto.subtle.sign(HASH, keys.privateKey, bytes));
}

/** @returns {Promise<boolean>} */
export function isSigned(keys, signature, bytes) {
  return crypto.subtle.verify(HASH, keys.publicKey, signature, bytes);
}
