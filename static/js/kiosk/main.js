/** The app of the tablet: one state, one screen, one person at a time. The engine below it keeps what they hand in. */
import { acknowledge, guardBack, keepAwake, watchUpdates } from "./device.js";
import { openEngine } from "./engine.js";
import { Arrive, Name, Scan, Search, WalkIn } from "./finding.js";
import { isResting, mayTurn, quietSeconds, restingState, step } from "./flow.js";
import { watchIdle } from "./idle.js";
import { Pin } from "./pin.js";
import { Selftest, Unpaired } from "./pairing.js";
import { Paper } from "./paper.js";
import { Staff } from "./staff.js";
import { closeAll, fill, find, reveal, say, show } from "./view.js";
import { WORDS, blockedWords, clock, joined, statusLine } from "./words.js";

const { body } = document;
const THANKS_MS = 3000;
const LISTING = "kios-daftar-hadir"; // both survive an update and say nothing about a person
const TAPS = 5;
const SCREENS = {
  unpaired: Unpaired,
  selftest: Selftest,
  search: Search,
  scan: Scan,
  name: Name,
  walk_in: WalkIn,
  arrive: Arrive,
  sign: Paper,
  staff: Staff,
};
const OF_THE_PAPER = ["sign", "other", "saving"];

class Kiosk {
  constructor(engine) {
    Object.assign(this, { engine, state: "loading", visit: null, screen: {}, taps: [] });
    this.listing = localStorage.getItem(LISTING) === "1";
    this.pin = new Pin(engine);
    this.idle = watchIdle(find("[data-still-there]"), {
      seconds: () => quietSeconds(this.state),
      onask: (asking) => (body.dataset.state = asking ? "still_there" : this.state),
      leave: () => this.reset(),
    });
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.method === "dialog") return; // a question is answered
      event.preventDefault();
      if (form.closest("main")) this.screen.submit?.(form);
    });
    engine.subscribe(() => this.refresh());
    guardBack();
    keepAwake();
    watchUpdates(() => this.state === "idle");
    this.refresh();
    this.reset();
  }

  click(event) {
    const button = event.target.closest("[data-do]");
    if (!button || button.disabled) return;
    const name = button.dataset.do;
    const owner = this.screen[name] ? this.screen : this;
    owner[name](button);
  }

  /** What the engine knows, on the header and in the data of the body; a resting tablet follows it. */
  refresh() {
    const news = this.engine.snapshot();
    const { paired, event, device, pending, quarantine, sent, sync, ready } = news;
    Object.assign(body.dataset, { pending, quarantine, saved: sent, sync: sync.kind, ready: ready ? 1 : 0 });
    const { kind, text } = statusLine(news);
    Object.assign(find("[data-status]"), { className: `sync ${kind}`, textContent: text });
    find("[data-desk]").textContent = paired ? joined(" · ", device.label, device.site) : WORDS.app;
    this.event = event;
    this.screen.refresh?.(news);
    const wanted = this.resting();
    if (wanted !== this.state && mayTurn(this.state, wanted)) this.reset();
    else if (this.state === "blocked") this.tellBlocked();
  }

  resting() {
    const news = this.engine.snapshot();
    return restingState(news, { listing: this.listing, passed: news.passed });
  }

  /** An officer has seen the self-test, or decided to go on without it. */
  async pass() {
    await this.engine.pass();
    this.reset();
  }

  /** Take a step if the state knows it. @returns {boolean} whether it did */
  go(event) {
    const next = step(this.state, event);
    if (next === this.state) return false;
    this.enter(next);
    return true;
  }

  enter(state) {
    body.dataset.state = this.state = state;
    if (OF_THE_PAPER.includes(state) && this.screen.stays?.(state)) return;
    if (state === "saving") return;
    this.screen.leave?.();
    closeAll();
    show(this.template(state), this.values(state));
    this.screen = {};
    if (SCREENS[state]) this.screen = new SCREENS[state](this);
    if (state === "blocked") this.tellBlocked();
  }

  tellBlocked() {
    const news = this.engine.snapshot();
    fill(find("main"), blockedWords(news));
    reveal("[data-do=takeOver]", news.blocked === "tab");
  }

  template(state) {
    return state === "idle" && this.listing ? "idle-list" : state;
  }

  values(state) {
    if (state === "thanks") return this.farewell;
    const { title = "", office = "" } = this.engine.snapshot().event || {};
    return isResting(state) ? { title, office } : {};
  }

  /** Away without a trace: back to rest, nothing of the last person is kept. */
  reset() {
    clearTimeout(this.timer);
    this.visit = null;
    this.pin.forget();
    this.enter(this.resting());
    this.farewell = null;
    history.replaceState(null, "", location.pathname);
  }

  // -- steps any screen may ask for: data-do="…"

  touch() {
    this.go("touched");
  }

  notMe() {
    this.visit = null;
    this.go("back");
  }

  takeOver() {
    this.engine.takeOver();
  }

  async open() {
    if (await this.pin.ask(WORDS.pinOpen)) await this.engine.setSigning("open");
  }

  async logo() {
    const now = Date.now();
    this.taps = [...this.taps.filter((at) => now - at < 3000), now];
    if (this.taps.length < TAPS || ["saving", "unpaired"].includes(this.state)) return;
    this.taps = [];
    if (await this.pin.ask(WORDS.pinMenu)) this.openMenu();
  }

  openMenu() {
    this.visit = null;
    this.enter("staff");
  }

  setListing(on) {
    this.listing = on;
    localStorage.setItem(LISTING, on ? "1" : "0");
  }

  // -- the way of a person

  /** Somebody was found: on to the paper, to the name of a nameless post, or to the list of those present. */
  meet(visit) {
    this.visit = visit;
    if (!visit.signatory.name) return this.go("nameless");
    if (this.listing) return this.go("arrived");
    if (!visit.papers.length) return this.nothingToSign();
    return this.go("chosen");
  }

  nothingToSign() {
    this.visit = null;
    say(WORDS.nothingToSign);
  }

  /** After the engine has stored it: the next paper, or thanks. */
  stored(saved, { refused, list }) {
    acknowledge();
    const { visit } = this;
    visit.at += 1;
    if (!list && visit.at < visit.papers.length) return this.go("next");
    const line = list ? WORDS.arrived : refused ? WORDS.refusalStored : WORDS.signatureStored;
    const receipt = saved.record_sha256.slice(0, 8).toUpperCase();
    this.farewell = { line, receipt, at: clock(Date.now(), this.event.time_zone) };
    this.visit = null;
    this.go("stored");
    this.timer = setTimeout(() => this.state === "thanks" && this.reset(), THANKS_MS);
  }
}

openEngine().then((engine) => new Kiosk(engine), () => show("blocked", blockedWords({ blocked: "broken" })));
