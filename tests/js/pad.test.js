/** Capture as hands do it: the model is the truth, whatever the canvas and the browser go through. */
import "./setup.js";
import assert from "node:assert/strict";
import test from "node:test";
import { Pad } from "../../static/js/kiosk/pad.js";
import { decode } from "./decode.js";

class Canvas extends EventTarget {
  place = { left: 10, top: 20, width: 800, height: 320 };
  captured = [];
  painted = [];

  getContext() {
    const note = (name) => (...values) => this.painted.push([name, ...values]);
    const names = ["setTransform", "clearRect", "beginPath", "moveTo", "quadraticCurveTo", "stroke", "arc", "fill"];
    return Object.fromEntries(names.map((name) => [name, note(name)]));
  }

  getBoundingClientRect() {
    return this.place;
  }

  setPointerCapture(id) {
    if (id === 99) throw new Error("no such pointer");
    this.captured.push(id);
  }
}

let clock = 0;

function event(type, x, y, fields = {}) {
  clock += 16;
  const made = new Event(type, { cancelable: true });
  const all = { pointerId: 1, pointerType: "touch", button: 0, pressure: 0, clientX: x + 10, clientY: y + 20, ...fields };
  for (const [key, value] of Object.entries({ timeStamp: clock, ...all })) Object.defineProperty(made, key, { value });
  return made;
}

function setup(options) {
  const canvas = new Canvas();
  const pad = new Pad(canvas, options);
  const send = (...values) => canvas.dispatchEvent(event(...values));
  const stroke = (points, fields) => {
    send("pointerdown", ...points[0], fields);
    points.slice(1).forEach((point) => send("pointermove", ...point, fields));
    send("pointerup", ...points[points.length - 1], fields);
  };
  return { canvas, pad, send, stroke };
}

const places = (pad) => pad.strokes.map((stroke) => stroke.map(([x, y]) => [x, y]));
const ZIGZAG = [[10, 100], [60, 20], [110, 100], [160, 20], [210, 100], [260, 20]];

test("a stroke holds the places of its points, nothing of time or pressure", () => {
  const { pad, stroke } = setup();
  stroke(ZIGZAG, { pointerType: "pen", pressure: 0.5 });
  assert.deepEqual(places(pad), [ZIGZAG]);
  assert.ok(pad.strokes[0].every((point) => point.length === 3));
  assert.deepEqual(pad.capture(2), { ms: 80, pointer: "pen", box: [800, 320], attempts: 2 });
});

test("coalesced events are used, an empty list falls back to the event itself", () => {
  const { pad, send } = setup();
  send("pointerdown", 10, 10);
  send("pointermove", 40, 10, { getCoalescedEvents: () => [event("pointermove", 20, 10), event("pointermove", 30, 10)] });
  send("pointermove", 50, 10, { getCoalescedEvents: () => [] });
  send("pointerup", 50, 10);
  assert.deepEqual(places(pad), [[[10, 10], [20, 10], [30, 10], [50, 10]]]);
});

test("a tap is a stroke of one point, points nearer than 0.7 px are dropped", () => {
  const { pad, stroke } = setup();
  stroke([[30, 30]]);
  stroke([[50, 50], [50.5, 50], [51, 50]]);
  assert.deepEqual(places(pad), [[[30, 30]], [[50, 50], [51, 50]]]);
});

test("quick is thin, slow is thick, a firm pen thicker than a light one", () => {
  const { pad, stroke } = setup();
  const line = (step) => Array.from({ length: 12 }, (_, i) => [100 + i * step, 100]);
  stroke(line(40));
  stroke(line(2));
  stroke(line(5), { pointerType: "pen", pressure: 0.1 });
  stroke(line(5), { pointerType: "pen", pressure: 0.9 });
  const [quick, slow, light, firm] = pad.strokes.map((points) => points[11][2]);
  assert.ok(quick < slow && light < firm, `${quick} ${slow} ${light} ${firm}`);
  assert.ok(pad.strokes.flat().every(([, , width]) => width >= 0.9 && width <= 2.6));
});

test("one pointer at a time; beside a pen touch is ignored; only the main mouse button draws", () => {
  const { pad, send, stroke } = setup();
  send("pointerdown", 10, 10);
  stroke([[300, 300], [310, 310]], { pointerId: 2 });
  send("pointermove", 20, 10);
  send("pointerup", 20, 10);
  stroke([[10, 50], [20, 50]], { pointerType: "mouse", button: 2 });
  stroke([[10, 60], [20, 60]], { pointerType: "pen", pointerId: 7 });
  stroke([[400, 300], [410, 300]], { pointerId: 3 });
  assert.deepEqual(places(pad), [[[10, 10], [20, 10]], [[10, 60], [20, 60]]]);
});

test("a palm that lay down before the pen is taken back", () => {
  const { pad, send } = setup();
  send("pointerdown", 400, 300);
  send("pointerdown", 10, 60, { pointerType: "pen", pointerId: 7 });
  send("pointermove", 410, 300);
  send("pointermove", 20, 60, { pointerType: "pen", pointerId: 7 });
  send("pointerup", 20, 60, { pointerType: "pen", pointerId: 7 });
  assert.deepEqual(places(pad), [[[10, 60], [20, 60]]]);
});

