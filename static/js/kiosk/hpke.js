/**
 * Seals bytes to the event's key: HPKE (RFC 9180) base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one
 * shot, no AAD. declarations/envelope.py opens it.
 */
import { utf8 } from "./canon.js";

const join = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const KEM = join(utf8("KEM"), [0, 16]);
const SUITE = join(utf8("HPKE"), [0, 16, 0, 1, 0, 2]);
const EMPTY = new Uint8Array(0);
const CURVE = { name: "ECDH", namedCurve: "P-256" };

/**
 * @param {Uint8Array} plain
 * @param {Uint8Array} point 65 bytes, the recipient's uncompressed P-256 point
 * @param {string} info binds the bytes to their event, key, tablet and record
 * @param {CryptoKeyPair} [ephemeral] given by tests only
 * @returns {Promise<Uint8Array>} enc, ciphertext
 */
export async function seal(plain, point, info, ephemeral) {
  const { subtle } = crypto;
  const recipient = await subtle.importKey("raw", point, CURVE, false, []);
  const pair = ephemeral || (await subtle.generateKey(CURVE, true, ["deriveBits"]));
  const enc = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const shared = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: recipient }, pair.privateKey, 256));
  const secret = await expand(KEM, await extract(KEM, EMPTY, "eae_prk", shared), "shared_secret", join(enc, point), 32);
  const context = join(
    [0],
    await extract(SUITE, EMPTY, "psk_id_hash", EMPTY),
    await extract(SUITE, EMPTY, "info_hash", utf8(info)),
  );
  const schedule = await extract(SUITE, secret, "secret", EMPTY);
  const raw = await expand(SUITE, schedule, "key", context, 32);
  const iv = await expand(SUITE, schedule, "base_nonce", context, 12);
  const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  return join(enc, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, plain)));
}

/** LabeledExtract; an empty salt is a key of zeros, which HMAC takes for the same. */
function extract(suite, salt, label, material) {
  return hmac(salt.length ? salt : new Uint8Array(32), join(utf8("HPKE-v1"), suite, utf8(label), material));
}

/** LabeledExpand up to 32 bytes: one block. */
async function expand(suite, secret, label, info, length) {
  const block = join([0, length], utf8("HPKE-v1"), suite, utf8(label), info, [1]);
  return (await hmac(secret, block)).slice(0, length);
}

async function hmac(secret, data) {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
}
