/** The roster on the tablet: people, papers with checked texts, and who is on record already. */
import { hex } from "./canon.js";
import { call } from "./net.js";
import { textSha256 } from "./record.js";
import { ask, getMeta, putMeta, read, write } from "./store.js";

const keyOf = ({ declaration, attendee }) => `${declaration}|${attendee}`;

/** Everything the screens need of the roster, in one read. */
export async function load() {
  return read(["meta", "roster", "done"], async ({ meta, roster, done }) => {
    const [state, rows, taken] = await Promise.all([
      ask(meta.get("roster")),
      ask(roster.getAll()),
      ask(done.getAll()),
    ]);
    return { state: state || null, rows, done: new Map(taken.map((item) => [item.key, item])) };
  });
}

/**
 * Fetch what is new. @returns {Promise<string>} `ok`, `unchanged`, `draining`, `revoked`, or why there was no answer
 */
export async function refresh(token, { full = false } = {}) {
  const known = await getMeta("roster");
  const since = !full && known ? `?since=${known.seq}` : "";
  const headers = !full && known && known.etag ? { "If-None-Match": known.etag } : {};
  const answer = await call(`roster${since}`, { method: "GET", token, headers });
  if (answer.kind === "refused") return { 403: "draining", 410: "revoked", 401: "unauthorised" }[answer.status] || "server";
  if (answer.kind !== "ok") return answer.kind;
  const { reply } = answer;
  if (!(await textsAreRight(reply.declarations))) return "server";
  await apply(reply, answer.etag);
  const { rows } = await read(["roster"], async ({ roster }) => ({ rows: (await ask(roster.getAll())).filter((row) => !row.local).length }));
  if (rows !== reply.rows_total && !full) return refresh(token, { full: true });
  return "ok";
}

/** Nobody is ever shown a text whose hash is not the one that goes into the record. */
async function textsAreRight(papers) {
  for (const { text, text_sha256: hash } of papers) if ((await textSha256(text)) !== hash) return false;
  return true;
}

function apply(reply, etag) {
  const { seq, event, declarations } = reply;
  return write(["meta", "roster", "done"], async ({ meta, roster, done }) => {
    if (reply.full) {
      const present = new Set(reply.rows.map((row) => row.id));
      const old = await ask(roster.getAll());
      old.filter((row) => !row.local || present.has(row.id)).forEach((row) => roster.delete(row.id));
      const mine = (await ask(done.getAll())).filter((item) => !item.seq && item.seq !== 0);
      mine.forEach((item) => done.delete(item.key)); // those of this tablet stay: they may not have arrived yet
    }
    reply.rows.forEach((row) => roster.put(row));
    reply.gone.forEach((id) => roster.delete(id));
    for (const item of reply.done) {
      const key = keyOf(item);
      const known = await ask(done.get(key));
      if (!known || known.id === undefined) done.put({ key, at: item.at });
    }
    for (const item of reply.undone) {
      const known = await ask(done.get(keyOf(item)));
      if (known && known.id === undefined) done.delete(keyOf(item));
    }
    meta.put({ seq, etag, event, papers: declarations }, "roster");
  });
}

/** The day is over, or staff asked: names go, what waits to be sent stays. */
export async function forget() {
  await write(["meta", "roster", "done"], ({ meta, roster, done }) => {
    roster.clear();
    done.clear();
    meta.delete("roster");
  });
}

/** Times after which names, and sealed copies of what was received, must not lie on the tablet any more. */
export async function wipeWhatIsOver(now = Date.now()) {
  const state = await getMeta("roster");
  const limits = (state && state.event) || (await getMeta("limits")) || {};
  if (state) await putMeta("limits", limits);
  if (limits.wipe_roster_at && now > Date.parse(limits.wipe_roster_at) && state) await forget();
  if (limits.wipe_sent_at && now > Date.parse(limits.wipe_sent_at)) await write(["sent"], ({ sent }) => ask(sent.clear()));
}

/** The beginning of the hash by which the QR of an invitation is known, or "" when the text is none. */
export async function ticketIn(text) {
  const found = /\/t\/([A-Za-z0-9_-]{16,64})\/?$/.exec(text.trim());
  if (!found) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(found[1]));
  return hex(new Uint8Array(digest)).slice(0, 16);
}
