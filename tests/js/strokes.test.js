/** S1 on the tablet: the known answer of the format, its limits and what a hand does. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import { b64u, hex, sha256Hex } from "../../static/js/kiosk/canon.js";
import { decode } from "./decode.js";
import {
  encode, encodeCapture, isBlank, isWeak, measure, quantise, simplify,
} from "../../static/js/kiosk/strokes.js";

const BOX = [800, 300];
const DRAWN = [[[100, 150, 2.0], [140, 110, 2.0], [180, 170, 1.5]], [[200, 140, 1.95]]];

test("known answer", async () => {
  const drawing = quantise(BOX, DRAWN, 0);
  const bytes = encode(drawing);
  assert.deepEqual(drawing, { height: 1536, strokes: [[[512, 768, 5], [717, 563, 5], [922, 870, 4]], [[1024, 717, 5]]] });
  assert.equal(hex(bytes), "018020800c02038008800c0a9a039903009a03e6040101cc01b10202");
  assert.equal(b64u(bytes), "AYAggAwCA4AIgAwKmgOZAwCaA-YEAQHMAbECAg");
  assert.equal(await sha256Hex(bytes), "4eedcd7ab062396d1b490c8b07ef6bc6913a07be2de319b4287c1b747a9e0d66");
  const { length, turn } = measure(decode(bytes));
  assert.equal(length.toFixed(1), "128.7");
  assert.equal(turn.toFixed(2), "1.77");
});

test("a straight line keeps its ends, a dot stays, a change of width is kept", () => {
  const line = Array.from({ length: 200 }, (_, i) => [100 + i, 100, 2]);
  const drawing = quantise(BOX, [line, [[50, 50, 2]]]);
  assert.deepEqual(drawing.strokes.map((stroke) => stroke.length), [2, 1]);
  assert.equal(simplify([[100, 100, 1], [150, 100, 2.6], [200, 100, 1]], 0.35).length, 3);
});

test("points far outside are pulled to the edge and merged", () => {
  const drawing = quantise([800, 400], [[[-500, 200, 2], [-400, 200, 2], [400, 200, 9999]]], 0);
  assert.deepEqual(drawing.strokes, [[[-81, 1024, 5], [2048, 1024, 64]]]);
});

test("a long drawing is coarsened until it fits, a wild one refused", () => {
  const tame = [Array.from({ length: 4500 }, (_, i) => [100 + i / 8, 150 + (i % 2) * 0.7, 2])];
  const wild = [Array.from({ length: 9000 }, (_, i) => [(i * 7919) % 797, (i * 104729) % 293, 2])];
  assert.ok(encodeCapture(BOX, tame).length < 16384);
  assert.throws(() => encodeCapture(BOX, wild), (error) => ["too_large", "point_count"].includes(error.code));
});

test("limits of the format", () => {
  const dots = (count) => Array.from({ length: count }, (_, i) => [[10 + i, 10, 2]]);
  assert.equal(decode(encodeCapture(BOX, dots(60))).strokes.length, 60);
  assert.throws(() => encodeCapture(BOX, dots(61)), { code: "stroke_count" });
  assert.throws(() => encodeCapture(BOX, []), { code: "stroke_count" });
  assert.throws(() => encodeCapture([800, 60], DRAWN), { code: "height" });
  assert.throws(() => decode(new Uint8Array()), { code: "truncated" });
  assert.throws(() => decode(Uint8Array.from([...encodeCapture(BOX, DRAWN), 0])), { code: "trailing" });
});

const judged = (...points) => {
  const metrics = measure(quantise([800, 400], [points.map(([x, y]) => [x, y, 2])]));
  return [isBlank(metrics), isWeak(metrics)];
};

test("each limit of weakness", () => {
  const many = (count, place) => Array.from({ length: count }, (_, i) => place(i));
  const weak = [
    many(63, (i) => [400 + 60 * Math.cos(i / 10), 200 + 60 * Math.sin(i / 10)]),
    [[100, 100], [200, 100], [120, 130], [210, 130]],
    [[100, 100], [200, 100], [120, 150], [210, 200]],
    many(20, (i) => [100 + (i % 2) * 24, 100 + i]),
    many(20, (i) => [100 + (i % 2) * 36, 100 + i]),
    many(4, (i) => [100 + (i % 2) * 36, 100 + 8 * i]),
  ].map((points) => judged(...points)[1]);
  assert.deepEqual(weak, [false, false, true, true, false, true]);
});

test("a dot is blank, a line is weak, a zigzag is neither", () => {
  assert.deepEqual(judged([100, 100]), [true, true]);
  assert.deepEqual(judged([100, 100], [150, 100]), [false, true]);
  assert.deepEqual(judged([10, 100], [700, 130]), [false, true]);
  assert.deepEqual(judged([10, 100], [60, 20], [110, 100], [160, 20], [210, 100]), [false, false]);
});
