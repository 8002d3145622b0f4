/**
 * Stores one record: build, sign, seal, then one strict transaction that re-reads the head of the chain and leaves
 * nothing behind when another tab has moved it; then it is built again. *Tersimpan* is true only after this resolves.
 */
import { b64u, canonicalBytes, hex, nextLink, PROTO, randomBytes, sha256Hex, unb64u, unhex, uuid7 } from "./canon.js";
import { KioskError } from "./errors.js";
import { seal } from "./hpke.js";
import { sign } from "./identity.js";
import { tidy } from "./record.js";
import { ABORT, ask, getMeta, getMetas, write } from "./store.js";

const REBUILDS = 200;
const VERSION_BYTE = 1;

/**
 * @param {object} fields those of the record's kind (declarations/records.py); the chain adds the rest
 * @param {object[]} [done] rows for the list of names already taken
 * @returns {Promise<{id: string, seq: number, record_sha256: string}>}
 */
export async function keep(fields, done = []) {
  const { cfg, keys, clock } = await getMetas("cfg", "keys", "clock");
  const id = uuid7();
  const common = { v: 1, id, salt: randomBytes(16), ...times(clock), app: cfg.app, operator: cfg.operator };
  for (let turn = 0; turn < REBUILDS; turn += 1) {
    const head = await getMeta("head");
    const place = { event: cfg.event.id, device: cfg.device.id, device_seq: head.seq, prev_hash: head.link };
    const bytes = bytesOf({ ...fields, ...common, ...place });
    const row = await sealed(bytes, keys, cfg, id, head.seq);
    const link = hex(await nextLink(unhex(head.link), row.record_sha256));
    const stored = await store(row, head, link, done);
    if (stored !== ABORT) return stored;
  }
  throw new KioskError("broken");
}

function bytesOf(fields) {
  try {
    return canonicalBytes(tidy(fields));
  } catch {
    throw new KioskError("record"); // half of a character: what somebody typed has no spelling
  }
}

/** Device time, last measured server − device, and how long ago that was. */
function times({ offset, at } = { offset: 0, at: 0 }, now = Date.now()) {
  return {
    signed_at_device: new Date(now).toISOString(),
    clock_offset_ms: Math.round(offset),
    clock_age_s: Math.max(0, Math.round((now - at) / 1000)),
  };
}

async function sealed(bytes, keys, cfg, id, seq) {
  const { kid, public: point } = cfg.seal_key;
  const signature = await sign(keys, bytes);
  const plain = Uint8Array.from([VERSION_BYTE, ...signature, ...bytes]);
  const box = await seal(plain, unb64u(point), `${PROTO}|${cfg.event.id}|${kid}|${cfg.device.id}|${id}`);
  return { id, seq, kid, c: b64u(box), sealed_sha256: await sha256Hex(box), record_sha256: await sha256Hex(bytes) };
}

function store(row, head, link, done) {
  return write(async (s) => {
    // A connection that died while committing may have kept it after all: the same record never gets a second place.
    if ((await ask(s.outbox.get(row.id))) || (await ask(s.sent.get(row.id)))) return row;
    const now = await ask(s.meta.get("head"));
    if (now.seq !== head.seq || now.link !== head.link) return ABORT;
    s.meta.put({ seq: head.seq + 1, link }, "head");
    s.outbox.put(row);
    done.forEach((item) => s.done.put({ ...item, id: row.id, seq: row.seq }));
    return row;
  });
}
