/**
 * Canonical JSON, SHA-256, base64url and UUIDv7, byte for byte as accounts/canonical.py and declarations/evidence.py.
 */

const KEY = /^[a-z0-9_]+$/;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

/**
 * The one spelling of a value: object, array, string, boolean or safe integer; anything else throws TypeError.
 * @param {*} value
 * @returns {string}
 */
export function canonical(value) {
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return JSON.stringify(value);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") throw notCanonical();
  const pairs = Object.keys(value).sort().map((key) => {
    if (!KEY.test(key)) throw notCanonical();
    return `${JSON.stringify(key)}:${canonical(value[key])}`;
  });
  return `{${pairs.join(",")}}`;
}

/** @returns {Uint8Array} UTF-8 of the canonical spelling */
export function canonicalBytes(value) {
  return utf8(canonical(value));
}

export const PROTO = "netralitas-kiosk/1";
export const utf8 = (text) => new TextEncoder().encode(text);

const notCanonical = () => new TypeError("no canonical form");

function text(value) {
  if (CONTROL.test(value) || LONE_SURROGATE.test(value)) throw notCanonical();
  if (value !== value.normalize("NFC")) throw notCanonical();
  return JSON.stringify(value);
}

/** Whether this page can hash: browsers offer it on https and localhost only. */
export function canHash() {
  return Boolean(globalThis.crypto?.subtle);
}

/** @returns {Promise<string>} lower-case hex */
export async function sha256Hex(bytes) {
  return hex(await sha256(bytes));
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The link before record 0 of a device: `key` is base64url of its 65-byte point. @returns {Promise<Uint8Array>} */
export async function firstLink(event, device, key) {
  return sha256(utf8(`${PROTO}|${event}|${device}|${key}`));
}

/**
 * The next link of a device's chain: SHA-256(link, record hash) over raw bytes.
 * @param {Uint8Array} link
 * @param {string} recordHash hex
 * @returns {Promise<Uint8Array>}
 */
export async function nextLink(link, recordHash) {
  return sha256(Uint8Array.from([...link, ...unhex(recordHash)]));
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(string) {
  return Uint8Array.from(string.match(/../g) || [], (pair) => parseInt(pair, 16));
}

/** Base64url without padding. */
export function b64u(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Bytes of base64url without padding; throws TypeError for any other spelling. */
export function unb64u(string) {
  if (!/^[\w-]*$/.test(string) || string.length % 4 === 1) throw new TypeError("not base64url");
  const binary = atob(string.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (b64u(bytes) !== string) throw new TypeError("not base64url"); // loose bits at the end
  return bytes;
}

export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/**
 * RFC 9562 version 7.
 * @param {number} [now] Unix milliseconds
 * @param {Uint8Array} [random] ten bytes
 */
export function uuid7(now = Date.now(), random = randomBytes(10)) {
  const bytes = unhex(now.toString(16).padStart(12, "0") + hex(random));
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