test("pointercancel and lost capture keep the points", () => {
  const { pad, send } = setup();
  send("pointerdown", 10, 10);
  send("pointermove", 20, 10);
  send("pointercancel", 0, 0);
  send("pointerdown", 10, 50, { pointerId: 99 });
  send("pointermove", 30, 50, { pointerId: 99 });
  send("lostpointercapture", 0, 0, { pointerId: 99 });
  assert.deepEqual(places(pad), [[[10, 10], [20, 10]], [[10, 50], [30, 50]]]);
});

test("rotation keeps the drawing, and what follows goes to its place in the same box", () => {
  const { canvas, pad, stroke } = setup();
  stroke(ZIGZAG);
  const before = pad.encode();
  canvas.place = { left: 0, top: 0, width: 400, height: 320 };
  pad.redraw();
  assert.deepEqual(pad.encode(), before);
  stroke([[100 - 10, 100 - 20]]);
  assert.deepEqual(places(pad)[1], [[200, 200]]);
  assert.deepEqual(pad.capture(1).box, [800, 320]);
});

test("undo takes the last stroke, clear all; the box is free again afterwards", () => {
  const changes = [];
  const { canvas, pad, stroke } = setup({ onchange: ({ strokes }) => changes.push(strokes.length) });
  stroke(ZIGZAG);
  stroke([[30, 30]]);
  pad.undo();
  assert.deepEqual(places(pad), [ZIGZAG]);
  pad.undo();
  pad.undo();
  assert.deepEqual([pad.isEmpty, pad.ms, changes], [true, 0, [1, 2, 1, 0]]);
  canvas.place = { left: 0, top: 0, width: 500, height: 400 };
  pad.redraw();
  stroke([[30, 30]]);
  assert.deepEqual(pad.capture(1).box, [500, 400]);
  pad.clear();
  assert.equal(pad.isEmpty, true);
});

test("sixty strokes fill the box; a stroke too many and a stroke too long say so and leave the rest", () => {
  let full = 0;
  const { pad, stroke } = setup({ onfull: () => (full += 1) });
  for (let i = 0; i < 61; i += 1) stroke([[10 + i, 10]]);
  assert.deepEqual([pad.strokes.length, full], [60, 1]);
  pad.undo();
  stroke(Array.from({ length: 6000 }, (_, i) => [(i * 7919) % 797, (i * 104729) % 293]));
  assert.deepEqual([pad.strokes.length, full], [59, 2]);
  assert.equal(decode(pad.encode()).strokes.length, 59);
});

test("a locked pad takes nothing and loses nothing", () => {
  const { pad, stroke } = setup();
  stroke(ZIGZAG);
  pad.locked = true;
  stroke([[30, 30]]);
  pad.undo();
  pad.clear();
  assert.deepEqual(places(pad), [ZIGZAG]);
});

test("judgement: empty, dot, line, hasty zigzag, signature", () => {
  const judged = (points) => {
    const { pad, stroke } = setup();
    if (points) stroke(points);
    return Object.values(pad.judge());
  };
  assert.deepEqual(judged(null), [true, true]);
  assert.deepEqual(judged([[30, 30]]), [true, true]);
  assert.deepEqual(judged([[30, 30], [400, 60]]), [false, true]);
  assert.deepEqual(judged(ZIGZAG), [false, true]);
  assert.deepEqual(judged([...ZIGZAG, ...ZIGZAG, ...ZIGZAG, ...ZIGZAG]), [false, false]);
});

const touch = (x, y) => ({ changedTouches: [{ identifier: 5, clientX: x + 10, clientY: y + 20 }] });

test("touch events are held back from the browser and draw when pointer events stop after one point", () => {
  const { canvas, pad, send } = setup();
  send("pointerdown", 10, 10);
  send("pointercancel", 10, 10);
  for (const x of [12, 30, 50]) {
    const move = event("touchmove", 0, 0, touch(x, 10));
    canvas.dispatchEvent(move);
    assert.equal(move.defaultPrevented, true);
  }
  send("touchend", 0, 0, touch(50, 10));
  assert.deepEqual(places(pad), [[[10, 10]], [[12, 10], [30, 10], [50, 10]]]);
  assert.equal(pad.touchEvents, true);
});

test("touch events alone draw when they are asked for", () => {
  const { pad, send, stroke } = setup({ touchEvents: true });
  stroke(ZIGZAG);
  send("touchstart", 0, 0, touch(10, 10));
  send("touchmove", 0, 0, touch(20, 10));
  send("touchend", 0, 0, touch(20, 10));
  assert.deepEqual(places(pad), [[[10, 10], [20, 10]]]);
});

test("a canvas on a fine screen gets at most 1600 × 640 pixels", () => {
  globalThis.devicePixelRatio = 3;
  const { canvas } = setup();
  delete globalThis.devicePixelRatio;
  assert.deepEqual([canvas.width, canvas.height], [1600, 640]);
});
