/** Tablet and server agree to the byte on the cases Python wrote (tests/declarations/cases.py). */
import "./setup.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { b64u, canonical, canonicalBytes, sha256Hex, unb64u } from "../../static/js/kiosk/canon.js";
import { Lookup, fold } from "../../static/js/kiosk/lookup.js";
import { textSha256 } from "../../static/js/kiosk/record.js";
import { decode } from "./decode.js";
import { encode, encodeCapture, isBlank, isWeak, measure } from "../../static/js/kiosk/strokes.js";

const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url)));

test("drawings give the same bytes", () => {
  for (const { box, strokes, s1 } of cases.drawings) {
    const bytes = encodeCapture(box, strokes);
    assert.equal(b64u(bytes), s1);
    assert.deepEqual(encode(decode(bytes)), bytes);
  }
});

test("metrics and their judgement are the same", () => {
  for (const { s1, metrics, weak, blank } of cases.drawings) {
    const found = measure(decode(unb64u(s1)));
    [found.length, found.width, found.height, found.turn].forEach((value, i) => {
      assert.ok(Math.abs(value - metrics[i]) < 1e-9, `${value} ${metrics[i]}`);
    });
    assert.deepEqual([isWeak(found), isBlank(found)], [weak, blank]);
  }
});

test("values are spelt and hashed the same", async () => {
  for (const { value, canonical: expected, sha256, b64u: encoded } of cases.values) {
    assert.equal(canonical(value), expected);
    assert.equal(await sha256Hex(canonicalBytes(value)), sha256);
    assert.equal(b64u(canonicalBytes(value)), encoded);
    assert.deepEqual(unb64u(encoded), canonicalBytes(value));
  }
});

test("texts have the same hash", async () => {
  for (const { text, sha256 } of cases.texts) assert.equal(await textSha256(text), sha256);
});

test("people are found by the same rules", () => {
  const { people, folded, queries } = cases.searches;
  const rows = people.map(([name, position, agency], place) => ({ name, position, agency, place }));
  rows.forEach((row, i) => assert.equal(fold(people[i].join(" ")), folded[i]));
  const lookup = new Lookup(rows);
  for (const [query, count, places] of queries) {
    const found = lookup.find(query);
    assert.deepEqual([query, found.count, found.rows.map(({ place }) => place)], [query, count, places]);
  }
});
