/** The officer's menu (KIOSK §12): what waits, send, open and close, who signed last, rescue file, unpair. */
import { Pad } from "./pad.js";
import { showChecks } from "./pairing.js";
import { all, copy, fill, find, list, say } from "./view.js";
import { WORDS, alertWords, clock } from "./words.js";

const WIPE_WORD = "HAPUS";
const MOST_LISTED = 100;

export class Staff {
  constructor(app) {
    this.app = app;
    this.exported = false;
    this.menu();
  }

  refresh(news) {
    const { pending, sent, quarantine, signing, device, event, operator, message, alerts } = news;
    fill(find("main"), {
      pending: String(pending),
      sent: String(sent),
      quarantine: String(quarantine),
      where: [device.label, device.site, event.title].filter(Boolean).join(" · "),
      signing: signing === "open" ? WORDS.closeSigning : WORDS.openSigning,
      listing: this.app.listing ? WORDS.toSigning : WORDS.toListing,
      version: find('meta[name="app-version"]').content,
      operator: operator || "",
      notice: [alertWords(alerts), message].filter(Boolean).join(" "),
    });
    all("[data-needs-quarantine]").forEach((item) => (item.disabled = !quarantine));
    if (find("[data-checks]")) showChecks(find("[data-checks]"), news.readiness);
  }

  // -- moving about

  menu() {
    this.panel("menu");
  }

  panel(name) {
    this.pad = null;
    find("[data-place]").replaceChildren(copy(`staff-${name}`));
    find("main [data-do=menu]").hidden = name === "menu";
    say("");
    this.refresh(this.app.engine.snapshot());
    const first = find("[data-place] [data-first]") || find("main h1");
    first.focus();
  }

  closeMenu() {
    this.app.reset();
  }

  /** Run one task; whatever goes wrong is said in words, and the menu stays. */
  async run(task) {
    say(WORDS.checking);
    try {
      say(await task());
      return true;
    } catch (error) {
      say(error.message || WORDS.failedNow);
      return false;
    }
  }

  // -- one tap

  sendNow() {
    return this.run(() => this.app.engine.sendNow().then(() => WORDS.sent));
  }

  toggleSigning() {
    const { signing } = this.app.engine.snapshot();
    return this.run(() => this.app.engine.setSigning(signing === "open" ? "closed" : "open").then(() => ""));
  }

  toggleListing() {
    this.app.setListing(!this.app.listing);
    this.closeMenu();
  }

  retry() {
    return this.run(() => this.app.engine.retryQuarantine().then(() => WORDS.retried));
  }

  reload() {
    return this.run(() => this.app.engine.refreshRoster().then(() => WORDS.reloaded));
  }

  rescue() {
    return this.run(async () => {
      const { name, blob } = await this.app.engine.rescueFile();
      await give(name, blob);
      this.exported = true;
      return WORDS.exported(name);
    });
  }

  // -- panels

  check() {
    this.panel("check");
    return this.run(() => this.app.engine.selftest().then(() => ""));
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
    find("main form").operator.value = this.app.engine.snapshot().operator || "";
  }

  async order() {
    this.panel("order");
    const everybody = await this.app.engine.precedence();
    const people = everybody.slice(0, MOST_LISTED);
    say(!people.length ? WORDS.nobodyListed : everybody.length > MOST_LISTED ? WORDS.firstListed(MOST_LISTED) : "");
    list(find("[data-results]"), "hit", people, ({ name, position, agency, done }) => ({
      name: name || position,
      tail: "",
      post: [name ? position : "", agency].filter(Boolean).join(", "),
      taken: done ? WORDS.taken(done) : "",
    }));
    all("[data-results] button").forEach((button, i) => {
      button.dataset.id = people[i].id;
      button.disabled = Boolean(people[i].done);
    });
  }

  async choose(button) {
    const { id, papers, name, category, position, agency } = await this.app.engine.person(button.dataset.id);
    const signatory = { name, category, position, agency };
    this.app.meet({ attendee: id, source: "roster", found: "search", signatory, papers, at: 0 });
  }

  async wrongPerson() {
    this.panel("void");
    const records = await this.app.engine.voidable();
    if (!records.length) say(WORDS.nothingToVoid);
    const { event } = this.app.engine.snapshot();
    list(find("[data-results]"), "record", records, ({ name, title, at }) => ({
      name: name || title || "",
      title: name ? title || "" : "",
      at: /^\d\d\.\d\d$/.test(at) ? at : clock(at, event.time_zone),
    }));
    all("[data-results] button").forEach((button, i) => (button.dataset.id = records[i].id));
  }

  async revoke(button) {
    const { reason } = find("main form");
    if (!reason.value) {
      say(WORDS.chooseReason);
      return reason.focus();
    }
    button.disabled = true;
    const done = await this.run(() => this.app.engine.void(button.dataset.id, reason.value).then(() => WORDS.voided));
    if (done) button.closest("li").remove();
    else button.disabled = false;
  }

  detach() {
    this.panel("detach");
  }

  /** The ordinary way: the server confirms that it has everything. */
  unpair() {
    return this.run(async () => {
      await this.app.engine.unpair({});
      this.app.reset();
      return "";
    });
  }

  submit(form) {
    if (form.operator) {
      return this.run(() => Promise.resolve(this.app.engine.setOperator(form.operator.value.trim())).then(() => WORDS.operatorKept));
    }
    if (form.word) return this.force(form);
  }

  /** Without the server's word: an exported file, a typed word and a reason. */
  force({ word, reason }) {
    if (!this.exported || word.value.trim().toUpperCase() !== WIPE_WORD || !reason.value.trim()) return say(WORDS.unpairFirst);
    return this.run(async () => {
      await this.app.engine.unpair({ force: true, word: WIPE_WORD, reason: reason.value.trim() });
      this.app.reset();
      return "";
    });
  }
}

/** By the share sheet where files can be shared, else as a download; nothing on the tablet changes. */
async function give(name, blob) {
  const file = new File([blob], name, { type: blob.type || "application/json" });
  if (navigator.canShare && navigator.canShare({ files: [file] })) return navigator.share({ files: [file] });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
