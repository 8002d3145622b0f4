import { StrokeError } from "../../static/js/kiosk/strokes.js";

/** The drawing in S1 bytes, as the tests read them; the full rules are those of declarations/strokes.py. */
export function decode(bytes) {
  let at = 0;
  const number = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (at >= bytes.length || factor > 2 ** 28) throw new StrokeError("truncated");
      const byte = bytes[at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const delta = () => ((value) => (value % 2 ? -(value + 1) / 2 : value / 2))(number());
  if (number() !== 1) throw new StrokeError("version");
  if (number() !== 4096) throw new StrokeError("grid");
  const height = number();
  let [x, y, w] = [0, 0, 0];
  const strokes = Array.from({ length: Math.min(number(), 100) }, () =>
    Array.from({ length: Math.min(number(), 5000) }, () => [(x += delta()), (y += delta()), (w += delta())]),
  );
  if (at !== bytes.length) throw new StrokeError("trailing");
  return { height, strokes };
}
