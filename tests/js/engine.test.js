/** The rules of the engine that need no browser: finding people, receipts, PIN. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "./setup.js";
import { checkPin, hashOf } from "../../static/js/kiosk/guard.js";
import { Lookup, fold } from "../../static/js/kiosk/lookup.js";
import { fitting, verdict } from "../../static/js/kiosk/outbox.js";
import { ticketIn } from "../../static/js/kiosk/people.js";

const row = (name, more = {}) => ({ id: name, name, position: "Kepala Desa", agency: "Cerme", ...more });
const found = (rows, query) => {
  const { count, rows: hits } = new Lookup(rows).find(query);
  return [count, hits.map((hit) => hit.id)];
};

test("names decide before posts, and every word must begin a word", () => {
  const rows = [row("Bambang Cerme"), row("Siti Aminah"), row("Bambang Sutrisno")];
  assert.deepEqual(found(rows, "cer"), [1, ["Bambang Cerme"]]);
  assert.deepEqual(found(rows, "bam sut"), [1, ["Bambang Sutrisno"]]);
  assert.deepEqual(found(rows, "kepala"), [3, ["Bambang Cerme", "Siti Aminah", "Bambang Sutrisno"]]);
  assert.deepEqual(found(rows, "minah"), [1, ["Siti Aminah"]]);
});

test("fewer than three letters and too many hits show nobody", () => {
  const rows = Array.from({ length: 9 }, (_, n) => row(`Ahmad ${n}`));
  assert.deepEqual(found(rows, "ah"), [0, []]);
  assert.deepEqual(found(rows, "ahm"), [9, []]);
  assert.deepEqual(found(rows.slice(1), "ahm")[0], 8);
});

test("accents and apostrophes do not hide a name", () => {
  assert.equal(fold("Ma’ruf, S.STP. – Désa"), "maruf s stp desa");
  assert.deepEqual(found([row("KH. Ma'ruf Amin")], "maruf"), [1, ["KH. Ma'ruf Amin"]]);
});

test("an invitation is recognised by its ticket only", async () => {
  const ticket = await ticketIn("https://netralitas.example/t/AbCdEfGhIjKlMnOpQrStUv/");
  assert.match(ticket, /^[0-9a-f]{16}$/);
  assert.equal(await ticketIn("Bambang"), "");
  const lookup = new Lookup([row("Siti", { ticket }), row("Budi")]);
  assert.deepEqual(lookup.byTicket(ticket).rows.map(({ id }) => id), ["Siti"]);
});

const mine = { id: "1", sealed_sha256: "s", record_sha256: "r" };
const receipt = { sealed_sha256: "s", record_sha256: "r" };

test("only a receipt that names both hashes lets a record go", () => {
  for (const status of ["stored", "duplicate", "conflict", "held"]) {
    assert.equal(verdict(mine, { status, receipt }), "sent");
    assert.equal(verdict(mine, { status, receipt: { ...receipt, record_sha256: "x" } }), "mismatch");
    assert.equal(verdict(mine, { status, receipt: { ...receipt, sealed_sha256: "x" } }), "mismatch");
    assert.equal(verdict(mine, { status }), "mismatch");
  }
});

test("what the server could not read goes to quarantine, never to sent", () => {
  assert.equal(verdict(mine, { status: "quarantined", receipt: { sealed_sha256: "s" } }), "quarantine");
  assert.equal(verdict(mine, { status: "quarantined", receipt }), "quarantine");
  assert.equal(verdict(mine, { status: "quarantined", receipt: { sealed_sha256: "x" } }), "mismatch");
});

test("retry and unknown words keep the record", () => {
  assert.equal(verdict(mine, { status: "retry", codes: ["unknown_key"] }), "stay");
  assert.equal(verdict(mine, { status: "selesai", receipt }), "stay");
});

test("the PIN of the officers is the PBKDF2 the server made", async () => {
  const salt = "AAAAAAAAAAAAAAAAAAAAAA";
  const hash = await hashOf("123456", { salt, iterations: 1000 });
  assert.equal(hash.length, 43);
  assert.notEqual(hash, await hashOf("123457", { salt, iterations: 1000 }));
  assert.equal(typeof checkPin, "function");
});

test("a batch has at most fifty records and 256 KB, and always one", () => {
  const rows = (count, size) => Array.from({ length: count }, () => ({ c: "x".repeat(size) }));
  assert.equal(fitting(rows(60, 2300), 50).length, 50);
  assert.equal(fitting(rows(60, 2300), 5).length, 5);
  assert.equal(fitting(rows(3, 300000), 50).length, 1);
  const large = fitting(rows(60, 60000), 50);
  assert.ok(large.length >= 3 && large.length * 60000 < 256 * 1024);
  assert.deepEqual(fitting([], 50), []);
});
