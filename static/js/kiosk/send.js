/** Hands one record to the server. Nothing but a receipt that names this very record counts as an answer. */
import { canHash, sha256Hex } from "./canon.js";

const TIMEOUT = 15000;
const FINAL = ["stored", "duplicate", "conflict", "held"];

/**
 * @param {string} url
 * @param {string} token CSRF
 * @param {Uint8Array} bytes canonical record
 * @param {object} [headers] key and signature of a record that was signed once
 * @returns {Promise<{kind: string, reply?: object, message?: string}>} `done` with the reply; `refused` with the
 *   server's sentence: nothing counts; `signedOut` and `unsent` are no answer: the same bytes go again
 */
export async function sendRecord(url, token, bytes, headers = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token, ...headers },
      body: bytes,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal: abort.signal,
    });
    return await judge(response, bytes);
  } catch {
    return { kind: "unsent" };
  } finally {
    clearTimeout(timer);
  }
}

async function judge(response, bytes) {
  if (response.type === "opaqueredirect" || response.status === 401) return { kind: "signedOut" };
  const reply = await response.json().catch(() => null);
  if (response.status >= 500 || response.status === 429 || response.status === 408) return { kind: "unsent" };
  if (response.status === 403 && !(reply && reply.message)) return { kind: "signedOut" };
  if (!response.ok) return { kind: "refused", message: (reply && reply.message) || "" };
  return reply && FINAL.includes(reply.status) && (await proves(reply, bytes)) ? { kind: "done", reply } : { kind: "unsent" };
}

/** Whether the server read exactly these bytes. A page without https cannot hash and has to take its word. */
async function proves(reply, bytes) {
  const hash = reply.receipt && reply.receipt.record_sha256;
  return canHash() ? hash === (await sha256Hex(bytes)) : Boolean(hash);
}
