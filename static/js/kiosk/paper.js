/** One paper before one person: the text, the box, the other ways. Everything typed or drawn lives in this screen only. */
import { canHash } from "./canon.js";
import { Pad } from "./pad.js";
import { signatureFields, textSha256 } from "./record.js";
import { TEXT } from "./text.js";
import { all, ask, fill, find, say } from "./view.js";
import { WAYS, behalf, missing } from "./ways.js";
import { WORDS, clockWithZone } from "./words.js";

const WITNESSED = ["thumb", "represented"]; // an officer stands by and types the PIN
const DEFAULT_CONSENT = "Saya telah membaca atau mendengar naskah ini dan menyetujuinya.";
let touchEvents = new URLSearchParams(location.search).get("input") === "touch";

export class Paper {
  constructor(app) {
    const { visit } = app;
    Object.assign(this, { app, visit, at: visit.at, paper: visit.papers[visit.at] });
    this.form = find("main form");
    this.sheet = find(".sheet");
    this.write();
    this.pad = new Pad(find("[data-pad]"), {
      onchange: () => this.changed(),
      onfull: () => say(TEXT.padFull),
      touchEvents,
    });
    this.form.on_behalf.addEventListener("change", () => this.crowd());
    this.hintAtMore();
    this.mirrored(Boolean(visit.leftHanded));
    this.choose("drawn");
    this.checkText();
  }

  /** The text as it is hashed, and who is asked. */
  write() {
    const { paper, visit, app } = this;
    const { name, position, agency } = visit.signatory;
    const { title, opening = "", points = [], closing = "", consent } = paper.text;
    fill(this.sheet, {
      name,
      post: [position, agency].filter(Boolean).join(", "),
      step: WORDS.document(this.at + 1, visit.papers.length),
      title,
      opening,
      closing,
      consent: consent || DEFAULT_CONSENT,
      read: paper.read_at ? WORDS.readAt(clockWithZone(paper.read_at, app.event.time_zone)) : "",
    });
    const items = points.map((point) => Object.assign(document.createElement("li"), { className: "words", textContent: point }));
    find(".points").replaceChildren(...items);
    find(".points").hidden = !points.length;
  }

  /** Nobody signs a text whose hash is not the one in the record. */
  async checkText() {
    if (!canHash() || (await textSha256(this.paper.text)) === this.paper.text_sha256) return;
    this.lock(true);
    all("[data-saves]").forEach((button) => (button.disabled = true));
    say(TEXT.wrongText);
  }

  hintAtMore() {
    const text = find("[data-paper]");
    const hint = () => {
      const more = text.scrollHeight - text.clientHeight - text.scrollTop > 24;
      find("[data-scroll-hint]", this.sheet).textContent = more ? TEXT.scrollOn : "";
    };
    text.addEventListener("scroll", hint, { passive: true });
    if (globalThis.ResizeObserver) new ResizeObserver(hint).observe(text);
    else setTimeout(hint, 500);
  }

  // -- what the app asks of a screen

  /** Stays on the screen while its own paper is being signed. */
  stays(state) {
    if (this.app.visit !== this.visit || this.visit.at !== this.at) return false;
    all("[data-saves]").forEach((button) => (button.disabled = state === "saving"));
    this.label();
    return true;
  }

  leave() {
    touchEvents = this.pad.touchEvents;
    this.pad.locked = false;
    this.pad.clear();
    this.form.reset();
  }

  submit() {
    if (this.app.state !== "sign") return;
    say("");
    const found = missing(this.form) || WAYS[this.way](this.form, this.pad, (this.attempts += 1), this.steps);
    if (found.say) say(found.say);
    if (found.input) found.input.focus();
    if (found.next) return this.nextStep(found.next);
    if (found.act) return this.sign(found.act);
    if (found.confirm) return this.confirm(found.confirm);
  }

  async confirm(act) {
    const answer = await ask("weak");
    if (answer === "again") this.pad.clear();
    if (answer === "use") this.hand({ outcome: "signed", ...act, weak: true });
  }

