/** The roster on the tablet: people, papers with checked texts, and who is on record already. */
import { sha256Hex, utf8 } from "./canon.js";
import { call } from "./net.js";
import { textSha256 } from "./record.js";
import { ask, getMeta, read, write } from "./store.js";

const keyOf = ({ declaration, attendee }) => `${declaration}|${attendee}`;

/** Everything the screens need of the roster, in one read. */
export async function load() {
  return read(async ({ meta, roster, done }) => {
    const [state, rows, taken] = await Promise.all([
      ask(meta.get("roster")),
      ask(roster.getAll()),
      ask(done.getAll()),
    ]);
    return { state, rows, done: new Map(taken.filter(({ free }) => !free).map((item) => [item.key, item])) };
  });
}

/**
 * Fetch what is new. @returns {Promise<string>} `ok`, `unchanged`, `draining`, `revoked`, or why there was no answer
 */
export async function refresh(token, { full = false } = {}) {
  const known = await getMeta("roster");
  const asked = Date.now();
  const since = !full && known ? `?since=${known.seq}` : "";
  const headers = !full && known?.etag ? { "If-None-Match": known.etag } : {};
  const answer = await call(`roster${since}`, { token, headers });
  if (answer.status === 403) return "draining";
  if (answer.kind !== "ok") return answer.kind;
  const { reply } = answer;
  if (!(await textsAreRight(reply.declarations))) return "server";
  const rows = await apply(reply, answer.etag, asked);
  if (rows !== reply.rows_total && !full) return refresh(token, { full: true });
  return "ok";
}

/** Nobody is ever shown a text whose hash is not the one that goes into the record. */
async function textsAreRight(papers) {
  for (const { text, text_sha256: hash } of papers) if ((await textSha256(text)) !== hash) return false;
  return true;
}

/**
 * One transaction. What this tablet knows better stays: records the server cannot have counted yet, and names that a
 * correction freed here. @returns {Promise<number>} people of the server's list that lie here now
 */
function apply(reply, etag, asked) {
  const { seq, event, declarations: papers } = reply;
  const ours = (item) => item && (item.waits || item.since > asked);
  return write(async ({ meta, roster, done }) => {
    const taken = new Map((await ask(done.getAll())).map((item) => [item.key, item]));
    if (reply.full) {
      const present = new Set(reply.rows.map(({ id }) => id));
      const old = await ask(roster.getAll());
      old.filter(({ id, local }) => !local || present.has(id)).forEach(({ id }) => roster.delete(id));
      taken.forEach((item, key) => ours(item) || done.delete(key));
    }
    reply.rows.forEach((row) => roster.put(row));
    reply.gone.forEach((id) => roster.delete(id));
    for (const item of reply.done) {
      const key = keyOf(item);
      if (!ours(taken.get(key))) done.put({ ...taken.get(key), key, at: item.at, free: false });
    }
    reply.undone.map(keyOf).forEach((key) => ours(taken.get(key)) || done.delete(key));
    meta.put({ seq, etag, event, papers }, "roster");
    return (await ask(roster.getAll())).filter(({ local }) => !local).length;
  });
}

/** The day is over, or staff asked: names go, what waits to be sent stays. */
export function forget() {
  return write(async ({ meta, roster, done }) => {
    const { event } = (await ask(meta.get("roster"))) || {};
    if (event) meta.put(event, "limits");
    roster.clear();
    (await ask(done.getAll())).forEach(({ key, waits }) => waits || done.delete(key));
    meta.delete("roster");
  });
}

/** Times after which names, and sealed copies of what was received, must not lie on the tablet any more. */
export async function wipeWhatIsOver(now) {
  const { event } = (await getMeta("roster")) || {};
  const limits = event || (await getMeta("limits")) || {};
  const over = event && now > Date.parse(event.wipe_roster_at);
  if (over) await forget();
  if (now > Date.parse(limits.wipe_sent_at)) await write(({ sent }) => ask(sent.clear()));
  return over;
}

/** The beginning of the hash by which the QR of an invitation is known, or "" when the text is none. */
export async function ticketIn(text) {
  const found = /\/t\/([A-Za-z0-9_-]{16,64})\/?$/.exec(text.trim());
  if (!found) return "";
  return (await sha256Hex(utf8(found[1]))).slice(0, 16);
}
