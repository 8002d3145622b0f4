/**
 * A record on somebody's own device is signed with a key made for it alone: a chain of one, gone with the page
 * (PDF.md §5.2).
 */
import { b64u, canHash, firstLink, hex } from "./canon.js";
import { makeKeys, publicKey, signBytes } from "./keys.js";
import { buildRecord, recordBytes } from "./record.js";

/**
 * @param {object} page data of the page; `device` is the number the record gets as its device, `server_time` when the
 *   page was made
 * @param {object} act as for buildRecord()
 * @param {number} loaded Date.now() when the page began
 * @returns {Promise<{bytes: Uint8Array, headers: object}>} a browser that cannot make keys (no https, a crippled
 *   WebView) gives a record without device, and the report counts it apart
 */
export async function sealedOnce(page, act, loaded) {
  try {
    if (page.device && canHash()) return await withKey(page, act, loaded);
  } catch {
    // no key is no reason to turn a signature away
  }
  return { bytes: recordBytes(buildRecord(page, act)), headers: {} };
}

async function withKey(page, act, loaded) {
  const keys = await makeKeys();
  const key = await publicKey(keys);
  const chain = { device: page.device, device_seq: 0, prev_hash: hex(await firstLink(page.event, page.device, key)) };
  const bytes = recordBytes(buildRecord(page, act, { ...chain, ...clock(page, loaded) }));
  const signature = await signBytes(keys, bytes);
  return { bytes, headers: { "X-Device-Key": key, "X-Device-Signature": b64u(signature) } };
}

/** How far the clock was off when the page came, and how long ago that was. */
function clock(page, loaded) {
  return {
    clock_offset_ms: Date.parse(page.server_time) - loaded,
    clock_age_s: Math.max(0, Math.round((Date.now() - loaded) / 1000)),
  };
}
