/** Which screen follows which. Pure: an event that does not belong to a state changes nothing, however late it comes. */

const MET = { chosen: "sign", nameless: "name", arrived: "arrive" };
const FLOW = {
  unpaired: { paired: "selftest" },
  selftest: { passed: "closed" },
  closed: {},
  idle: { touched: "search" },
  search: { ...MET, absent: "walk_in", scan: "scan" },
  scan: { ...MET, back: "search" },
  name: { ...MET, back: "search" },
  walk_in: { ...MET, back: "search" },
  arrive: { finish: "saving", back: "search" },
  sign: { other: "other", finish: "saving", back: "search" },
  other: { way: "sign", finish: "saving", back: "search" },
  saving: { failed: "sign", unsaved: "arrive", next: "sign", stored: "thanks" },
  thanks: {},
  staff: { chosen: "sign", nameless: "name" },
  blocked: {},
  loading: {},
};

const RESTING = ["loading", "unpaired", "selftest", "closed", "idle", "blocked"];
const FINISHING = ["saving", "thanks"];
const READING = ["sign", "staff"];

/** @returns {string} the next state, or the same one */
export function step(state, event) {
  return FLOW[state]?.[event] || state;
}

/** Where a tablet rests while nobody uses it. */
export function restingState({ paired, blocked, signing }, { listing = false, passed = false } = {}) {
  if (blocked) return "blocked";
  if (!paired) return "unpaired";
  if (!passed) return "selftest";
  return listing || signing === "open" ? "idle" : "closed";
}

export const isResting = (state) => RESTING.includes(state);

/** Whether news from the server may change the screen now: never under somebody's eyes, except to stop signing. */
export function mayTurn(state, wanted) {
  return isResting(state) || (wanted === "blocked" && !["saving", "thanks", "staff"].includes(state));
}

/** Seconds without input until "Masih di sini?"; 0: nobody is there. */
export function quietSeconds(state) {
  if (isResting(state) || FINISHING.includes(state)) return 0;
  return READING.includes(state) ? 120 : 45;
}
