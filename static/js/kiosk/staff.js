/** The officer's menu (KIOSK §12): what waits, send, open and close, who signed last, rescue file, unpair. */
import { inWords } from "./errors.js";
import { Pad } from "./pad.js";
import { listPeople, visitOf } from "./finding.js";
import { showChecks } from "./pairing.js";
import { all, copy, fill, find, list, reveal, say } from "./view.js";
import { WORDS, alertWords, joined } from "./words.js";

const MOST_LISTED = 100;

export class Staff {
  constructor(app) {
    this.app = app;
    this.engine = app.engine;
    this.menu();
  }

  refresh(news) {
    if (!news.paired) return; // let go of a moment ago
    const { pending, sent, quarantine, signing, device, event, operator, message, alerts } = news;
    fill(find("main"), {
      pending,
      sent,
      quarantine,
      where: joined(" · ", device.label, device.site, event.title),
      signing: signing === "open" ? WORDS.closeSigning : WORDS.openSigning,
      listing: this.app.listing ? WORDS.toSigning : WORDS.toListing,
      version: this.engine.app,
      operator,
      notice: joined(" ", alertWords(alerts), message),
    });
    all("[data-do=retry]").forEach((item) => (item.disabled = !quarantine));
    const checks = find("[data-checks]");
    if (checks) showChecks(checks, news.readiness);
  }

  // -- moving about

  menu() {
    this.panel("menu");
  }

  panel(name) {
    this.pad = null;
    find("[data-place]").replaceChildren(copy(`staff-${name}`));
    reveal("[data-do=menu]", name !== "menu");
    say("");
    this.refresh(this.engine.snapshot());
    (find("[data-place] [data-first]") || find("main h1")).focus();
  }

  /** Wait for a task; then the words are said, or else what it told. Whatever goes wrong is said too, and the menu stays. */
  async run(task, words) {
    say(WORDS.checking);
    try {
      const told = await task;
      say(words || told || "");
      return true;
    } catch (error) {
      say(inWords(error));
    }
  }

  // -- one tap

  sendNow() {
    this.run(this.engine.sendNow(), WORDS.sent);
  }

  toggleSigning() {
    this.run(this.engine.setSigning(this.engine.signing === "open" ? "closed" : "open"));
  }

  toggleListing() {
    this.app.setListing(!this.app.listing);
    this.app.reset();
  }

  retry() {
    this.run(this.engine.retryQuarantine(), WORDS.retried);
  }

  reload() {
    this.run(this.engine.refreshRoster(), WORDS.reloaded);
  }

  rescue() {
    this.run(this.engine.rescueFile().then(give));
  }

  // -- panels

  check() {
    this.panel("check");
    this.run(this.engine.selftest());
  }

  padTest() {
    this.panel("pad");
    const judge = (pad) => {
      const { weak } = pad.judge();
      say(pad.isEmpty ? "" : weak ? WORDS.padWeak : WORDS.padGood);
    };
    this.pad = new Pad(find("[data-pad]"), { onchange: judge, onfull: () => say(WORDS.padFull) });
  }

  clear() {
    this.pad.clear();
  }

  officer() {
    this.panel("officer");
    find("main form").operator.value = this.engine.snapshot().operator;
  }

  order() {
    this.panel("order");
    const everybody = this.engine.precedence();
    const people = everybody.slice(0, MOST_LISTED);
    say(!people.length ? WORDS.nobodyListed : everybody.length > MOST_LISTED ? WORDS.firstListed(MOST_LISTED) : "");
    listPeople(people);
  }

  choose({ value: id }) {
    this.app.meet(visitOf(this.engine.person(id), "search"));
  }

  wrongPerson() {
    this.panel("void");
    const records = this.engine.voidable();
    if (!records.length) say(WORDS.nothingToVoid);
    list(find("[data-results]"), "record", records, (record) => record, (item, { id }) => (find("button", item).value = id));
  }

  async revoke(button) {
    const { reason } = find("main form");
    if (!reason.value) {
      say(WORDS.chooseReason);
      return reason.focus();
    }
    button.disabled = true;
    const done = await this.run(this.engine.void(button.value, reason.value), WORDS.voided);
    if (done) button.closest("li").remove();
    else button.disabled = false;
  }

  detach() {
    this.panel("detach");
  }

  /** The ordinary way: the server confirms that it has everything. */
  unpair(button, how) {
    this.run(this.engine.unpair(how).then(() => this.app.reset()));
  }

  /** The officer's name; or to unpair without the server's word: an exported file, a typed word and a reason. */
  submit({ operator, word, reason }) {
    if (operator) this.run(this.engine.setOperator(operator.value), WORDS.operatorKept);
    if (word) this.unpair(null, { force: true, word: word.value.trim().toUpperCase(), reason: reason.value.trim() });
  }
}

/** By the share sheet where files can be shared, else as a download; nothing on the tablet changes. */
async function give(file) {
  const files = [file];
  if (navigator.canShare?.({ files })) await navigator.share({ files });
  else Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name }).click();
  return WORDS.exported(file.name);
}
