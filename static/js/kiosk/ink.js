/** Shows strokes on a canvas. The model holds the truth; this only paints it, as thick as the paper will print it. */

const INK = "#0b1f5c";
const MAX_PIXELS = [1600, 640];

/**
 * Give the canvas as many pixels as its place on the screen deserves, and its context CSS px as units.
 * @returns {number[]} [width, height] in CSS px
 */
export function fit(canvas, context) {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2, MAX_PIXELS[0] / width, MAX_PIXELS[1] / height);
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return [width, height];
}

export function paint(context, strokes, scale) {
  for (const stroke of strokes) {
    stroke.forEach((_, i) => paintPoint(context, stroke, i, scale));
    paintEnd(context, stroke, scale);
  }
}

/** The piece of a stroke that its i-th point adds: a curve between the middles of the steps. */
export function paintPoint(context, stroke, i, scale) {
  if (i === 0) return dot(context, stroke[0], scale);
  const [b, c] = [stroke[i - 1], stroke[i]];
  const from = i === 1 ? b : middle(stroke[i - 2], b);
  curve(context, from, b, middle(b, c), scale);
}

/** From the last middle to the place where the finger lifted. */
export function paintEnd(context, stroke, scale) {
  const last = stroke[stroke.length - 1];
  if (stroke.length > 1) curve(context, middle(stroke[stroke.length - 2], last), last, last, scale);
}

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const thickness = (width, scale) => (1.3 * width + 1) * scale;

function dot(context, [x, y, width], scale) {
  context.fillStyle = INK;
  context.beginPath();
  context.arc(x * scale, y * scale, thickness(width, scale) / 2, 0, 2 * Math.PI);
  context.fill();
}

function curve(context, from, over, to, scale) {
  context.strokeStyle = INK;
  context.lineCap = "round";
  context.lineWidth = thickness(over[2], scale);
  context.beginPath();
  context.moveTo(from[0] * scale, from[1] * scale);
  context.quadraticCurveTo(over[0] * scale, over[1] * scale, to[0] * scale, to[1] * scale);
  context.stroke();
}
