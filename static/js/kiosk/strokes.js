/**
 * Drawn signatures as bytes: the stroke format S1 and its metrics, byte for byte as declarations/strokes.py.
 * A point is [x, y, width]: in CSS px of the box with the whole line width, or in grid units with half of it.
 */

const GRID = 4096;
export const MAX_BYTES = 16384;
export const MAX_STROKES = 60;
const MAX_POINTS = 4000;
const MAX_WIDTH = 64;
const OVERHANG = Math.floor(GRID / 50);
const TOLERANCES = [0.35, 0.8, 1.6, 3.2];

/** These strokes have no S1 form, or these bytes are none. `code` is that of declarations/strokes.py. */
export class StrokeError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const rounded = (value) => Math.floor(value + 0.5);
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

/** S1 bytes of a captured drawing; throws StrokeError if nothing fits. */
export function encodeCapture(box, strokes) {
  return encode(fitted(box, strokes));
}

/** The drawing on the grid, simplified only as far as the limits demand. */
export function fitted(box, strokes, [tolerance, ...coarser] = TOLERANCES) {
  const drawing = quantise(box, strokes, tolerance);
  try {
    encode(drawing);
    return drawing;
  } catch (error) {
    if (!coarser.length || !["too_large", "point_count"].includes(error.code)) throw error;
    return fitted(box, strokes, coarser);
  }
}

/**
 * Strokes in CSS px of a box [width, height] on the S1 grid; tolerance 0 keeps every point.
 * @returns {{height: number, strokes: number[][][]}}
 */
export function quantise(box, strokes, tolerance = TOLERANCES[0]) {
  const scale = GRID / box[0];
  const height = rounded(box[1] * scale);
  const made = strokes.filter((stroke) => stroke.length);
  return { height, strokes: made.map((stroke) => onGrid(simplify(stroke, tolerance), scale, height)) };
}

function onGrid(stroke, scale, height) {
  const points = [];
  for (const [x, y, width] of stroke) {
    const gx = clamp(rounded(x * scale), -OVERHANG, GRID + OVERHANG);
    const gy = clamp(rounded(y * scale), -OVERHANG, height + OVERHANG);
    const last = points[points.length - 1];
    if (!last || last[0] !== gx || last[1] !== gy) {
      points.push([gx, gy, clamp(rounded((width * scale) / 2), 1, MAX_WIDTH)]);
    }
  }
  return points;
}

/** Ramer-Douglas-Peucker; distance from the chord + weight × deviation of the line width. */
export function simplify(points, tolerance, widthWeight = 0.5) {
  if (tolerance <= 0 || points.length < 3) return points.slice();
  const keep = new Set([0, points.length - 1]);
  const spans = [[0, points.length - 1]];
  while (spans.length) {
    const [first, last] = spans.pop();
    let worst = tolerance;
    let index = 0;
    for (let i = first + 1; i < last; i += 1) {
      const far = distance(points[i], points[first], points[last], widthWeight);
      if (far > worst) [worst, index] = [far, i];
    }
    if (index) {
      keep.add(index);
      spans.push([first, index], [index, last]);
    }
  }
  return points.filter((_, i) => keep.has(i));
}

function distance(p, a, b, widthWeight) {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const square = dx * dx + dy * dy;
  const t = square ? clamp(((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square, 0, 1) : 0;
  const ex = p[0] - (a[0] + t * dx);
  const ey = p[1] - (a[1] + t * dy);
  return Math.sqrt(ex * ex + ey * ey) + widthWeight * Math.abs(p[2] - (a[2] + t * (b[2] - a[2])));
}

/** @returns {Uint8Array} S1 bytes of a drawing on the grid; throws StrokeError beyond the limits */
export function encode({ height, strokes }) {
  if (height < 512 || height > 8192) throw new StrokeError("height");
  if (strokes.length < 1 || strokes.length > MAX_STROKES) throw new StrokeError("stroke_count");
  if (strokes.reduce((sum, stroke) => sum + stroke.length, 0) > MAX_POINTS) throw new StrokeError("point_count");
  const out = [];
  [1, GRID, height, strokes.length].forEach((value) => put(out, value));
  let last = [0, 0, 0];
  for (const stroke of strokes) {
    put(out, stroke.length);
    for (const point of stroke) {
      point.forEach((value, i) => put(out, zigzag(value - last[i])));
      last = point;
    }
  }
  if (out.length > MAX_BYTES) throw new StrokeError("too_large");
  return Uint8Array.from(out);
}

const zigzag = (delta) => (delta < 0 ? -2 * delta - 1 : 2 * delta);

function put(out, value) {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

/**
 * Of what S1 holds of a drawing, in a box 800 wide: pen path, bounding box, sum of absolute direction changes (rad).
 * @returns {{length: number, width: number, height: number, turn: number}}
 */
export function measure(drawing) {
  const scale = 800 / GRID;
  const strokes = drawing.strokes.map((stroke) => stroke.map(([x, y]) => [x * scale, y * scale, 0]));
  const points = strokes.flat();
  const extent = (i) => Math.max(...points.map((p) => p[i])) - Math.min(...points.map((p) => p[i]));
  let [length, turn] = [0, 0];
  for (const stroke of strokes) {
    stroke.slice(1).forEach((b, i) => {
      const [dx, dy] = [b[0] - stroke[i][0], b[1] - stroke[i][1]];
      length += Math.sqrt(dx * dx + dy * dy);
    });
    turn += turning(simplify(stroke, 3));
  }
  return { length, width: extent(0), height: extent(1), turn };
}

function turning(stroke) {
  let total = 0;
  for (let i = 2; i < stroke.length; i += 1) {
    const [a, b, c] = [stroke[i - 2], stroke[i - 1], stroke[i]];
    const [ux, uy, vx, vy] = [b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]];
    total += Math.abs(Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy));
  }
  return total;
}

/** Too little for anybody to confirm as a signature. */
export const isBlank = ({ length }) => length < 40;

/** Worth asking "Apakah ini tanda tangan Anda?"; never a reason to refuse. */
export const isWeak = ({ length, width, height, turn }) => length < 120 || Math.max(width, height) < 30 || turn < 5;
