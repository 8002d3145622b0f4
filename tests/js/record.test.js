/** What goes into a record, and what counts as an answer to it. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import { canonical, canonicalBytes, sha256Hex } from "../../static/js/kiosk/canon.js";
import { buildRecord, line, recordBytes } from "../../static/js/kiosk/record.js";
import { sendRecord } from "../../static/js/kiosk/send.js";

const PAGE = {
  event: "0198c0de-0000-7000-8000-000000000001",
  declaration: "0198c0de-0000-7000-8000-000000000002",
  text_sha256: "ab".repeat(32),
  attendee: "7d9a5f0e-3c53-4f7c-9a55-3a2f1f0e9b11",
  signatory: { name: "Siti Aminah (contoh)", category: "kepala_desa", position: "Kepala Desa", agency: "" },
  submit_url: "/x/",
};

test("a refusal carries the person and nothing of a signature", () => {
  const record = buildRecord(PAGE, { outcome: "refused", behalf: undefined });
  const names = "app attendee capacity declaration event id kind outcome salt signatory signed_at_device source text_sha256 v";
  assert.equal(Object.keys(record).sort().join(" "), names);
  assert.deepEqual(record.signatory, { name: "Siti Aminah (contoh)", category: "kepala_desa", position: "Kepala Desa" });
  assert.match(record.signed_at_device, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.match(record.salt, /^[\w-]{22}$/);
});

test("a signature agrees, and two of them never share id or salt", () => {
  const act = { outcome: "signed", method: "drawn", strokes: Uint8Array.of(1, 2), capture: { ms: 1, box: [1, 2] } };
  const [a, b] = [buildRecord(PAGE, act), buildRecord(PAGE, act)];
  assert.deepEqual([a.agree, a.strokes, a.capture.box], [true, "AQI", [1, 2]]);
  assert.notEqual(a.id, b.id);
  assert.notEqual(a.salt, b.salt);
});

test("who stands in signs in the own name for the official of the page", () => {
  const behalf = { name: " Budi  (contoh)", position: "", letter_no: "094/1" };
  const record = buildRecord(PAGE, { outcome: "signed", method: "typed", typed_name: "Budi", behalf });
  assert.deepEqual(record.signatory, { name: "Budi (contoh)", category: "kepala_desa" });
  assert.deepEqual(record.on_behalf_of, { name: "Siti Aminah (contoh)", position: "Kepala Desa", letter_no: "094/1" });
  assert.equal(record.capacity, "on_behalf_of");
});

test("device fields of a paired tablet join, zero included", () => {
  assert.equal(buildRecord(PAGE, { outcome: "refused" }, { device_seq: 0 }).device_seq, 0);
});

test("texts become one tidy line of at most 120 characters", () => {
  assert.equal(line("  Siti\n\t Aminah\u0000 "), "Siti Aminah");
  assert.equal(line("Cafe\u0301"), "Café");
  assert.equal(line("\u200b\u200b \u202e"), ""); // invisible is empty
  assert.equal(Array.from(line("🖋".repeat(200))).length, 120);
  assert.ok(canonical(buildRecord(PAGE, { outcome: "signed", method: "typed", typed_name: "\u0007a\u0301" })));
});

// -- answers

const BYTES = recordBytes({ v: 1 });

async function answered(status, body, extra = {}) {
  const calls = [];
  globalThis.fetch = async (url, options) => {
    calls.push([url, options]);
    if (status === "dead") throw new TypeError("network");
    return { status, ok: status >= 200 && status < 300, json: async () => JSON.parse(body), ...extra };
  };
  const result = await sendRecord("/x/", "token", BYTES);
  assert.equal(calls[0][1].headers["X-CSRFToken"], "token");
  assert.equal(calls[0][1].body, BYTES);
  return result;
}

test("only a receipt with the hash of this record is an answer", async () => {
  const receipt = { record_sha256: await sha256Hex(canonicalBytes({ v: 1 })) };
  for (const status of ["stored", "duplicate", "conflict", "held"]) {
    assert.equal((await answered(200, JSON.stringify({ status, receipt }))).kind, "done");
  }
  const none = [{ status: "stored" }, { status: "stored", receipt: { record_sha256: "0" } }, { status: "ok", receipt }, [], null];
  for (const reply of none) assert.equal((await answered(200, JSON.stringify(reply))).kind, "unsent");
});

test("a portal, a dead line, a broken server and a busy one are no answer", async () => {
  assert.equal((await answered(200, "<h1>Masuk Wi-Fi</h1>")).kind, "unsent");
  assert.equal((await answered("dead")).kind, "unsent");
  for (const status of [500, 502, 503, 429, 408]) assert.equal((await answered(status, "{}")).kind, "unsent");
});

test("a refusal gives the server's sentence, a lost session says so", async () => {
  assert.deepEqual(await answered(409, '{"message":"Sudah ditutup."}'), { kind: "refused", message: "Sudah ditutup." });
  assert.deepEqual(await answered(413, "<html>"), { kind: "refused", message: "" });
  assert.deepEqual(await answered(403, '{"message":"Tidak berhak."}'), { kind: "refused", message: "Tidak berhak." });
  assert.equal((await answered(403, "<html>")).kind, "signedOut");
  assert.equal((await answered(0, "", { type: "opaqueredirect" })).kind, "signedOut");
});
