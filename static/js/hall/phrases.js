/** "Ikuti saya": a text in pieces short enough to be said once and repeated by a whole hall. The words never change. */

const LONG = 60; // characters a hall repeats without losing the thread
const SHORT = 14; // a shorter piece stays with its neighbour
const AT_MARKS = /[^,;:.!?]+[,;:.!?]*\s*|[,;:.!?]+\s*/g;
const BEFORE_WORDS = /\s(?=(?:dan|serta|atau|dalam|untuk|pada|tidak|yang|dengan|baik|selama|maupun|kepada|demi|sesuai|terhadap|dari|di)\s)/gi;

/** Pieces whose concatenation is the text itself, blanks and all. */
export function phrases(text) {
  const lines = text.match(/[^\n]*\n|[^\n]+/g) || [];
  return lines.flatMap((line) => joined((line.match(AT_MARKS) || [line]).flatMap(split)));
}

/** A long piece is cut before a connecting word, as near its middle as possible. */
function split(piece) {
  if (piece.trim().length <= LONG) return [piece];
  const cuts = [...piece.matchAll(BEFORE_WORDS)].map(({ index }) => index + 1);
  const fitting = cuts.filter((cut) => cut > SHORT && piece.length - cut > SHORT);
  if (!fitting.length) return [piece];
  const middle = piece.length / 2;
  const cut = fitting.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best));
  return [...split(piece.slice(0, cut)), ...split(piece.slice(cut))];
}

/** Scraps like "baik," go with what follows, as long as both together stay short. */
function joined(pieces) {
  const found = [];
  for (const piece of pieces) {
    const last = found[found.length - 1];
    const scrap = last !== undefined && (last.trim().length < SHORT || piece.trim().length < SHORT);
    if (scrap && (last + piece).trim().length <= LONG + SHORT) found[found.length - 1] = last + piece;
    else found.push(piece);
  }
  return found;
}
