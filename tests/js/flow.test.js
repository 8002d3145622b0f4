/** The way through the tablet's screens: no step from anywhere else, nobody interrupted, and an end to every quiet. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import { isResting, mayTurn, quietSeconds, restingState, step } from "../../static/js/kiosk/flow.js";

const READY = { paired: true, blocked: "", signing: "open" };
const PASSED = { passed: true };
const walk = (state, ...events) => events.reduce(step, state);

test("a person comes, signs and is thanked", () => {
  assert.equal(walk("idle", "touched", "chosen", "finish", "stored"), "thanks");
});

test("two papers are signed one after the other", () => {
  assert.equal(walk("idle", "touched", "chosen", "finish", "next"), "sign");
  assert.equal(walk("saving", "next", "finish", "stored"), "thanks");
});

test("other ways and refusing lead to the same end", () => {
  assert.equal(walk("sign", "other", "way", "finish", "stored"), "thanks");
  assert.equal(walk("sign", "other", "finish", "stored"), "thanks");
});

test("a late event changes nothing", () => {
  for (const state of ["idle", "closed", "search", "thanks", "unpaired"]) {
    assert.equal(step(state, "stored"), state);
    assert.equal(step(state, "finish"), state);
  }
  assert.equal(step("nowhere", "touched"), "nowhere");
});

test("a second tap on Selesai finds nothing to finish", () => {
  assert.equal(walk("sign", "finish", "finish"), "saving");
});

test("a failed save leads back to the drawing", () => {
  assert.equal(walk("sign", "finish", "failed"), "sign");
  assert.equal(walk("arrive", "finish", "unsaved"), "arrive");
});

test("a tablet rests where it has to", () => {
  assert.equal(restingState(READY, PASSED), "idle");
  assert.equal(restingState({ ...READY, signing: "closed" }, PASSED), "closed");
  assert.equal(restingState({ ...READY, signing: "closed" }, { ...PASSED, listing: true }), "idle");
  assert.equal(restingState(READY), "selftest");
  assert.equal(restingState({ ...READY, paired: false }), "unpaired");
  assert.equal(restingState({ ...READY, paired: false, blocked: "broken" }), "blocked");
});

test("news never changes the screen under a person's eyes, except to stop signing", () => {
  for (const state of ["search", "sign", "other", "name", "walk_in"]) {
    assert.equal(mayTurn(state, "closed"), false);
    assert.equal(mayTurn(state, "blocked"), true);
  }
  for (const state of ["saving", "thanks", "staff"]) assert.equal(mayTurn(state, "blocked"), false);
  for (const state of ["idle", "closed", "selftest"]) assert.equal(mayTurn(state, "idle"), true);
});

test("every screen a person can stand at is left when it is quiet", () => {
  for (const state of ["search", "scan", "name", "walk_in", "arrive", "other"]) assert.equal(quietSeconds(state), 45);
  assert.equal(quietSeconds("sign"), 120);
  for (const state of ["idle", "closed", "unpaired", "saving", "thanks"]) assert.equal(quietSeconds(state), 0);
  assert.ok(isResting("idle") && !isResting("thanks"));
});
