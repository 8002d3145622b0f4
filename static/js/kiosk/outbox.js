/** What waits, what was received, what is doubtful: rows move only on a receipt that proves our record was read. */
import { ask, read, write } from "./store.js";

const FINAL = ["stored", "duplicate", "conflict", "held"];
const MOST = 50;
const LARGEST = 240 * 1024;

/** Numbers for the header and the heartbeat. */
export function counts() {
  return read(async (s) => ({
    pending: await ask(s.outbox.count()),
    sent: await ask(s.sent.count()),
    quarantine: await ask(s.quarantine.count()),
    rows: await ask(s.roster.count()),
  }));
}

/** The oldest rows that fit into one request; those in `last` only when nothing else waits. */
export async function nextBatch(most = MOST, last = new Set()) {
  const rows = await read(({ outbox }) => ask(outbox.index("seq").getAll(null, most + last.size)));
  const first = rows.filter((row) => !last.has(row.id));
  return fitting(first.length ? first : rows, Math.min(most, MOST));
}

/** As many rows as one request may carry, always at least one. */
export function fitting(rows, most) {
  let size = 0;
  return rows.filter(({ c }, i) => (size += c.length + 120) && (i === 0 || (i < most && size <= LARGEST)));
}

/**
 * What becomes of a row by one result of `sync`: "sent", "quarantine", "stay", or "mismatch" (a receipt that is not
 * about our record: no answer, and an alert).
 */
export function verdict(row, result) {
  const receipt = result.receipt || {};
  if (result.status === "retry") return "stay";
  if (receipt.sealed_sha256 !== row.sealed_sha256) return "mismatch";
  if (result.status === "quarantined") return "quarantine";
  if (!FINAL.includes(result.status)) return "stay";
  return receipt.record_sha256 === row.record_sha256 ? "sent" : "mismatch";
}

/**
 * Move rows as the results say; an answer that comes too late (the row is gone, or was moved by another tab) moves none.
 * @returns {Promise<{moved: Set<string>, mismatch: number, retry: object[]}>} moved: ids
 */
export async function settle(batch, results, now = Date.now()) {
  const byId = new Map(batch.map((row) => [row.id, row]));
  return write(async (s) => {
    const found = { moved: new Set(), mismatch: 0, retry: [] };
    for (const result of results) {
      const row = byId.get(result?.id);
      const end = row && verdict(row, result);
      if (end === "mismatch") found.mismatch += 1;
      if (end === "stay") found.retry.push(result);
      if ((end !== "sent" && end !== "quarantine") || found.moved.has(row.id)) continue;
      found.moved.add(row.id);
      if (!(await ask(s.outbox.getKey(row.id)))) continue;
      s.outbox.delete(row.id);
      if (end === "quarantine") s.quarantine.put({ ...row, reason: result.codes?.[0], receipt: true });
      else await noteArrival(s, row, result.was || result.status, now);
    }
    return found;
  });
}

/** From now on the server's list says whether the name is taken, except for what still waits for a person to decide. */
async function noteArrival({ sent, done }, row, status, now) {
  sent.put(row);
  const item = await ask(done.index("id").get(row.id));
  if (!item) return;
  if (item.free) done.delete(item.key);
  else done.put({ ...item, waits: status === "held", since: now });
}

/** One row the server will not even take: kept, exportable, without a receipt. */
export function setAside(row, reason) {
  return write(async (s) => {
    if (!(await ask(s.outbox.getKey(row.id)))) return;
    s.outbox.delete(row.id);
    s.quarantine.put({ ...row, reason, receipt: false });
  });
}

/** Staff: try what lies in quarantine again. */
export const retryQuarantine = () => sendAgain((sent, quarantine) => quarantine);

/** The server lost what it had (an older backup): what we hold with a receipt goes out again, but for the ids in `but`. */
export function requeue(seqs = [], but = []) {
  return sendAgain((sent, quarantine) =>
    [...sent, ...quarantine.filter(({ receipt }) => receipt)].filter(({ id, seq }) => seqs.includes(seq) && !but.includes(id)),
  );
}

/** @returns {Promise<number>} how many */
function sendAgain(chosen) {
  return write(async (s) => {
    const rows = chosen(await ask(s.sent.getAll()), await ask(s.quarantine.getAll()));
    for (const { reason, receipt, ...row } of rows) {
      s.sent.delete(row.id);
      s.quarantine.delete(row.id);
      s.outbox.put(row);
    }
    return rows.length;
  });
}
