/**
 * The signature pad. The model (strokes of [x, y, width] in CSS px of the box at first touch) is the truth, the canvas
 * a view of it. Of time and pressure only the total drawing time survives: per point they would be biometrics.
 */
import { fit, paint, paintEnd, paintPoint } from "./ink.js";
import { MAX_STROKES, encodeCapture, fitted, isBlank, isWeak, measure } from "./strokes.js";

const MAX_RAW_POINTS = 20000;
const NEAREST = 0.7;
const [THIN, THICK] = [0.9, 2.6];

export class Pad {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{onchange?: Function, onfull?: Function, touchEvents?: boolean}} [options]
   */
  constructor(canvas, { onchange = () => {}, onfull = () => {}, touchEvents = false } = {}) {
    Object.assign(this, { canvas, onchange, onfull, touchEvents, locked: false });
    this.context = canvas.getContext("2d");
    this.forget();
    const listen = (names, handler) =>
      names.forEach((name) => canvas.addEventListener(name, handler.bind(this), { passive: false }));
    listen(["pointerdown"], this.pointerDown);
    listen(["pointermove"], this.pointerMove);
    listen(["pointerup", "pointercancel", "lostpointercapture"], this.pointerEnd);
    listen(["touchstart", "touchmove", "touchend", "touchcancel"], this.touch);
    listen(["contextmenu", "selectstart"], (event) => event.preventDefault());
    if (globalThis.ResizeObserver) new ResizeObserver(() => this.redraw()).observe(canvas);
    this.redraw();
  }

  get isEmpty() {
    return this.strokes.length === 0;
  }

  forget() {
    Object.assign(this, { strokes: [], box: null, ms: 0, pointer: "touch", penSeen: false, active: null });
  }

  clear() {
    if (this.locked) return;
    this.forget();
    this.changed();
  }

  undo() {
    if (this.locked || this.isEmpty) return;
    this.active = null;
    this.strokes.pop();
    if (this.isEmpty) this.forget();
    this.changed();
  }

  changed() {
    this.redraw();
    this.onchange(this);
  }

  redraw() {
    this.size = fit(this.canvas, this.context);
    if (this.active) this.active.place = this.canvas.getBoundingClientRect();
    this.context.clearRect(0, 0, ...this.size);
    paint(this.context, this.strokes, this.scale);
  }

  /** Screen px per px of the model: 1 until the box changes its size under a drawing. */
  get scale() {
    return this.box ? Math.min(this.size[0] / this.box[0], this.size[1] / this.box[1]) : 1;
  }

  /** @returns {Uint8Array} S1; throws StrokeError when empty */
  encode() {
    return encodeCapture(this.box, this.strokes);
  }

  /** @returns {{blank: boolean, weak: boolean}} judged on the geometry that is sent, and on the drawing time */
  judge() {
    if (this.isEmpty) return { blank: true, weak: true };
    const metrics = measure(fitted(this.box, this.strokes));
    return { blank: isBlank(metrics), weak: isWeak(metrics) || this.ms < 250 };
  }

  /** What is told about the drawing beside its strokes. */
  capture(attempts) {
    return { ms: Math.round(this.ms), pointer: this.pointer, box: this.box.map(Math.round), attempts };
  }

  // -- strokes

  begin(id, event, pointer) {
    if (this.locked) return;
    if (this.strokes.length >= MAX_STROKES) return this.onfull(this);
    const place = this.canvas.getBoundingClientRect();
    if (!this.box) Object.assign(this, { box: [place.width, place.height], pointer });
    const width = pointer === "pen" && event.pressure > 0 ? pressed(event.pressure) : 1.9;
    this.active = { id, place, width, pointer, time: event.timeStamp, stroke: [] };
    this.strokes.push(this.active.stroke);
    this.extend(event);
  }

  extend(event) {
    const { active } = this;
    const { stroke, place } = active;
    const [x, y] = [(event.clientX - place.left) / this.scale, (event.clientY - place.top) / this.scale];
    const last = stroke[stroke.length - 1];
    if (last) {
      const step = Math.hypot(x - last[0], y - last[1]);
      const elapsed = Math.max(event.timeStamp - active.time, 0);
      if (step < NEAREST) return;
      active.width = 0.7 * active.width + 0.3 * widthOf(event, step / Math.max(elapsed, 1), active.pointer);
      this.ms += elapsed;
    }
    active.time = event.timeStamp;
    stroke.push([x, y, active.width]);
    paintPoint(this.context, stroke, stroke.length - 1, this.scale);
    if (this.strokes.reduce((sum, { length }) => sum + length, 0) > MAX_RAW_POINTS) this.end();
  }

  /** Ends the stroke and keeps its points, whoever ended it; only what no longer fits the format goes. */
  end() {
    if (!this.active) return;
    paintEnd(this.context, this.active.stroke, this.scale);
    this.active = null;
    try {
      this.encode();
      this.onchange(this);
    } catch {
      this.undo();
      this.onfull(this);
    }
  }

  // -- pointer events

  pointerDown(event) {
    event.preventDefault();
    const pointer = ["pen", "mouse"].includes(event.pointerType) ? event.pointerType : "touch";
    if (this.touchEvents && pointer !== "mouse") return;
    if (pointer === "mouse" && event.button !== 0) return;
    if (pointer === "touch" && this.penSeen) return; // a palm beside the pen
    if (this.active && !(pointer === "pen" && this.active.pointer === "touch")) return;
    if (this.active) this.undo(); // the palm was there first
    this.begin(event.pointerId, event, pointer);
    if (pointer === "pen") Object.assign(this, { penSeen: true, pointer });
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // the pointer is gone already; the stroke is a dot
    }
  }

  pointerMove(event) {
    if (this.active?.id !== event.pointerId) return;
    event.preventDefault();
    const events = event.getCoalescedEvents?.() || [];
    for (const each of events.length ? events : [event]) if (this.active) this.extend(each);
  }

  pointerEnd(event) {
    if (this.active?.id === event.pointerId) this.end();
  }

  // -- touch events: keep the browser's hands off; the way in where pointer events stop after one point (Scribble)

  touch(event) {
    if (event.cancelable) event.preventDefault();
    const [finger] = event.changedTouches;
    const id = `touch ${finger.identifier}`;
    const point = { clientX: finger.clientX, clientY: finger.clientY, timeStamp: event.timeStamp };
    if (event.type === "touchmove" && !this.active && this.lostAtOnePoint()) this.touchEvents = true;
    if (!this.touchEvents) return;
    const mine = this.active?.id === id;
    if (!this.active && /start|move/.test(event.type)) this.begin(id, point, "touch");
    else if (mine && event.type === "touchmove") this.extend(point);
    else if (mine) this.end();
  }

  lostAtOnePoint() {
    return !this.locked && this.strokes[this.strokes.length - 1]?.length === 1;
  }
}

const pressed = (pressure) => THIN + (THICK - THIN) * Math.min(pressure, 1);

/** Line width in px: a pen's from its pressure, a finger's from its speed (px/ms): quick is thin. */
function widthOf(event, speed, pointer) {
  if (pointer === "pen" && event.pressure > 0) return pressed(event.pressure);
  return Math.max(THIN, THICK - speed * 0.9);
}
