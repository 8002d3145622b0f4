/** What waits, what was received, what is doubtful: rows move only on a receipt that proves our record was read. */
import { ask, read, write } from "./store.js";

const FINAL = ["stored", "duplicate", "conflict", "held"];
const MOST = 50;
const LARGEST = 240 * 1024;

/** Numbers for the header and the heartbeat. */
export function counts() {
  return read(["outbox", "sent", "quarantine", "roster", "done"], async (s) => {
    const [pending, sent, quarantine, rows] = await Promise.all(
      [s.outbox, s.sent, s.quarantine, s.roster].map((store) => ask(store.count())),
    );
    return { pending, sent, quarantine, rows };
  });
}

/** The oldest rows that fit into one request; those in `last` only when nothing else waits. */
export async function nextBatch(most = MOST, last = new Set()) {
  const rows = await read(["outbox"], ({ outbox }) => ask(outbox.index("seq").getAll()));
  const first = rows.filter((row) => !last.has(row.id));
  const batch = [];
  let size = 0;
  for (const row of first.length ? first : rows) {
    size += row.c.length + 120;
    if (batch.length && (batch.length >= Math.min(most, MOST) || size > LARGEST)) break;
    batch.push(row);
  }
  return batch;
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

/** Move rows as the results say. @returns {Promise<{moved: number, mismatch: number, retry: object[]}>} */
export async function settle(batch, results) {
  const byId = new Map(batch.map((row) => [row.id, row]));
  const found = { moved: 0, mismatch: 0, retry: [] };
  await write(["outbox", "sent", "quarantine"], (s) => {
    Object.assign(found, { moved: 0, mismatch: 0, retry: [] });
    for (const result of results) {
      const row = byId.get(result && result.id);
      const end = row && verdict(row, result);
      if (end === "mismatch") found.mismatch += 1;
      if (end === "stay") found.retry.push(result);
      if (end !== "sent" && end !== "quarantine") continue;
      found.moved += 1;
      byId.delete(row.id);
      s.outbox.delete(row.id);
      if (end === "sent") s.sent.put(row);
      else s.quarantine.put({ ...row, reason: (result.codes || [])[0] || "", receipt: true });
    }
  });
  return found;
}

/** One row the server will not even take: kept, exportable, without a receipt. */
export function setAside(row, reason) {
  return write(["outbox", "quarantine"], (s) => {
    s.outbox.delete(row.id);
    s.quarantine.put({ ...row, reason, receipt: false });
  });
}

/** Staff: try what lies in quarantine again. */
export function retryQuarantine() {
  return write(["outbox", "quarantine"], async (s) => {
    const rows = await ask(s.quarantine.getAll());
    for (const { reason, receipt, ...row } of rows) {
      s.quarantine.delete(row.id);
      s.outbox.put(row);
    }
    return rows.length;
  });
}

/** The server lost what it had (an older backup): what we still hold goes out again. */
export function requeue(seqs) {
  const wanted = new Set(seqs);
  return write(["outbox", "sent"], async (s) => {
    const rows = (await ask(s.sent.getAll())).filter((row) => wanted.has(row.seq));
    for (const row of rows) {
      s.sent.delete(row.id);
      s.outbox.put(row);
    }
    return rows.length;
  });
}
