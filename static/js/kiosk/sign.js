/** The signing page: adds the pad and the other ways to a form that also works as plain HTML. */
import { canHash } from "./canon.js";
import { watchIdle } from "./idle.js";
import { sealedOnce } from "./one-time.js";
import { Pad } from "./pad.js";
import { textSha256 } from "./record.js";
import { sendRecord } from "./send.js";
import { NET_TEXT, OWN_TEXT, TEXT } from "./text.js";
import { WAYS, behalf, missing } from "./ways.js";

const { body } = document;
const find = (selector) => document.querySelector(selector);
const all = (selector) => Array.from(document.querySelectorAll(selector));
const json = (id) => JSON.parse(document.getElementById(id).textContent);

class SignPage {
  constructor(form) {
    this.form = form;
    this.page = json("sign-data");
    this.text = { ...TEXT, ...(this.page.own_device ? OWN_TEXT : NET_TEXT) };
    this.attempts = 0;
    this.loaded = Date.now();
    this.kept = null; // what was sent without an answer: the same goes again, nothing else may
    this.pad = new Pad(find("[data-pad]"), {
      onchange: () => this.changed(),
      onfull: () => this.say(this.text.padFull),
      touchEvents: new URLSearchParams(location.search).get("input") === "touch",
    });
    all("[data-js]").forEach((item) => (item.hidden = false));
    this.listen();
    this.choose("drawn");
    this.checkText();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.finish();
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (button) this[button.dataset.do](button);
    });
    all("dialog").forEach((dialog) => dialog.addEventListener("cancel", (event) => this.kept && event.preventDefault()));
    addEventListener("pageshow", (event) => event.persisted && this.leave());
    watchIdle(find("[data-still-there]"), {
      seconds: () => Number(body.dataset.idle),
      busy: () => Boolean(this.kept),
      leave: () => this.leave(),
    });
    if (this.page.own_device) this.keepWatch();
    const paper = find("[data-paper]");
    const hint = () => this.hintAtMore(paper);
    paper.addEventListener("scroll", hint, { passive: true });
    addEventListener("resize", hint);
    // The box below the text appears later and takes room from it.
    if ("ResizeObserver" in window) new ResizeObserver(hint).observe(paper);
    else setTimeout(hint, 500);
  }

  /** On somebody's own device: what is still unsent goes as soon as the network is back, and leaving asks first. */
  keepWatch() {
    addEventListener("online", () => this.kept && this.send());
    addEventListener("beforeunload", (event) => this.kept && event.preventDefault());
  }

  /** Nobody signs a text whose hash is not the one in the record. */
  async checkText() {
    if (!canHash() || (await textSha256(json("sign-text"))) === this.page.text_sha256) return;
    this.lock(true);
    this.state("blocked");
    this.say(this.text.wrongText);
  }

  // -- buttons: data-do="…" names the method

  way(button) {
    this.choose(button.dataset.way);
  }

  undo() {
    this.pad.undo();
  }

  clear() {
    this.pad.clear();
  }

  mirror(button) {
    button.setAttribute("aria-pressed", body.classList.toggle("left-handed"));
  }

  refuse() {
    this.say("");
    find("[data-dialog=refuse]").showModal();
  }

  close(button) {
    button.closest("dialog").close();
  }

  again(button) {
    this.close(button);
    this.clear();
  }

  useWeak(button) {
    this.close(button);
    this.hand(this.weak);
  }

  recordRefusal() {
    if (this.kept) this.send();
    else this.hand({ outcome: "refused" });
  }

  // -- finishing

  finish() {
    if (body.dataset.state !== "sign") return;
    if (this.kept) return this.send();
    if (this.chosen === "other") return this.choose("drawn");
    this.say("");
    const found = missing(this.form) || WAYS[this.chosen](this.form, this.pad, (this.attempts += 1));
    if (found.act) return this.hand({ outcome: "signed", ...found.act });
    if (found.say) this.say(found.say);
    if (found.input) found.input.focus();
    if (found.confirm) {
      this.weak = { outcome: "signed", ...found.confirm };
      find("[data-dialog=weak]").showModal();
    }
  }

  async hand(act) {
    if (body.dataset.state !== "sign") return;
    this.refusing = act.outcome === "refused";
    this.lock(true);
    this.state("saving");
    this.kept = await sealedOnce(this.page, { ...act, behalf: behalf(this.form) }, this.loaded);
    this.state("sign");
    this.send();
  }

  async send() {
    if (body.dataset.state === "saving") return;
    this.lock(true);
    this.state("saving");
    this.say("");
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const { kind, reply, message } = await sendRecord(this.page.submit_url, token, this.kept.bytes, this.kept.headers);
    body.dataset.status = kind === "done" ? reply.status : kind;
    if (kind === "done") {
      this.kept = null;
      return this.leave(reply.next || this.page.done_url);
    }
    this.state("sign");
    if (kind === "signedOut") return this.say(this.text.signedOut);
    if (kind === "unsent") return this.say(this.refusing ? this.text.unsentChoice : this.text.unsent);
    this.kept = null;
    this.lock(false);
    this.say(message || this.text.refused);
  }

  /** Away without a trace: nothing of this person stays in the page, and Back does not lead here. */
  leave(url = (find("[data-leave]") || location).href) {
    this.pad.locked = false;
    this.pad.clear();
    this.form.reset();
    location.replace(url);
  }

  // -- what is seen

  choose(way) {
    this.say("");
    this.chosen = way;
    body.dataset.way = way;
    all("[data-panel]").forEach((panel) => (panel.hidden = panel.dataset.panel !== way));
    this.show();
    const first = find(`[data-panel=${way}] input, [data-panel=${way}] button`);
    if (this.started && first) first.focus();
    this.started = true;
  }

  changed() {
    this.say("");
    this.show();
  }

  show() {
    const { isEmpty, strokes, canvas, locked } = this.pad;
    all("[data-do=undo], [data-do=clear]").forEach((button) => (button.disabled = isEmpty || locked));
    canvas.setAttribute("aria-label", isEmpty ? this.text.padEmpty : this.text.padHolds(strokes.length));
    body.dataset.strokes = strokes.length;
  }

  lock(on) {
    this.pad.locked = on;
    all("[data-sign-form] input, button[data-do]:not([data-saves])").forEach((item) => (item.disabled = on));
    this.show();
  }

  state(name) {
    body.dataset.state = name;
    all("[data-saves]").forEach((button) => {
      button.disabled = name !== "sign";
      button.textContent = name === "saving" ? this.text.saving : button.dataset.saves;
    });
  }

  say(sentence) {
    all("[data-message]").forEach((place) => (place.textContent = sentence));
  }

  hintAtMore(paper) {
    const more = paper.scrollHeight - paper.clientHeight - paper.scrollTop > 24;
    find("[data-scroll-hint]").textContent = more ? this.text.scrollOn : "";
  }
}

document.querySelectorAll("[data-sign-form]").forEach((form) => new SignPage(form));
