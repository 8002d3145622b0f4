/** Canonical JSON, hashes and ids on the tablet. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import {
  b64u, canonical, canonicalBytes, hex, nextLink, sha256Hex, unb64u, uuid7,
} from "../../static/js/kiosk/canon.js";

test("keys are sorted and nothing is added", () => {
  assert.equal(canonical({ b: [1, true, "é\n"], a: {}, _: "\u2028" }), '{"_":"\u2028","a":{},"b":[1,true,"é\\n"]}');
});

test("what has no canonical form is refused", () => {
  const bad = [1.5, NaN, 2 ** 53, null, undefined, { A: 1 }, { a: undefined }, "\u0000", "\t", "e\u0301", "\ud800", "x\udc00"];
  for (const value of bad) assert.throws(() => canonical(value), TypeError, String(value));
  assert.equal(canonical("🖋🖋"), '"🖋🖋"');
});

test("chain known answer", async () => {
  const record = await sha256Hex(canonicalBytes({ v: 1 }));
  assert.equal(record, "afbf9d0f3560b0fd7795e81c42a0a79ee6b6fc67e064f77826aee642cad28d91");
  const link = await nextLink(new Uint8Array(32), record);
  assert.equal(hex(link), "9490050b16952100bda34901f546757eef31f0ee9e8e65b98f9fd25cb6803de1");
});

test("base64url has one spelling", () => {
  for (let size = 0; size < 40; size += 1) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 37 + size) % 256);
    assert.deepEqual(unb64u(b64u(bytes)), bytes);
  }
  for (const wrong of ["AA==", "A", "AB", "a+b/", "é"]) assert.throws(() => unb64u(wrong), TypeError, wrong);
});

test("uuid7 carries its milliseconds and its version", () => {
  assert.equal(uuid7(0x0198c0de1234, Uint8Array.from({ length: 10 }, (_, i) => i)), "0198c0de-1234-7001-8203-040506070809");
  assert.equal(uuid7(2 ** 48 - 1, new Uint8Array(10).fill(255)), "ffffffff-ffff-7fff-bfff-ffffffffffff");
  assert.equal(new Set(Array.from({ length: 1000 }, () => uuid7())).size, 1000);
  assert.match(uuid7(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