  async sign(act) {
    if (WITNESSED.includes(this.way) && !(await this.app.pin.ask(WORDS.pinWitnessed))) return;
    this.hand({ outcome: "signed", ...act });
  }

  async hand(act) {
    const { app, visit, paper } = this;
    if (app.screen !== this || !app.go("finish")) return; // a second tap, or nobody is here any more
    this.lock(true);
    const page = { ...visit, declaration: paper.id, text_sha256: paper.text_sha256 };
    try {
      const saved = await app.engine.save(signatureFields(page, { ...act, behalf: behalf(this.form) }));
      app.stored(saved, { refused: act.outcome === "refused" });
    } catch (error) {
      if (app.screen !== this || !app.go("failed")) return;
      this.lock(false);
      say(error.message || WORDS.notSaved);
    }
  }

  // -- buttons

  other() {
    this.app.go("other");
    this.choose("other");
  }

  choice(button) {
    this.app.go("way");
    this.choose(button.dataset.way);
  }

  undo() {
    this.pad.undo();
  }

  clear() {
    this.pad.clear();
  }

  mirror() {
    this.visit.leftHanded = !this.visit.leftHanded;
    this.mirrored(this.visit.leftHanded);
  }

  mirrored(on) {
    this.sheet.classList.toggle("left-handed", on);
    find("[data-do=mirror]").setAttribute("aria-pressed", on);
  }

  async refuse() {
    if ((await ask("refuse")) === "yes") this.hand({ outcome: "refused" });
  }

  // -- what is seen

  choose(way) {
    say("");
    Object.assign(this, { way, attempts: 0, steps: noSteps() });
    this.pad.clear();
    this.arrange();
    const first = find(`[data-panel=${way}] input, [data-panel=${way}] button`);
    if (first) first.focus();
  }

  /** The second and third page of "diwakili": each witness writes a name and draws. */
  nextStep(witnesses) {
    this.steps = { step: this.steps.step + 1, witnesses };
    this.pad.clear();
    this.form.helper_name.value = "";
    this.form.helper_position.value = "";
    this.arrange();
    this.form.helper_name.focus();
  }

  arrange() {
    const { step } = this.steps;
    const drawing = this.way === "drawn" || step > 0;
    this.form.dataset.way = this.way;
    this.form.dataset.step = step;
    all("[data-panel]").forEach((panel) => (panel.hidden = panel.dataset.panel !== this.way));
    find("[data-reason]").hidden = step > 0;
    find("[data-helper]").hidden = step === 0;
    all("[data-drawing]").forEach((item) => (item.hidden = !drawing));
    all("[data-not-helping], .ways .tick, .ways .tick-label").forEach((item) => (item.hidden = step > 0));
    fill(this.form, { helping: step ? WORDS.witness(step) : "" });
    this.crowd();
    this.label();
    this.changed();
  }

  /** With the fields of a representative above it the box may be lower. */
  crowd() {
    this.form.toggleAttribute("data-crowded", this.form.on_behalf.checked || this.steps.step > 0);
  }

  label() {
    const more = this.way === "represented" && this.steps.step < 2;
    const words = this.app.state === "saving" ? TEXT.saving : more ? WORDS.next : WORDS.done;
    find("[data-saves]").textContent = words;
  }

  changed() {
    if (!this.pad) return;
    const { isEmpty, strokes, canvas, locked } = this.pad;
    all("[data-do=undo], [data-do=clear]").forEach((button) => (button.disabled = isEmpty || locked));
    canvas.setAttribute("aria-label", isEmpty ? TEXT.padEmpty : TEXT.padHolds(strokes.length));
    if (!isEmpty) say("");
  }

  lock(on) {
    this.pad.locked = on;
    all("input, button", this.sheet).forEach((item) => item.dataset.saves === undefined && (item.disabled = on));
    this.changed();
  }
}

const noSteps = () => ({ step: 0, witnesses: [] });
