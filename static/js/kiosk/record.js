/**
 * Builds the record a person hands in (the schema is declarations/records.py) and the object whose hash the text has.
 */
import { b64u, canonicalBytes, randomBytes, sha256Hex, uuid7 } from "./canon.js";

const MAX_LINE = 120;
const TEXT_FIELDS = ["title", "opening", "points", "closing", "consent"];

/**
 * @param {{event: string, declaration: string, text_sha256: string, attendee: string, source?: string,
 *   signatory: {name: string, category: string, position?: string, agency?: string}}} page data of the page
 * @param {{outcome: string, method?: string, behalf?: {name: string, position?: string, letter_no?: string}}} act
 *   what the person did: the fields of the method as the schema names them, `strokes` as bytes; with `behalf` the
 *   person at the tablet, who signs in the own name for the official the page is about
 * @param {object} [device] the fields a paired tablet adds
 * @returns {object} the fields; canonicalBytes() of them is what is sent
 */
export function buildRecord(page, act, device = {}) {
  return tidy({
    v: 1,
    id: uuid7(),
    salt: randomBytes(16),
    signed_at_device: new Date().toISOString(),
    app: "web/1",
    event: page.event,
    ...signatureFields(page, act),
    ...device,
  });
}

/** What the person decided and for which paper: the part of the record that does not depend on who builds it. */
export function signatureFields(page, { behalf, ...act }) {
  const { name, position } = page.signatory;
  return tidy({
    kind: "signature",
    declaration: page.declaration,
    text_sha256: page.text_sha256,
    attendee: page.attendee,
    source: page.source || "roster",
    signatory: behalf ? { ...page.signatory, name: behalf.name, position: behalf.position } : page.signatory,
    capacity: behalf ? "on_behalf_of" : "self",
    on_behalf_of: behalf && { name, position, letter_no: behalf.letter_no },
    ...(act.outcome === "signed" ? { agree: true } : {}),
    ...act,
  });
}

/** @returns {Uint8Array} the bytes that are hashed and sent */
export function recordBytes(fields) {
  return canonicalBytes(fields);
}

/** Absent fields are left out; texts become one tidy NFC line of at most 120 characters, bytes base64url. */
export function tidy(value, key = "") {
  if (value instanceof Uint8Array) return b64u(value);
  if (Array.isArray(value)) return value.map((item) => tidy(item, key));
  if (typeof value === "string" && key !== "strokes") return line(value);
  if (!value || typeof value !== "object") return value;
  const pairs = Object.entries(value).map(([name, item]) => [name, tidy(item, name)]);
  return Object.fromEntries(pairs.filter(([, item]) => item !== "" && item !== undefined && item !== null));
}

export function line(value, most = MAX_LINE) {
  const tidied = value.normalize("NFC").replace(/[\s\u0000-\u001f]+/g, " ").trim();
  if (!/[^\p{C}\p{Z}]/u.test(tidied)) return ""; // only invisible characters: nothing was written
  return Array.from(tidied).slice(0, most).join("").trim();
}

/** The text as it is hashed: known fields only, empty ones left out. */
export function canonicalText(text) {
  const clean = (value) => value.replace(/\r\n/g, "\n").normalize("NFC");
  const pairs = TEXT_FIELDS.map((name) => [name, text[name]]).filter(([, value]) => value && value.length);
  return Object.fromEntries(pairs.map(([name, value]) => [name, Array.isArray(value) ? value.map(clean) : clean(value)]));
}

/** @returns {Promise<string>} */
export async function textSha256(text) {
  return sha256Hex(canonicalBytes(canonicalText(text)));
}
