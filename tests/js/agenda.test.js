import assert from "node:assert/strict";
import { test } from "node:test";

import { differs, placeOf } from "../../static/js/agenda.js";

test("a row falls before the first one whose middle lies below the finger", () => {
  const middles = [20, 60, 100];
  assert.equal(placeOf(5, middles), 0);
  assert.equal(placeOf(20, middles), 1);
  assert.equal(placeOf(59, middles), 1);
  assert.equal(placeOf(99, middles), 2);
});

test("below all of them it is the last, and alone the only one", () => {
  assert.equal(placeOf(500, [20, 60]), 2);
  assert.equal(placeOf(500, []), 0);
});

test("only another order is sent", () => {
  assert.equal(differs(["1", "2"], ["1", "2"]), false);
  assert.equal(differs(["1", "2"], ["2", "1"]), true);
  assert.equal(differs(["1"], ["1", "2"]), true);
});
