/**
 * One question to our server. Only an honest answer counts: not redirected, JSON, our protocol; anything else is no
 * answer, and its kind says what to tell people: offline, portal, clock, timeout, server.
 */

import { PROTO } from "./canon.js";

const BASE = "/api/v1/kiosk/";
const TIMEOUT = 15000;
const REFUSED = { 401: "unauthorised", 410: "revoked" };
const SANE_YEARS = [2025, 2100];

/**
 * @param {string} path below /api/v1/kiosk/
 * @param {{body?: object, token?: string, headers?: object, timeout?: number}} options without a body it is a GET
 * @returns {Promise<{kind: string, status?: number, reply?: object, etag?: string, retryAfter?: number}>} kind `ok`,
 *   `unchanged` (304), `unauthorised`, `revoked` or else `refused` (4xx with our JSON), or why there is no answer
 */
export async function call(path, { body, token, headers, timeout = TIMEOUT }) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  try {
    const response = await fetch(BASE + path, {
      method: body ? "POST" : "GET",
      headers: {
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: body && JSON.stringify({ proto: PROTO, ...body }),
      credentials: "omit",
      cache: "no-store",
      redirect: "manual", // followed nowhere; seen, because it is how a portal answers
      signal: abort.signal,
    });
    return await judge(response);
  } catch (error) {
    return { kind: error.name === "AbortError" ? "timeout" : silence() };
  } finally {
    clearTimeout(timer);
  }
}

async function judge(response) {
  const { status, type } = response;
  if (type === "opaqueredirect" || status === 511) return { kind: "portal" };
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  if (status === 304) return { kind: "unchanged", status };
  const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
  const reply = isJson && (await response.json().catch(unlessLate));
  if (status >= 500) return { kind: "server", status, retryAfter };
  const ours = reply?.proto === PROTO;
  if (status >= 400 && ours) return { kind: REFUSED[status] || "refused", status, reply, retryAfter };
  if (status !== 200 || !ours) return { kind: isJson ? "server" : "portal", status };
  return { kind: "ok", status, reply, etag: response.headers.get("ETag") || "" };
}

function unlessLate(error) {
  if (error.name === "AbortError") throw error;
}

/** Nothing came back: no network, or a clock so wrong that no certificate is valid. */
function silence() {
  const year = new Date().getFullYear();
  return navigator.onLine && (year < SANE_YEARS[0] || year > SANE_YEARS[1]) ? "clock" : "offline";
}
