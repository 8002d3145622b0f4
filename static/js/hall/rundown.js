/** The state of the day: what the server knows, with the taps that still wait laid over it; who is on, how late. */

const HALF_DAY = 12 * 60;
const MINUTE = 60000;

/** A copy of the state in which every waiting tap has happened already; the same rules as on the server. */
export function withTaps(state, taps) {
  const items = state.items.map((item) => ({ ...item }));
  const papers = state.papers.map((paper) => ({ ...paper }));
  for (const tap of taps) {
    const item = items.find(({ id }) => id === tap.item);
    const paper = papers.find(({ id }) => id === tap.paper);
    if (item) tapItem(item, tap);
    if (paper) tapPaper(paper, tap);
  }
  const begins = state.event === "scheduled" && taps.some(({ kind }) => kind === "start");
  return { ...state, event: begins ? "running" : state.event, items, papers };
}

function tapItem(item, { kind, at }) {
  if (kind === "start") item.started_at ||= at;
  if (kind === "finish") item.ended_at ||= at;
  if (kind === "unfinish" || kind === "unstart") item.ended_at = "";
  if (kind === "unstart") item.started_at = "";
}

function tapPaper(paper, tap) {
  paper.waiting = true;
  if (tap.kind === "read") {
    const { at, name, position, followed } = tap;
    Object.assign(paper, { read_at: at, read_by: name, read_position: position, followed });
  }
  if (tap.kind === "open" || tap.open) paper.opening = paper.state === "draft";
}

/** Which item is on (the last one begun and not ended), and which comes next (the first not begun after it). */
export function place(items) {
  const begun = items.reduce((last, item, index) => (item.started_at || item.ended_at ? index : last), -1);
  const on = items.reduce((last, item, index) => (item.started_at && !item.ended_at ? index : last), -1);
  const next = items.findIndex((item, index) => index > begun && !item.started_at && !item.ended_at);
  return { on, next };
}

/**
 * Minutes behind the plan (negative: ahead), or null where plan and day do not meet.
 * @param {{starts: string, ends: string}[]} plan in the order of the items
 */
export function delay(plan, items, now) {
  const { on, next } = place(items);
  const minutes = late(plan, items, now, on, next);
  return minutes === null || Math.abs(minutes) > HALF_DAY ? null : minutes;
}

function late(plan, items, now, on, next) {
  if (on >= 0) {
    if (!plan[on].starts) return null;
    return Math.max(since(plan[on].starts, items[on].started_at), since(plan[on].ends, now));
  }
  const last = items.reduce((found, item, index) => (item.ended_at ? index : found), -1);
  if (next >= 0 && plan[next].starts) {
    const waited = since(plan[next].starts, now);
    return last < 0 ? Math.max(waited, 0) : Math.max(waited, since(plan[last].ends, items[last].ended_at));
  }
  return last >= 0 && plan[last].ends ? since(plan[last].ends, items[last].ended_at) : null;
}

function since(planned, moment) {
  return Math.floor((moment - 0 || Date.parse(moment)) / MINUTE) - Math.floor(Date.parse(planned) / MINUTE);
}

/** "Terlambat 12 menit" with its tone; "" when nothing can be said. */
export function delayWords(minutes) {
  if (minutes === null) return { tone: "muted", words: "" };
  if (minutes > 0) return { tone: minutes > 5 ? "waiting" : "muted", words: `Terlambat ${span(minutes)}` };
  if (minutes < 0) return { tone: "done", words: `Lebih cepat ${span(-minutes)}` };
  return { tone: "done", words: "Sesuai jadwal" };
}

/** "45 menit", "1 jam 5 menit" */
export function span(minutes) {
  const hours = Math.floor(minutes / 60);
  if (!hours) return `${minutes} menit`;
  return minutes % 60 ? `${hours} jam ${minutes % 60} menit` : `${hours} jam`;
}
