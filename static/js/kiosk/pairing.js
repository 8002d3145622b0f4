/** The first minutes of a tablet: a code from the officer, then everything it needs for a day without a network. */
import { inWords } from "./errors.js";
import { fill, find, list, reveal, say } from "./view.js";
import { WORDS } from "./words.js";

const CODE = /^#v=1&c=([0-9A-Z]{12})$/i;
const LENGTH = 12;
const AGAIN_MS = 5000;

export class Unpaired {
  constructor(app) {
    this.app = app;
    this.form = find("main form");
    const given = CODE.exec(location.hash);
    if (given) {
      this.form.code.value = grouped(given[1]);
      history.replaceState(null, "", location.pathname); // the code must not stay in the address
    }
    this.form.code.addEventListener("input", () => this.tidy());
    const obstacle = obstacleHere();
    fill(find("main"), { obstacle });
    this.form.hidden = Boolean(obstacle) && obstacle !== WORDS.addToHome;
  }

  tidy() {
    const { code } = this.form;
    const atEnd = code.selectionStart === code.value.length;
    if (atEnd) code.value = grouped(code.value);
  }

  async submit() {
    const code = plain(this.form.code.value);
    if (code.length !== LENGTH) return say(WORDS.codeTooShort);
    const button = find("button", this.form);
    button.disabled = true;
    say(WORDS.pairing);
    try {
      await this.app.engine.pair(code); // its news turns the screen
    } catch (error) {
      say(inWords(error));
    } finally {
      button.disabled = false;
    }
  }
}

/** Crockford base32: O is a zero, I and L are ones. */
export const plain = (text) => text.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");
export const grouped = (text) => plain(text).slice(0, LENGTH).replace(/(.{4})(?=.)/g, "$1 ");

function obstacleHere() {
  if (!globalThis.isSecureContext) return WORDS.needsHttps;
  if (!globalThis.indexedDB || !navigator.serviceWorker || !globalThis.HTMLDialogElement) return WORDS.oldBrowser;
  return navigator.standalone === false ? WORDS.addToHome : ""; // only iPads know the word
}

export class Selftest {
  constructor(app) {
    this.app = app;
    this.refresh(app.engine.snapshot());
    this.again();
  }

  refresh(news) {
    const { ready, readiness, rows, papers, clockOffsetMs } = news;
    showChecks(find("[data-checks]"), readiness);
    const seconds = Math.round(Math.abs(clockOffsetMs) / 1000);
    const failed = readiness.some(({ ok }) => !ok);
    fill(find("main"), { verdict: ready ? WORDS.readyLine(rows, papers.length, seconds) : failed ? WORDS.notReady : WORDS.checking });
    reveal("[data-do=passed]", ready);
    reveal("[data-do=again], [data-do=override]", !ready && failed);
  }

  /** Run the checks, and again every few seconds until all is well: a slow line fills the cache slowly. */
  async again() {
    clearTimeout(this.timer);
    say("");
    try {
      await this.app.engine.selftest();
    } catch (error) {
      say(inWords(error));
    }
    if (this.app.screen === this && !this.app.engine.snapshot().ready) this.timer = setTimeout(() => this.again(), AGAIN_MS);
  }

  leave() {
    clearTimeout(this.timer);
  }

  passed() {
    this.app.pass();
  }

  async override() {
    if (await this.app.pin.ask(WORDS.pinOverride)) this.passed();
  }

  async padTest() {
    if (!(await this.app.pin.ask(WORDS.pinMenu))) return;
    this.app.openMenu();
    this.app.screen.padTest();
  }
}

/** One line per check: a mark, what was checked, and what is wrong with it; "!" where the day can begin all the same. */
export function showChecks(place, readiness) {
  const marks = { true: "✓", false: "✗", soft: "!" };
  const kind = ({ ok, hard }) => (ok || hard ? ok : "soft");
  list(
    place,
    "check",
    readiness,
    (check) => ({ ...check, mark: marks[kind(check)] }),
    (item, check) => (item.dataset.ok = kind(check)),
  );
}
