/** Which screen follows which. Pure: an event that does not belong to a state changes nothing, however late it comes. */

const FLOW = {
  unpaired: { paired: "selftest" },
  selftest: { passed: "closed" },
  closed: {},
  idle: { touched: "search" },
  search: { chosen: "sign", nameless: "name", absent: "walk_in", arrived: "arrive", scan: "scan" },
  scan: { chosen: "sign", nameless: "name", arrived: "arrive", back: "search" },
  name: { chosen: "sign", arrived: "arrive", back: "search" },
  walk_in: { chosen: "sign", arrived: "arrive", back: "search" },
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
const QUIET_SECONDS = { search: 45, scan: 45, name: 45, walk_in: 45, arrive: 45, other: 45, sign: 120, staff: 120 };

/** @returns {string} the next state, or the same one */
export function step(state, event) {
  return (FLOW[state] && FLOW[state][event]) || state;
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
export const quietSeconds = (state) => QUIET_SECONDS[state] || 0;
